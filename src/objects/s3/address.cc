#include "objects/s3/address.h"

#include "aws/route.h"
#include "codec/percent.h"
#include "objects/faults.h"
#include "objects/names.h"

#include <algorithm>

namespace hyd::objects {
namespace {

bool is_one_label(std::string_view text) { return !text.empty() && !text.contains('.'); }

// "s3", "s3.REGION" and "s3-REGION", which are the service itself.
bool is_service(std::string_view labels) {
  if (labels == "s3") return true;
  return (labels.starts_with("s3.") || labels.starts_with("s3-")) && is_one_label(labels.substr(3));
}

// What stands before ".s3", ".s3.REGION" or ".s3-REGION"; empty when nothing does.
std::string_view before_service(std::string_view labels) {
  for (std::size_t at = labels.rfind(".s3"); at != std::string_view::npos && at > 0;
       at = labels.rfind(".s3", at - 1)) {
    if (is_service(labels.substr(at + 1))) return labels.substr(0, at);
  }
  return {};
}

}  // namespace

std::string bucket_of_host(std::string_view given) {
  std::string host(aws::host_without_port(given));
  std::ranges::transform(host, host.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  constexpr std::string_view kLocal = ".localhost";
  constexpr std::string_view kAmazon = ".amazonaws.com";
  const std::string_view all = host;
  const bool local = all.ends_with(kLocal);
  if (!local && !all.ends_with(kAmazon)) return {};
  const std::string_view labels =
      all.substr(0, all.size() - (local ? kLocal.size() : kAmazon.size()));
  if (is_service(labels)) return {};
  std::string_view bucket = before_service(labels);
  if (bucket.empty() && local) bucket = labels;
  return is_bucket_name(bucket) ? std::string(bucket) : std::string();
}

aws::Outcome<Address> address_of(const net::RequestHead& head) {
  std::string_view path = head.path;
  if (path.starts_with('/')) path.remove_prefix(1);
  Address address{.bucket = bucket_of_host(head.host), .key = {}};
  if (address.bucket.empty()) {
    const std::size_t slash = path.find('/');
    const base::Result<std::string> bucket = codec::percent_decode(path.substr(0, slash));
    if (!bucket) return invalid_uri();
    address.bucket = *bucket;
    path = slash == std::string_view::npos ? std::string_view() : path.substr(slash + 1);
    if (address.bucket.empty() && path.empty()) return address;
    if (!is_bucket_name(address.bucket)) return invalid_bucket_name(address.bucket);
  }
  const base::Result<std::string> key = codec::percent_decode(path);
  if (!key) return invalid_uri();
  if (key->empty()) return address;
  if (key->size() > kKeyBytesMax) return key_too_long(key->size());
  if (!is_key(*key)) return invalid_uri();
  address.key = *key;
  return address;
}

}  // namespace hyd::objects
