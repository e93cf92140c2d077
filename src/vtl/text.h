// Java's view of text: UTF-16 units, over the UTF-8 that the engine keeps.
//
// Lengths and indexes in templates count UTF-16 units. Half of a surrogate pair, which charAt and
// substring can cut off, is kept as the three bytes that UTF-8 would give it if it were allowed;
// two halves that meet become one character again, and what is left alone prints as `?`.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hyd::vtl {

bool is_ascii(std::string_view text);
// UTF-16 units.
std::size_t unit_count(std::string_view text);
// The bytes before unit `index`; an index in the middle of a pair gives the place of the pair.
// text.size() when there are no more units.
std::size_t unit_offset(std::string_view text, std::size_t index);
// `index` < unit_count(text).
std::uint16_t unit_at(std::string_view text, std::size_t index);
// Units [from, to), which may cut pairs; appended to `out`.
void append_units(std::string_view text, std::size_t from, std::size_t to, std::string& out);
// Joins a low half to a high half before it.
void append_unit(std::uint16_t unit, std::string& out);
// Appends text that may begin with a low half to `out` that may end with a high one.
void append_joined(std::string_view text, std::string& out);

// Reads one code point (or lone half) at `at` and moves behind it. The text is well-formed in the
// sense above.
std::uint32_t next_point(std::string_view text, std::size_t& at);

// What new String(bytes, UTF_8) makes of bytes: malformed ones become U+FFFD.
bool is_well_formed(std::string_view bytes);
std::string replace_malformed(std::string_view bytes);
// What a String becomes on its way out: halves that met are joined, lone ones print as `?`.
bool has_half(std::string_view text);
void replace_halves(std::string& text);

// The four digits behind \u, as Java's Integer.parseInt reads them (a sign may take one place).
std::optional<std::uint16_t> parse_hex_unit(std::string_view digits);

// compareTo and hashCode of String.
std::int32_t compare_units(std::string_view a, std::string_view b);
std::int32_t hash_units(std::string_view text);

}  // namespace hyd::vtl
