#include "app/stack_templates.h"

#include "base/units.h"
#include "stacks/evaluate.h"
#include "stacks/node.h"
#include "stacks/parameters.h"
#include "stacks/problem_text.h"
#include "stacks/template.h"
#include "sys/input.h"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <utility>

namespace hyd::app {
namespace {

using base::Code;
using base::Result;
using stacks::Node;

constexpr base::ByteCount kStackFileMax = base::mib(2);  // above CloudFormation's limit of 1 MiB

std::string text_of(const Node& properties, std::string_view name) {
  const Node* const found = properties.find(name);
  return found != nullptr && found->is_scalar() ? found->text : std::string();
}

// What resources answer while nothing is deployed.
class Names final : public stacks::Attributes {
 public:
  std::string ref(std::string_view logical_id) override {
    const auto given = given_.find(logical_id);
    return given == given_.end() ? std::string(logical_id) : given->second;
  }
  std::optional<std::string> get_att(std::string_view logical_id,
                                     std::string_view attribute) override {
    return std::string(logical_id).append(".").append(attribute);
  }
  // What the file itself calls a stream or a bucket.
  void learn(const stacks::Resource& resource, const Node& properties) {
    for (const auto& [type, property] :
         {std::pair{"AWS::Kinesis::Stream", "Name"},
          std::pair{"AWS::KinesisFirehose::DeliveryStream", "DeliveryStreamName"},
          std::pair{"AWS::S3::Bucket", "BucketName"}}) {
      if (resource.type != type) continue;
      std::string name = text_of(properties, property);
      if (!name.empty()) given_.emplace(resource.logical_id, std::move(name));
    }
  }

 private:
  std::map<std::string, std::string, std::less<>> given_;
};

std::vector<std::size_t> line_starts(std::string_view text) {
  std::vector<std::size_t> starts{0};
  for (std::size_t at = text.find('\n'); at != text.npos; at = text.find('\n', at + 1)) {
    starts.push_back(at + 1);
  }
  return starts;
}

std::string_view line_at(std::string_view text, const std::vector<std::size_t>& starts,
                         std::size_t line) {
  if (line >= starts.size()) return {};
  const std::size_t end = line + 1 < starts.size() ? starts[line + 1] - 1 : text.size();
  return text.substr(starts[line], end - starts[line]);
}

// A block of YAML has each line of the template on one of its own, behind the line of its mark, and
// a short text stands in the line of its mark. Texts with escapes or substitutions are found line
// by line or not at all.
vtl::Origin find_origin(const StackText& stack, std::string_view tmpl, stacks::Mark mark) {
  vtl::Origin out{.file = std::string(stack.file),
                  .text = std::string(stack.text),
                  .lines = {},
                  .begins = {mark.line, mark.column}};
  constexpr std::size_t kLinesToContent = 4;
  const std::vector<std::size_t> file_lines = line_starts(stack.text);
  const std::vector<std::size_t> lines = line_starts(tmpl);
  std::size_t best = 0;
  for (std::size_t first = mark.line == 0 ? 0 : mark.line - 1;
       mark.line != 0 && first < mark.line + kLinesToContent; ++first) {
    std::size_t matched = 0;
    std::vector<std::size_t> places;
    for (std::size_t i = 0; i < lines.size(); ++i) {
      const std::string_view wanted = line_at(tmpl, lines, i);
      const std::string_view there = line_at(stack.text, file_lines, first + i);
      const std::size_t column = there.find(wanted);
      const bool found = first + i < file_lines.size() && column != there.npos;
      places.push_back(found ? file_lines[first + i] + column : vtl::Origin::kUnknown);
      if (found && !wanted.empty()) ++matched;
    }
    if (matched <= best && !out.lines.empty()) continue;
    best = matched;
    out.lines = std::move(places);
  }
  if (out.lines.empty()) out.lines.assign(lines.size(), vtl::Origin::kUnknown);
  return out;
}

class Reader {
 public:
  explicit Reader(const StackText& stack) : stack_(stack) {}

