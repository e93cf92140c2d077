#include "catalog/writer.h"

#include "base/check.h"

#include <algorithm>
#include <cstdlib>
#include <string>
#include <utility>

namespace hyd::catalog {

using base::Code;
using base::fail;
using base::Result;

namespace {

// Blocks are taken in steps, and some are kept above what is used, so that a delete that has to
// split a page succeeds on a full disk.
constexpr std::uint64_t kHoldStep = 4u << 20;
constexpr std::uint64_t kHoldSpare = 1u << 20;
// A checkpoint that a reader cut short is tried again after this much more WAL.
constexpr std::uint64_t kCheckpointAgain = 512u << 10;

}  // namespace

Writer::Writer(Parts parts, Limits limits)
    : runtime_(parts.runtime),
      vfs_(parts.vfs),
      connection_(std::move(parts.connection)),
      database_(std::move(parts.database)),
      wal_held_(parts.wal_held.bytes()),
      probe_(parts.probe),
      log_(parts.log),
      limits_(limits),
      wake_(runtime_.make_semaphore()) {}

Writer::~Writer() { stop(); }

Result<void> Writer::start() {
  ASSIGN_OR_RETURN(held_, database_->size());
  ASSIGN_OR_RETURN(const std::uint64_t used, database_bytes());
  if (auto done = hold(used); !done && done.error().code != Code::exhausted) return done;
  thread_ = runtime_.spawn("catalog", [this] { run(); });
  return {};
}

void Writer::write(Lane lane, Mutation mutation, base::Done<void> done) {
  bool wake = false;
  std::optional<base::Error> refused;
  {
    const base::Lock lock(mutex_);
    std::deque<Queued>& queue = lane == Lane::control ? control_ : object_;
    const std::size_t most =
        lane == Lane::control ? limits_.control_queue_max : limits_.object_queue_max;
    if (closed_) {
      refused = fail(Code::cancelled, "the catalog is stopping");
    } else if (queue.size() >= most) {
      refused = fail(Code::exhausted, "the catalog has too many changes waiting");
    } else {
      queue.push_back({.mutation = std::move(mutation), .done = std::move(done), .outcome = {}});
      wake = !std::exchange(awake_, true);
    }
  }
  if (refused) {
    probe_.failed[static_cast<std::size_t>(refused->code)].add();
    done(*std::move(refused));
    return;
  }
  (lane == Lane::control ? probe_.waiting_control : probe_.waiting_object).add(1);
  if (wake) wake_->release();
}

void Writer::stop() {
  bool wake = false;
  {
    const base::Lock lock(mutex_);
    closed_ = true;
    wake = !std::exchange(awake_, true);
  }
  if (wake) wake_->release();
  if (thread_ != nullptr) thread_->join();
  thread_ = nullptr;
}

void Writer::run() {
  for (;;) {
    Group group = take_group();
    if (group.empty()) return;
    commit_group(group);
    for (Queued& item : group) item.done(std::move(item.outcome));
    checkpoint_if_due();
  }
}

Writer::Group Writer::take_group() {
  for (;;) {
    Group group;
    std::int64_t control = 0;
    {
      const base::Lock lock(mutex_);
      for (std::deque<Queued>* queue : {&control_, &object_}) {
        while (!queue->empty() && group.size() < limits_.group_max) {
          group.push_back(std::move(queue->front()));
          queue->pop_front();
          if (queue == &control_) ++control;
        }
      }
      if (group.empty()) {
        if (closed_) return group;
        awake_ = false;
      }
    }
    if (!group.empty()) {
      probe_.waiting_control.add(-control);
      probe_.waiting_object.add(control - static_cast<std::int64_t>(group.size()));
      return group;
    }
    static_cast<void>(wake_->acquire(base::MonoTime::never()));
  }
}

bool Writer::idle() {
  const base::Lock lock(mutex_);
  return control_.empty() && object_.empty();
}

void Writer::commit_group(Group& group) {
  const base::MonoTime begin = runtime_.clock().mono();
  const Result<void> together = commit_together(group);
  if (!together) {
    // One of them asked for more than there is, or broke the transaction for all: each gets its
    // own. The checkpoint gives the WAL's held blocks back first.
    if (group.size() > 1) {
      checkpoint();
      for (Queued& item : group) commit_alone(item);
    } else {
      group.front().outcome = together;
    }
  }
  probe_.commit.record(runtime_.clock().mono() - begin);
  probe_.group.record(group.size());
  for (const Queued& item : group) {
    if (item.outcome) {
      probe_.committed.add();
    } else {
      probe_.failed[static_cast<std::size_t>(item.outcome.error().code)].add();
    }
  }
}

Result<void> Writer::commit_together(Group& group) {
  RETURN_IF_ERROR(connection_->run("BEGIN IMMEDIATE"));
  for (Queued& item : group) {
    if (auto kept = apply(item); !kept) {
      roll_back();
      return kept;
    }
  }
  return commit();
}

void Writer::commit_alone(Queued& item) {
  Group one;
  one.push_back(std::move(item));
  if (auto done = commit_together(one); !done) one.front().outcome = std::move(done);
  item = std::move(one.front());
}

Result<void> Writer::apply(Queued& item) {
  RETURN_IF_ERROR(connection_->run("SAVEPOINT mutation"));
  {
    Transaction transaction(*connection_);
    item.outcome = item.mutation(transaction);
  }
  if (item.outcome && can_hold_) {
    ASSIGN_OR_RETURN(const std::uint64_t bytes, database_bytes());
    item.outcome = hold(bytes);
  }
  if (!connection_->in_transaction()) {
    // Some errors make SQLite give up the whole transaction.
    if (!item.outcome) return item.outcome;
    return fail(Code::io, "SQLite gave up the transaction");
  }
  if (!item.outcome) RETURN_IF_ERROR(connection_->run("ROLLBACK TO mutation"));
  return connection_->run("RELEASE mutation");
}

Result<void> Writer::commit() {
  if (auto armed = runtime_.fail_points().pass("catalog.before_commit"); !armed) {
    die_of(armed.error());
  }
  auto done = connection_->run("COMMIT");
  if (const auto sync = vfs_.failed_sync()) die_of(*sync);
  if (!done) {
    if (done.error().code != Code::exhausted) die_of(done.error());
    roll_back();
    return done;
  }
  if (auto armed = runtime_.fail_points().pass("catalog.after_commit"); !armed) {
    die_of(armed.error());
  }
  probe_.wal_bytes.set(static_cast<std::int64_t>(connection_->wal_bytes()));
  return done;
}

void Writer::roll_back() {
  if (!connection_->in_transaction()) return;
  if (auto done = connection_->run("ROLLBACK"); !done) die_of(done.error());
}

Result<std::uint64_t> Writer::database_bytes() {
  ASSIGN_OR_RETURN(const std::int64_t pages, connection_->integer("PRAGMA page_count"));
  const std::uint64_t bytes = static_cast<std::uint64_t>(pages) * kPageBytes;
  probe_.database_bytes.set(static_cast<std::int64_t>(bytes));
  return bytes;
}

Result<void> Writer::hold(std::uint64_t bytes) {
  if (!can_hold_ || bytes + kHoldSpare <= held_) return {};
  const std::uint64_t ahead = (bytes + kHoldSpare + kHoldStep - 1) / kHoldStep * kHoldStep;
  for (const std::uint64_t target : {ahead, bytes}) {
    if (target <= held_) return {};
    auto done = database_->reserve(held_, target - held_);
    if (done) {
      held_ = target;
      return {};
    }
    if (done.error().code == Code::unsupported) {
      can_hold_ = false;
      return {};
    }
    if (done.error().code != Code::exhausted || target == bytes) {
      return std::move(done).error().within("room for the catalog to grow");
    }
  }
  return {};
}

void Writer::checkpoint_if_due() {
  const std::uint64_t wal = connection_->wal_bytes();
  if (wal < wal_at_checkpoint_) wal_at_checkpoint_ = 0;  // the WAL began anew
  if (wal_at_checkpoint_ != 0 && wal < wal_at_checkpoint_ + kCheckpointAgain) return;
  const bool must = wal >= wal_held_ / 4 * 3;
  const bool may = wal >= std::min(limits_.checkpoint_at.bytes(), wal_held_ / 2);
  if (must || (may && idle())) checkpoint();
}

void Writer::checkpoint() {
  if (auto armed = runtime_.fail_points().pass("catalog.checkpoint"); !armed) {
    die_of(armed.error());
  }
  const base::MonoTime begin = runtime_.clock().mono();
  auto done = connection_->checkpoint();
  if (const auto sync = vfs_.failed_sync()) die_of(*sync);
  if (!done && done.error().code == Code::exhausted) {
    probe_.checkpoints_failed.add();
    if (log_) {
      log_->warning("A checkpoint of the catalog found no space and will be tried again.",
                    {{"wal_bytes", connection_->wal_bytes()}, {"reason", done.error().what}});
    }
  } else if (!done && done.error().code != Code::unavailable) {
    die_of(done.error());
  }
  wal_at_checkpoint_ = connection_->wal_bytes();
  probe_.checkpoint.record(runtime_.clock().mono() - begin);
}

void Writer::die_of(const base::Error& error) {
  runtime_.die("the catalog cannot say what is durable: " + error.what);
  std::abort();  // not reached; g++ does not take a virtual function's word for it
}

}  // namespace hyd::catalog
