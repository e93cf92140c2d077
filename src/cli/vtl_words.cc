#include "cli/vtl_words.h"

#include "base/result.h"
#include "cli/explain.h"
#include "cli/lint.h"
#include "cli/render.h"
#include "cli/template_tests.h"
#include "sys/output.h"
#include "vtl/tools/manual.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <string_view>
#include <utility>

namespace hyd::cli {
namespace {

using base::Result;

// Flags that come again for each name, and the characters that may stand behind it.
struct Named {
  std::string_view flag;
  std::string_view form;
  std::string_view separators;
  std::string_view doc;
  std::vector<std::string> VtlWords::* typed;
  NamesAndValues RequestOptions::* meant;
};
constexpr Named kNamed[] = {
    {"--header", "NAME: VALUE", ":=", "A header; repeatable", &VtlWords::headers,
     &RequestOptions::headers},
    {"--path", "NAME=VALUE", "=", "A path parameter, decoded; repeatable", &VtlWords::path,
     &RequestOptions::path},
    {"--query", "NAME=VALUE", "=", "A query parameter, decoded; repeatable", &VtlWords::query,
     &RequestOptions::query},
    {"--context", "NAME=VALUE", "=", "A member of $context, such as identity.sourceIp; repeatable",
     &VtlWords::context, &RequestOptions::context},
    {"--stage-variable", "NAME=VALUE", "=", "A stage variable; repeatable",
     &VtlWords::stage_variables, &RequestOptions::stage_variables},
};

// Words that choose among a stack file's templates.
struct Choice {
  std::string_view flag;
  std::string_view form;
  std::string_view doc;
  std::string TemplateOptions::* meant;
};
constexpr Choice kChoices[] = {
    {"--api", "NAME", "Of a stack file: the API, by logical id or name", &TemplateOptions::api},
    {"--resource", "PATH", "Of a stack file: the resource, by path or logical id",
     &TemplateOptions::resource},
    {"--method", "VERB", "Of a stack file: the method's verb", &TemplateOptions::verb},
    {"--type", "TYPE", "Of a stack file: the content type of the template",
     &TemplateOptions::content_type},
    {"--response", "STATUS", "Of a stack file: a response template instead of a request template",
     &TemplateOptions::status},
};

Result<NamesAndValues> pairs(std::string_view flag, std::string_view separators,
                             const std::vector<std::string>& typed) {
  NamesAndValues out;
  for (const std::string& word : typed) {
    const std::size_t at = word.find_first_of(separators);
    if (at == 0 || at == std::string::npos) {
      return base::fail(base::Code::invalid, fmt::format("{} {}: expected NAME{}VALUE", flag, word,
                                                         separators.front() == ':' ? ": " : "="));
    }
    std::string_view value = std::string_view(word).substr(at + 1);
    if (word[at] == ':') value.remove_prefix(std::min(value.find_first_not_of(' '), value.size()));
    out.emplace_back(word.substr(0, at), std::string(value));
  }
  return out;
}

void repeatable(CLI::App& at, std::string_view flag, std::string_view form, std::string_view doc,
                std::vector<std::string>& typed) {
  at.add_option(std::string(flag), typed, std::string(doc))
      ->type_name(std::string(form))
      ->allow_extra_args(false)
      ->take_all();
}

void declare_choices(CLI::App& at, VtlWords& words) {
  for (const Choice& choice : kChoices) {
    at.add_option(std::string(choice.flag), words.which.*choice.meant, std::string(choice.doc))
        ->type_name(std::string(choice.form));
  }
  repeatable(at, "--parameter", "NAME=VALUE", "Value of a parameter of the stack file; repeatable",
             words.parameters);
}

void declare_template(CLI::App& at, VtlWords& words) {
  at.add_option("TEMPLATE", words.which.file,
                "File with a mapping template, or a stack file (.yaml, .yml, .json, .template)")
      ->type_name("FILE")
      ->required();
  declare_choices(at, words);
}

void declare_request(CLI::App& at, VtlWords& words) {
  at.add_option("--request", words.request_file,
                "File with the request as JSON: body, params {path, querystring, header}, context, "
                "stageVariables; nothing is added to what it says")
      ->type_name("FILE");
  at.add_option("--body", words.body_file, "File with the request's body")->type_name("FILE");
  at.add_option("--body-text", words.body_text, "The request's body itself")->type_name("TEXT");
  for (const Named& row : kNamed) repeatable(at, row.flag, row.form, row.doc, words.*row.typed);
}

Result<TemplateOptions> understand_template(const VtlWords& words) {
  TemplateOptions out = words.which;
  ASSIGN_OR_RETURN(out.parameters, pairs("--parameter", "=", words.parameters));
  return out;
}

Result<RequestOptions> understand_request(const VtlWords& words) {
  RequestOptions out;
  if (!words.request_file.empty()) out.request_file = words.request_file;
  if (!words.body_file.empty()) out.body_file = words.body_file;
  if (!words.body_text.empty()) out.body_text = words.body_text;
  if (out.body_file && out.body_text) {
    return base::fail(base::Code::invalid, "--body and --body-text: only one of them can be meant");
  }
  for (const Named& row : kNamed) {
    ASSIGN_OR_RETURN(out.*row.meant, pairs(row.flag, row.separators, words.*row.typed));
  }
  return out;
}

Result<std::optional<ClassicOptions>> understand_classic(const VtlWords& words) {
  ClassicOptions out;
  if (!words.variables_file.empty()) out.variables_file = words.variables_file;
  if (!words.root.empty()) out.root = words.root;
  if (!words.macros_file.empty()) out.macros_file = words.macros_file;
  if (words.mode == "classic") return std::optional(std::move(out));
  if (out.variables_file || out.root || out.macros_file) {
    return base::fail(base::Code::invalid,
                      "--variables, --root and --macros belong to --mode classic");
  }
  return std::optional<ClassicOptions>();
}

int refuse(const base::Error& error) {
  sys::print_error_line("hydrant: " + error.what);
  return kExitUsage;
}

}  // namespace

void declare_render(CLI::App& at, VtlWords& words) {
  declare_template(at, words);
  declare_request(at, words);
  at.add_flag("--raw", words.raw, "Print the output's bytes alone, without a line end behind them");
  at.add_option(
        "--mode", words.mode,
        "Velocity as API Gateway runs it, or as it is by itself: macros, #evaluate, #parse, "
        "#include, missing values print their source")
      ->type_name("api-gateway|classic")
      ->check(CLI::IsMember({"api-gateway", "classic"}).description(""))
      ->capture_default_str();
  at.add_option("--variables", words.variables_file,
                "Of mode classic: file with a JSON object, a variable for each member")
      ->type_name("FILE");
  at.add_option("--root", words.root, "Of mode classic: folder that #parse and #include may read")
      ->type_name("DIR");
  at.add_option("--macros", words.macros_file, "Of mode classic: file with a macro library")
      ->type_name("FILE");
}

int run_render(const VtlWords& words, const Actions& actions) {
  const auto which = understand_template(words);
  if (!which) return refuse(which.error());
  const auto request = understand_request(words);
  if (!request) return refuse(request.error());
  const auto classic = understand_classic(words);
  if (!classic) return refuse(classic.error());
  return render({.which = *which, .request = *request, .classic = *classic, .raw = words.raw},
                actions);
}

void declare_test(CLI::App& at, VtlWords& words) {
  at.add_option(
        "DIR", words.test.folder,
        "Folder with NAME.vtl, NAME/CASE.request.json and what is expected: "
        "NAME/CASE.expect (the output) or NAME/CASE.expect-error (LINE:COLUMN WHAT), and if "
        "wanted NAME/CASE.expect-overrides")
      ->type_name("")
      ->required();
  at.add_flag("--accept", words.test.accept,
              "Write what comes out as what is expected, then look at the difference yourself");
  at.add_option("--template", words.which.file,
                "A template, or a stack file with one, whose CASE.request.json and so on DIR holds")
      ->type_name("FILE");
  declare_choices(at, words);
}

int run_test(const VtlWords& words, const Actions& actions) {
  TemplateTestOptions options = words.test;
  if (!words.which.file.empty()) {
    const auto which = understand_template(words);
    if (!which) return refuse(which.error());
    options.which = *which;
  }
  return test_templates(options, actions);
}

void declare_lint(CLI::App& at, VtlWords& words) { declare_template(at, words); }

int run_lint(const VtlWords& words, const Actions& actions) {
  const auto which = understand_template(words);
  if (!which) return refuse(which.error());
  return lint(*which, actions);
}

void declare_explain(CLI::App& at, VtlWords& words) {
  declare_template(at, words);
  declare_request(at, words);
}

int run_explain(const VtlWords& words, const Actions& actions) {
  const auto which = understand_template(words);
  if (!which) return refuse(which.error());
  const auto request = understand_request(words);
  if (!request) return refuse(request.error());
  return explain({.which = *which, .request = *request}, actions);
}

int run_functions() {
  sys::print_bytes(vtl::manual());
  return kExitOk;
}

}  // namespace hyd::cli
