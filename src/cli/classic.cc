#include "cli/classic.h"

#include "base/result.h"
#include "cli/command_line.h"
#include "cli/sample.h"
#include "codec/json.h"
#include "sys/input.h"
#include "sys/output.h"
#include "vtl/classic.h"

#include <fmt/format.h>

#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace hyd::cli {
namespace {

// The templates of one folder, and of those below it.
class Folder final : public vtl::TemplateFiles {
 public:
  explicit Folder(std::string root) : root_(std::move(root)) {}
  std::optional<std::string> read(std::string_view path) override {
    auto text = sys::read_input_in(root_, path, kTemplateMax);
    if (!text) return std::nullopt;
    return *std::move(text);
  }

 private:
  std::string root_;
};

base::Result<codec::Json> read_variables(const std::string& path) {
  ASSIGN_OR_RETURN(const std::string text, sys::read_input(path, kSampleMax));
  auto variables = codec::parse_json(text);
  if (!variables) return std::move(variables).error().within(path);
  if (variables->if_object() == nullptr) {
    return base::fail(base::Code::invalid, path + ": an object expected, a variable a member");
  }
  return variables;
}

int fail(std::string_view what) {
  sys::print_error_line(fmt::format("hydrant: {}", what));
  return kExitFailed;
}

}  // namespace

int render_classic(const TemplateSource& source, const ClassicOptions& options, bool raw) {
  codec::Json variables;
  vtl::ClassicInputs inputs;
  if (options.variables_file) {
    auto read = read_variables(*options.variables_file);
    if (!read) return fail(read.error().what);
    variables = *std::move(read);
    inputs.variables = &variables;
  }
  std::string macros;
  if (options.macros_file) {
    auto read = sys::read_input(*options.macros_file, kTemplateMax);
    if (!read) return fail(read.error().what);
    macros = *std::move(read);
    inputs.macros = macros;
  }
  std::optional<Folder> folder;
  if (options.root) {
    const auto there = sys::list_input(*options.root);
    if (!there) return fail(there.error().what);
    inputs.files = &folder.emplace(*options.root);
  }
  const auto rendered = vtl::render_classic(source.text, inputs);
  if (rendered) {
    raw ? sys::print_bytes(rendered->output) : sys::print_line(rendered->output);
    return kExitOk;
  }
  const vtl::ClassicFailure& failure = rendered.error();
  if (failure.file.empty()) {
    sys::print_error_line(diagnosis(source, failure.place, failure.what));
    return kExitFailed;
  }
  // In a file that the template has read, or in the library.
  const bool library = failure.file == "macros" && options.macros_file;
  const std::string file =
      library ? *options.macros_file : options.root.value_or(".") + "/" + failure.file;
  auto text = sys::read_input(file, kTemplateMax);
  const TemplateSource other{.text = text ? *std::move(text) : std::string(),
                             .origin = {.file = file, .text = {}, .lines = {}, .begins = {}}};
  sys::print_error_line(diagnosis(other, failure.place, failure.what));
  return kExitFailed;
}

}  // namespace hyd::cli
