// How this room's state is kept in the catalog (docs/formats/streams.md). Plain functions over a
// transaction or a reader.
#pragma once

#include "base/result.h"
#include "catalog/statement.h"
#include "codec/seal.h"
#include "streams/ports.h"
#include "streams/stream.h"

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hyd::streams {

// By region and name, gone ones in any order.
base::Result<std::vector<Stream>> read_streams(catalog::Queryable& from);

struct StreamName {
  std::string_view region;
  std::string_view name;
};
base::Result<bool> has_stream(catalog::Queryable& from, const StreamName& name);
// Nothing when there is no row of it.
base::Result<std::optional<Status>> read_status(catalog::Queryable& from, const base::Uid& stream);

// With its shards and settings; the numbers of its shards come from the counter.
base::Result<Stream> add_stream(catalog::Transaction& in, const NewStream& stream);
base::Result<void> put_status(catalog::Transaction& in, const base::Uid& stream, Status status);
// A shard that has an end keeps it.
base::Result<void> put_ends(catalog::Transaction& in, std::span<const ShardEnd> ends);
// With everything of it.
base::Result<void> remove_stream(catalog::Transaction& in, const base::Uid& stream);

// All of them anew; the stream's row is there.
base::Result<void> put_settings(catalog::Transaction& in, const base::Uid& stream,
                                const Settings& settings);

// The added shards, with their numbers.
base::Result<std::vector<Shard>> change_shards(catalog::Transaction& in, const base::Uid& stream,
                                               const ShardChange& change);
base::Result<void> put_pending(catalog::Transaction& in, const base::Uid& stream,
                               std::string_view what);
base::Result<void> drop_pending(catalog::Transaction& in, const base::Uid& stream);
base::Result<std::map<base::Uid, std::string>> read_pending(catalog::Queryable& from);

base::Result<void> put_account(catalog::Transaction& in, const AccountSettings& settings);
base::Result<AccountSettings> read_account(catalog::Queryable& from);

using SealKeyBytes = std::array<char, codec::kSealKeyBytes>;
// The key that is kept; `if_new` is kept when there is none.
base::Result<SealKeyBytes> keep_seal_key(catalog::Transaction& in, const SealKeyBytes& if_new);

}  // namespace hyd::streams
