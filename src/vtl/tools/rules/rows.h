// What each rule looks for; the rows are in table.cc.
#pragma once

#include "vtl/tools/rules/table.h"

namespace hyd::vtl::rule {

void hyphen_in_name(const Subject& subject, Findings& findings);
void bare_condition(const Subject& subject, Findings& findings);
void base64_of_no_text(const Subject& subject, Findings& findings);
void split_pattern(const Subject& subject, Findings& findings);
void split_without_limit(const Subject& subject, Findings& findings);
void split_of_document(const Subject& subject, Findings& findings);
void decoded_twice(const Subject& subject, Findings& findings);
void unescaped_value(const Subject& subject, Findings& findings);
void written_line_end(const Subject& subject, Findings& findings);
void no_line_end(const Subject& subject, Findings& findings);
void long_loop(const Subject& subject, Findings& findings);
void inert_directive(const Subject& subject, Findings& findings);
void unknown_function(const Subject& subject, Findings& findings);
void lost_group(const Subject& subject, Findings& findings);
void override_twice(const Subject& subject, Findings& findings);

}  // namespace hyd::vtl::rule
