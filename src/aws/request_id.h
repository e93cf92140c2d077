// The ids that answers carry: x-amzn-RequestId (a UUID) and x-amz-id-2. From the loop's own cheap
// generator: they are for finding a request again, not secrets.
#pragma once

#include "base/rng.h"

#include <array>
#include <compare>
#include <cstddef>
#include <string>
#include <string_view>

namespace hyd::aws {

// A random UUID (version 4) as its 36 lower-case characters.
class RequestId {
 public:
  static RequestId random(base::Rng& rng);
  RequestId() { text_.fill('0'); }
  std::string_view text() const { return {text_.data(), text_.size()}; }
  // S3's form: 16 upper-case hexadecimal digits, the first 16 of the UUID.
  std::string s3_text() const;
  friend bool operator==(const RequestId&, const RequestId&) = default;

 private:
  std::array<char, 36> text_;
};

// 96 characters of base64: 72 bytes, as AWS's answers have.
inline constexpr std::size_t kExtendedIdChars = 96;
void write_extended_id(base::Rng& rng, std::array<char, kExtendedIdChars>& out);

}  // namespace hyd::aws
