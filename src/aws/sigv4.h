// Who signed this request? AWS Signature Version 4, in the Authorization header or in the query.
//
// One authenticator for all services. The order is fixed: which form, readable, known key, time,
// signature; nothing about the resource is looked at before. A mode of the body (streamed,
// unsigned, with trailer) never decides whether the request's own signature is checked. Unknown
// keys take the same road against a secret that nobody has, so that time does not tell which exist.
//
// One object a loop: it keeps scratch memory and derived keys, and is called by that loop only.
#pragma once

#include "aws/auth_error.h"
#include "aws/credentials.h"
#include "aws/sigv4_chunks.h"
#include "aws/sigv4_claim.h"
#include "aws/sigv4_keys.h"
#include "base/clock.h"
#include "codec/hash.h"

#include <chrono>
#include <cstddef>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hyd::aws {

struct AuthOptions {
  // How far a request's date may be from ours, either way; inclusive.
  std::chrono::seconds skew = std::chrono::minutes(5);
  std::chrono::seconds skew_s3 = std::chrono::minutes(15);
  // The one region that scopes may name; empty: any.
  std::string region = {};
  // STREAMING-UNSIGNED-PAYLOAD-TRAILER without TLS, which JavaScript clients send.
  bool unsigned_trailer_without_tls = true;
  std::size_t signing_keys_max = 512;
};

// What the signature says about a body, still to be held against it.
struct BodyPromise {
  enum class Mode {
    checked,           // the body was complete and its hash is part of what was signed
    hash,              // `digest` is signed: check_body when the body is complete
    unsigned_payload,  // nothing is said about it
    signed_chunks,     // S3: every chunk carries a signature
    signed_chunks_and_trailer,
    unsigned_chunks_and_trailer,  // S3: chunked framing, a checksum in the trailer
  };
  Mode mode = Mode::checked;
  codec::Sha256Digest digest = {};
};

struct Authenticated {
  PrincipalPtr principal;
  std::string region;  // of the scope
  BodyPromise body;
  bool presigned = false;
  std::string signed_headers;         // as listed
  std::optional<ChunkSigner> chunks;  // for the two modes with signed chunks
};

class Authenticator {
 public:
  // Both outlive it.
  Authenticator(const KeyStore& keys, const base::Clock& clock, AuthOptions options = {});

  // `service` is the scope name of the service being called: "kinesis", "s3", "execute-api".
  [[nodiscard]] std::expected<Authenticated, AuthFailure> authenticate(const SignedRequest& request,
                                                                       std::string_view service);

 private:
  struct Attempt {
    PathRule path;
    bool plus_is_space;
  };

  std::optional<AuthFailure> check_time(const SignatureClaim& claim, bool s3) const;
  std::optional<AuthFailure> check_signature(const SignedRequest& request,
                                             const SignatureClaim& claim,
                                             std::string_view payload_hash,
                                             const codec::HmacKey& key);
  // Fills canonical_ and to_sign_; the name of a signed header that is not there, else nothing.
  std::string_view build_texts(const SignedRequest& request, const SignatureClaim& claim,
                               Attempt attempt, std::string_view payload_hash);

  const KeyStore& keys_;
  const base::Clock& clock_;
  AuthOptions options_;
  SigningKeys signing_keys_;
  // Scratch of one call: the list of signed headers, and the two texts.
  std::vector<std::string_view> names_;
  std::string canonical_;
  std::string to_sign_;
};

// The body of a promise of mode `hash`, now complete. Nothing: it is the one that was signed.
std::optional<AuthFailure> check_body(const BodyPromise& promise,
                                      const codec::Sha256Digest& body_hash);

}  // namespace hyd::aws
