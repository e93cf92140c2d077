// What a request says about its signature, before anything of it is believed.
//
// One place decides which form of credentials a request carries; everything after it works on the
// claim, so the key that is authorised is the key whose signature was checked.
#pragma once

#include "aws/auth_error.h"
#include "aws/canonical.h"
#include "base/clock.h"
#include "codec/hash.h"

#include <chrono>
#include <cstdint>
#include <expected>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hyd::aws {

// A request as it came, through a parser that lets no control characters into method, path, query
// and headers. All views belong to the caller and outlive the call they are passed to.
struct SignedRequest {
  std::string_view method;
  std::string_view path;        // raw, from the request line, without the query
  std::string_view query = {};  // raw, without the `?`
  std::span<const HeaderView> headers = {};
  // The whole body, without transfer encoding. When it is still to come, `body_complete` is false
  // and the caller checks it at its end (check_body); only S3 may do that.
  std::string_view body = {};
  bool body_complete = true;
  std::optional<codec::Sha256Digest> body_hash = {};  // when it was hashed while it arrived
  bool tls = false;
  // What a proxy that the configuration trusts says the client wrote as Host; else empty.
  std::string_view forwarded_host = {};
};

// "AKID/20150830/us-east-1/kinesis/aws4_request", cut from the right.
struct CredentialScope {
  std::string_view key_id;
  std::string_view date;
  std::string_view region;
  std::string_view service;
  std::string_view terminator;
  static std::optional<CredentialScope> parse(std::string_view credential);
};

struct SignatureClaim {
  bool presigned = false;  // in the query, else in the Authorization header
  std::string_view credential;
  CredentialScope scope;
  std::string_view signed_headers;
  std::string_view signature;
  std::string_view date_text;  // as sent
  base::WallTime time;
  std::string_view timestamp;  // the same as "20150830T123600Z"
  // Presigned: from `time` on; absent where a service asks for none.
  std::optional<std::chrono::seconds> expires;
  std::optional<std::string_view> content_hash;  // x-amz-content-sha256
  std::optional<std::string_view> token;         // x-amz-security-token

  // Owns what views point into that is not in the request as it came. Moving a claim keeps them.
  std::vector<std::string> decoded;
};

// The claim of the request's one form of credentials, complete and readable; nothing about it has
// been compared with anything yet.
std::expected<SignatureClaim, AuthFailure> read_claim(const SignedRequest& request, bool s3);

// The scope that a request claims, in whichever form, for finding out which service it is meant
// for. Proof of nothing. The views point into the request, or into `storage`.
std::optional<CredentialScope> claimed_scope(const SignedRequest& request, std::string& storage);

// The first value of a header (lower-case name), as sent.
std::optional<std::string_view> find_header(std::span<const HeaderView> headers,
                                            std::string_view name);

}  // namespace hyd::aws
