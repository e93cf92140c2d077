// Any text is read, evaluated, ordered and resolved within the bounds, and what is wrong with it is
// told with a place that the text has.
#include "base/check.h"
#include "stacks/evaluate.h"
#include "stacks/problem_text.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>

namespace {

using namespace hyd::stacks;

class FuzzAttributes final : public Attributes {
 public:
  explicit FuzzAttributes(const std::set<std::string_view>& earlier) : earlier_(earlier) {}
  std::string ref(std::string_view logical_id) override {
    HYD_CHECK(earlier_.contains(logical_id));
    return "id";
  }
  std::optional<std::string> get_att(std::string_view logical_id, std::string_view name) override {
    HYD_CHECK(earlier_.contains(logical_id));
    if (name.size() % 7 == 0) return std::nullopt;
    return "value";
  }

 private:
  const std::set<std::string_view>& earlier_;
};

void check(const std::vector<Problem>& problems, std::string_view text) {
  const auto lines = static_cast<std::size_t>(std::ranges::count_if(text, [](char c) {
    return c == '\n' || c == '\r' || static_cast<unsigned char>(c) >= 0x80;
  }));
  for (const Problem& problem : problems) {
    HYD_CHECK(!problem.what.empty());
    HYD_CHECK(problem.mark.line <= lines + 2);
  }
  // A caret for each of a thousand problems says no more than for the first.
  if (!problems.empty()) HYD_CHECK(!to_text(problems.front(), {.file = "f", .text = text}).empty());
}

std::size_t bytes_of(const Node& node) {
  std::size_t bytes = node.text.size();
  for (const Node& item : node.items) bytes += bytes_of(item);
  for (const Entry& entry : node.entries) bytes += entry.key.size() + bytes_of(entry.value);
  return bytes;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(data, data + size);
  const ParsedTemplate parsed = parse_template(std::string_view(text));
  check(parsed.problems, text);
  if (!parsed.problems.empty()) return 0;
  std::map<std::string, std::string> given;
  for (const ParameterDeclaration& one : parsed.value.parameters) {
    if (!one.default_text) given[one.name] = "1";
  }
  BoundParameters bound = bind_parameters(parsed.value, given);
  check(bound.problems, text);
  const MadeScope made = make_scope(parsed.value, std::move(bound.values),
                                    {.account = "012345678901",
                                     .region = "us-east-1",
                                     .stack_name = "fuzz",
                                     .stack_id = "arn:fuzz"});
  check(made.problems, text);
  const Ordered ordered = order(parsed.value, made.scope);
  check(ordered.problems, text);
  if (!made.problems.empty() || !ordered.problems.empty()) return 0;
  std::set<std::string_view> earlier;
  for (const Resource* resource : ordered.resources) {
    for (const std::string& name : references(resource->properties, made.scope)) {
      HYD_CHECK(earlier.contains(name));
    }
    FuzzAttributes attributes(earlier);
    const Resolved resolved =
        resolve(resource->properties, "Resources/R/Properties", made.scope, attributes);
    check(resolved.problems, text);
    if (resolved.problems.empty() && resolved.value) {
      HYD_CHECK(bytes_of(*resolved.value) <= kResolvedBytesMax);
      hyd::codec::to_text(to_json(*resolved.value));
    }
    earlier.insert(resource->logical_id);
  }
  for (const Output& output : parsed.value.outputs) {
    if (!made.scope.exists(output.condition)) continue;
    FuzzAttributes attributes(earlier);
    check(resolve_text(output.value, "Outputs/O", made.scope, attributes).problems, text);
  }
  return 0;
}
