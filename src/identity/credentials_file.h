// `<data>/credentials`: the key pair of the account's root, made at the first start.
//
// It is a profile file as the AWS CLI and the SDKs read it, so that pointing
// AWS_SHARED_CREDENTIALS_FILE at it is all a client needs:
//
//   [default]
//   aws_access_key_id = AKIA…
//   aws_secret_access_key = …
//   aws_account_id = 123456789012
//
// Whoever runs the server may put a pair of their own there while it is stopped. The secret stands
// in clear because signatures are computed with it; the file is readable by its owner only, as
// every file of the data directory is.
#pragma once

#include "base/result.h"
#include "base/rng.h"
#include "sys/file.h"

#include <optional>
#include <string>
#include <string_view>

namespace hyd::identity {

inline constexpr std::string_view kCredentialsFile = "credentials";

struct RootCredentials {
  std::string account;  // 12 digits
  std::string key_id;
  std::string secret;
  bool fresh = false;  // made by this call
};

struct CredentialsOptions {
  // The account that the directory belongs to or that the operator asks for.
  std::optional<std::string> account = std::nullopt;
};

// Reads the file, or makes it: when this returns success it is durable. A crash in between leaves
// none, or a whole one. Code::invalid: a line cannot be read or something is missing; the file is
// left as it is. Code::conflict: it is another account's than `options` say.
base::Result<RootCredentials> load_or_make_credentials(sys::Dir& dir, base::Rng& entropy,
                                                       const CredentialsOptions& options = {});

// The profile `default` of such a text; other profiles and settings are passed over.
base::Result<RootCredentials> parse_credentials(std::string_view text);
std::string credentials_text(const RootCredentials& credentials);

}  // namespace hyd::identity
