// The steps of a start that block, on the main thread. Errors are sentences for the operator.
#pragma once

#include "app/telemetry.h"
#include "base/result.h"
#include "catalog/catalog.h"
#include "cli/options.h"
#include "identity/credentials_file.h"
#include "log/journal.h"
#include "sys/file.h"
#include "sys/journal_io.h"
#include "sys/runtime.h"
#include "telemetry/log.h"

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>

namespace hyd::app {

// Waits at most `wait` for the last writes of a killed process to land, and says so. A process that
// lives is refused at once by its pid.
base::Result<std::unique_ptr<sys::DirLock>> take_lock(sys::Runtime& runtime, sys::Dir& dir,
                                                      std::chrono::seconds wait);

// Code::unsupported at level `power` when the file system forgets what was synced.
base::Result<void> check_file_system(sys::Dir& dir, sys::Durability durability);

// With the tables of every room that exists.
base::Result<std::unique_ptr<catalog::Catalog>> open_catalog(sys::Runtime& runtime, sys::Dir& dir,
                                                             Telemetry& telemetry);

// The root's keys, made at the first start. Code::conflict: the directory is another account's than
// `asked`.
base::Result<identity::RootCredentials> find_credentials(sys::Runtime& runtime, sys::Dir& dir,
                                                         catalog::Catalog& catalog,
                                                         const std::optional<std::string>& asked);

// What the log may take of the disk: `--log-max`, or half of what was free at the first start. That
// is kept in the catalog: a later start on a fuller disk must not find its own log too large.
base::Result<log::JournalOptions> journal_options(sys::Dir& dir, catalog::Catalog& catalog,
                                                  const cli::UpOptions& options, std::size_t loops);

// What bodies of requests may hold: `--body-memory`, or a quarter of the memory that the process
// may use and at most 512 MiB.
base::ByteCount body_memory(sys::Runtime& runtime, const cli::UpOptions& options);

// The log's road to the disk, and what its recovery found and cut, as log lines.
void say_what_was_found(const log::Journal& journal, const telemetry::Logger& log);

}  // namespace hyd::app
