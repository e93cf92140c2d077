// Reads JSON and what is not quite JSON, as API Gateway's reader (json-smart 2.5, permissive) does.
//
// Form bodies work in templates only because a text that is no JSON is a String. The rules, in the
// reader's own order: white space around is dropped; `{` and `[` start containers, in which quotes
// may be single or missing and commas superfluous; a quote starts a text; anything else runs to the
// end of the input and is a number, true, false or else a String. What stands behind the closing
// bracket or quote is ignored. The reader takes 0x1A for the end of the input.
#pragma once

#include "vtl/run.h"
#include "vtl/value.h"

#include <string_view>

namespace hyd::vtl {

// `text` is well-formed UTF-8 and outlives the run; values point into it where they can. Arrays are
// JSON arrays. On malformed containers the run fails; a JSON null is the null value.
Value read_json(Run& run, std::string_view text);

}  // namespace hyd::vtl
