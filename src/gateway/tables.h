// How this room's state is kept in the catalog. Plain functions over a transaction or a reader.
#pragma once

#include "base/result.h"
#include "catalog/schema.h"
#include "catalog/statement.h"
#include "gateway/api.h"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hyd::gateway {

// To be passed to Catalog::open with everyone's.
catalog::Schema gateway_schema();

// Frozen definitions that are in memory already, by snapshot: not read again.
using Frozen = std::map<std::string, std::shared_ptr<const Definition>, std::less<>>;

base::Result<std::vector<std::string>> read_api_ids(catalog::Queryable& from);
// Nothing when there is none of that id. `frozen` of the API holds what its stages use.
base::Result<std::optional<Api>> read_api(catalog::Queryable& from, std::string_view id,
                                          const Frozen& known);

// Keeps what differs between the two, which are the same API before and after an edit; either may
// be empty. Deployments are only ever added and removed. Completes `frozen` of `after`.
base::Result<void> write_api(catalog::Transaction& in, const std::optional<Api>& before,
                             std::optional<Api>& after);

}  // namespace hyd::gateway
