// The delivery journal: what is durable of a delivery's progress, as rows of the catalog.
//
// Each function makes one frame durable, in one transaction, and blocks until it is: for workers.
// An error means that nothing of the frame is there.
//
//   adopt   a shard is read from some place on; before any of its records is in an intent
//   open    INTENT: exact records, exact key; before any byte of the object leaves
//   begin   ATTEMPT n begins: before a repeat is sent; the first attempt has no row
//   failed  ATTEMPT n stored nothing
//   commit  COMMIT and the object's row: the object is there and its intent is not, or neither
#pragma once

#include "base/result.h"
#include "catalog/catalog.h"
#include "delivery/intent.h"
#include "delivery/ports.h"
#include "delivery/tables.h"

#include <optional>
#include <vector>

namespace hyd::delivery {

class DeliveryJournal {
 public:
  // Both outlive it.
  DeliveryJournal(catalog::Catalog& catalog, ObjectStore& store)
      : catalog_(catalog), store_(store) {}

  // Code::not_found: the delivery stream is gone.
  base::Result<void> adopt(DeliveryId id, const std::vector<Mark>& marks);
  // The same.
  base::Result<void> open(const Intent& intent);
  base::Result<void> begin(const Intent& intent, const Attempt& attempt);
  base::Result<void> failed(const Intent& intent, const Attempt& attempt);

  struct Committed {
    Lows lows;  // of the intent's shards, as they are now
    Receipt receipt;
  };
  // Nothing: the intent was not open any more, and the staged object is not there because of this.
  base::Result<std::optional<Committed>> commit(const Intent& intent, ObjectStore::Staged& staged);

 private:
  catalog::Catalog& catalog_;
  ObjectStore& store_;
};

}  // namespace hyd::delivery
