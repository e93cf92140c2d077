// Java's pattern syntax in PCRE2's. Only java_regex*.cc include this.
#pragma once

#include "base/result.h"
#include "codec/java_regex.h"

#include <map>
#include <string>
#include <string_view>

namespace hyd::codec {

struct TranslatedRegex {
  std::string pattern;  // for PCRE2_UTF | PCRE2_DOTALL
  std::map<std::string, int, std::less<>> names;
  int groups = 0;
};

base::Result<TranslatedRegex> translate_regex(std::string_view pattern, JavaRegex::Flags flags);

// The inside of a PCRE2 class for `\p{name}`; Code::invalid or Code::unsupported when there is
// none.
// When case is ignored, the properties that tell cases apart do not.
base::Result<std::string> translate_property(std::string_view name, bool ignore_case);

}  // namespace hyd::codec
