// The delivery journal: what is durable of a delivery's progress. An interface, so that another
// engine can keep it; the one here is rows of the catalog. Nothing else in this room may know which
// one it has. What any of them must do is asked by journal_contract.h.
//
// Each function makes one frame durable and blocks until it is: for workers, several at once, but
// never two of one intent. An error means that nothing of the frame is there. A frame that reported
// success is there after any end of the process.
//
//   adopt    a shard is read from some place on; before any of its records is in an intent
//   open     INTENT: exact records, exact key; before any byte of the object leaves
//   attempt  ATTEMPT n begins (before a repeat is sent), or has stored nothing
//   commit   COMMIT and the object: the object is there and its intent is not, or neither
//   retire   a shard has ended: nothing is owed of it, and nobody will ask for its mark
//
// Delivery streams themselves come and go in the control plane. What the journal knows of one goes
// with it; from then on `adopt` and `open` are refused, the rest changes nothing.
#pragma once

#include "base/result.h"
#include "catalog/catalog.h"
#include "delivery/intent.h"
#include "delivery/ports.h"
#include "delivery/tables.h"

#include <map>
#include <optional>
#include <vector>

namespace hyd::delivery {

class DeliveryJournal {
 public:
  virtual ~DeliveryJournal() = default;

  // What a start goes on from.
  struct Kept {
    std::vector<Mark> marks;  // by shard
    struct Open {
      Intent intent;
      Attempt attempt;
    };
    std::vector<Open> open;  // in order of creation
  };
  // Of every delivery stream. Only before the other functions are called.
  virtual base::Result<std::map<DeliveryId, Kept>> load() = 0;

  // A shard that has a mark keeps it. Code::not_found: the delivery stream is gone.
  virtual base::Result<void> adopt(DeliveryId id, const std::vector<Mark>& marks) = 0;
  // Moves `assigned` of each shard to the end of its range. Code::not_found: the delivery stream is
  // gone, a shard was not adopted, or some of the records were given out before.
  virtual base::Result<void> open(const Intent& intent) = 0;
  // The newest one of an intent counts. Nothing happens when the intent is not open.
  virtual base::Result<void> attempt(const Intent& intent, const Attempt& attempt) = 0;

  struct Committed {
    Lows lows;  // of the intent's shards, as they are now
    Receipt receipt;
  };
  // Moves `low` of each shard to below the oldest record that is still in an open intent, or to
  // `assigned`. Nothing: the intent was not open any more, and the staged object is not there
  // because of this.
  virtual base::Result<std::optional<Committed>> commit(const Intent& intent,
                                                        ObjectStore::Staged& staged) = 0;

  // Forgets the marks of those of the shards of which no record is in an open intent; these are
  // returned. Only for shards that no source will show again: one that is adopted anew would be
  // delivered anew.
  virtual base::Result<std::vector<log::ShardNumber>> retire(
      DeliveryId id, const std::vector<log::ShardNumber>& shards) = 0;
};

// As rows of the catalog (tables.h): a frame is a transaction, COMMIT's is the object row's too.
class JournalInCatalog final : public DeliveryJournal {
 public:
  // Opened with delivery_schema(); both outlive it.
  JournalInCatalog(catalog::Catalog& catalog, ObjectStore& store)
      : catalog_(catalog), store_(store) {}

  base::Result<std::map<DeliveryId, Kept>> load() override;
  base::Result<void> adopt(DeliveryId id, const std::vector<Mark>& marks) override;
  base::Result<void> open(const Intent& intent) override;
  base::Result<void> attempt(const Intent& intent, const Attempt& attempt) override;
  base::Result<std::optional<Committed>> commit(const Intent& intent,
                                                ObjectStore::Staged& staged) override;
  base::Result<std::vector<log::ShardNumber>> retire(
      DeliveryId id, const std::vector<log::ShardNumber>& shards) override;

 private:
  catalog::Catalog& catalog_;
  ObjectStore& store_;
};

}  // namespace hyd::delivery
