// Where something stands in a template, and what was wrong there.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace hyd::vtl {

// Both count from 1. Columns count characters (code points); a line ends at a line feed.
struct Place {
  std::uint32_t line = 1;
  std::uint32_t column = 1;
  friend bool operator==(const Place&, const Place&) = default;
};

Place place_of(std::string_view text, std::size_t offset);

struct Diagnostic {
  Place place;
  std::string what;  // one sentence: what stands there and what was expected
};

// "line 2, column 5: <what>".
std::string to_text(const Diagnostic& diagnostic);

// The text of a quoted literal with the place in the whole template that each of its bytes came
// from. Literals are templates inside templates; escapes make them shorter than their source.
class SourceText {
 public:
  explicit SourceText(std::string_view whole) : text_(whole) {}
  SourceText(std::string text, std::vector<std::uint32_t> offsets)
      : text_(std::move(text)), offsets_(std::move(offsets)) {}

  std::string_view text() const { return text_; }
  // The offset in the outermost template; one past the end is allowed.
  std::uint32_t offset_of(std::size_t at) const {
    if (offsets_.empty()) return static_cast<std::uint32_t>(at);
    return offsets_[at < offsets_.size() ? at : offsets_.size() - 1];
  }

 private:
  std::string text_;
  std::vector<std::uint32_t> offsets_;  // empty for the outermost text
};

}  // namespace hyd::vtl
