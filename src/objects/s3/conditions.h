// Conditions and ranges of requests, as pure functions ("Conditional requests", "GetObject";
// Amazon S3 API Reference; RFC 9110 sections 13 and 14).
#pragma once

#include "aws/fault.h"
#include "net/http_parser.h"
#include "objects/blob_reader.h"
#include "objects/object.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hyd::objects {

struct ReadConditions {
  std::optional<std::string> if_match;
  std::optional<std::string> if_none_match;
  std::optional<base::WallTime> if_modified_since;  // absent also when it cannot be read
  std::optional<base::WallTime> if_unmodified_since;

  static ReadConditions from(const net::RequestHead& head);
};
enum class ReadVerdict : std::uint8_t { go_on, not_modified, failed };
struct ReadDecision {
  ReadVerdict verdict = ReadVerdict::go_on;
  std::string_view failed_condition = {};  // the header's name
};
// `now`: dates behind it are ignored.
ReadDecision decide(const ReadConditions& conditions, const Object& object, base::WallTime now);

struct WriteConditions {
  std::optional<std::string> if_match;
  std::optional<std::string> if_none_match;

  // NotImplemented when both are asked for.
  static aws::Outcome<WriteConditions> from(const net::RequestHead& head);
};
// `object` is null when there is none of that key.
std::optional<aws::Fault> refuse_write(const WriteConditions& conditions, const Object* object,
                                       std::string_view key);

// A list of ETags, quoted or not, or "*".
bool etag_matches(std::string_view list, std::string_view etag);

enum class RangeVerdict : std::uint8_t { whole, part, unsatisfiable };
struct RangeDecision {
  RangeVerdict verdict = RangeVerdict::whole;
  Range range = {};
};
// Of a header's value: what cannot be read, and several ranges at once, are the whole object.
RangeDecision read_range(std::string_view value, std::uint64_t size);

}  // namespace hyd::objects
