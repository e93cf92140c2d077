#include "app/server.h"

#include "app/start.h"
#include "app/status_text.h"
#include "app/template_lint.h"
#include "app/template_warnings.h"
#include "aws/arn.h"
#include "gateway/ops/operations.h"
#include "gateway/request/compiled_stage.h"
#include "identity/ops/operations.h"
#include "objects/ops/operations.h"
#include "sys/input.h"
#include "sys/wait_for.h"

#include <map>
#include <set>
#include <string>
#include <utility>

namespace hyd::app {

using base::Result;

namespace {

// AWS documentation, "CloudFormation quotas": a template in a file.
constexpr base::ByteCount kTemplateMax = base::mib(1);

}  // namespace

Server::Server(sys::Runtime& runtime, cli::UpOptions options,
               std::unique_ptr<telemetry::LogSink> sink, sys::HoldPort hold_port)
    : runtime_(runtime),
      options_(std::move(options)),
      hold_port_(std::move(hold_port)),
      at_{options_.listen_events, options_.listen_aws},
      telemetry_(runtime.clock(), std::move(sink)),
      body_memory_(body_memory(runtime, options_)) {}

Result<void> Server::start() {
  // Before anything is made: a name or a line that was mistyped shall leave nothing behind.
  if (options_.stack_file) {
    ASSIGN_OR_RETURN(template_, sys::read_input(*options_.stack_file, kTemplateMax));
    RETURN_IF_ERROR(stacks::check_request(stack_request()));
  }
  // Everything that is kept is in one directory, and one process at a time has it.
  RETURN_IF_ERROR(take_directory());
  // A port in use is known before anything is changed.
  RETURN_IF_ERROR(hold_ports());
  // Recovery of everything that is not event bytes; its tables say whose directory this is.
  ASSIGN_OR_RETURN(catalog_, open_catalog(runtime_, *dir_, telemetry_));
  ASSIGN_OR_RETURN(credentials_, find_credentials(runtime_, *dir_, *catalog_, options_.account));
  keys_.emplace(credentials_);
  // One thread for each CPU serves; nothing on them blocks.
  loops_ = std::make_unique<sys::Loops>(
      runtime_, sys::Loops::Options{.count = options_.threads.value_or(runtime_.usable_cpus())});
  workers_ = std::make_unique<sys::Workers>(runtime_, sys::Workers::Options{});
  // Recovery of the events. What it found is durable before anything below can see it.
  RETURN_IF_ERROR(open_log());
  loops_->start();
  // The services, and the one table of their operations.
  RETURN_IF_ERROR(open_services());
  // What a killed process had begun, then what the file asks for.
  return bring_up_stacks();
}

Result<void> Server::take_directory() {
  auto dir = runtime_.open_dir(options_.data);
  if (!dir) return std::move(dir).error().within("--data");
  dir_ = *std::move(dir);
  auto lock = take_lock(runtime_, *dir_, options_.lock_wait);
  if (!lock) return std::move(lock).error().within("--data");
  lock_ = *std::move(lock);
  // "200 means on disk" is not promised where the file system cannot keep it.
  return check_file_system(*dir_, options_.durability);
}

Result<void> Server::hold_ports() {
  if (!hold_port_) return {};
  const auto hold = [&](sys::Endpoint& at, std::string_view flag) -> Result<void> {
    auto held = hold_port_(at);
    if (!held && !held_.empty() && at.port == at_.events.port && at.port != 0) {
      return base::fail(base::Code::invalid, "--listen-aws: port " + std::to_string(at.port) +
                                                 " is that of --listen-events; give each its own");
    }
    if (!held) return std::move(held).error().within(flag);
    at = (*held)->at();
    held_.push_back(*std::move(held));
    return {};
  };
  RETURN_IF_ERROR(hold(at_.events, kEventsFlag));
  return hold(at_.aws, kAwsFlag);
}

Result<void> Server::open_log() {
  log_rows_ = std::make_unique<LogRowsInCatalog>(
      LogRowsInCatalog::Parts{.catalog = *catalog_,
                              .entropy = runtime_.entropy(),
                              .named_by = {streams::place_max, delivery::place_max}});
  ASSIGN_OR_RETURN(const log::JournalOptions options,
                   journal_options(*dir_, *catalog_, options_, loops_->size()));
  ASSIGN_OR_RETURN(journal_, log::Journal::open({.runtime = runtime_,
                                                 .dir = *dir_,
                                                 .catalog = *log_rows_,
                                                 .loop = (*loops_)[0],
                                                 .readers = *workers_},
                                                options));
  say_what_was_found(*journal_, telemetry_.log.logger("log"));
  return {};
}

Result<void> Server::open_services() {
  const std::vector<sys::Loop*> loops = loops_->all();
  ASSIGN_OR_RETURN(identity_, identity::Identity::open({.catalog = *catalog_,
                                                        .entropy = runtime_.entropy(),
                                                        .loops = loops,
                                                        .account = credentials_.account}));
  stream_catalog_ = std::make_unique<streams::StreamsInCatalog>(*catalog_);
  ASSIGN_OR_RETURN(streams_, streams::Streams::open({.runtime = runtime_,
                                                     .catalog = *stream_catalog_,
                                                     .log = *journal_,
                                                     .loops = loops,
                                                     .account = credentials_.account,
                                                     .transition = options_.stream_transition,
                                                     .shard_limit = options_.stream_shard_limit,
                                                     .quotas = options_.quotas}));
  ASSIGN_OR_RETURN(store_, objects::Store::open({.runtime = runtime_,
                                                 .dir = *dir_,
                                                 .catalog = *catalog_,
                                                 .log = telemetry_.log.logger("objects")}));
  sources_ = std::make_unique<StreamSources>(*streams_);
  built_in_store_ = std::make_unique<BuiltInStore>(*store_);
  delivery_journal_ = std::make_unique<delivery::JournalInCatalog>(*catalog_, *built_in_store_);
  ASSIGN_OR_RETURN(delivery_,
                   delivery::Delivery::open({.runtime = runtime_,
                                             .catalog = *catalog_,
                                             .log = *journal_,
                                             .sources = *sources_,
                                             .store = *built_in_store_,
                                             .journal = *delivery_journal_,
                                             .loops = loops,
                                             .metrics = &telemetry_.metrics,
                                             .logger = telemetry_.log.logger("delivery")}));
  // Whoever needs records has said so.
  journal_->start_letting_go();

  dispatcher_.add(identity::iam_table(), *identity_);
  dispatcher_.add(identity::sts_table(), *identity_);
  dispatcher_.add(streams::kinesis_table(), *streams_);
  dispatcher_.add(objects::s3_table(), *store_);
  dispatcher_.add(delivery::firehose_table(), *delivery_);
  // A stage's form holds the operations that its methods call: the table is full by then.
  ASSIGN_OR_RETURN(apis_,
                   gateway::Apis::open({.catalog = *catalog_,
                                        .entropy = runtime_.entropy(),
                                        .loops = loops,
                                        .account = credentials_.account,
                                        .region = options_.region,
                                        .compile = [this](const gateway::DeployedStage& stage) {
                                          return gateway::compile_stage(stage, dispatcher_);
                                        }}));
  dispatcher_.add(gateway::apigateway_table(), *apis_);
  delivery_->start();
  store_->sweep(*workers_);
  idle_ = std::make_unique<Idle>(first_loop(), *workers_, journal_->probe());
  return {};
}

Result<void> Server::bring_up_stacks() {
  ASSIGN_OR_RETURN(stacks_, stacks::Stacks::open({.runtime = runtime_,
                                                  .catalog = *catalog_,
                                                  .dispatcher = dispatcher_,
                                                  .loop = first_loop(),
                                                  .account = credentials_.account,
                                                  .region = options_.region}));
  RETURN_IF_ERROR(keep_region());
  ASSIGN_OR_RETURN(notes_, stacks_->resume());
  RETURN_IF_ERROR(bring_up_file());
  return warn();
}

// What a stage cannot do is known before anybody asks for it.
Result<void> Server::warn() {
  std::set<std::pair<std::string, std::string>> told;
  ASSIGN_OR_RETURN(const std::vector<stacks::Stack> all, stacks_->all());
  if (all.empty()) notes_.emplace_back("there is no stack yet: hydrant up FILE brings one up");
  for (const stacks::Stack& stack : all) {
    const WhereStacksAre where{.account = credentials_.account, .region = options_.region};
    for (TemplateWarning& one : template_warnings(stack, where)) {
      told.emplace(one.same.where, one.same.what);
      notes_.push_back(std::move(one.text));
    }
  }
  const std::shared_ptr<const gateway::Served> served = apis_->newest();
  for (const gateway::ServedStage& stage : served->stages) {
    for (const gateway::StageWarning& one : stage.compiled->warnings) {
      if (told.contains({one.where, one.what})) continue;
      notes_.push_back("stage " + stage.what.stage + ": " + one.where + ": " + one.what);
    }
  }
  return {};
}

// A stack's resources are where it was made; in another region none of them would be found.
Result<void> Server::keep_region() {
  ASSIGN_OR_RETURN(const std::vector<stacks::Stack> all, stacks_->all());
  for (const stacks::Stack& stack : all) {
    const std::optional<aws::Arn> id = aws::Arn::parse(stack.id);
    if (id && id->region == options_.region) continue;
    return base::fail(base::Code::conflict, "--region " + options_.region + ": stack " +
                                                stack.name + " is in another one: " + stack.id);
  }
  return {};
}

stacks::Stacks::UpRequest Server::stack_request() const {
  const std::string file = options_.stack_file.value_or("");
  std::map<std::string, std::string> parameters;  // what was said last holds
  for (const auto& [name, value] : options_.parameters) parameters[name] = value;
  return {.file = file,
          .text = template_,
          .stack = options_.stack_name.empty() ? stacks::stack_name_of(file) : options_.stack_name,
          .parameters = std::move(parameters)};
}

Result<void> Server::bring_up_file() {
  if (!options_.stack_file) {
    ASSIGN_OR_RETURN(const std::vector<stacks::Stack> all, stacks_->all());
    for (const stacks::Stack& stack : all) {
      outputs_.insert(outputs_.end(), stack.outputs.begin(), stack.outputs.end());
    }
    return {};
  }
  const stacks::Stacks::UpRequest request = stack_request();
  auto up = stacks_->up(request);
  if (!up) return std::move(up).error();
  // As the stack has kept it: a parameter that was given before need not be given again.
  ASSIGN_OR_RETURN(const std::vector<stacks::Stack> all, stacks_->all());
  for (const stacks::Stack& stack : all) {
    if (stack.name != request.stack) continue;
    const std::vector<std::string> bites = lint_stack({.file = stack.file,
                                                       .text = stack.text,
                                                       .parameters = stack.parameters,
                                                       .account = credentials_.account,
                                                       .region = options_.region});
    notes_.insert(notes_.end(), bites.begin(), bites.end());
  }
  notes_.insert(notes_.end(), up->lines.begin(), up->lines.end());
  outputs_ = std::move(up->outputs);
  return {};
}

Result<void> Server::open_ports() {
  stations_ = std::make_unique<Stations>(StationsParts{
      .runtime = runtime_,
      .loops = *loops_,
      .keys = *keys_,
      .dispatcher = dispatcher_,
      .log = *journal_,
      .apis = *apis_,
      .store = *store_,
      .workers = *workers_,
      .authorizer = authorizer_,
      .telemetry = telemetry_,
      .body_memory = body_memory_,
      .account = credentials_.account,
      .region = options_.region,
      .describe = [this] {
        return status_text(
            {.dir = *dir_, .journal = *journal_, .streams = *streams_, .delivery = *delivery_});
      }});
  ASSIGN_OR_RETURN(at_, stations_->listen(at_, !held_.empty()));
  held_.clear();
  return {};
}

Server::~Server() {
  // No new requests, answers to the old ones, then what they have changed.
  if (stations_) stations_->drain();
  if (delivery_) delivery_->stop();
  if (workers_) workers_->stop();
  if (loops_ && loops_->running() && journal_) {
    const Result<bool> stopped = sys::wait_for<bool>(runtime_, [&](base::Done<bool> done) {
      journal_->stop([done = std::move(done)]() mutable { done(true); });
    });
    static_cast<void>(stopped);
  }
  if (catalog_) catalog_->stop();
  // What lives on a loop may be destroyed when it does not run.
  if (loops_) loops_->stop();
}

}  // namespace hyd::app
