// Every object of the program, made in the order of a start and ended in the reverse one.
//
// Used by one thread, which is no loop's.
#pragma once

#include "app/log_rows.h"
#include "app/stations.h"
#include "app/telemetry.h"
#include "aws/dispatcher.h"
#include "base/result.h"
#include "catalog/catalog.h"
#include "cli/options.h"
#include "identity/credentials_file.h"
#include "identity/identity.h"
#include "identity/root_keys.h"
#include "log/journal.h"
#include "sys/file.h"
#include "sys/loops.h"
#include "sys/runtime.h"
#include "sys/workers.h"

#include <memory>
#include <optional>

namespace hyd::app {

class Server {
 public:
  Server(sys::Runtime& runtime, cli::UpOptions options);
  // Answers what was accepted, commits it, and leaves the rest to the next start.
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  // The whole start, in the order that keeps the promises: when it returns both ports are open and
  // answer. Blocks. After an error the object is only good for its destructor.
  base::Result<void> start();

  const Addresses& addresses() const { return at_; }
  std::string_view data() const { return dir_->path(); }
  sys::Loop& first_loop() { return (*loops_)[0]; }

 private:
  base::Result<void> take_directory();
  base::Result<void> open_log();
  base::Result<void> open_services();
  base::Result<void> open_ports();

  sys::Runtime& runtime_;
  const cli::UpOptions options_;

  // In the order of their making; each may use those above it.
  std::unique_ptr<sys::Dir> dir_;
  std::unique_ptr<sys::DirLock> lock_;
  Telemetry telemetry_;
  std::unique_ptr<catalog::Catalog> catalog_;
  identity::RootCredentials credentials_;
  std::optional<identity::RootKeys> keys_;
  std::unique_ptr<sys::Loops> loops_;
  std::unique_ptr<sys::Workers> workers_;  // cold reads
  std::unique_ptr<LogRowsInCatalog> log_rows_;
  std::unique_ptr<log::Journal> journal_;
  const aws::RootOnly authorizer_;
  aws::Dispatcher dispatcher_{authorizer_};
  std::unique_ptr<identity::Identity> identity_;
  std::unique_ptr<Stations> stations_;
  Addresses at_;
};

}  // namespace hyd::app
