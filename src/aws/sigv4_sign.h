// Signing as a client does: requests to other stores and services, and tests of the authenticator.
#pragma once

#include "aws/canonical.h"
#include "base/clock.h"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hyd::aws {

struct SigningKeyId {
  std::string_view key_id;
  std::string_view secret;
  std::string_view region;
  std::string_view service;
};

struct RequestToSign {
  std::string_view method;
  std::string_view path = "/";  // percent-encoded, as it will be sent
  std::string_view query = {};
  // All that will be sent and may be signed, `Host` among them.
  std::span<const HeaderView> headers = {};
  // S3: sent as x-amz-content-sha256. Others: the SHA-256 of the body in hexadecimal.
  std::string_view payload_hash;
};

// The headers to add, in order: X-Amz-Date, for S3 X-Amz-Content-Sha256, Authorization.
std::vector<std::pair<std::string, std::string>> sign(const RequestToSign& request,
                                                      const SigningKeyId& key, base::WallTime now);

}  // namespace hyd::aws
