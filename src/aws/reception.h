// Proves who sent a request and writes down the circumstances of the call that it makes.
//
// One a loop, used on that loop only: it keeps the loop's authenticator and its cheap randomness.
#pragma once

#include "aws/call.h"
#include "aws/request_id.h"
#include "aws/sigv4.h"
#include "base/rng.h"
#include "net/handler.h"
#include "net/http_parser.h"

#include <array>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hyd::aws {

// A proven caller, or an anonymous one where the service answers those.
struct Caller {
  Call call;
  // What the signature says about the body, and the signer of its chunks (S3).
  BodyPromise promise = {};
  std::optional<ChunkSigner> chunks = {};
  bool presigned = false;
  std::string signed_headers = {};
};

struct ReceptionParts {
  sys::Loop& loop;
  const base::Clock& clock;
  Authenticator& authenticator;
  std::string account;  // ours: the only one there is
  std::uint64_t seed = 0;
};

class Reception {
 public:
  explicit Reception(ReceptionParts parts);

  struct Asked {
    const net::RequestHead& head;
    const net::Peer& peer;
    std::string_view service;  // the scope name of the service called
    RequestId id;
    std::string_view body = {};
    bool body_complete = true;  // false only for S3
  };
  // Checks the signature; the caller of `nothing_signed` may go on with `anonymous`.
  std::expected<Caller, AuthFailure> admit(const Asked& asked);
  Caller anonymous(const Asked& asked) const;

  RequestId next_id() { return RequestId::random(rng_); }
  void next_extended_id(std::array<char, kExtendedIdChars>& out) { write_extended_id(rng_, out); }

 private:
  Call call_of(const Asked& asked, PrincipalPtr principal, std::string region) const;

  ReceptionParts parts_;
  base::FastRng rng_;
  PrincipalPtr nobody_;
  std::vector<HeaderView> headers_;  // scratch
};

// What amz-sdk-invocation-id, amz-sdk-request and amz-sdk-retry say, without the body's hash.
Attempt attempt_of(const net::RequestHead& head);

}  // namespace hyd::aws
