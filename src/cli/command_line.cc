#include "cli/command_line.h"

#include "aws/region.h"
#include "base/result.h"
#include "cli/render.h"
#include "sys/output.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

namespace hyd::cli {
namespace {

// Where the parser writes; the flags as they were typed, before they are understood.
struct Typed {
  UpOptions up;
  std::string listen_events = up.listen_events.text();
  std::string listen_aws = up.listen_aws.text();
  std::string durability = "power";
  std::uint64_t threads = 0;
  std::uint64_t lock_wait = static_cast<std::uint64_t>(up.lock_wait.count());
  std::string account;
  bool allow_plaintext = false;
  std::vector<std::string> rest;  // words that are no flag's

  RenderOptions render;
};

void declare_up(CLI::App& at, Typed& typed) {
  at.add_option("--data", typed.up.data, "Directory that everything is kept in")
      ->type_name("DIR")
      ->capture_default_str();
  at.add_option("--listen-events", typed.listen_events, "Where events arrive")
      ->type_name("HOST:PORT")
      ->capture_default_str();
  at.add_option("--listen-aws", typed.listen_aws, "Where the AWS interfaces are")
      ->type_name("HOST:PORT")
      ->capture_default_str();
  at.add_option("--threads", typed.threads, "Event loops [one for each usable CPU]")
      ->type_name("N")
      ->check(CLI::Range(1, 256).description(""));
  at.add_option("--region", typed.up.region,
                "Region of stacks, which this version has none of; signatures of any are accepted")
      ->type_name("NAME")
      ->capture_default_str();
  at.add_option("--account-id", typed.account, "Account [made at the first start]")
      ->type_name("12 DIGITS");
  at.add_option("--durability", typed.durability,
                "What an answer outlives: a power cut, or the end of the process")
      ->type_name("power|process")
      ->check(CLI::IsMember({"power", "process"}).description(""))
      ->capture_default_str();
  at.add_option("--lock-wait", typed.lock_wait,
                "How long to wait for a killed process whose last writes have not landed")
      ->type_name("SECONDS")
      ->check(CLI::Range(0, 86'400).description(""))
      ->capture_default_str();
  at.add_flag("--allow-plaintext", typed.allow_plaintext,
              "Listen beyond loopback, without encryption");
  // What is left over is refused below, with a reason.
  at.allow_extras();
}

base::Result<sys::Endpoint> endpoint(std::string_view flag, const std::string& text,
                                     bool allow_plaintext) {
  auto at = sys::parse_endpoint(text);
  if (!at) return std::move(at).error().within(flag);
  if (!sys::is_loopback(*at) && !allow_plaintext) {
    return base::fail(base::Code::invalid,
                      fmt::format("{} {} can be reached from other machines, and what travels is "
                                  "not encrypted: add --allow-plaintext if that is meant",
                                  flag, text));
  }
  return at;
}

base::Error refuse_rest(std::string_view word) {
  if (word.starts_with('-')) {
    return base::fail(base::Code::invalid,
                      fmt::format("{} is no flag of `hydrant up` (see --help)", word));
  }
  return base::fail(base::Code::unsupported,
                    fmt::format("{}: stacks come with a later version; `hydrant up` without a "
                                "file serves what the data directory holds",
                                word));
}

base::Result<UpOptions> understand_up(const Typed& typed) {
  using base::Code;
  UpOptions up = typed.up;
  if (!typed.rest.empty()) return refuse_rest(typed.rest.front());
  ASSIGN_OR_RETURN(up.listen_events,
                   endpoint("--listen-events", typed.listen_events, typed.allow_plaintext));
  ASSIGN_OR_RETURN(up.listen_aws,
                   endpoint("--listen-aws", typed.listen_aws, typed.allow_plaintext));
  if (!aws::is_region(up.region)) {
    return base::fail(Code::invalid, fmt::format("--region: '{}' is no region", up.region));
  }
  if (!typed.account.empty()) {
    if (!aws::is_account(typed.account)) {
      return base::fail(Code::invalid,
                        fmt::format("--account-id: '{}' is not 12 digits", typed.account));
    }
    up.account = typed.account;
  }
  if (typed.threads > 0) up.threads = typed.threads;
  if (typed.durability == "process") up.durability = sys::Durability::process;
  up.lock_wait = std::chrono::seconds(typed.lock_wait);
  return up;
}

int usage(std::string_view what) {
  sys::print_error_line(fmt::format("hydrant: {}", what));
  return kExitUsage;
}

int run_up(const Typed& typed, const Actions& actions) {
  const base::Result<UpOptions> up = understand_up(typed);
  if (!up) return usage(up.error().what);
  return actions.up(*up);
}

void declare_render(CLI::App& at, Typed& typed) {
  at.add_option("TEMPLATE", typed.render.template_file, "File with the mapping template")
      ->type_name("FILE")
      ->required();
  at.add_option("--body", typed.render.body_file, "File with the request's body")
      ->type_name("FILE")
      ->required();
  at.add_flag("--raw", typed.render.raw, "Print the output without a line end behind it");
}

int run_render(const Typed& typed, const Actions&) { return render(typed.render); }

// Every command. A `group` stands before the name; its line of help is in kGroups.
struct Row {
  std::string_view group;
  std::string_view name;
  std::string_view doc;
  void (*declare)(CLI::App& at, Typed& typed);
  int (*run)(const Typed& typed, const Actions& actions);
};

constexpr Row kCommands[] = {
    {"", "up", "Serve what a data directory holds, until told to stop", declare_up, run_up},
    {"vtl", "render", "Print what a mapping template makes of a body", declare_render, run_render},
};

struct Group {
  std::string_view name;
  std::string_view doc;
};
constexpr Group kGroups[] = {{"vtl", "Mapping templates"}};

// Help and version, which the parser reports as exceptions, are answers; all else is a mistake.
int explain(const CLI::App& app, const CLI::ParseError& error) {
  std::string text;
  if (error.get_exit_code() != static_cast<int>(CLI::ExitCodes::Success)) {
    return usage(fmt::format("{} (see --help)", error.what()));
  }
  if (error.get_name() == "CallForHelp" || error.get_name() == "CallForAllHelp") {
    const CLI::App* at = &app;
    while (!at->get_subcommands().empty()) at = at->get_subcommands().front();
    text = at->help();
  } else {
    text = error.what();
  }
  while (text.ends_with('\n')) text.pop_back();
  sys::print_line(text);
  return kExitOk;
}

}  // namespace

int run(std::vector<std::string> words, const Actions& actions) {
  Typed typed;
  CLI::App app("Collects events over HTTP, keeps them, and writes them to files.", "hydrant");
  app.set_version_flag("--version", "hydrant " HYDRANT_VERSION);
  app.require_subcommand(1);
  for (const Group& group : kGroups) {
    app.add_subcommand(std::string(group.name), std::string(group.doc))->require_subcommand(1);
  }
  std::vector<std::pair<const CLI::App*, const Row*>> commands;
  for (const Row& row : kCommands) {
    CLI::App* const above = row.group.empty() ? &app : app.get_subcommand(std::string(row.group));
    CLI::App* const command = above->add_subcommand(std::string(row.name), std::string(row.doc));
    row.declare(*command, typed);
    commands.emplace_back(command, &row);
  }
  try {
    std::ranges::reverse(words);  // the order that this overload wants
    app.parse(std::move(words));
  } catch (const CLI::ParseError& error) {
    return explain(app, error);
  }
  const auto chosen =
      std::ranges::find_if(commands, [](const auto& c) { return c.first->parsed(); });
  if (chosen == commands.end()) return usage("no command");
  typed.rest = chosen->first->remaining();
  return chosen->second->run(typed, actions);
}

}  // namespace hyd::cli
