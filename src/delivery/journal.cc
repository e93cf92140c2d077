#include "delivery/journal.h"

#include <memory>
#include <utility>

namespace hyd::delivery {

using base::Result;
using catalog::Transaction;

Result<std::map<DeliveryId, DeliveryJournal::Kept>> JournalInCatalog::load() {
  ASSIGN_OR_RETURN(const std::unique_ptr<catalog::Reader> reader, catalog_.reader());
  ASSIGN_OR_RETURN(const catalog::Reader::Snapshot snapshot, reader->snapshot());
  ASSIGN_OR_RETURN(const std::vector<DeliveryStream> streams, read_streams(*reader));
  std::map<DeliveryId, Kept> all;
  for (const DeliveryStream& stream : streams) {
    Kept& kept = all[stream.id];
    ASSIGN_OR_RETURN(kept.marks, read_marks(*reader, stream.id));
    ASSIGN_OR_RETURN(std::vector<Intent> intents, read_intents(*reader, stream.id));
    for (Intent& intent : intents) {
      ASSIGN_OR_RETURN(const Attempt attempt, read_attempt(*reader, intent.batch));
      kept.open.push_back({.intent = std::move(intent), .attempt = attempt});
    }
  }
  return all;
}

Result<void> JournalInCatalog::adopt(DeliveryId id, const std::vector<Mark>& marks) {
  return catalog_.write_and_wait([&](Transaction& in) -> Result<void> {
    ASSIGN_OR_RETURN(const bool there, has_stream(in, id));
    if (!there) return base::fail(base::Code::not_found, "the delivery stream is gone");
    for (const Mark& mark : marks) RETURN_IF_ERROR(add_mark(in, id, mark));
    return {};
  });
}

Result<void> JournalInCatalog::open(const Intent& intent) {
  return catalog_.write_and_wait([&](Transaction& in) { return add_intent(in, intent); });
}

Result<void> JournalInCatalog::attempt(const Intent& intent, const Attempt& attempt) {
  return catalog_.write_and_wait([&](Transaction& in) { return put_attempt(in, intent, attempt); });
}

Result<std::optional<DeliveryJournal::Committed>> JournalInCatalog::commit(
    const Intent& intent, ObjectStore::Staged& staged) {
  std::optional<Committed> committed;
  RETURN_IF_ERROR(catalog_.write_and_wait([&](Transaction& in) -> Result<void> {
    committed.reset();  // a mutation may run twice
    ASSIGN_OR_RETURN(std::optional<Lows> lows, commit_intent(in, intent));
    if (!lows) return {};
    ASSIGN_OR_RETURN(Receipt receipt, store_.commit(in, staged));
    committed = Committed{.lows = *std::move(lows), .receipt = std::move(receipt)};
    return {};
  }));
  return committed;
}

Result<std::vector<log::ShardNumber>> JournalInCatalog::retire(
    DeliveryId id, const std::vector<log::ShardNumber>& shards) {
  std::vector<log::ShardNumber> retired;
  RETURN_IF_ERROR(catalog_.write_and_wait([&](Transaction& in) -> Result<void> {
    retired.clear();  // a mutation may run twice
    for (const log::ShardNumber shard : shards) {
      ASSIGN_OR_RETURN(const bool gone, remove_mark(in, id, shard));
      if (gone) retired.push_back(shard);
    }
    return {};
  }));
  return retired;
}

}  // namespace hyd::delivery
