// Java's named character properties.
#include "codec/java_regex_translate.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <string>
#include <utility>

namespace hyd::codec {
namespace {

using Row = std::pair<std::string_view, std::string_view>;

// POSIX names mean ASCII in Java.
constexpr std::array<Row, 13> kPosix = {{
    {"Lower", "a-z"},
    {"Upper", "A-Z"},
    {"ASCII", "\\x00-\\x7F"},
    {"Alpha", "a-zA-Z"},
    {"Digit", "0-9"},
    {"Alnum", "a-zA-Z0-9"},
    {"Punct", "!-/:-@\\[-`{-~"},
    {"Graph", "!-~"},
    {"Print", " -~"},
    {"Blank", " \\t"},
    {"Cntrl", "\\x00-\\x1F\\x7F"},
    {"XDigit", "0-9a-fA-F"},
    {"Space", " \\t\\n\\x0B\\f\\r"},
}};

// java.lang.Character's methods, and Unicode's binary properties by the names that Java knows.
constexpr std::array<Row, 26> kNamed = {{
    {"javaLowerCase", "\\p{Ll}"},
    {"javaUpperCase", "\\p{Lu}"},
    {"javaTitleCase", "\\p{Lt}"},
    {"javaAlphabetic", "\\p{L}\\p{Nl}"},
    {"javaLetter", "\\p{L}"},
    {"javaDigit", "\\p{Nd}"},
    {"javaLetterOrDigit", "\\p{L}\\p{Nd}"},
    {"javaWhitespace",
     "\\t-\\r\\x1C- \\x{1680}\\x{2000}-\\x{2006}\\x{2008}-\\x{200A}\\x{2028}"
     "\\x{2029}\\x{205F}\\x{3000}"},
    {"javaSpaceChar", "\\p{Z}"},
    {"javaISOControl", "\\x00-\\x1F\\x7F-\\x{9F}"},
    {"IsAlphabetic", "\\p{L}\\p{Nl}"},
    {"IsLetter", "\\p{L}"},
    {"IsDigit", "\\p{Nd}"},
    {"IsLowercase", "\\p{Ll}"},
    {"IsUppercase", "\\p{Lu}"},
    {"IsTitlecase", "\\p{Lt}"},
    {"IsPunctuation", "\\p{P}"},
    {"IsControl", "\\p{Cc}"},
    {"IsWhite_Space",
     "\\t-\\r \\x{85}\\x{A0}\\x{1680}\\x{2000}-\\x{200A}\\x{2028}\\x{2029}\\x{202F}"
     "\\x{205F}\\x{3000}"},
    {"IsHex_Digit", "0-9a-fA-F\\x{FF10}-\\x{FF19}\\x{FF21}-\\x{FF26}\\x{FF41}-\\x{FF46}"},
    {"IsIdeographic", "\\p{Han}"},
    {"IsAssigned", "\\P{Cn}"},
    {"IsNoncharacter_Code_Point", "\\x{FDD0}-\\x{FDEF}"},
    {"L1", "\\x00-\\x{FF}"},
    {"LC", "\\p{Lu}\\p{Ll}\\p{Lt}"},
    {"all", "\\x00-\\x{10FFFF}"},
}};

// The blocks that templates meet; Java knows all of Unicode's.
constexpr std::array<Row, 18> kBlocks = {{
    {"BASICLATIN", "\\x00-\\x7F"},
    {"LATIN1SUPPLEMENT", "\\x{80}-\\x{FF}"},
    {"LATINEXTENDEDA", "\\x{100}-\\x{17F}"},
    {"LATINEXTENDEDB", "\\x{180}-\\x{24F}"},
    {"GREEK", "\\x{370}-\\x{3FF}"},
    {"GREEKANDCOPTIC", "\\x{370}-\\x{3FF}"},
    {"CYRILLIC", "\\x{400}-\\x{4FF}"},
    {"HEBREW", "\\x{590}-\\x{5FF}"},
    {"ARABIC", "\\x{600}-\\x{6FF}"},
    {"THAI", "\\x{E00}-\\x{E7F}"},
    {"HANGULJAMO", "\\x{1100}-\\x{11FF}"},
    {"GENERALPUNCTUATION", "\\x{2000}-\\x{206F}"},
    {"CURRENCYSYMBOLS", "\\x{20A0}-\\x{20CF}"},
    {"CJKSYMBOLSANDPUNCTUATION", "\\x{3000}-\\x{303F}"},
    {"HIRAGANA", "\\x{3040}-\\x{309F}"},
    {"KATAKANA", "\\x{30A0}-\\x{30FF}"},
    {"CJKUNIFIEDIDEOGRAPHS", "\\x{4E00}-\\x{9FFF}"},
    {"HANGULSYLLABLES", "\\x{AC00}-\\x{D7AF}"},
}};

bool is_word(std::string_view name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  });
}

// A general category of one or two letters.
bool is_category(std::string_view name) {
  constexpr std::string_view kMajor = "LMNPSZC";
  if (name.empty() || name.size() > 2 || kMajor.find(name[0]) == std::string_view::npos) {
    return false;
  }
  return name.size() == 1 || (name[1] >= 'a' && name[1] <= 'z');
}

base::Result<std::string> block(std::string_view name) {
  std::string plain;
  for (const char c : name) {
    if (c == '_' || c == '-' || c == ' ') continue;
    plain.push_back(c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c);
  }
  for (const auto& [known, ranges] : kBlocks) {
    if (known == plain) return std::string(ranges);
  }
  return base::fail(base::Code::unsupported, fmt::format("the Unicode block {}", name));
}

base::Result<std::string> script(std::string_view name) {
  if (!is_word(name)) return base::fail(base::Code::invalid, "the name of a script");
  return fmt::format("\\p{{{}}}", name);
}

}  // namespace

base::Result<std::string> translate_property(std::string_view name, bool ignore_case) {
  if (ignore_case) {
    constexpr std::array<std::string_view, 10> kCased = {
        "Lu",          "Ll",         "Lt", "IsLu", "IsLl", "IsLt", "javaLowerCase", "javaUpperCase",
        "IsLowercase", "IsUppercase"};
    if (name == "Lower" || name == "Upper") return std::string("a-zA-Z");
    if (std::find(kCased.begin(), kCased.end(), name) != kCased.end()) {
      return std::string("\\p{Lu}\\p{Ll}\\p{Lt}");
    }
  }
  if (const std::size_t sign = name.find('='); sign != std::string_view::npos) {
    const std::string_view key = name.substr(0, sign);
    const std::string_view value = name.substr(sign + 1);
    if (key == "sc" || key == "script" || key == "Script") return script(value);
    if (key == "blk" || key == "block" || key == "Block") return block(value);
    if ((key == "gc" || key == "general_category") && is_category(value)) {
      return fmt::format("\\p{{{}}}", value);
    }
    return base::fail(base::Code::invalid, fmt::format("the property {}", name));
  }
  for (const auto& [known, ranges] : kPosix) {
    if (known == name) return std::string(ranges);
  }
  for (const auto& [known, ranges] : kNamed) {
    if (known == name) return std::string(ranges);
  }
  if (is_category(name)) return fmt::format("\\p{{{}}}", name);
  if (name.starts_with("In")) return block(name.substr(2));
  if (name.starts_with("Is")) {
    const std::string_view rest = name.substr(2);
    if (is_category(rest)) return fmt::format("\\p{{{}}}", rest);
    return script(rest);
  }
  return base::fail(base::Code::invalid, fmt::format("the property {}", name));
}

}  // namespace hyd::codec
