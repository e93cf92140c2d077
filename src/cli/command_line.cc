#include "cli/command_line.h"

#include "aws/region.h"
#include "base/result.h"
#include "cli/log_verify.h"
#include "cli/size_text.h"
#include "cli/status.h"
#include "cli/unknown_word.h"
#include "cli/vtl_words.h"
#include "sys/output.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <cctype>
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
  std::string status_aws = up.listen_aws.text();
  std::string durability = "power";
  std::uint64_t threads = 0;
  std::uint64_t lock_wait = static_cast<std::uint64_t>(up.lock_wait.count());
  std::optional<std::uint64_t> stream_shard_limit;
  std::uint64_t stream_transition_ms = 0;
  std::string quotas = "off";
  std::string account;
  std::optional<std::string> stack_file;
  std::vector<std::string> parameters;
  std::string journal_segment;
  std::string log_max;
  std::string body_memory;
  bool allow_plaintext = false;
  std::vector<std::string> rest;  // words that are no flag's

  VtlWords vtl;
  LogVerifyOptions log_verify;
};

void declare_up(CLI::App& at, Typed& typed) {
  at.add_option("FILE", typed.stack_file,
                "CloudFormation template to bring up [serve what the directory holds]")
      ->type_name("");
  at.add_option("--stack-name", typed.up.stack_name,
                "Name of the stack [the file's, less its ending]")
      ->type_name("NAME");
  at.add_option("--parameter", typed.parameters,
                "Value of a parameter of the template, kept for later starts; repeatable")
      ->type_name("NAME=VALUE")
      ->allow_extra_args(false)
      ->take_all();
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
                "Region of the stack and of printed lines; signatures of any are accepted")
      ->type_name("NAME")
      ->capture_default_str();
  at.add_option("--account-id", typed.account, "Account [made at the first start]")
      ->type_name("12 DIGITS");
  at.add_option("--durability", typed.durability,
                "What an answer outlives: a power cut, or the end of the process")
      ->type_name("power|process")
      ->check(CLI::IsMember({"power", "process"}).description(""))
      ->capture_default_str();
  at.add_option("--journal-segment", typed.journal_segment, "Size of one file of the log [64MiB]")
      ->type_name("SIZE");
  at.add_option("--log-max", typed.log_max,
                "What the log may take of the disk [half of what is free]")
      ->type_name("SIZE");
  at.add_option("--body-memory", typed.body_memory,
                "What bodies of requests may hold of the memory [a quarter, at most 512MiB]")
      ->type_name("SIZE");
  at.add_option("--lock-wait", typed.lock_wait,
                "How long to wait for a killed process whose last writes have not landed")
      ->type_name("SECONDS")
      ->check(CLI::Range(0, 86'400).description(""))
      ->capture_default_str();
  at.add_option("--stream-shard-limit", typed.stream_shard_limit,
                "Open shards of provisioned streams in a region [as many as fit]")
      ->type_name("N")
      ->check(CLI::Range(1, 1'000'000).description(""));
  at.add_option("--stream-transition-ms", typed.stream_transition_ms,
                "How long streams and consumers stay CREATING, UPDATING or DELETING")
      ->type_name("MS")
      ->check(CLI::Range(0, 3'600'000).description(""))
      ->capture_default_str();
  at.add_option("--quotas", typed.quotas, "Whether AWS's throughput quotas of a shard hold")
      ->type_name("off|aws")
      ->check(CLI::IsMember({"off", "aws"}).description(""))
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
  const std::string_view what = word.starts_with('-') ? "no flag" : "one word too many";
  return base::fail(base::Code::invalid,
                    fmt::format("{} is {} of `hydrant up` (see --help)", word, what));
}

constexpr base::ByteCount kSegmentMin = base::mib(1);
constexpr base::ByteCount kSegmentMax = base::gib(1);
// Two segments in use, two kept ready.
constexpr std::uint64_t kSegmentsMin = 4;

base::Result<std::optional<base::ByteCount>> size(std::string_view flag, const std::string& text) {
  if (text.empty()) return std::nullopt;
  auto parsed = parse_size(text);
  if (!parsed) return std::move(parsed).error().within(flag);
  return *parsed;
}

base::Result<void> understand_sizes(const Typed& typed, UpOptions& up) {
  ASSIGN_OR_RETURN(up.journal_segment, size("--journal-segment", typed.journal_segment));
  ASSIGN_OR_RETURN(up.log_max, size("--log-max", typed.log_max));
  const base::ByteCount segment = up.journal_segment.value_or(base::mib(64));
  if (segment < kSegmentMin || segment > kSegmentMax || segment.bytes() % 4096 != 0) {
    return base::fail(base::Code::invalid,
                      fmt::format("--journal-segment {}: expected 1MiB to 1GiB in whole blocks of "
                                  "4096 bytes",
                                  typed.journal_segment));
  }
  if (up.log_max && *up.log_max < segment * kSegmentsMin) {
    return base::fail(
        base::Code::invalid,
        fmt::format("--log-max {}: expected at least {} segments", typed.log_max, kSegmentsMin));
  }
  ASSIGN_OR_RETURN(up.body_memory, size("--body-memory", typed.body_memory));
  if (up.body_memory && *up.body_memory < kBodyMemoryMin) {
    return base::fail(base::Code::invalid,
                      fmt::format("--body-memory {}: expected at least 64MiB", typed.body_memory));
  }
  return {};
}

base::Result<void> understand_stack(const Typed& typed, UpOptions& up) {
  // Of a variable that is not set: without a FILE something else would be done.
  if (typed.stack_file && typed.stack_file->empty()) {
    return base::fail(base::Code::invalid, "FILE is empty");
  }
  up.stack_file = typed.stack_file;
  if (!up.stack_file && (!typed.parameters.empty() || !up.stack_name.empty())) {
    return base::fail(base::Code::invalid,
                      "--parameter and --stack-name belong to a template, and no FILE is given");
  }
  for (const std::string& parameter : typed.parameters) {
    const std::size_t equals = parameter.find('=');
    if (equals == 0 || equals == std::string::npos) {
      return base::fail(base::Code::invalid,
                        fmt::format("--parameter {}: expected NAME=VALUE", parameter));
    }
    up.parameters.emplace_back(parameter.substr(0, equals), parameter.substr(equals + 1));
  }
  return {};
}

base::Result<UpOptions> understand_up(const Typed& typed) {
  using base::Code;
  UpOptions up = typed.up;
  if (!typed.rest.empty()) return refuse_rest(typed.rest.front());
  ASSIGN_OR_RETURN(up.listen_events,
                   endpoint("--listen-events", typed.listen_events, typed.allow_plaintext));
  ASSIGN_OR_RETURN(up.listen_aws,
                   endpoint("--listen-aws", typed.listen_aws, typed.allow_plaintext));
  RETURN_IF_ERROR(understand_sizes(typed, up));
  RETURN_IF_ERROR(understand_stack(typed, up));
  // Stricter than what a signature may name: a stack stays where it was made.
  if (!aws::is_region(up.region) || std::ranges::count(up.region, '-') < 2 ||
      !std::isdigit(static_cast<unsigned char>(up.region.back()))) {
    return base::fail(Code::invalid,
                      fmt::format("--region: '{}' is no region such as us-east-1", up.region));
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
  up.stream_shard_limit = typed.stream_shard_limit;
  up.stream_transition = std::chrono::milliseconds(typed.stream_transition_ms);
  up.quotas = typed.quotas == "aws";
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

void declare_log_verify(CLI::App& at, Typed& typed) {
  at.add_option("--data", typed.log_verify.data, "Directory that nothing serves now")
      ->type_name("DIR")
      ->capture_default_str();
}

int run_log_verify(const Typed& typed, const Actions&) { return verify_log(typed.log_verify); }

void declare_status(CLI::App& at, Typed& typed) {
  at.add_option("--aws", typed.status_aws, "Where the running server has its AWS interfaces")
      ->type_name("HOST:PORT")
      ->capture_default_str();
}

int run_status(const Typed& typed, const Actions&) {
  const base::Result<sys::Endpoint> at = sys::parse_endpoint(typed.status_aws);
  if (!at) return usage(fmt::format("--aws: {}", at.error().what));
  return status(*at);
}

// Every command. A `group` stands before the name; its line of help is in kGroups.
struct Row {
  std::string_view group;
  std::string_view name;
  std::string_view doc;
  void (*declare)(CLI::App& at, Typed& typed);
  int (*run)(const Typed& typed, const Actions& actions);
};

constexpr Row kCommands[] = {
    {"", "up", "Bring a stack up and serve it, until told to stop", declare_up, run_up},
    {"vtl", "render", "Print what a mapping template makes of a request",
     [](CLI::App& at, Typed& typed) { declare_render(at, typed.vtl); },
     [](const Typed& typed, const Actions& actions) { return run_render(typed.vtl, actions); }},
    {"vtl", "test", "Hold templates against what is expected of them",
     [](CLI::App& at, Typed& typed) { declare_test(at, typed.vtl); },
     [](const Typed& typed, const Actions& actions) { return run_test(typed.vtl, actions); }},
    {"vtl", "lint", "Say what of a template will bite, why, and what to write instead",
     [](CLI::App& at, Typed& typed) { declare_lint(at, typed.vtl); },
     [](const Typed& typed, const Actions& actions) { return run_lint(typed.vtl, actions); }},
    {"vtl", "explain", "Say which line of a template made which part of the output",
     [](CLI::App& at, Typed& typed) { declare_explain(at, typed.vtl); },
     [](const Typed& typed, const Actions& actions) { return run_explain(typed.vtl, actions); }},
    {"vtl", "functions", "Print every directive, function and method, and the linter's rules",
     [](CLI::App&, Typed&) {}, [](const Typed&, const Actions&) { return run_functions(); }},
    {"", "status", "Say how a running server is", declare_status, run_status},
    {"log", "verify", "Look at every byte of the log and say what is damaged", declare_log_verify,
     run_log_verify},
};

struct Group {
  std::string_view name;
  std::string_view doc;
};
constexpr Group kGroups[] = {{"vtl", "Mapping templates"}, {"log", "The log of a data directory"}};

// Help and version, which the parser reports as exceptions, are answers; all else is a mistake.
int explain(const CLI::App& app, const CLI::ParseError& error) {
  std::string text;
  if (error.get_exit_code() != static_cast<int>(CLI::ExitCodes::Success)) {
    return usage(fmt::format("{} (see --help)", error.what()));
  }
  if (error.get_name() == "CallForHelp" || error.get_name() == "CallForAllHelp") {
    text = app.help();  // of the command that was typed, with all of its words
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
  std::vector<CommandName> names;
  for (const Row& row : kCommands) names.push_back({row.group, row.name});
  if (const auto wrong = wrong_command(words, names)) return usage(*wrong);
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
