// Why a request's signature was not accepted, and how each protocol says so.
//
// The authenticator fills an AuthFailure without knowing who will read it; `to_fault` words it. The
// names and statuses are AWS's for each family of services (common errors in the service
// documentation; recorded answers), the table is in auth_error.cc.
#pragma once

#include "aws/fault.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hyd::aws {

enum class Protocol : std::uint8_t;  // operation.h

struct AuthFailure {
  enum class Kind : std::uint8_t {
    nothing_signed,      // no credentials in any form; S3 and stages may still answer the anonymous
    several_forms,       // credentials in two places
    sigv2_header,        // "Authorization: AWS key:signature"
    sigv4a,              // the asymmetric algorithm of multi-region endpoints
    unknown_scheme,      // another Authorization header
    not_supported,       // a form of AWS's that this build does not verify
    incomplete,          // parts of the header or of the query are missing or cannot be read
    presign_parameters,  // a presigned URL whose parameters are missing or out of range
    bad_scope,           // the credential scope does not fit the request
    no_date,             // neither date header, or none that can be read
    not_signed,          // headers that must be signed are not
    header_absent,       // a header that the list of signed ones names is not there
    no_content_hash,     // S3: x-amz-content-sha256 is missing
    bad_content_hash,    // it is none of its permitted values
    unknown_key,         // no such key, or an inactive one
    signature_differs,
    clock,          // outside the window
    url_expired,    // a presigned URL past its time
    token_missing,  // a temporary key without its session token
    token_invalid,
    token_expired,
    body_differs,   // the body is not the one whose hash was signed
    chunk_differs,  // S3: a chunk's or the trailer's own signature
  };
  using Details = std::vector<std::pair<std::string, std::string>>;

  Kind kind = Kind::nothing_signed;
  std::string text = {};     // for every protocol but S3's; empty: the protocol's usual words
  std::string s3_text = {};  // the same for S3
  Details s3_details = {};   // elements of S3's answer, in order
  // Of a signature that differs: what we computed over. Never key material.
  std::string canonical_request = {};
  std::string string_to_sign = {};
};

Fault to_fault(AuthFailure failure, Protocol protocol);

// "signature_differs", for metrics and the audit line.
std::string_view name(AuthFailure::Kind kind);

}  // namespace hyd::aws
