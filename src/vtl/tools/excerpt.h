// How a place in a template is shown to a person: file, line and column, and the line underlined.
//
//   orders.vtl:3:9: the text has no index 7
//     3 | $s.charAt(7)
//       |    ^^^^^^^^^
#pragma once

#include "vtl/source.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace hyd::vtl {

// A part of a template, in bytes.
struct Range {
  std::size_t begin = 0;
  std::size_t end = 0;
  friend bool operator==(const Range&, const Range&) = default;
};

// Where a template's text stands: in a file of its own, or in a larger one, such as a stack's.
struct Origin {
  static constexpr std::size_t kUnknown = static_cast<std::size_t>(-1);

  std::string file;  // as the person named it
  std::string text;  // the whole file
  // Of each line of the template its offset in `text`, or kUnknown; empty: the file is the
  // template.
  std::vector<std::size_t> lines;
  // Where the template begins in the file, said when a line's own offset is unknown.
  Place begins;
};

// The byte of a place; the end of the text when there is no such place.
std::size_t offset_of(std::string_view text, Place place);

// What stands at a place: a reference with its members and arguments, a directive's word, a quoted
// text, a word, or one character. Never beyond the line.
Range extent_at(std::string_view text, std::size_t offset);

// "FILE:LINE:COLUMN" of a part of the template `text`.
std::string place_text(const Origin& origin, std::string_view text, std::size_t offset);
// The line in which the part begins, and the part underlined as far as that line goes.
std::string excerpt(const Origin& origin, std::string_view text, Range range);
// Both, with the sentence between them; no line end behind it.
std::string show(const Origin& origin, std::string_view text, Range range, std::string_view what);

}  // namespace hyd::vtl
