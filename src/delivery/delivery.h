// Firehose: carries the records of streams into objects, each exactly once.
//
// One promise: every record that the log holds as durable behind a delivery stream's start is in
// exactly one object, or still owed, whatever ends the process and when; and within a shard records
// keep their order. It rests on three rows of the catalog: the INTENT, durable before the first
// byte leaves, fixes an object's key and its exact records; the object is built from the log alone;
// its row and the COMMIT are one transaction.
//
// Threads: one of its own that only decides what is to be done next (engine.h), and a pool of
// workers that read, build and wait. Operations run on the calls' loops, which read their picture.
//
// Order of a start: catalog, log and streams are open -> `open` (loads, states holds) ->
// Log::start_letting_go -> `start`. Of an end: `stop`, then log and catalog.
#pragma once

#include "aws/call.h"
#include "aws/fault.h"
#include "aws/operation.h"
#include "aws/shape.h"
#include "base/result.h"
#include "catalog/catalog.h"
#include "delivery/config.h"
#include "delivery/engine.h"
#include "delivery/ports.h"
#include "delivery/status.h"
#include "log/log.h"
#include "sys/loop.h"
#include "sys/runtime.h"
#include "sys/snapshots.h"
#include "telemetry/log.h"
#include "telemetry/registry.h"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hyd::delivery {

// To be passed to Catalog::open with everyone's.
catalog::Schema delivery_schema();
// The highest place that any of this room's rows names, 0 without any: places that the log gives
// out after a start lie behind it.
base::Result<std::uint64_t> place_max(catalog::Queryable& from);

// The operations CreateDeliveryStream, DeleteDeliveryStream, DescribeDeliveryStream and
// ListDeliveryStreams as the service "firehose", whose service object is Delivery.
const aws::ServiceTable& firehose_table();

class Delivery {
 public:
  struct Parts {
    sys::Runtime& runtime;
    catalog::Catalog& catalog;  // opened with delivery_schema()
    log::Log& log;
    Sources& sources;
    ObjectStore& store;
    DeliveryJournal& journal;
    std::vector<sys::Loop*> loops;
    telemetry::Registry* metrics = nullptr;
    std::optional<telemetry::Logger> logger = std::nullopt;
    EngineOptions options = {};
  };

  // Reads what is kept and tells the log what is still needed; blocks. What `parts` refers to
  // outlives it.
  static base::Result<std::unique_ptr<Delivery>> open(Parts parts);
  Delivery(Parts parts, std::shared_ptr<const DeliveryStreams> streams);
  ~Delivery();  // stops

  // From here on records are read and objects stored; open intents first.
  void start();
  // Takes nothing more into work; what is in work ends or is left to the next start. Blocks for as
  // long as one object takes to be built and stored. Not on a loop.
  void stop();

  // Of every delivery stream. Any thread.
  std::vector<Status> status() const { return engine_.status(); }

  // --- for the operations, on the call's loop

  const DeliveryStreams& streams(const sys::Loop& loop) const { return *snapshots_.here(loop); }
  const DeliveryStream* find(const sys::Loop& loop, const StreamKey& key) const;
  const Sources& sources() const { return parts_.sources; }
  log::Log& log() { return parts_.log; }
  base::Rng& entropy() { return parts_.runtime.entropy(); }

  struct Change {
    // Decides and writes, on the catalog writer's thread and perhaps twice: the fault that refuses
    // the change, or nothing.
    std::move_only_function<base::Result<std::optional<aws::Fault>>(catalog::Transaction&)> store;
    // The same for the picture and the engine, once it is durable. The engine's part must not wait.
    std::move_only_function<void(DeliveryStreams&, Engine&)> apply;
  };
  // `done` runs on the call's loop when every loop shows the change.
  void change(const aws::Call& call, Change change, aws::Done<aws::Nothing> done);

 private:
  // What the engine asks for when a deletion comes to its end.
  base::Result<void> remove(const StreamKey& key, DeliveryId id);
  base::Result<void> drain_failed(const StreamKey& key, std::string why);
  base::Result<void> change_and_wait(catalog::Mutation store,
                                     std::move_only_function<void(DeliveryStreams&)> apply);
  // On the catalog writer's thread.
  void show(DeliveryStreams next, base::Task everywhere);

  Parts parts_;
  std::shared_ptr<const DeliveryStreams> newest_;  // the catalog writer's thread, after `open`
  sys::Snapshots<DeliveryStreams> snapshots_;
  Engine engine_;
};

}  // namespace hyd::delivery
