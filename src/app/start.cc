#include "app/start.h"

#include "catalog/log_tables.h"
#include "delivery/delivery.h"
#include "gateway/tables.h"
#include "identity/tables.h"
#include "objects/store.h"
#include "stacks/tables.h"
#include "streams/streams.h"
#include "sys/output.h"

#include <fmt/format.h>

#include <string_view>
#include <utility>
#include <vector>

namespace hyd::app {

using base::Code;
using base::fail;
using base::Result;

Result<std::unique_ptr<sys::DirLock>> take_lock(sys::Runtime& runtime, sys::Dir& dir,
                                                std::chrono::seconds wait) {
  return dir.lock(runtime.clock().mono() + wait, [](std::string_view why) {
    sys::print_error_line(fmt::format("hydrant: waiting: {}", why));
  });
}

Result<void> check_file_system(sys::Dir& dir, sys::Durability durability) {
  if (durability == sys::Durability::process) return {};
  ASSIGN_OR_RETURN(const sys::FileSystem found, dir.file_system());
  if (found.not_durable_because.empty()) return {};
  return fail(Code::unsupported,
              fmt::format("{} is on {}, which does not keep what is written through a power cut: "
                          "{}. Choose another --data, or --durability process",
                          dir.path(), found.type, found.not_durable_because));
}

namespace {

constexpr std::string_view kMigrations[] = {
    "CREATE TABLE setting (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID"};

// What is decided at the first start and kept.
catalog::Schema app_schema() { return {.room = "app", .migrations = kMigrations}; }

}  // namespace

Result<std::unique_ptr<catalog::Catalog>> open_catalog(sys::Runtime& runtime, sys::Dir& dir,
                                                       Telemetry& telemetry) {
  const telemetry::Logger log = telemetry.log.logger("catalog");
  catalog::Catalog::Options options;
  options.schemas = {catalog::log_schema(),       identity::identity_schema(),
                     streams::streams_schema(),   objects::objects_schema(),
                     delivery::delivery_schema(), gateway::gateway_schema(),
                     stacks::stacks_schema(),     app_schema()};
  options.metrics = &telemetry.metrics;
  options.log = log;
  ASSIGN_OR_RETURN(auto catalog, catalog::Catalog::open(runtime, dir, std::move(options)));
  for (const std::string& note : catalog->notes()) {
    log.debug("The database was opened with a remark.", {{"remark", note}});
  }
  return catalog;
}

Result<identity::RootCredentials> find_credentials(sys::Runtime& runtime, sys::Dir& dir,
                                                   catalog::Catalog& catalog,
                                                   const std::optional<std::string>& asked) {
  ASSIGN_OR_RETURN(const auto reader, catalog.reader());
  ASSIGN_OR_RETURN(const std::optional<std::string> kept, identity::read_account(*reader));
  if (kept && asked && *kept != *asked) {
    return fail(Code::conflict, fmt::format("--account-id {}: {} belongs to account {}", *asked,
                                            dir.path(), *kept));
  }
  return identity::load_or_make_credentials(dir, runtime.entropy(),
                                            {.account = kept ? kept : asked});
}

namespace {

constexpr std::string_view kLogMax = "log_bytes_max";

Result<std::uint64_t> log_max_of_first_start(sys::Dir& dir, catalog::Catalog& catalog) {
  ASSIGN_OR_RETURN(const sys::Space space, dir.space());
  std::uint64_t kept = space.free.bytes() / 2;
  const Result<void> wrote = catalog.write_and_wait([&](catalog::Transaction& in) -> Result<void> {
    RETURN_IF_ERROR(in.run("INSERT OR IGNORE INTO setting VALUES (?, ?)", kLogMax, kept));
    ASSIGN_OR_RETURN(catalog::Statement row,
                     in.query("SELECT value FROM setting WHERE name = ?", kLogMax));
    ASSIGN_OR_RETURN(const bool there, row.step());
    if (there) kept = row.uint64(0);
    return {};
  });
  RETURN_IF_ERROR(wrote);
  return kept;
}

}  // namespace

Result<log::JournalOptions> journal_options(sys::Dir& dir, catalog::Catalog& catalog,
                                            const cli::UpOptions& options, std::size_t loops) {
  log::JournalOptions out{.durability = options.durability, .loops = loops};
  if (options.journal_segment) out.segment_bytes = options.journal_segment->bytes();
  if (options.log_max) {
    out.log_bytes_max = options.log_max->bytes();
    return out;
  }
  ASSIGN_OR_RETURN(out.log_bytes_max, log_max_of_first_start(dir, catalog));
  return out;
}

base::ByteCount body_memory(sys::Runtime& runtime, const cli::UpOptions& options) {
  if (options.body_memory) return *options.body_memory;
  const std::uint64_t quarter = runtime.usable_memory().bytes() / 4;
  return std::clamp(base::ByteCount(quarter), cli::kBodyMemoryMin, base::mib(512));
}

void say_what_was_found(const log::Journal& journal, const telemetry::Logger& log) {
  log.info("The log is open.", {{"road", std::string(journal.road())}});
  for (const std::string& note : journal.notes()) {
    log.info("The log was opened with a remark.", {{"remark", note}});
  }
  for (const log::DamagedRange& range : journal.damage()) {
    log.error("A part of the log is damaged; reads of it are refused.",
              {{"places", fmt::format("[{}, {})", range.place_from, range.place_to)},
               {"where", range.where}});
  }
}

}  // namespace hyd::app
