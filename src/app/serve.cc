#include "app/serve.h"

#include "app/announce.h"
#include "app/server.h"
#include "base/result.h"
#include "cli/command_line.h"
#include "sys/held_port.h"
#include "sys/output.h"
#include "sys/real_runtime.h"
#include "sys/signals.h"
#include "sys/wait_for.h"

#include <string>

namespace hyd::app {
namespace {

base::Result<void> run(sys::Runtime& runtime, const cli::UpOptions& options) {
  Server server(runtime, options, telemetry::make_stderr_sink(), sys::hold_port);
  const base::Result<void> started = server.start();
  for (const std::string& note : server.notes()) sys::print_error_line("hydrant: " + note);
  RETURN_IF_ERROR(started);

  // From here on a signal asks for the orderly end, which is the server's destructor. Before the
  // ports are open: nobody may be answered by a process that a signal ends at once.
  const auto asked_to_end = runtime.make_semaphore();
  const sys::Signals signals(server.first_loop(), [&] { asked_to_end->release(); });
  // Whoever is answered from here on is answered by all of the above.
  RETURN_IF_ERROR(server.open_ports());
  announce(server);
  sys::wait_for(*asked_to_end);
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
