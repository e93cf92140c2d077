// The words of AWS's findings, shared by what checks documents and what checks typed inputs.
// For this room only.
#pragma once

#include "aws/fault.h"
#include "aws/shape_spec.h"
#include "aws/shape_type.h"
#include "codec/json.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace hyd::aws::internal {

// UTF-16 code units of valid UTF-8: what Java calls a string's length.
std::size_t utf16_length(std::string_view utf8);

bool keeps_length(const Spec& spec, std::size_t length);
bool keeps_value(const Spec& spec, std::int64_t value);
bool is_one_of(const Spec& spec, std::string_view value);
// All constraints of a string: length, pattern, value set.
bool keeps_text(const Spec& spec, std::string_view value);

// Where in the input: "records.1.member.partitionKey". A chain of nodes on the readers' stack.
struct Path {
  const Path* parent = nullptr;
  std::string_view name;  // a member, or a map's key
  std::size_t item = 0;   // from 1: this is "NAME.member" of a list
  enum class What : std::uint8_t { member, item, entry } what = What::member;

  std::string text() const;
};

// Up to ten findings, in the order in which they are found.
class Findings {
 public:
  static constexpr std::size_t kMax = 10;

  // `value` as AWS prints it, without quotes; what a null is told by `add_null`.
  void add(std::string_view value, const Path& at, std::string_view constraint);
  void add_null(const Path& at);
  bool full() const { return texts_.size() >= kMax; }
  bool empty() const { return texts_.empty(); }
  Fault fault() const;

 private:
  std::vector<std::string> texts_;
};

// "Member must have length less than or equal to 5" and so on; `bracketed` is the list of a list's
// item constraints: "[Member must …, Member must …]".
std::string length_min_text(const Spec& spec);
std::string length_max_text(const Spec& spec);
std::string value_min_text(const Spec& spec);
std::string value_max_text(const Spec& spec);
std::string pattern_text(const Spec& spec);
std::string values_text(const Spec& spec);
std::string bracketed(const Spec& item);

// A value of a document as AWS prints it inside the quotes of a finding.
std::string printed(const Spec& spec, const codec::Json& value);

// One value, without its name, as it stands in a document.
codec::Json value_document(const Spec& spec, const Type& type, const void* value);

}  // namespace hyd::aws::internal
