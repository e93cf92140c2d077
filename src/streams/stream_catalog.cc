#include "streams/stream_catalog.h"

#include "streams/tables.h"

#include <memory>
#include <optional>
#include <utility>

namespace hyd::streams {

using base::Result;
using base::Uid;
using catalog::Lane;
using catalog::Transaction;

namespace {

// Runs `decide`, perhaps twice, in a transaction; `done` gets what its last run made.
template <class T, class Decide>
void write(catalog::Catalog& catalog, Decide decide, base::Done<T> done) {
  auto made = std::make_shared<T>();
  catalog.write(
      Lane::control,
      [made, decide = std::move(decide)](Transaction& in) -> Result<void> {
        ASSIGN_OR_RETURN(*made, decide(in));
        return {};
      },
      [made, done = std::move(done)](Result<void> result) mutable {
        if (!result) return done(std::move(result).error());
        done(std::move(*made));
      });
}

bool exists(const std::optional<Status>& status) { return status && *status != Status::gone; }

}  // namespace

void StreamsInCatalog::create(NewStream stream, base::Done<StreamPtr> done) {
  write<StreamPtr>(
      catalog_,
      [stream = std::move(stream)](Transaction& in) -> Result<StreamPtr> {
        ASSIGN_OR_RETURN(const bool taken,
                         has_stream(in, {.region = stream.region, .name = stream.name}));
        if (taken) return StreamPtr();
        ASSIGN_OR_RETURN(Stream added, add_stream(in, stream));
        return std::make_shared<const Stream>(std::move(added));
      },
      std::move(done));
}

void StreamsInCatalog::begin_delete(const Uid& stream, base::Done<bool> done) {
  write<bool>(
      catalog_,
      [stream](Transaction& in) -> Result<bool> {
        ASSIGN_OR_RETURN(const std::optional<Status> status, read_status(in, stream));
        if (!exists(status)) return false;
        RETURN_IF_ERROR(put_status(in, stream, Status::deleting));
        return true;
      },
      std::move(done));
}

void StreamsInCatalog::finish_delete(const Uid& stream, std::vector<ShardEnd> ends,
                                     base::Done<void> done) {
  catalog_.write(
      Lane::control,
      [stream, ends = std::move(ends)](Transaction& in) -> Result<void> {
        ASSIGN_OR_RETURN(const std::optional<Status> status, read_status(in, stream));
        if (!exists(status)) return {};
        RETURN_IF_ERROR(put_ends(in, ends));
        return put_status(in, stream, Status::gone);
      },
      std::move(done));
}

void StreamsInCatalog::forget(const Uid& stream, base::Done<void> done) {
  catalog_.write(
      Lane::control,
      [stream](Transaction& in) -> Result<void> {
        ASSIGN_OR_RETURN(const std::optional<Status> status, read_status(in, stream));
        if (exists(status)) return base::fail(base::Code::conflict, "the stream is not gone");
        return remove_stream(in, stream);
      },
      std::move(done));
}

void StreamsInCatalog::put_settings(const Uid& stream, Settings settings, base::Done<bool> done) {
  write<bool>(
      catalog_,
      [stream, settings = std::move(settings)](Transaction& in) -> Result<bool> {
        ASSIGN_OR_RETURN(const std::optional<Status> status, read_status(in, stream));
        if (!exists(status)) return false;
        RETURN_IF_ERROR(streams::put_settings(in, stream, settings));
        return true;
      },
      std::move(done));
}

void StreamsInCatalog::put_pending(const Uid& stream, std::string what, base::Done<bool> done) {
  write<bool>(
      catalog_,
      [stream, what = std::move(what)](Transaction& in) -> Result<bool> {
        ASSIGN_OR_RETURN(const std::optional<Status> status, read_status(in, stream));
        if (status != Status::active) return false;
        RETURN_IF_ERROR(streams::put_pending(in, stream, what));
        return true;
      },
      std::move(done));
}

void StreamsInCatalog::reshard(const Uid& stream, ShardChange change,
                               base::Done<std::shared_ptr<const std::vector<Shard>>> done) {
  using Added = std::shared_ptr<const std::vector<Shard>>;
  write<Added>(
      catalog_,
      [stream, change = std::move(change)](Transaction& in) -> Result<Added> {
        ASSIGN_OR_RETURN(const std::optional<Status> status, read_status(in, stream));
        if (status != Status::active) return Added();
        ASSIGN_OR_RETURN(std::vector<Shard> added, change_shards(in, stream, change));
        RETURN_IF_ERROR(drop_pending(in, stream));
        return std::make_shared<const std::vector<Shard>>(std::move(added));
      },
      std::move(done));
}

void StreamsInCatalog::put_account(AccountSettings settings, base::Done<void> done) {
  catalog_.write(
      Lane::control, [settings](Transaction& in) { return streams::put_account(in, settings); },
      std::move(done));
}

Result<std::map<Uid, std::string>> StreamsInCatalog::pending() {
  ASSIGN_OR_RETURN(const auto reader, catalog_.reader());
  return read_pending(*reader);
}

Result<AccountSettings> StreamsInCatalog::account() {
  ASSIGN_OR_RETURN(const auto reader, catalog_.reader());
  return read_account(*reader);
}

Result<std::vector<StreamPtr>> StreamsInCatalog::list() {
  ASSIGN_OR_RETURN(const auto reader, catalog_.reader());
  ASSIGN_OR_RETURN(const auto snapshot, reader->snapshot());
  ASSIGN_OR_RETURN(std::vector<Stream> streams, read_streams(*reader));
  std::vector<StreamPtr> shared;
  shared.reserve(streams.size());
  for (Stream& stream : streams) {
    shared.push_back(std::make_shared<const Stream>(std::move(stream)));
  }
  return shared;
}

Result<SealKeyBytes> StreamsInCatalog::seal_key(base::Rng& entropy) {
  SealKeyBytes fresh;
  entropy.fill(fresh);
  SealKeyBytes kept{};
  RETURN_IF_ERROR(catalog_.write_and_wait([&](Transaction& in) -> Result<void> {
    ASSIGN_OR_RETURN(kept, keep_seal_key(in, fresh));
    return {};
  }));
  return kept;
}

}  // namespace hyd::streams
