#include "aws/sigv4_sign.h"

#include "aws/sigv4_claim.h"
#include "aws/sigv4_keys.h"
#include "base/check.h"
#include "codec/hash.h"
#include "codec/time_text.h"

#include <fmt/core.h>

#include <algorithm>

namespace hyd::aws {
namespace {

std::string lower_case(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = to_lower(c);
  return out;
}

}  // namespace

std::vector<std::pair<std::string, std::string>> sign(const RequestToSign& request,
                                                      const SigningKeyId& key, base::WallTime now) {
  const bool s3 = key.service == "s3";
  const std::string timestamp = codec::iso_basic(now);
  std::vector<std::pair<std::string, std::string>> added;
  added.emplace_back("X-Amz-Date", timestamp);
  if (s3) added.emplace_back("X-Amz-Content-Sha256", request.payload_hash);

  std::vector<HeaderView> headers(request.headers.begin(), request.headers.end());
  for (const auto& [name, value] : added) headers.push_back({name, value});
  std::vector<std::string> names;
  names.reserve(headers.size());
  for (const HeaderView& header : headers) names.push_back(lower_case(header.name));
  std::ranges::sort(names);
  names.erase(std::ranges::unique(names).begin(), names.end());

  std::string canonical = fmt::format("{}\n", request.method);
  append_canonical_path(request.path, s3 ? PathRule::once : PathRule::twice, canonical);
  canonical += '\n';
  append_canonical_query(request.query, {}, canonical);
  canonical += '\n';
  std::string list;
  for (const std::string& name : names) {
    canonical += name + ':';
    append_canonical_header(headers, name, canonical);
    canonical += '\n';
    list += (list.empty() ? "" : ";") + name;
  }
  canonical += fmt::format("\n{}\n{}", list, request.payload_hash);

  const std::string credential = fmt::format("{}/{}/{}/{}/aws4_request", key.key_id,
                                             codec::iso_basic_date(now), key.region, key.service);
  const auto scope = CredentialScope::parse(credential);
  HYD_CHECK(scope.has_value());  // four slashes stand in it
  const std::string to_sign =
      fmt::format("AWS4-HMAC-SHA256\n{}\n{}\n{}", timestamp,
                  std::string_view(credential).substr(scope->key_id.size() + 1),
                  codec::sha256(canonical).hex());
  added.emplace_back(
      "Authorization",
      fmt::format("AWS4-HMAC-SHA256 Credential={}, SignedHeaders={}, Signature={}", credential,
                  list, derive_signing_key(key.secret, *scope).sign(to_sign).hex()));
  return added;
}

}  // namespace hyd::aws
