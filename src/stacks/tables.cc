#include "stacks/tables.h"

#include <string>
#include <utility>

namespace hyd::stacks {

using base::Code;
using base::fail;
using base::Result;
using catalog::Queryable;
using catalog::Statement;
using catalog::Transaction;
using codec::Json;

namespace {

// `stack` stands twice: as it is, and (goal = 1) as a run in progress wants it.
constexpr std::string_view kMigrations[] = {
    "CREATE TABLE stack ("
    "  name TEXT NOT NULL, goal INTEGER NOT NULL, id TEXT NOT NULL, file TEXT NOT NULL,"
    "  text TEXT NOT NULL, parameters TEXT NOT NULL, PRIMARY KEY (name, goal)) WITHOUT ROWID;"
    "CREATE TABLE stack_resource ("
    "  stack TEXT NOT NULL, goal INTEGER NOT NULL, position INTEGER NOT NULL,"
    "  record TEXT NOT NULL, PRIMARY KEY (stack, goal, position)) WITHOUT ROWID;"
    "CREATE TABLE stack_output ("
    "  stack TEXT NOT NULL, goal INTEGER NOT NULL, position INTEGER NOT NULL,"
    "  name TEXT NOT NULL, value TEXT NOT NULL, description TEXT NOT NULL,"
    "  PRIMARY KEY (stack, goal, position)) WITHOUT ROWID;"
    "CREATE TABLE stack_run ("
    "  stack TEXT PRIMARY KEY, keep INTEGER NOT NULL, phase INTEGER NOT NULL,"
    "  position INTEGER NOT NULL, cause TEXT NOT NULL) WITHOUT ROWID;"
    "CREATE TABLE stack_step ("
    "  stack TEXT NOT NULL, position INTEGER NOT NULL, before TEXT, after TEXT,"
    "  PRIMARY KEY (stack, position)) WITHOUT ROWID;",
};

Json json_of(const std::map<std::string, std::string, std::less<>>& texts) {
  Json out{Json::Object()};
  for (const auto& [name, value] : texts) out.set(name, value);
  return out;
}

std::string text_of(const Record& record) {
  Json out;
  out.set("id", record.logical_id);
  out.set("type", record.type);
  out.set("physical", record.physical_id);
  out.set("chosen", json_of(record.chosen));
  out.set("properties", record.properties);
  out.set("line", std::int64_t{record.mark.line});
  out.set("column", std::int64_t{record.mark.column});
  out.set("retain", record.retain);
  out.set("retain_replaced", record.retain_replaced);
  return codec::to_text(out);
}

std::string string_in(const Json& from, std::string_view name) {
  const Json* const found = from.find(name);
  const std::string* const text = found == nullptr ? nullptr : found->if_string();
  return text == nullptr ? std::string() : *text;
}

std::uint32_t number_in(const Json& from, std::string_view name) {
  const Json* const found = from.find(name);
  return found == nullptr ? 0 : static_cast<std::uint32_t>(found->as_integer().value_or(0));
}

bool flag_in(const Json& from, std::string_view name) {
  const Json* const found = from.find(name);
  const bool* const flag = found == nullptr ? nullptr : found->if_boolean();
  return flag != nullptr && *flag;
}

Result<Record> record_of(std::string_view text) {
  auto parsed = codec::parse_json(text);
  if (!parsed) return fail(Code::corrupt, "a resource of a stack: " + parsed.error().what);
  Record out{.logical_id = string_in(*parsed, "id"),
             .type = string_in(*parsed, "type"),
             .physical_id = string_in(*parsed, "physical"),
             .properties = {},
             .mark = {.line = number_in(*parsed, "line"), .column = number_in(*parsed, "column")},
             .retain = flag_in(*parsed, "retain"),
             .retain_replaced = flag_in(*parsed, "retain_replaced")};
  if (const Json* const chosen = parsed->find("chosen"); chosen != nullptr && chosen->if_object()) {
    for (const auto& [name, value] : *chosen->if_object()) {
      if (value.if_string() != nullptr) out.chosen.emplace(name, *value.if_string());
    }
  }
  if (const Json* const properties = parsed->find("properties")) out.properties = *properties;
  if (out.logical_id.empty() || out.type.empty()) {
    return fail(Code::corrupt, "a resource of a stack has no name");
  }
  return out;
}

Result<std::optional<Record>> record_in(const Statement& row, int column) {
  if (row.is_null(column)) return std::optional<Record>();
  ASSIGN_OR_RETURN(Record record, record_of(row.text(column)));
  return std::optional<Record>(std::move(record));
}

Result<std::optional<Stack>> read(Queryable& from, std::string_view name, bool goal) {
  Stack stack;
  stack.name = name;
  {
    ASSIGN_OR_RETURN(Statement rows, from.query("SELECT id, file, text, parameters FROM stack"
                                                " WHERE name = ? AND goal = ?",
                                                name, goal));
    ASSIGN_OR_RETURN(const bool row, rows.step());
    if (!row) return std::optional<Stack>();
    stack.id = rows.text(0);
    stack.file = rows.text(1);
    stack.text = rows.text(2);
    ASSIGN_OR_RETURN(const Json parameters, codec::parse_json(rows.text(3)));
    if (const Json::Object* const members = parameters.if_object()) {
      for (const auto& [key, value] : *members) {
        if (value.if_string() != nullptr) stack.parameters.emplace(key, *value.if_string());
      }
    }
  }
  ASSIGN_OR_RETURN(Statement resources, from.query("SELECT record FROM stack_resource"
                                                   " WHERE stack = ? AND goal = ?"
                                                   " ORDER BY position",
                                                   name, goal));
  RETURN_IF_ERROR(for_rows(std::move(resources), [&](const Statement& row) -> Result<void> {
    ASSIGN_OR_RETURN(Record record, record_of(row.text(0)));
    stack.resources.push_back(std::move(record));
    return {};
  }));
  ASSIGN_OR_RETURN(Statement outputs, from.query("SELECT name, value, description"
                                                 " FROM stack_output"
                                                 " WHERE stack = ? AND goal = ? ORDER BY position",
                                                 name, goal));
  RETURN_IF_ERROR(for_rows(std::move(outputs), [&](const Statement& row) -> Result<void> {
    stack.outputs.push_back({.name = std::string(row.text(0)),
                             .value = std::string(row.text(1)),
                             .description = std::string(row.text(2))});
    return {};
  }));
  return std::optional<Stack>(std::move(stack));
}

Result<void> remove(Transaction& in, std::string_view name, bool goal) {
  RETURN_IF_ERROR(in.run("DELETE FROM stack_resource WHERE stack = ? AND goal = ?", name, goal));
  RETURN_IF_ERROR(in.run("DELETE FROM stack_output WHERE stack = ? AND goal = ?", name, goal));
  RETURN_IF_ERROR(in.run("DELETE FROM stack WHERE name = ? AND goal = ?", name, goal));
  return {};
}

Result<void> put(Transaction& in, const Stack& stack, bool goal) {
  RETURN_IF_ERROR(remove(in, stack.name, goal));
  Json parameters{Json::Object()};
  for (const auto& [name, value] : stack.parameters) parameters.set(name, value);
  RETURN_IF_ERROR(in.run("INSERT INTO stack VALUES (?, ?, ?, ?, ?, ?)", stack.name, goal, stack.id,
                         stack.file, stack.text, codec::to_text(parameters)));
  std::int64_t position = 0;
  for (const Record& record : stack.resources) {
    RETURN_IF_ERROR(in.run("INSERT INTO stack_resource VALUES (?, ?, ?, ?)", stack.name, goal,
                           position++, text_of(record)));
  }
  position = 0;
  for (const OutputRecord& output : stack.outputs) {
    RETURN_IF_ERROR(in.run("INSERT INTO stack_output VALUES (?, ?, ?, ?, ?, ?)", stack.name, goal,
                           position++, output.name, output.value, output.description));
  }
  return {};
}

std::optional<std::string> optional_text(const std::optional<Record>& record) {
  if (!record) return std::nullopt;
  return text_of(*record);
}

Result<Run> read_run(Queryable& from, Run run, std::string_view name) {
  ASSIGN_OR_RETURN(std::optional<Stack> after, read(from, name, true));
  if (!after) return fail(Code::corrupt, "a run of a stack has no goal");
  run.after = *std::move(after);
  ASSIGN_OR_RETURN(Statement steps, from.query("SELECT before, after FROM stack_step"
                                               " WHERE stack = ? ORDER BY position",
                                               name));
  RETURN_IF_ERROR(for_rows(std::move(steps), [&](const Statement& row) -> Result<void> {
    ASSIGN_OR_RETURN(std::optional<Record> before, record_in(row, 0));
    ASSIGN_OR_RETURN(std::optional<Record> to, record_in(row, 1));
    if (!before && !to) return fail(Code::corrupt, "a step of a stack is empty");
    run.steps.push_back({.before = std::move(before), .after = std::move(to)});
    return {};
  }));
  if (run.position > run.steps.size() || run.keep > run.steps.size()) {
    return fail(Code::corrupt, "a run of a stack is longer than its steps");
  }
  return run;
}

}  // namespace

catalog::Schema stacks_schema() { return {.room = "stacks", .migrations = kMigrations}; }

Result<std::vector<Stack>> read_stacks(Queryable& from) {
  std::vector<std::string> names;
  ASSIGN_OR_RETURN(Statement rows, from.query("SELECT name FROM stack WHERE goal = 0"
                                              " ORDER BY name"));
  RETURN_IF_ERROR(for_rows(std::move(rows), [&](const Statement& row) -> Result<void> {
    names.emplace_back(row.text(0));
    return {};
  }));
  std::vector<Stack> stacks;
  for (const std::string& name : names) {
    ASSIGN_OR_RETURN(std::optional<Stack> stack, read_stack(from, name));
    if (stack) stacks.push_back(*std::move(stack));
  }
  return stacks;
}

Result<std::optional<Stack>> read_stack(Queryable& from, std::string_view name) {
  return read(from, name, false);
}

Result<void> put_stack(Transaction& in, const Stack& stack) { return put(in, stack, false); }

Result<std::vector<Run>> read_runs(Queryable& from) {
  std::vector<std::pair<std::string, Run>> found;
  ASSIGN_OR_RETURN(Statement rows, from.query("SELECT stack, keep, phase, position, cause"
                                              " FROM stack_run ORDER BY stack"));
  RETURN_IF_ERROR(for_rows(std::move(rows), [&](const Statement& row) -> Result<void> {
    if (row.uint64(2) > 2) return fail(Code::corrupt, "a run of a stack is in no known phase");
    Run run;
    run.keep = row.uint64(1);
    run.phase = static_cast<Run::Phase>(row.uint64(2));
    run.position = row.uint64(3);
    run.cause = row.text(4);
    found.emplace_back(row.text(0), std::move(run));
    return {};
  }));
  std::vector<Run> runs;
  for (auto& [name, run] : found) {
    ASSIGN_OR_RETURN(Run whole, read_run(from, std::move(run), name));
    runs.push_back(std::move(whole));
  }
  return runs;
}

Result<void> put_run(Transaction& in, const Run& run) {
  const std::string& name = run.after.name;
  RETURN_IF_ERROR(put(in, run.after, true));
  RETURN_IF_ERROR(in.run("INSERT INTO stack_run VALUES (?, ?, ?, ?, ?)", name, run.keep,
                         static_cast<std::int64_t>(run.phase), run.position, run.cause));
  std::int64_t position = 0;
  for (const Step& step : run.steps) {
    RETURN_IF_ERROR(in.run("INSERT INTO stack_step VALUES (?, ?, ?, ?)", name, position++,
                           optional_text(step.before), optional_text(step.after)));
  }
  return {};
}

Result<void> move_run(Transaction& in, const Run& run) {
  RETURN_IF_ERROR(in.run("UPDATE stack_run SET phase = ?, position = ?, cause = ? WHERE stack = ?",
                         static_cast<std::int64_t>(run.phase), run.position, run.cause,
                         run.after.name));
  return {};
}

Result<void> remove_run(Transaction& in, std::string_view stack) {
  RETURN_IF_ERROR(in.run("DELETE FROM stack_step WHERE stack = ?", stack));
  RETURN_IF_ERROR(in.run("DELETE FROM stack_run WHERE stack = ?", stack));
  return remove(in, stack, true);
}

}  // namespace hyd::stacks
