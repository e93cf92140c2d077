// The program: the command line decides what is done, `serve` is the one thing done here.
#include "app/serve.h"
#include "app/stack_templates.h"
#include "cli/command_line.h"

#include <string>
#include <vector>

int main(int count, char** words) {
  return hyd::cli::run(std::vector<std::string>(words + 1, words + count),
                       {.up = hyd::app::serve, .templates = hyd::app::read_stack_templates});
}
