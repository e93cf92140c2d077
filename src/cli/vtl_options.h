// What the commands of `hydrant vtl` were asked for.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace hyd::cli {

using NamesAndValues = std::vector<std::pair<std::string, std::string>>;

// A stack file, and the values of its parameters.
struct StackFile {
  std::string file;
  NamesAndValues parameters;
};

// A file with a template, or a stack file and which of its templates is meant. What is empty fits
// every one.
struct TemplateOptions {
  std::string file = {};
  NamesAndValues parameters = {};
  std::string api = {};       // logical id or name
  std::string resource = {};  // path or logical id
  std::string verb = {};
  std::string content_type = {};
  std::string status = {};  // of a response template; empty: request templates
};

// What a template sees. Without a request file it also sees what a stage adds to every request.
struct RequestOptions {
  std::optional<std::string> request_file = {};
  std::optional<std::string> body_file = {};
  std::optional<std::string> body_text = {};
  NamesAndValues headers = {};
  NamesAndValues path = {};
  NamesAndValues query = {};
  NamesAndValues context = {};  // names are dotted: identity.sourceIp
  NamesAndValues stage_variables = {};
};

// Velocity as it is without API Gateway, for templates and tests that were written for it.
struct ClassicOptions {
  std::optional<std::string> variables_file;  // JSON: a variable for each member
  std::optional<std::string> root;            // what #parse and #include may read
  std::optional<std::string> macros_file;     // a macro library
};

struct RenderOptions {
  TemplateOptions which;
  RequestOptions request;
  std::optional<ClassicOptions> classic;  // instead of a request
  bool raw = false;                       // prints the output's bytes and nothing else
};

struct ExplainOptions {
  TemplateOptions which;
  RequestOptions request;
};

struct TemplateTestOptions {
  std::string folder;
  // A template of a stack file, whose cases `folder` holds; nothing: it holds templates and theirs.
  std::optional<TemplateOptions> which = {};
  bool accept = false;  // writes what comes out as what is expected
};

}  // namespace hyd::cli
