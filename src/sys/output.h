// The two streams that a person or a supervisor reads. Each call is one write of a whole line, so
// lines of several threads never mix; nothing is buffered. A closed or full stream is not an error.
#pragma once

#include <string_view>

namespace hyd::sys {

void print_line(std::string_view line);        // standard output; the newline is added
void print_bytes(std::string_view bytes);      // standard output; nothing is added
void print_error_line(std::string_view line);  // standard error

// Whether standard error is a terminal: only there a line may be written over.
bool error_is_terminal();
// On that terminal: shows `line` in place of the one before; empty takes it away.
void print_error_over(std::string_view line);

}  // namespace hyd::sys