  void resource(const stacks::Resource& resource, const Node& properties) {
    names.learn(resource, properties);
    const std::string& id = resource.logical_id;
    if (resource.type == "AWS::ApiGateway::RestApi") {
      api_names_[id] = text_of(properties, "Name");
      paths_[id + ".RootResourceId"] = "";
    } else if (resource.type == "AWS::ApiGateway::Resource") {
      paths_[id] = paths_[text_of(properties, "ParentId")] + "/" + text_of(properties, "PathPart");
    } else if (resource.type == "AWS::ApiGateway::Method") {
      method(properties);
    }
  }

  Names names;
  std::vector<vtl::MethodTemplates> out;

 private:
  void method(const Node& properties) {
    const Node* const integration = properties.find("Integration");
    if (integration == nullptr) return;
    const std::string resource = text_of(properties, "ResourceId");
    vtl::MethodTemplates method;
    method.api = text_of(properties, "RestApiId");
    method.api_name = api_names_[method.api];
    method.resource = paths_[resource].empty() ? "/" : paths_[resource];
    method.resource_id = resource;
    method.verb = text_of(properties, "HttpMethod");
    method.type = text_of(*integration, "Type");
    method.uri = text_of(*integration, "Uri");
    method.place = {integration->mark.line, integration->mark.column};
    templates(*integration, "RequestTemplates", "", method);
    if (const Node* const responses = integration->find("IntegrationResponses")) {
      for (const Node& response : responses->items) {
        const std::string status = text_of(response, "StatusCode");
        method.responses.push_back(
            {.status = status, .pattern = text_of(response, "SelectionPattern")});
        templates(response, "ResponseTemplates", status, method);
      }
    }
    out.push_back(std::move(method));
  }

  void templates(const Node& holder, std::string_view member, const std::string& status,
                 vtl::MethodTemplates& method) {
    const Node* const by_type = holder.find(member);
    if (by_type == nullptr) return;
    for (const stacks::Entry& entry : by_type->entries) {
      method.templates.push_back(
          {.content_type = entry.key,
           .status = status,
           .text = entry.value.text,
           .origin = find_origin(stack_, entry.value.text, entry.value.mark)});
    }
  }

  const StackText& stack_;
  std::map<std::string, std::string> api_names_;  // by logical id
  std::map<std::string, std::string> paths_;      // of resources, by what refers to them
};

base::Error refused(const std::vector<stacks::Problem>& problems, const StackText& stack) {
  std::string text = stacks::to_text(problems, {.file = stack.file, .text = stack.text});
  while (text.ends_with('\n')) text.pop_back();
  return base::fail(Code::invalid, std::move(text));
}

}  // namespace

Result<std::vector<vtl::MethodTemplates>> stack_templates(const StackText& stack) {
  const stacks::ParsedTemplate parsed = stacks::parse_template(stack.text);
  if (!parsed.problems.empty()) return refused(parsed.problems, stack);
  stacks::BoundParameters bound = stacks::bind_parameters(parsed.value, stack.parameters);
  if (!bound.problems.empty()) return refused(bound.problems, stack);
  const stacks::MadeScope made = stacks::make_scope(parsed.value, std::move(bound.values),
                                                    {.account = std::string(stack.account),
                                                     .region = std::string(stack.region),
                                                     .stack_name = "stack",
                                                     .stack_id = "stack"});
  if (!made.problems.empty()) return refused(made.problems, stack);
  const stacks::Ordered ordered = stacks::order(parsed.value, made.scope);
  if (!ordered.problems.empty()) return refused(ordered.problems, stack);
  Reader reader(stack);
  for (const stacks::Resource* const resource : ordered.resources) {
    const stacks::Resolved resolved =
        stacks::resolve(resource->properties, "Resources/" + resource->logical_id + "/Properties",
                        made.scope, reader.names);
    if (!resolved.problems.empty()) return refused(resolved.problems, stack);
    if (resolved.value) reader.resource(*resource, *resolved.value);
  }
  return std::move(reader.out);
}

Result<std::vector<vtl::MethodTemplates>> read_stack_templates(const cli::StackFile& file) {
  ASSIGN_OR_RETURN(const std::string text, sys::read_input(file.file, kStackFileMax));
  StackText stack{.file = file.file,
                  .text = text,
                  .parameters = {},
                  .account = "123456789012",
                  .region = "us-east-1"};
  for (const auto& [name, value] : file.parameters) stack.parameters[name] = value;
  return stack_templates(stack);
}

}  // namespace hyd::app
