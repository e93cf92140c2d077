// An input is a request: method, path, query, service, then one header a line, an empty line, body.
//
// Whatever it says, it is refused (its key's secret is not to be guessed), each protocol has words
// for it, and what is canonical stays as it is when it is made canonical again. The corpus holds
// requests that are right but for the secret.
#include "aws/operation.h"
#include "aws/sigv4.h"
#include "aws/testing/signed_requests.h"
#include "base/check.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace hyd;

std::string_view take_line(std::string_view& rest) {
  const std::size_t end = rest.find('\n');
  const std::string_view line = rest.substr(0, end);
  rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
  return line;
}

void check_canonical_texts(std::string_view path, std::string_view query) {
  std::string once;
  aws::append_canonical_path(path, aws::PathRule::once, once);
  std::string again;
  aws::append_canonical_path(once, aws::PathRule::once, again);
  HYD_CHECK(again == once);
  once.clear();
  again.clear();
  aws::append_canonical_query(query, {}, once);
  aws::append_canonical_query(once, {}, again);
  HYD_CHECK(again == once);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(data, data + size);
  std::string_view rest = text;
  aws::SignedRequest request{.method = take_line(rest), .path = take_line(rest)};
  request.query = take_line(rest);
  const std::string_view service = take_line(rest);
  std::vector<aws::HeaderView> headers;
  for (std::string_view line = take_line(rest); !line.empty(); line = take_line(rest)) {
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) continue;
    headers.push_back({line.substr(0, colon), line.substr(colon + 1)});
  }
  request.headers = headers;
  request.body = rest;
  check_canonical_texts(request.path, request.query);

  aws::testing::OneKey keys;
  keys.key.secret = "not the secret of the corpus";
  const aws::testing::StillClock clock("20260131T235958Z");
  aws::Authenticator authenticator(keys, clock, {.signing_keys_max = 2});
  auto got = authenticator.authenticate(request, service);
  HYD_CHECK(!got);
  using enum aws::Protocol;
  for (const aws::Protocol protocol : {json_1_1, query, rest_json, rest_xml}) {
    const aws::Fault fault = aws::to_fault(got.error(), protocol);
    HYD_CHECK(fault.status >= 400 && fault.status <= 501 && !fault.name.empty());
    HYD_CHECK(!fault.message.empty());
  }
  return 0;
}
