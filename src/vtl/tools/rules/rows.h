// What each rule looks for; the rows are in table.cc.
#pragma once

#include "vtl/tools/rules/table.h"

namespace hyd::vtl::rule {

// `$n-1` where `n` is known or a number follows; names such as `partition-key` are left alone.
void hyphen_in_name(const Subject& subject, Findings& findings);
// A reference as a condition, unless all that is known of it is boolean.
void bare_condition(const Subject& subject, Findings& findings);
// What JSON may have made a map, a list or a number of; quotes around it make it a text.
void base64_of_no_text(const Subject& subject, Findings& findings);
// Patterns of nothing but characters with a meaning; a pattern that was meant as one has more.
void split_pattern(const Subject& subject, Findings& findings);
// At '=' alone: other separators do separate equals.
void split_without_limit(const Subject& subject, Findings& findings);
// The body read as JSON and split as a text.
void split_of_document(const Subject& subject, Findings& findings);
// Directly, or through variables that are never anything else.
void decoded_twice(const Subject& subject, Findings& findings);
// Follows the quotes of JSON through text, constants and branches, loops once; XML is left alone.
void unescaped_value(const Subject& subject, Findings& findings);
// A text that ends with an escape; regular expressions understand theirs.
void written_line_end(const Subject& subject, Findings& findings);
// Only where the target is a stream, and only what surely does not end with a line end.
void no_line_end(const Subject& subject, Findings& findings);
// Over what a client sends, unless the template asks how much that is.
void long_loop(const Subject& subject, Findings& findings);
// Words of Velocity that API Gateway does not have.
void inert_directive(const Subject& subject, Findings& findings);
// Of $util and $input, by the table of functions; a variable of that name hides them.
void unknown_function(const Subject& subject, Findings& findings);
// A variable in double quotes that has the name of a group of the pattern.
void lost_group(const Subject& subject, Findings& findings);
// In one block, where both are surely set.
void override_twice(const Subject& subject, Findings& findings);

}  // namespace hyd::vtl::rule
