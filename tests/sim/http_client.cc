#include "tests/sim/http_client.h"

#include "base/parse_int.h"

#include <chrono>
#include <utility>

namespace hyd::sim {
namespace {

// The answer at the front of `got`, once it is whole.
std::optional<Answer> take(std::string_view got) {
  const std::size_t head = got.find("\r\n\r\n");
  if (head == std::string_view::npos || got.size() < 12) return std::nullopt;
  constexpr std::string_view kLength = "\r\nContent-Length: ";
  const std::size_t at = got.find(kLength);
  std::size_t length = 0;
  if (at < head) {
    const std::size_t from = at + kLength.size();
    const auto said = base::parse_int<std::size_t>(got.substr(from, got.find('\r', from) - from));
    length = said.value_or(0);
  }
  if (got.size() < head + 4 + length) return std::nullopt;
  return Answer{.status = base::parse_int<int>(got.substr(9, 3)).value_or(0),
                .body = std::string(got.substr(head + 4, length))};
}

}  // namespace

std::optional<Answer> HttpClient::ask(std::string_view request) {
  if (!connection_ || connection_->ended()) connection_ = runtime_.net().connect(port_);
  if (!connection_ || !connection_->send(request)) {
    connection_.reset();
    return std::nullopt;
  }
  const base::MonoTime deadline = runtime_.clock().mono() + std::chrono::seconds(60);
  std::string got;
  while (true) {
    got += connection_->receive(deadline);
    if (auto answer = take(got)) return answer;
    if (!connection_->ended() && runtime_.clock().mono() < deadline) continue;
    connection_.reset();
    return std::nullopt;
  }
}

}  // namespace hyd::sim
