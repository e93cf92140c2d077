// What a bucket and a key may be called ("Bucket naming rules", "Naming Amazon S3 objects"; Amazon
// S3 User Guide).
#pragma once

#include <cstddef>
#include <string_view>

namespace hyd::objects {

inline constexpr std::size_t kKeyBytesMax = 1024;

// 3 to 63 lower-case letters, digits, '-' and '.', and none of the forms that are kept for others.
bool is_bucket_name(std::string_view name);

// UTF-8 without NUL whose ".." segments never lead above the bucket. Length is not looked at.
bool is_key(std::string_view key);

bool is_utf8(std::string_view text);

}  // namespace hyd::objects
