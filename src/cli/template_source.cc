#include "cli/template_source.h"

#include "cli/sample.h"
#include "sys/input.h"
#include "vtl/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <utility>

namespace hyd::cli {
namespace {

using base::Code;
using base::Result;

bool same_verb(std::string_view a, std::string_view b) {
  return std::ranges::equal(
      a, b, [](unsigned char x, unsigned char y) { return std::toupper(x) == std::toupper(y); });
}

bool fits(const TemplateOptions& options, const vtl::MethodTemplates& method) {
  const auto either = [](const std::string& asked, const std::string& a, const std::string& b) {
    return asked.empty() || asked == a || asked == b;
  };
  return either(options.api, method.api, method.api_name) &&
         either(options.resource, method.resource, method.resource_id) &&
         (options.verb.empty() || same_verb(options.verb, method.verb));
}

bool chooses(const TemplateOptions& options) {
  return !options.api.empty() || !options.resource.empty() || !options.verb.empty() ||
         !options.content_type.empty() || !options.status.empty() || !options.parameters.empty();
}

// Requests only, unless a response is asked for; with `all`, both.
bool fits(const TemplateOptions& options, const vtl::MethodTemplate& one, bool all) {
  const bool type = options.content_type.empty() || options.content_type == one.content_type;
  if (all && options.status.empty()) return type;
  return type && options.status == one.status;
}

std::string list_of(const std::vector<vtl::MethodTemplates>& methods) {
  std::string out;
  for (const vtl::MethodTemplates& method : methods) {
    for (const vtl::MethodTemplate& one : method.templates) {
      out += "\n  " + vtl::describe(method, one);
    }
  }
  return out;
}

Result<std::vector<vtl::MethodTemplates>> read_stack(const TemplateOptions& options,
                                                     const Actions& actions) {
  if (!actions.templates) {
    return base::fail(Code::unsupported, "stack files cannot be read here");
  }
  return actions.templates({.file = options.file, .parameters = options.parameters});
}

}  // namespace

bool means_stack(const TemplateOptions& options) {
  if (chooses(options)) return true;
  const std::string_view file = options.file;
  return file.ends_with(".yaml") || file.ends_with(".yml") || file.ends_with(".json") ||
         file.ends_with(".template");
}

Result<std::vector<vtl::MethodTemplates>> find_methods(const TemplateOptions& options,
                                                       const Actions& actions) {
  ASSIGN_OR_RETURN(const std::vector<vtl::MethodTemplates> all, read_stack(options, actions));
  std::vector<vtl::MethodTemplates> out;
  for (const vtl::MethodTemplates& method : all) {
    if (!fits(options, method)) continue;
    out.push_back(method);
    std::erase_if(out.back().templates,
                  [&](const vtl::MethodTemplate& one) { return !fits(options, one, true); });
    const bool of_one = !options.content_type.empty() || !options.status.empty();
    if (of_one && out.back().templates.empty()) out.pop_back();
  }
  if (out.empty()) {
    return base::fail(
        Code::invalid,
        fmt::format("{}: no template fits these words{}", options.file,
                    all.empty() ? "; it has no methods" : ". Its templates are" + list_of(all)));
  }
  return out;
}

Result<TemplateSource> find_template(const TemplateOptions& options, const Actions& actions) {
  if (!means_stack(options)) {
    ASSIGN_OR_RETURN(std::string text, sys::read_input(options.file, kTemplateMax));
    // As the engine reads it, so that its places fit the text that is shown.
    if (!vtl::is_well_formed(text)) text = vtl::replace_malformed(text);
    return TemplateSource{.text = std::move(text),
                          .origin = {.file = options.file, .text = {}, .lines = {}, .begins = {}}};
  }
  ASSIGN_OR_RETURN(std::vector<vtl::MethodTemplates> methods, find_methods(options, actions));
  for (vtl::MethodTemplates& method : methods) {
    std::erase_if(method.templates,
                  [&](const vtl::MethodTemplate& one) { return !fits(options, one, false); });
  }
  std::erase_if(methods, [](const vtl::MethodTemplates& one) { return one.templates.empty(); });
  if (methods.empty()) {
    return base::fail(Code::invalid, options.file + ": no template fits these words");
  }
  if (methods.size() > 1 || methods.front().templates.size() > 1) {
    return base::fail(Code::invalid,
                      fmt::format("{}: several templates fit; choose one by --api, --resource, "
                                  "--method, --type or --response:{}",
                                  options.file, list_of(methods)));
  }
  vtl::MethodTemplate& found = methods.front().templates.front();
  return TemplateSource{.text = std::move(found.text), .origin = std::move(found.origin)};
}

std::string diagnosis(const TemplateSource& source, vtl::Place place, std::string_view what) {
  const std::size_t at = vtl::offset_of(source.text, place);
  return vtl::show(source.origin, source.text, vtl::extent_at(source.text, at), what);
}

}  // namespace hyd::cli
