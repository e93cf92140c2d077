// The flags of `hydrant vtl …`, shared by its commands.
#pragma once

#include "cli/command_line.h"
#include "cli/vtl_options.h"

#include <string>
#include <vector>

namespace CLI {
class App;
}  // namespace CLI

namespace hyd::cli {

// As they were typed.
struct VtlWords {
  TemplateOptions which;
  RequestOptions request;
  std::string request_file;
  std::string body_file;
  std::string body_text;
  std::vector<std::string> parameters;
  std::vector<std::string> headers;
  std::vector<std::string> path;
  std::vector<std::string> query;
  std::vector<std::string> context;
  std::vector<std::string> stage_variables;
  bool raw = false;
  std::string mode = "api-gateway";
  std::string variables_file;
  std::string root;
  std::string macros_file;
  TemplateTestOptions test;
};

// Each command declares its flags, and runs with what was typed: its exit status.
void declare_render(CLI::App& at, VtlWords& words);
void declare_test(CLI::App& at, VtlWords& words);
void declare_lint(CLI::App& at, VtlWords& words);
void declare_explain(CLI::App& at, VtlWords& words);
int run_render(const VtlWords& words, const Actions& actions);
int run_test(const VtlWords& words, const Actions& actions);
int run_lint(const VtlWords& words, const Actions& actions);
int run_explain(const VtlWords& words, const Actions& actions);
int run_functions();  // takes no words

}  // namespace hyd::cli
