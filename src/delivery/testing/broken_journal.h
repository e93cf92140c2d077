// A delivery journal that keeps all rules but one: what a simulation must notice. The code under
// test is the real one; only its journal is another.
#pragma once

#include "base/mutex.h"
#include "delivery/journal.h"

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace hyd::delivery {

enum class JournalRule : std::uint8_t {
  one_transaction,       // off: COMMIT first, then the object
  intent_before_object,  // off: the INTENT only becomes durable behind its object
  assigned_with_intent,  // off: an INTENT leaves `assigned` where it was
  intents_are_kept,      // off: a start forgets open intents and plans anew from `low`
  // Off: a start gives an open intent another id and key. It shows where object and COMMIT are two
  // steps, as in any store but the built-in one, so they are here, object first.
  key_is_kept,
};

class BrokenJournal final : public DeliveryJournal {
 public:
  // `between` is called between two steps that the real journal makes in one: it may take a while,
  // so that something can happen there. Everything outlives this.
  BrokenJournal(JournalRule off, catalog::Catalog& catalog, ObjectStore& store,
                std::function<void()> between)
      : off_(off),
        real_(catalog, store),
        catalog_(catalog),
        store_(store),
        between_(std::move(between)) {}

  base::Result<std::map<DeliveryId, Kept>> load() override {
    if (off_ == JournalRule::intents_are_kept) {
      const auto forgotten =
          catalog_.write_and_wait([](catalog::Transaction& in) -> base::Result<void> {
            RETURN_IF_ERROR(in.run("DELETE FROM delivery_intent"));
            RETURN_IF_ERROR(in.run("UPDATE delivery_mark SET assigned = low"));
            return {};
          });
      if (!forgotten) return forgotten.error();
    }
    ASSIGN_OR_RETURN(auto all, real_.load());
    if (off_ == JournalRule::key_is_kept) {
      for (auto& [id, kept] : all) {
        for (Kept::Open& open : kept.open) {
          const Intent old = open.intent;
          std::array<std::uint8_t, 16> bytes = old.batch.bytes();
          ++bytes[15];
          open.intent.batch = base::Uid(bytes);
          open.intent.key += "+";
          const base::Lock lock(mutex_);
          renamed_.emplace(open.intent.batch, old);
        }
      }
    }
    return all;
  }
  base::Result<void> adopt(DeliveryId id, const std::vector<Mark>& marks) override {
    return real_.adopt(id, marks);
  }
  base::Result<void> open(const Intent& intent) override {
    if (off_ == JournalRule::intent_before_object) return {};
    if (off_ != JournalRule::assigned_with_intent) return real_.open(intent);
    return catalog_.write_and_wait([&](catalog::Transaction& in) -> base::Result<void> {
      ASSIGN_OR_RETURN(const std::vector<Mark> before, read_marks(in, intent.delivery));
      RETURN_IF_ERROR(add_intent(in, intent));
      for (const Mark& mark : before) {
        RETURN_IF_ERROR(
            in.run("UPDATE delivery_mark SET assigned = ? WHERE delivery = ? AND shard = ?",
                   mark.assigned, intent.delivery.raw(), mark.shard.raw()));
      }
      return {};
    });
  }
  base::Result<void> attempt(const Intent& intent, const Attempt& attempt) override {
    return real_.attempt(as_kept(intent), attempt);
  }
  base::Result<std::optional<Committed>> commit(const Intent& intent,
                                                ObjectStore::Staged& staged) override {
    switch (off_) {
      case JournalRule::one_transaction: {
        ASSIGN_OR_RETURN(std::optional<Lows> lows, commit_rows(intent));
        if (!lows) return std::optional<Committed>();
        between_();
        RETURN_IF_ERROR(put(staged));
        return std::optional(Committed{.lows = *std::move(lows), .receipt = {}});
      }
      case JournalRule::intent_before_object: {
        RETURN_IF_ERROR(put(staged));
        between_();
        RETURN_IF_ERROR(real_.open(intent));
        ASSIGN_OR_RETURN(std::optional<Lows> lows, commit_rows(intent));
        if (!lows) return std::optional<Committed>();
        return std::optional(Committed{.lows = *std::move(lows), .receipt = {}});
      }
      case JournalRule::key_is_kept: {
        RETURN_IF_ERROR(put(staged));
        between_();
        ASSIGN_OR_RETURN(std::optional<Lows> lows, commit_rows(as_kept(intent)));
        if (!lows) return std::optional<Committed>();
        return std::optional(Committed{.lows = *std::move(lows), .receipt = {}});
      }
      case JournalRule::assigned_with_intent:
      case JournalRule::intents_are_kept: return real_.commit(intent, staged);
    }
    return std::optional<Committed>();
  }
  base::Result<std::vector<log::ShardNumber>> retire(
      DeliveryId id, const std::vector<log::ShardNumber>& shards) override {
    return real_.retire(id, shards);
  }

 private:
  base::Result<std::optional<Lows>> commit_rows(const Intent& intent) {
    std::optional<Lows> lows;
    RETURN_IF_ERROR(catalog_.write_and_wait([&](catalog::Transaction& in) -> base::Result<void> {
      ASSIGN_OR_RETURN(lows, commit_intent(in, intent));
      return {};
    }));
    return lows;
  }
  base::Result<void> put(ObjectStore::Staged& staged) {
    return catalog_.write_and_wait([&](catalog::Transaction& in) -> base::Result<void> {
      RETURN_IF_ERROR(store_.commit(in, staged));
      return {};
    });
  }
  Intent as_kept(const Intent& intent) const {
    const base::Lock lock(mutex_);
    const auto found = renamed_.find(intent.batch);
    return found == renamed_.end() ? intent : found->second;
  }

  const JournalRule off_;
  JournalInCatalog real_;
  catalog::Catalog& catalog_;
  ObjectStore& store_;
  const std::function<void()> between_;
  mutable base::Mutex mutex_;
  std::map<base::Uid, Intent> renamed_ HYD_GUARDED_BY(mutex_);
};

}  // namespace hyd::delivery
