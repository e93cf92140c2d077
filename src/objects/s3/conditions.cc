#include "objects/s3/conditions.h"

#include "base/parse_int.h"
#include "codec/time_text.h"
#include "objects/faults.h"

#include <algorithm>

namespace hyd::objects {
namespace {

std::optional<std::string> text_of(const net::RequestHead& head, std::string_view name) {
  const auto value = head.find(name);
  return value ? std::optional<std::string>(*value) : std::nullopt;
}

std::optional<base::WallTime> date_of(const net::RequestHead& head, std::string_view name) {
  const auto value = head.find(name);
  if (!value) return std::nullopt;
  const auto date = codec::parse_http_date(*value);
  return date ? date : codec::parse_iso(*value);
}

std::string_view trim(std::string_view text) {
  while (text.starts_with(' ') || text.starts_with('\t')) text.remove_prefix(1);
  while (text.ends_with(' ') || text.ends_with('\t')) text.remove_suffix(1);
  return text;
}

}  // namespace

bool etag_matches(std::string_view list, std::string_view etag) {
  while (!list.empty()) {
    const std::size_t comma = list.find(',');
    std::string_view one = trim(list.substr(0, comma));
    list.remove_prefix(comma == std::string_view::npos ? list.size() : comma + 1);
    if (one == "*") return true;
    if (one.starts_with("W/")) one.remove_prefix(2);
    if (one.size() >= 2 && one.starts_with('"') && one.ends_with('"')) {
      one = one.substr(1, one.size() - 2);
    }
    if (one == etag) return true;
  }
  return false;
}

ReadConditions ReadConditions::from(const net::RequestHead& head) {
  return {.if_match = text_of(head, "if-match"),
          .if_none_match = text_of(head, "if-none-match"),
          .if_modified_since = date_of(head, "if-modified-since"),
          .if_unmodified_since = date_of(head, "if-unmodified-since")};
}

ReadDecision decide(const ReadConditions& conditions, const Object& object, base::WallTime now) {
  using enum ReadVerdict;
  if (conditions.if_match) {
    if (!etag_matches(*conditions.if_match, object.etag)) return {failed, "If-Match"};
  } else if (conditions.if_unmodified_since && object.modified > *conditions.if_unmodified_since) {
    return {failed, "If-Unmodified-Since"};
  }
  if (conditions.if_none_match) {
    if (etag_matches(*conditions.if_none_match, object.etag)) return {not_modified, {}};
  } else if (conditions.if_modified_since && *conditions.if_modified_since <= now &&
             object.modified <= *conditions.if_modified_since) {
    return {not_modified, {}};
  }
  return {};
}

aws::Outcome<WriteConditions> WriteConditions::from(const net::RequestHead& head) {
  WriteConditions conditions{.if_match = text_of(head, "if-match"),
                             .if_none_match = text_of(head, "if-none-match")};
  if (conditions.if_match && conditions.if_none_match) return not_implemented("If-None-Match");
  return conditions;
}

std::optional<aws::Fault> refuse_write(const WriteConditions& conditions, const Object* object,
                                       std::string_view key) {
  if (conditions.if_match) {
    if (object == nullptr) return no_such_key(key);
    if (!etag_matches(*conditions.if_match, object->etag)) return precondition_failed("If-Match");
  }
  if (conditions.if_none_match && object != nullptr &&
      etag_matches(*conditions.if_none_match, object->etag)) {
    return precondition_failed("If-None-Match");
  }
  return std::nullopt;
}

RangeDecision read_range(std::string_view value, std::uint64_t size) {
  using enum RangeVerdict;
  constexpr std::string_view kUnit = "bytes=";
  if (!value.starts_with(kUnit)) return {};
  value = trim(value.substr(kUnit.size()));
  const std::size_t dash = value.find('-');
  if (dash == std::string_view::npos || value.contains(',')) return {};
  const std::string_view left = value.substr(0, dash);
  const std::string_view right = value.substr(dash + 1);
  const auto last = base::parse_int<std::uint64_t>(right);
  if (left.empty()) {  // the last bytes
    if (!last) return {};
    if (*last == 0) return {unsatisfiable, {}};
    if (size == 0) return {};
    const std::uint64_t length = std::min(*last, size);
    return {part, {size - length, length}};
  }
  const auto first = base::parse_int<std::uint64_t>(left);
  if (!first || (!right.empty() && !last)) return {};
  if (last && *last < *first) return {};
  if (*first >= size) return {unsatisfiable, {}};
  const std::uint64_t end = last ? std::min(*last, size - 1) : size - 1;
  return {part, {*first, end - *first + 1}};
}

}  // namespace hyd::objects
