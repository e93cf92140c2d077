// Finds what is accepted, rendered without an error, and not what its author meant.
//
// A pure function of the template's text; any thread. Each rule is a row of rules/table.cc with a
// template that it finds something in and the same template mended; a test holds both to it.
#pragma once

#include "vtl/tools/excerpt.h"
#include "vtl/tools/method_templates.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace hyd::vtl {

// Whether records of a stream are made of the output: files of lines at its end.
enum class Stream : std::uint8_t { unknown, yes, no };

struct Finding {
  std::string_view rule;
  Range range;           // of the template's text
  std::string what;      // what stands there, one sentence
  std::string_view why;  // how it bites
  std::string mended;    // what to write instead
};

inline constexpr std::string_view kSyntaxRule = "syntax";
// Of one template; nobody reads more, and what a template of 300 KB costs stays bounded.
inline constexpr std::size_t kFindingsMax = 500;

// In the order of the template, the first kFindingsMax. A template that cannot be parsed has one
// finding, kSyntaxRule.
std::vector<Finding> lint(std::string_view text, Stream stream = Stream::unknown);

// What a method's integration, which its templates do not show, makes of them.
struct MethodFinding {
  std::string_view rule;
  std::string what;
  std::string_view why;
  std::string mended;
};
std::vector<MethodFinding> lint_method(const MethodTemplates& method);
// Told by the integration's address.
Stream stream_of(const MethodTemplates& method, const MethodTemplate& one);

// "FILE:LINE:COLUMN: warning: what [rule]", and with `whole` the line underlined, why and mended.
std::string to_text(const Finding& finding, const Origin& origin, std::string_view text,
                    bool whole);
std::string to_text(const MethodFinding& finding, std::string_view file,
                    const MethodTemplates& method, bool whole);

}  // namespace hyd::vtl
