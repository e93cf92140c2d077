// For tests: requests that own their bytes, one known key, a clock that stands still.
#pragma once

#include "aws/credentials.h"
#include "aws/sigv4.h"
#include "base/clock.h"
#include "codec/time_text.h"

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hyd::aws::testing {

class StillClock final : public base::Clock {
 public:
  explicit StillClock(std::string_view iso_basic) { set(iso_basic); }
  void set(std::string_view iso_basic) { now_ = codec::parse_iso_basic(iso_basic).value_or(now_); }
  void move(std::chrono::microseconds by) { now_ += by; }
  base::WallTime wall() const override { return now_; }
  base::MonoTime mono() const override { return {}; }

 private:
  base::WallTime now_{};
};

// The key pair of AWS's own examples.
inline constexpr std::string_view kExampleId = "AKIDEXAMPLE";
inline constexpr std::string_view kExampleSecret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

class OneKey final : public KeyStore {
 public:
  OneKey() {
    key.id = kExampleId;
    key.secret = kExampleSecret;
    key.principal =
        std::make_shared<const Principal>(Principal{.account = "123456789012",
                                                    .arn = "arn:aws:iam::123456789012:root",
                                                    .user_id = "123456789012",
                                                    .type = Principal::Type::root,
                                                    .access_key_id = std::string(kExampleId)});
  }
  const AccessKey* find(std::string_view id) const override {
    return id == key.id ? &key : nullptr;
  }

  AccessKey key;
};

// Of a credential that is right; the views point into it.
inline CredentialScope scope_of(std::string_view credential) {
  return CredentialScope::parse(credential).value_or(CredentialScope{});
}

struct OwnedRequest {
  std::string method = "GET";
  std::string path = "/";
  std::string query = {};
  std::vector<std::pair<std::string, std::string>> headers = {};
  std::string body = {};
  bool tls = false;

  // The first header of that exact name, made when missing.
  std::string& header(std::string_view name) {
    for (auto& [key, value] : headers) {
      if (key == name) return value;
    }
    return headers.emplace_back(name, "").second;
  }
  void drop(std::string_view name) {
    std::erase_if(headers, [&](const auto& header) { return header.first == name; });
  }
  // Calls `use` with the request's views.
  template <class Use>
  auto with(Use use) const {
    std::vector<HeaderView> views;
    views.reserve(headers.size());
    for (const auto& [name, value] : headers) views.push_back({name, value});
    return use(SignedRequest{.method = method,
                             .path = path,
                             .query = query,
                             .headers = views,
                             .body = body,
                             .tls = tls});
  }
};

}  // namespace hyd::aws::testing
