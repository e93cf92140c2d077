// Every object of the program, made in the order of a start and ended in the reverse one.
//
// Used by one thread, which is no loop's.
#pragma once

#include "app/idle.h"
#include "app/joints.h"
#include "app/log_rows.h"
#include "app/stations.h"
#include "app/telemetry.h"
#include "aws/dispatcher.h"
#include "base/result.h"
#include "catalog/catalog.h"
#include "cli/options.h"
#include "delivery/delivery.h"
#include "gateway/apis.h"
#include "identity/credentials_file.h"
#include "identity/identity.h"
#include "identity/root_keys.h"
#include "log/journal.h"
#include "net/memory_budget.h"
#include "objects/store.h"
#include "stacks/stacks.h"
#include "streams/stream_catalog.h"
#include "streams/streams.h"
#include "sys/file.h"
#include "sys/held_port.h"
#include "sys/loops.h"
#include "sys/runtime.h"
#include "sys/workers.h"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hyd::app {

class Server {
 public:
  // Log lines go to `sink`. Without `hold_port` (the simulated network has none) a port in use is
  // found out by `open_ports`.
  Server(sys::Runtime& runtime, cli::UpOptions options,
         std::unique_ptr<telemetry::LogSink> sink = telemetry::make_stderr_sink(),
         sys::HoldPort hold_port = nullptr);
  // Answers what was accepted, commits it, and leaves the rest to the next start.
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  // The whole start in the order that keeps the promises; the ports are held, and refuse whoever
  // connects. Blocks. After an error the object is only good for its destructor.
  base::Result<void> start();
  // When it returns both ports are open and answer. Once, behind `start`.
  base::Result<void> open_ports();

  // What the stacks have to say to the person, also when `start` failed.
  const std::vector<std::string>& notes() const { return notes_; }

  const Addresses& addresses() const { return at_; }
  const std::string& region() const { return options_.region; }
  // The outputs of the stack that was brought up; of every stack when none was.
  const std::vector<stacks::OutputRecord>& outputs() const { return outputs_; }
  std::shared_ptr<const gateway::Served> served() const { return apis_->newest(); }
  // Blocks.
  bool has_bucket(std::string_view name) const {
    const base::Result<bool> there = store_->has_bucket(name);
    return there && *there;
  }
  std::shared_ptr<const streams::Picture> streams() const { return streams_->newest(); }
  std::string_view data() const { return dir_->path(); }
  sys::Loop& first_loop() { return (*loops_)[0]; }

 private:
  base::Result<void> take_directory();
  base::Result<void> hold_ports();
  base::Result<void> open_log();
  base::Result<void> open_services();
  base::Result<void> bring_up_stacks();
  base::Result<void> keep_region();
  stacks::Stacks::UpRequest stack_request() const;
  base::Result<void> bring_up_file();
  base::Result<void> warn();

  sys::Runtime& runtime_;
  const cli::UpOptions options_;
  const sys::HoldPort hold_port_;
  std::string template_;  // the text of the stack's file

  // In the order of their making; each may use those above it.
  std::unique_ptr<sys::Dir> dir_;
  std::unique_ptr<sys::DirLock> lock_;
  Addresses at_;
  std::vector<std::unique_ptr<sys::HeldPort>> held_;  // empty again when the ports are open
  Telemetry telemetry_;
  std::unique_ptr<catalog::Catalog> catalog_;
  identity::RootCredentials credentials_;
  std::optional<identity::RootKeys> keys_;
  net::MemoryBudget body_memory_;  // requests in the loops' queues give their shares back
  std::unique_ptr<sys::Loops> loops_;
  std::unique_ptr<sys::Workers> workers_;  // reads and writes of files, heavy renders
  std::unique_ptr<LogRowsInCatalog> log_rows_;
  std::unique_ptr<log::Journal> journal_;
  const aws::RootOnly authorizer_;
  aws::Dispatcher dispatcher_{authorizer_};
  std::unique_ptr<identity::Identity> identity_;
  std::unique_ptr<streams::StreamsInCatalog> stream_catalog_;
  std::unique_ptr<streams::Streams> streams_;
  std::unique_ptr<objects::Store> store_;
  std::unique_ptr<StreamSources> sources_;
  std::unique_ptr<BuiltInStore> built_in_store_;
  std::unique_ptr<delivery::DeliveryJournal> delivery_journal_;
  std::unique_ptr<delivery::Delivery> delivery_;
  std::unique_ptr<gateway::Apis> apis_;
  std::unique_ptr<stacks::Stacks> stacks_;
  std::vector<stacks::OutputRecord> outputs_;
  std::vector<std::string> notes_;
  std::unique_ptr<Idle> idle_;
  std::unique_ptr<Stations> stations_;
};

}  // namespace hyd::app
