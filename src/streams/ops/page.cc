#include "streams/ops/page.h"

#include "streams/faults.h"

#include <utility>

namespace hyd::streams {

std::string seal_page(Streams& streams, const aws::Call& call, const Page& page) {
  return streams.tokens(call.loop).seal_page(
      page.operation, {.issued_ms = streams.now_ms(), .text = std::string(page.text)});
}

aws::Outcome<std::string> open_page(Streams& streams, const aws::Call& call, const Page& page) {
  auto token = streams.tokens(call.loop).open_page(page.operation, page.text);
  if (!token) return invalid_next_token();
  const std::int64_t now_ms = streams.now_ms();
  if (now_ms - token->issued_ms > kTokenLifeMs) {
    return expired_next_token({.issued_ms = token->issued_ms, .now_ms = now_ms});
  }
  return std::move(token->text);
}

}  // namespace hyd::streams
