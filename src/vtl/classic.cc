#include "vtl/classic.h"

#include "vtl/arithmetic.h"
#include "vtl/compiler.h"
#include "vtl/document.h"
#include "vtl/machine.h"
#include "vtl/objects.h"
#include "vtl/parser.h"
#include "vtl/render_memory.h"
#include "vtl/text.h"

#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

namespace hyd::vtl {
namespace {

Value value_of(Run& run, const codec::Json& json) {
  switch (json.kind()) {
    case codec::Json::Kind::null: return Value();
    case codec::Json::Kind::boolean: return Value(*json.if_boolean());
    case codec::Json::Kind::number: {
      const std::string& text = json.if_number()->text;
      const bool whole = text.find_first_of(".eE") == std::string::npos;
      return whole ? parse_whole(run.heap(), text) : Value(parse_double(text));
    }
    case codec::Json::Kind::string: return run.input_text(*json.if_string());
    case codec::Json::Kind::array: {
      List* const list = new_list(run);
      for (const codec::Json& item : *json.if_array()) append(run, *list, value_of(run, item));
      return Value(list);
    }
    case codec::Json::Kind::object: {
      Map* const map = new_map(run);
      for (const auto& [name, value] : *json.if_object()) {
        put(run, *map, run.input_text(name), value_of(run, value));
      }
      return Value(map);
    }
  }
  return Value();
}

// Without "." and ".." and doubled slashes; nothing when it leads out of the folder.
std::optional<std::string> normal_path(std::string_view path) {
  std::vector<std::string_view> parts;
  while (!path.empty()) {
    const std::size_t slash = std::min(path.find_first_of("/\\"), path.size());
    const std::string_view part = path.substr(0, slash);
    path.remove_prefix(std::min(slash + 1, path.size()));
    if (part == "..") {
      if (parts.empty()) return std::nullopt;
      parts.pop_back();
    } else if (!part.empty() && part != ".") {
      parts.push_back(part);
    }
  }
  std::string out;
  for (const std::string_view part : parts) {
    if (!out.empty()) out.push_back('/');
    out.append(part);
  }
  if (out.empty()) return std::nullopt;
  return out;
}

}  // namespace

// One render: the program that grows while it runs, and what was compiled into it already.
class ClassicRun final : public ClassicHost {
 public:
  ClassicRun(TemplateFiles* files)
      : files_(files), body_content_(compiler_.variable("bodyContent")) {}

  const Program& program() const { return compiler_.program(); }
  std::uint32_t variable(std::string_view name) { return compiler_.variable(name); }
  std::uint32_t body_content() const override { return body_content_; }

  std::expected<std::uint32_t, Diagnostic> compile(std::string_view text, std::string name,
                                                   bool library = false) {
    std::string replaced;
    if (!is_well_formed(text)) {
      replaced = replace_malformed(text);
      text = replaced;
    }
    std::expected<Syntax, Diagnostic> syntax = parse_syntax(text, &program().classic());
    if (!syntax) return std::unexpected(std::move(syntax).error());
    compiler_.replace_macros(library);
    const auto code = compiler_.add(text, std::move(name), *syntax);
    if (!code) return std::unexpected(compiler_.error());
    return *code;
  }

  std::expected<std::uint32_t, std::string> evaluate(std::string_view text) override {
    return once(evaluated_, std::string(text), [&] { return compile(text, "#evaluate"); });
  }

  std::expected<std::uint32_t, std::string> parse_file(std::string_view path) override {
    const std::expected<std::string, std::string> text = include_file(path);
    if (!text) return std::unexpected(text.error());
    return once(parsed_, std::string(path), [&] { return compile(*text, std::string(path)); });
  }

  std::expected<std::string, std::string> include_file(std::string_view path) override {
    const std::optional<std::string> inside = normal_path(path);
    std::optional<std::string> text;
    if (inside && files_ != nullptr) text = files_->read(*inside);
    if (!text) return std::unexpected(fmt::format("there is no file \"{}\"", path));
    return *std::move(text);
  }

  ClassicFailure failure_at(std::size_t op, const std::string& what) const {
    const std::deque<Segment>& all = program().classic().segments;
    const auto behind =
        std::find_if(all.begin(), all.end(), [&](const Segment& one) { return one.first_op > op; });
    if (behind == all.begin()) return {{}, {}, what};
    const Segment& segment = *std::prev(behind);
    return {segment.name, place_of(segment.source, program().offset(op)), what};
  }

 private:
  using Known = std::map<std::string, std::uint32_t, std::less<>>;

  template <class Compile>
  std::expected<std::uint32_t, std::string> once(Known& known, std::string key, Compile compile) {
    if (const auto found = known.find(key); found != known.end()) return found->second;
    const std::expected<std::uint32_t, Diagnostic> code = compile();
    if (!code) return std::unexpected(to_text(code.error()));
    known.emplace(std::move(key), *code);
    return *code;
  }

  TemplateFiles* files_;
  Compiler compiler_;
  std::uint32_t body_content_;
  Known evaluated_;
  Known parsed_;
};

std::expected<Rendered, ClassicFailure> render_classic(std::string_view text,
                                                       const ClassicInputs& inputs,
                                                       const Limits& limits) {
  Heap heap;
  RenderMemory memory;
  const Inputs nothing{};
  Run run(heap, nothing, limits, memory);
  Document document(run);
  run.set_document(document);
  ClassicRun classic(inputs.files);
  if (const auto library = classic.compile(inputs.macros, "macros", true); !library) {
    return std::unexpected(ClassicFailure{"macros", library.error().place, library.error().what});
  }
  const auto code = classic.compile(text, "");
  if (!code) return std::unexpected(ClassicFailure{"", code.error().place, code.error().what});
  const auto* const members = inputs.variables == nullptr ? nullptr : inputs.variables->if_object();
  std::vector<std::pair<std::uint32_t, Value>> given;
  if (members != nullptr) {
    for (const auto& [name, value] : *members) {
      given.emplace_back(classic.variable(name), value_of(run, value));
    }
  }
  if (classic.program().variables() >= kClassicVariablesMax) {
    return std::unexpected(ClassicFailure{"", {}, "there are too many variables"});
  }
  Rendered rendered;
  Machine machine(classic.program(), run, memory.machine, rendered.output, classic);
  for (const auto& [slot, value] : given) machine.set_variable(slot, value);
  if (!machine.run_block(*code)) {
    return std::unexpected(classic.failure_at(machine.failed_at(), run.what()));
  }
  if (has_half(rendered.output)) replace_halves(rendered.output);
  rendered.steps = limits.steps_max - run.steps_left();
  return rendered;
}

}  // namespace hyd::vtl
