#include "stacks/stacks.h"

#include "aws/arn.h"
#include "base/uid.h"
#include "stacks/plan.h"
#include "stacks/problem_text.h"
#include "stacks/run.h"
#include "stacks/secrets.h"
#include "stacks/tables.h"

#include <fmt/core.h>

#include <algorithm>
#include <optional>
#include <utility>

namespace hyd::stacks {

using base::Code;
using base::fail;
using base::Result;
using catalog::Transaction;

namespace {

using Given = std::map<std::string, std::string>;

constexpr std::size_t kNameMax = 128;  // AWS: of a stack's name

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_name_character(char c) { return is_letter(c) || (c >= '0' && c <= '9') || c == '-'; }

bool is_stack_name(std::string_view name) {
  return !name.empty() && name.size() <= kNameMax && is_letter(name.front()) &&
         std::ranges::all_of(name, &is_name_character);
}

// The result of a run as sentences, for a start that went on with it.
std::vector<std::string> sentences(const std::string& stack, Runner::End end,
                                   const Secrets& secrets) {
  std::vector<std::string> lines;
  switch (end.how) {
    case Runner::End::How::done:
      lines.push_back(fmt::format("stack {}: what was in progress has been finished", stack));
      break;
    case Runner::End::How::undone:
      lines.push_back(fmt::format("stack {}: what was in progress failed and has been undone: {}",
                                  stack, end.failure.what));
      break;
    case Runner::End::How::stuck:
      lines.push_back(
          fmt::format("stack {}: what was in progress failed: {}", stack, end.failure.what));
      break;
  }
  for (std::string& one : end.left) lines.push_back(fmt::format("stack {}: {}", stack, one));
  for (std::string& one : lines) one = secrets.masked(std::move(one));
  return lines;
}

// All problems for a person, and what became of the rest.
base::Error refusal(const std::vector<Problem>& problems, const ProblemSource& source) {
  return fail(Code::invalid, to_text(problems, source) + "Nothing has been changed.");
}

// The values of NoEcho parameters of a stack, or of a run of it.
Secrets secrets_of(const Stack& stack) {
  Secrets out;
  out.add(parse_template(stack.text).value, stack.parameters);
  return out;
}

}  // namespace

Result<void> check_request(const Stacks::UpRequest& request) {
  if (!is_stack_name(request.stack)) {
    return fail(Code::invalid,
                fmt::format("\"{}\" cannot name a stack: expected a letter and up to 127 letters, "
                            "digits and hyphens behind it",
                            request.stack));
  }
  const ProblemSource source{.file = request.file, .text = request.text};
  const ParsedTemplate parsed = parse_template(request.text);
  if (!parsed.problems.empty()) return refusal(parsed.problems, source);
  // One without a value may have been given it at an earlier time.
  const std::vector<Problem> unknown = unknown_parameters(parsed.value, request.parameters);
  return unknown.empty() ? Result<void>() : refusal(unknown, source);
}

std::string stack_name_of(std::string_view file) {
  if (const auto slash = file.rfind('/'); slash != std::string_view::npos) {
    file.remove_prefix(slash + 1);
  }
  if (const auto dot = file.rfind('.'); dot != std::string_view::npos && dot > 0) {
    file = file.substr(0, dot);
  }
  std::string name(file.substr(0, kNameMax - 1));
  std::ranges::replace_if(name, [](char c) { return !is_name_character(c); }, '-');
  if (name.empty() || !is_letter(name.front())) name.insert(0, "s");
  return name;
}

Result<std::unique_ptr<Stacks>> Stacks::open(Parts parts) {
  return std::make_unique<Stacks>(std::move(parts), nullptr);
}

Stacks::Stacks(Parts parts, Client* client)
    : parts_(std::move(parts)),
      own_client_(client != nullptr ? nullptr
                                    : std::make_unique<DispatcherClient>(
                                          DispatcherClient::Parts{.runtime = parts_.runtime,
                                                                  .dispatcher = parts_.dispatcher,
                                                                  .loop = parts_.loop,
                                                                  .account = parts_.account,
                                                                  .region = parts_.region})),
      client_(client != nullptr ? *client : *own_client_) {}

StackPlace Stacks::place_of(const std::string& name, const std::string& id) const {
  return {.account = parts_.account, .region = parts_.region, .stack_name = name, .stack_id = id};
}

std::string Stacks::make_id(const std::string& name) {
  const std::string hex = base::Uid::random(parts_.runtime.entropy()).hex();
  const std::string_view all = hex;
  return aws::make_arn(
      {.service = "cloudformation",
       .region = parts_.region,
       .account = parts_.account,
       .resource = fmt::format("stack/{}/{}-{}-{}-{}-{}", name, all.substr(0, 8), all.substr(8, 4),
                               all.substr(12, 4), all.substr(16, 4), all.substr(20))});
}

Result<std::vector<std::string>> Stacks::resume() {
  std::vector<Run> runs;
  {
    ASSIGN_OR_RETURN(const std::unique_ptr<catalog::Reader> reader, parts_.catalog.reader());
    ASSIGN_OR_RETURN(runs, read_runs(*reader));
  }
  std::vector<std::string> lines;
  for (Run& run : runs) {
    const std::string name = run.after.name;
    const Secrets secrets = secrets_of(run.after);
    Runner runner({.catalog = parts_.catalog,
                   .client = client_,
                   .fail_points = parts_.runtime.fail_points(),
                   .place = place_of(name, run.after.id)});
    ASSIGN_OR_RETURN(Runner::End end, runner.go_on(std::move(run)));
    std::ranges::move(sentences(name, std::move(end), secrets), std::back_inserter(lines));
  }
  return lines;
}

Result<Stacks::Up> Stacks::up(const UpRequest& request) {
  RETURN_IF_ERROR(check_request(request));
  ASSIGN_OR_RETURN(std::vector<std::string> lines, resume());
  Before before;
  {
    ASSIGN_OR_RETURN(const std::unique_ptr<catalog::Reader> reader, parts_.catalog.reader());
    ASSIGN_OR_RETURN(before.stack, read_stack(*reader, request.stack));
    ASSIGN_OR_RETURN(const std::vector<Run> runs, read_runs(*reader));
    before.busy =
        std::ranges::any_of(runs, [&](const Run& run) { return run.after.name == request.stack; });
  }
  Result<Up> up = apply(request, before);
  if (!up && up.error().code == Code::conflict) {
    for (const std::string& one : lines) up.error().what += one + "\n";
  }
  if (!up) return up;
  up->lines.insert(up->lines.begin(), std::make_move_iterator(lines.begin()),
                   std::make_move_iterator(lines.end()));
  return up;
}

Result<Stacks::Up> Stacks::apply(const UpRequest& request, const Before& before) {
  const Stack* const now = before.stack ? &*before.stack : nullptr;
  ParsedTemplate parsed = parse_template(request.text);
  Secrets secrets = now != nullptr ? secrets_of(*now) : Secrets();
  const auto refused = [&](std::vector<Problem> problems) {
    for (Problem& one : problems) one.what = secrets.masked(std::move(one.what));
    return refusal(problems, {.file = request.file, .text = request.text});
  };
  if (!parsed.problems.empty()) return refused(std::move(parsed.problems));
  BoundParameters bound =
      bind_parameters(parsed.value, request.parameters, now != nullptr ? now->parameters : Given());
  secrets.add(parsed.value, bound.given);
  if (!bound.problems.empty()) return refused(std::move(bound.problems));
  Stack head{.name = request.stack,
             .id = now != nullptr ? now->id : make_id(request.stack),
             .file = request.file,
             .text = request.text,
             .parameters = bound.given};
  const StackPlace place = place_of(head.name, head.id);
  MadeScope made = make_scope(parsed.value, std::move(bound.values), place);
  if (!made.problems.empty()) return refused(std::move(made.problems));

  Names names(parts_.runtime.entropy());
  Planned planned = plan({.scope = made.scope,
                          .place = place,
                          .names = names,
                          .head = std::move(head),
                          .now = now,
                          .secrets = secrets});
  if (!planned.problems.empty()) return refused(std::move(planned.problems));

  for (const std::string& name : bound.kept) {
    const bool show = !parsed.value.find_parameter(name)->no_echo;
    planned.lines.push_back(fmt::format("kept     parameter {} = {}: given at an earlier start",
                                        name, show ? bound.given.at(name) : kNotShown));
  }
  Up up{.lines = std::move(planned.lines), .outputs = planned.run.after.outputs};
  if (planned.run.steps.empty()) {
    if (now != nullptr && *now == planned.run.after) return up;
    RETURN_IF_ERROR(parts_.catalog.write_and_wait(
        [&](Transaction& in) -> Result<void> { return put_stack(in, planned.run.after); }));
    return up;
  }
  if (before.busy) {
    return fail(Code::conflict, fmt::format("stack {}: an earlier change has not come to its end, "
                                            "and no other can begin before it does:\n",
                                            request.stack));
  }
  if (std::vector<Problem> problems = taken(planned.run, place); !problems.empty()) {
    return refused(std::move(problems));
  }
  Runner runner({.catalog = parts_.catalog,
                 .client = client_,
                 .fail_points = parts_.runtime.fail_points(),
                 .place = place});
  ASSIGN_OR_RETURN(Runner::End end, runner.begin(std::move(planned.run)));
  for (std::string& one : end.left) one = secrets.masked(std::move(one));
  if (end.how != Runner::End::How::done) {
    end.failure.what = secrets.masked(std::move(end.failure.what));
    std::string text = to_text(end.failure, {.file = request.file, .text = request.text});
    if (!text.ends_with('\n')) text += '\n';
    text += end.how == Runner::End::How::undone
                ? "All changes have been undone.\n"
                : "Undoing the changes failed as well; the next start goes on with it.\n";
    for (const std::string& one : end.left) text += one + "\n";
    return fail(Code::unavailable, std::move(text));
  }
  std::ranges::move(end.left, std::back_inserter(up.lines));
  return up;
}

std::vector<Problem> Stacks::taken(const Run& run, const StackPlace& place) {
  std::vector<Problem> problems;
  for (const Step& step : run.steps) {
    if (step.before || !step.after) continue;
    const Record& record = *step.after;
    const ResourceType* const type = find_type(record.type);
    const codec::Json::Object* const properties = record.properties.if_object();
    if (type->taken == nullptr || properties == nullptr) continue;
    // What was made up cannot be there.
    const bool given = std::ranges::any_of(*properties, [&](const codec::Json::Member& member) {
      return member.second == codec::Json(record.physical_id);
    });
    if (!given) continue;
    const aws::Outcome<bool> there = type->taken({.client = client_, .place = place}, record);
    if (there && !*there) continue;
    problems.push_back(
        {.mark = record.mark,
         .path = "Resources/" + record.logical_id,
         .what = there ? fmt::format("Resource of type '{}' with identifier '{}' already exists.",
                                     record.type, record.physical_id)
                       : there.error().name + ": " + there.error().message});
  }
  return problems;
}

Result<std::vector<Stack>> Stacks::all() {
  ASSIGN_OR_RETURN(const std::unique_ptr<catalog::Reader> reader, parts_.catalog.reader());
  return read_stacks(*reader);
}

}  // namespace hyd::stacks
