#include "aws/reception.h"

#include "aws/region.h"
#include "base/parse_int.h"
#include "codec/hash.h"

#include <algorithm>
#include <memory>
#include <utility>

namespace hyd::aws {
namespace {

// SDKs send a UUID; a longer id is not one of theirs and not worth remembering.
constexpr std::size_t kInvocationIdMax = 64;

AuthFailure bad_region(std::string_view region) {
  return {
      .kind = AuthFailure::Kind::bad_scope,
      .text = "Credential should be scoped to a valid region, not '" + std::string(region) + "'. "};
}

}  // namespace

Reception::Reception(ReceptionParts parts)
    : parts_(std::move(parts)),
      rng_(parts_.seed),
      nobody_(std::make_shared<const Principal>()) {}

std::expected<Caller, AuthFailure> Reception::admit(const Asked& asked) {
  headers_.clear();
  for (const net::Header& header : asked.head.headers) {
    headers_.push_back({header.name, header.value});
  }
  SignedRequest request{.method = asked.head.method,
                        .path = asked.head.path,
                        .query = asked.head.query,
                        .headers = headers_,
                        .body = asked.body,
                        .body_complete = asked.body_complete};
  // The hash of the body is also part of a retry's key, so it is made here and only once.
  const Attempt attempt = attempt_of(asked.head);
  if (asked.body_complete && !attempt.invocation_id.empty()) {
    request.body_hash = codec::sha256(asked.body);
  }
  std::expected<Authenticated, AuthFailure> proof =
      parts_.authenticator.authenticate(request, asked.service);
  if (!proof) return std::unexpected(std::move(proof).error());
  // S3's buckets have no region of their own here, and its clients write anything.
  if (asked.service != "s3" && !is_region(proof->region)) {
    return std::unexpected(bad_region(proof->region));
  }
  Caller caller{.call = call_of(asked, std::move(proof->principal), std::move(proof->region)),
                .promise = proof->body,
                .chunks = std::move(proof->chunks),
                .presigned = proof->presigned,
                .signed_headers = std::move(proof->signed_headers)};
  caller.call.attempt = attempt;
  if (request.body_hash) {
    std::ranges::copy(request.body_hash->bytes, caller.call.attempt.body_hash.begin());
  }
  return caller;
}

Caller Reception::anonymous(const Asked& asked) const {
  return {.call = call_of(asked, nobody_, "us-east-1")};
}

Call Reception::call_of(const Asked& asked, PrincipalPtr principal, std::string region) const {
  return {.loop = parts_.loop,
          .clock = parts_.clock,
          .principal = std::move(principal),
          .account = parts_.account,
          .region = std::move(region),
          .request_id = asked.id,
          .source_ip = asked.peer.remote.host,
          .from_network = true};
}

Attempt attempt_of(const net::RequestHead& head) {
  Attempt attempt;
  const auto id = head.find("amz-sdk-invocation-id");
  if (!id || id->empty() || id->size() > kInvocationIdMax) return attempt;
  attempt.invocation_id = *id;
  // "attempt=2; max=3"
  if (const auto request = head.find("amz-sdk-request")) {
    constexpr std::string_view kName = "attempt=";
    const std::size_t at = request->find(kName);
    if (at != std::string_view::npos) {
      const std::string_view rest = request->substr(at + kName.size());
      const auto number = base::parse_int<std::uint32_t>(rest.substr(0, rest.find_first_of("; ")));
      attempt.number = std::max(attempt.number, number.value_or(1));
    }
  }
  // "1/0/500": how many retries there were, and two figures of the client's own.
  if (const auto retry = head.find("amz-sdk-retry")) {
    const auto count = base::parse_int<std::uint32_t>(retry->substr(0, retry->find('/')));
    if (count.value_or(0) < UINT32_MAX) {
      attempt.number = std::max(attempt.number, count.value_or(0) + 1);
    }
  }
  return attempt;
}

}  // namespace hyd::aws
