#include "app/server.h"

#include "app/start.h"
#include "identity/ops/operations.h"
#include "sys/wait_for.h"

#include <utility>

namespace hyd::app {

using base::Result;

Server::Server(sys::Runtime& runtime, cli::UpOptions options)
    : runtime_(runtime), options_(std::move(options)), telemetry_(runtime.clock()) {}

Result<void> Server::start() {
  // Everything that is kept is in one directory, and one process at a time has it.
  RETURN_IF_ERROR(take_directory());
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
  // Last: whoever is answered from here on is answered by all of the above.
  return open_ports();
}

Result<void> Server::take_directory() {
  ASSIGN_OR_RETURN(dir_, runtime_.open_dir(options_.data));
  ASSIGN_OR_RETURN(lock_, take_lock(runtime_, *dir_, options_.lock_wait));
  // "200 means on disk" is not promised where the file system cannot keep it.
  return check_file_system(*dir_, options_.durability);
}

Result<void> Server::open_log() {
  log_rows_ = std::make_unique<LogRowsInCatalog>(
      LogRowsInCatalog::Parts{.catalog = *catalog_, .entropy = runtime_.entropy(), .named_by = {}});
  ASSIGN_OR_RETURN(const log::JournalOptions options,
                   journal_options(*dir_, options_, loops_->size()));
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
  ASSIGN_OR_RETURN(identity_, identity::Identity::open({.catalog = *catalog_,
                                                        .entropy = runtime_.entropy(),
                                                        .loops = loops_->all(),
                                                        .account = credentials_.account}));
  dispatcher_.add(identity::iam_table(), *identity_);
  dispatcher_.add(identity::sts_table(), *identity_);
  journal_->start_letting_go();
  return {};
}

Result<void> Server::open_ports() {
  stations_ = std::make_unique<Stations>(StationsParts{.runtime = runtime_,
                                                       .loops = *loops_,
                                                       .keys = *keys_,
                                                       .dispatcher = dispatcher_,
                                                       .log = *journal_,
                                                       .telemetry = telemetry_,
                                                       .account = credentials_.account});
  ASSIGN_OR_RETURN(at_, stations_->listen({options_.listen_events, options_.listen_aws}));
  return {};
}

Server::~Server() {
  // No new requests, answers to the old ones, then what they have changed.
  if (stations_) stations_->drain();
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
