// Decides what every delivery stream does next, and has workers do it.
//
// One thread only decides: it wakes when a worker has finished, when something is due, and at least
// every `wake_every` to look at the log's durable mark, which costs a few loads. Workers do what
// blocks, one of these at a time: read a slice of a stream (never two of one), store the object of
// an intent, remove a drained stream, forget sources that are gone. What they share is behind one
// mutex, never held while they wait.
//
// An attempt that fails is repeated for ever, with growing pauses: nothing is dropped. Intents
// whose records the log cannot give (Code::corrupt, twice) are damaged: they wait, all else goes
// on.
#pragma once

#include "base/clock.h"
#include "base/mutex.h"
#include "base/result.h"
#include "delivery/config.h"
#include "delivery/journal.h"
#include "delivery/object.h"
#include "delivery/ports.h"
#include "delivery/probe.h"
#include "delivery/reader.h"
#include "delivery/status.h"
#include "log/log.h"
#include "sys/runtime.h"
#include "sys/workers.h"
#include "telemetry/log.h"

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace hyd::delivery {

struct EngineOptions {
  std::size_t workers = 4;
  std::size_t open_intents_max = 64;  // of a stream; at it the stream is not read on
  std::size_t in_work_max = 4;        // intents of a stream; never more than half of the workers
  std::uint64_t slice_bytes = 4u << 20;
  // A buffer closes at this size even if its hint is larger: an object is built in memory.
  std::uint64_t buffer_bytes_max = 128u << 20;
  // Of the objects that are being built; one is always let in.
  std::uint64_t build_bytes_max = 256u << 20;
  std::chrono::milliseconds wake_every{200};
  std::chrono::milliseconds retry_min{200};
  std::chrono::milliseconds retry_max{30'000};
  std::chrono::seconds forget_every{60};  // at most `forget_max` of the streams that are gone
  std::size_t forget_max = 16;
  std::chrono::seconds drain{60};  // how long a deletion may take before it has failed
};

class Engine {
 public:
  struct Parts {
    sys::Runtime& runtime;
    log::Log& log;
    Sources& sources;
    ObjectStore& store;
    DeliveryJournal& journal;
    std::optional<telemetry::Logger> logger;
    // Makes durable and shows that a drained stream is gone, or that it could not be drained in
    // time and why. Called by workers; they block.
    std::function<base::Result<void>(const StreamKey&, DeliveryId)> remove;
    std::function<base::Result<void>(const StreamKey&, std::string why)> drain_failed;
  };
  Engine(Parts parts, EngineOptions options);
  ~Engine();  // stops

  // What is kept of one delivery stream. `plan_of` has accepted it.
  struct Loaded {
    DeliveryStream stream;
    DeliveryJournal::Kept kept;
  };
  // Any thread, also after `start`; states what the log must hold.
  void add(Loaded loaded, Plan plan);
  // Before `start`: marks and holds what came into the sources behind the last look of the run
  // before, so that the log may let go of the rest. Blocks.
  base::Result<void> look_at_sources();
  // A deletion began: nothing from `drain_to` on is taken, and the buffer closes at once.
  void drain(DeliveryId id, std::uint64_t drain_to);
  // The stream is gone from the catalog: whatever is in work comes to nothing.
  void drop(DeliveryId id);

  void start();
  void stop();
  std::vector<Status> status() const;
  Probe& probe() { return probe_; }

 private:
  struct OpenIntent {
    Intent intent;
    Attempt attempt = {};
    base::MonoTime due = {};  // not before
    std::uint32_t failures = 0;
    bool in_work = false;
    bool damaged = false;
    std::string error = {};  // of the last attempt
  };
  // One delivery stream. `reader` is its reading task's while `reading`; the rest is behind the
  // mutex.
  struct Line {
    DeliveryStream stream;
    std::unique_ptr<Reader> reader;
    bool reading = false;
    base::MonoTime read_due;
    base::MonoTime adopt_due;  // while no intent may be opened
    std::uint32_t read_failures = 0;
    std::uint64_t read_to = 0;
    bool caught_up = false;
    bool full = false;
    Buffer buffered;  // as the last slice left it
    std::vector<OpenIntent> open;
    std::size_t in_work = 0;
    bool ending = false;  // a worker removes it, or says that it could not be drained
    bool gone = false;
    std::vector<log::ShardNumber> passed;  // by the reader, as the last slice left it
    base::MonoTime drain_until = base::MonoTime::never();
    std::uint64_t objects = 0;
    std::string last_error;
  };
  using LinePtr = std::shared_ptr<Line>;

  // A look at everything: what is to be handed to workers, and when to look again.
  struct Moment {
    base::MonoTime now;
    std::int64_t log_ms = 0;
    std::uint64_t end = 0;  // the durable mark
  };
  struct Look {
    std::vector<base::Task> tasks;
    base::MonoTime next;
  };

  void run();
  Look look(const Moment& moment);
  void look_at(const LinePtr& line, const Moment& moment, Look& look) HYD_REQUIRES(mutex_);
  bool wants_reading(const Line& line, const Moment& moment) const HYD_REQUIRES(mutex_);
  void choose_intents(const LinePtr& line, const Moment& moment, Look& look) HYD_REQUIRES(mutex_);
  bool drained(const Line& line) const HYD_REQUIRES(mutex_);
  void measure(const Moment& moment) HYD_REQUIRES(mutex_);
  Moment moment();
  void poke();
  // Runs `work` on a worker and counts it.
  base::Task task(base::Task work) HYD_REQUIRES(mutex_);
  std::chrono::nanoseconds pause(std::uint32_t failures) const;
  bool stopping() const { return stopping_.load(std::memory_order_relaxed); }

  // On workers.
  void read(const LinePtr& line, const Moment& moment);
  void look_at_source(const LinePtr& line);
  void drop_what_is_gone(const LinePtr& line);
  void store(const LinePtr& line, const Intent& intent, const Attempt& attempt);
  void forget_gone_sources();
  bool done_with(const Source& source) const;
  bool log_let_go_of(const Source& source);
  base::Result<std::optional<DeliveryJournal::Committed>> attempt(const LinePtr& line,
                                                                  const Intent& intent,
                                                                  const Attempt& attempt);
  base::Result<Object> build(const LinePtr& line, const Intent& intent);
  void hold(const LinePtr& line, const Lows& lows);
  void stored(const LinePtr& line, const Intent& intent);
  void failed(const LinePtr& line, const Intent& intent, const base::Error& error);
  void end(const LinePtr& line);

  const Parts parts_;
  const EngineOptions options_;
  Probe probe_;
  std::unique_ptr<sys::Semaphore> wake_;
  std::atomic<bool> poked_{false};
  std::atomic<bool> stopping_{false};
  std::unique_ptr<sys::Workers> workers_;
  std::unique_ptr<sys::Thread> thread_;

  mutable base::Mutex mutex_;
  std::map<DeliveryId, LinePtr> lines_ HYD_GUARDED_BY(mutex_);
  bool forgetting_ HYD_GUARDED_BY(mutex_) = false;
  base::MonoTime forget_due_ HYD_GUARDED_BY(mutex_) = {};
  base::Uid last_asked_;  // the forgetting task's: of the streams that are gone
  DeliveryId last_served_ HYD_GUARDED_BY(mutex_);   // the next look begins behind it
  std::size_t running_ HYD_GUARDED_BY(mutex_) = 0;  // tasks on workers
  std::uint64_t building_bytes_ HYD_GUARDED_BY(mutex_) = 0;
  // The log says its time when it commits; between commits monotonic time goes on from there.
  std::int64_t log_said_ms_ HYD_GUARDED_BY(mutex_) = 0;
  base::MonoTime log_said_at_ HYD_GUARDED_BY(mutex_);
  std::int64_t log_ms_ HYD_GUARDED_BY(mutex_) = 0;
};

}  // namespace hyd::delivery
