#include "app/start.h"

#include "identity/ops/operations.h"
#include "identity/tables.h"
#include "sys/output.h"

#include <fmt/format.h>

#include <string_view>
#include <utility>

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

Result<std::unique_ptr<catalog::Catalog>> open_catalog(sys::Runtime& runtime, sys::Dir& dir,
                                                       Telemetry& telemetry) {
  const telemetry::Logger log = telemetry.log.logger("catalog");
  catalog::Catalog::Options options;
  options.schemas = {identity::identity_schema()};
  options.metrics = &telemetry.metrics;
  options.log = log;
  ASSIGN_OR_RETURN(auto catalog, catalog::Catalog::open(runtime, dir, std::move(options)));
  for (const std::string& note : catalog->notes()) {
    log.info("The database was opened with a remark.", {{"remark", note}});
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

void add_operations(aws::Dispatcher& dispatcher, identity::Identity& identity) {
  dispatcher.add(identity::iam_table(), identity);
  dispatcher.add(identity::sts_table(), identity);
}

}  // namespace hyd::app
