// The two streams that a person or a supervisor reads. Each call is one write of a whole line, so
// lines of several threads never mix; nothing is buffered. A closed or full stream is not an error.
#pragma once

#include <string_view>

namespace hyd::sys {

void print_line(std::string_view line);        // standard output; the newline is added
void print_bytes(std::string_view bytes);      // standard output; nothing is added
void print_error_line(std::string_view line);  // standard error

}  // namespace hyd::sys
