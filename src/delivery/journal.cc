#include "delivery/journal.h"

#include <utility>

namespace hyd::delivery {

using base::Result;
using catalog::Transaction;

Result<void> DeliveryJournal::adopt(DeliveryId id, const std::vector<Mark>& marks) {
  return catalog_.write_and_wait([&](Transaction& in) -> Result<void> {
    ASSIGN_OR_RETURN(const bool there, has_stream(in, id));
    if (!there) return base::fail(base::Code::not_found, "the delivery stream is gone");
    for (const Mark& mark : marks) RETURN_IF_ERROR(add_mark(in, id, mark));
    return {};
  });
}

Result<void> DeliveryJournal::open(const Intent& intent) {
  return catalog_.write_and_wait([&](Transaction& in) { return add_intent(in, intent); });
}

Result<void> DeliveryJournal::begin(const Intent& intent, const Attempt& attempt) {
  return catalog_.write_and_wait([&](Transaction& in) { return put_attempt(in, intent, attempt); });
}

Result<void> DeliveryJournal::failed(const Intent& intent, const Attempt& attempt) {
  return begin(intent, attempt);
}

Result<std::optional<DeliveryJournal::Committed>> DeliveryJournal::commit(
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

}  // namespace hyd::delivery
