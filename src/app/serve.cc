#include "app/serve.h"

#include "app/announce.h"
#include "app/start.h"
#include "app/stations.h"
#include "app/telemetry.h"
#include "base/result.h"
#include "cli/command_line.h"
#include "identity/root_keys.h"
#include "sys/loops.h"
#include "sys/output.h"
#include "sys/real_runtime.h"
#include "sys/signals.h"

#include <string>

namespace hyd::app {
namespace {

// The table of contents. Objects are destroyed in the reverse order: what is used outlives its
// users.
base::Result<void> run(sys::Runtime& runtime, const cli::UpOptions& options) {
  // Everything that is kept is in one directory, and one process at a time has it.
  ASSIGN_OR_RETURN(const auto dir, runtime.open_dir(options.data));
  ASSIGN_OR_RETURN(const auto lock, take_lock(runtime, *dir, options.lock_wait));
  // "200 means on disk" is not promised where the file system cannot keep it.
  RETURN_IF_ERROR(check_file_system(*dir, options.durability));

  // Counters and log lines are taken by every room, so they come first.
  Telemetry telemetry(runtime.clock());
  // Recovery of everything that is not event bytes; its tables say whose directory this is.
  ASSIGN_OR_RETURN(const auto catalog, open_catalog(runtime, *dir, telemetry));
  ASSIGN_OR_RETURN(const auto credentials,
                   find_credentials(runtime, *dir, *catalog, options.account));
  const identity::RootKeys keys(credentials);

  // One thread for each CPU serves; nothing on them blocks.
  sys::Loops loops(runtime, {.count = options.threads.value_or(runtime.usable_cpus())});
  // The services, and the one table of their operations.
  ASSIGN_OR_RETURN(const auto identity, identity::Identity::open({.catalog = *catalog,
                                                                  .entropy = runtime.entropy(),
                                                                  .loops = loops.all(),
                                                                  .account = credentials.account}));
  const aws::RootOnly authorizer;
  aws::Dispatcher dispatcher(authorizer);
  add_operations(dispatcher, *identity);

  // What each loop serves. Ports are taken before anything is said to be ready.
  Stations stations({.runtime = runtime,
                     .loops = loops,
                     .keys = keys,
                     .dispatcher = dispatcher,
                     .telemetry = telemetry,
                     .account = credentials.account});
  ASSIGN_OR_RETURN(const Addresses at,
                   stations.listen({.events = options.listen_events, .aws = options.listen_aws}));

  // From here on a signal asks for the orderly end.
  const auto asked_to_end = runtime.make_semaphore();
  const sys::Signals signals(loops[0], [&] { asked_to_end->release(); });
  loops.start();
  announce({.data = dir->path(), .events = at.events, .aws = at.aws});
  wait_for_it(*asked_to_end);

  // The end: no new requests, answers to the old ones, then what they have changed.
  stations.drain();
  catalog->stop();
  loops.stop();
  return {};
}

}  // namespace

int serve(const cli::UpOptions& options) {
  const auto runtime = sys::make_real_runtime();
  const base::Result<void> outcome =
      runtime ? run(**runtime, options) : base::Result<void>(runtime.error());
  if (outcome) return cli::kExitOk;
  sys::print_error_line("hydrant: " + outcome.error().what);
  return cli::kExitFailed;
}

}  // namespace hyd::app
