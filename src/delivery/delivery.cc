#include "delivery/delivery.h"

#include "delivery/tables.h"
#include "sys/wait_for.h"

#include <utility>

namespace hyd::delivery {

using base::Result;
using catalog::Transaction;

Result<std::unique_ptr<Delivery>> Delivery::open(Parts parts) {
  ASSIGN_OR_RETURN(const std::unique_ptr<catalog::Reader> reader, parts.catalog.reader());
  ASSIGN_OR_RETURN(const catalog::Reader::Snapshot snapshot, reader->snapshot());
  ASSIGN_OR_RETURN(const std::vector<DeliveryStream> all, read_streams(*reader));
  DeliveryStreams picture;
  for (const DeliveryStream& stream : all) picture.emplace(stream.key, stream);

  ASSIGN_OR_RETURN(auto kept, parts.journal.load());

  sys::Runtime& runtime = parts.runtime;
  auto delivery = std::make_unique<Delivery>(
      std::move(parts), std::make_shared<const DeliveryStreams>(std::move(picture)));
  for (const DeliveryStream& stream : all) {
    auto plan = plan_of(stream);
    if (!plan) return std::move(plan).error().within(stream.arn);
    delivery->engine_.add({.stream = stream, .kept = std::move(kept[stream.id])}, *std::move(plan));
  }
  RETURN_IF_ERROR(delivery->engine_.look_at_sources());
  RETURN_IF_ERROR(runtime.fail_points().pass("delivery.recovered"));
  return delivery;
}

Delivery::Delivery(Parts parts, std::shared_ptr<const DeliveryStreams> streams)
    : parts_(std::move(parts)),
      newest_(streams),
      snapshots_(parts_.loops, std::move(streams)),
      engine_(
          {.runtime = parts_.runtime,
           .log = parts_.log,
           .sources = parts_.sources,
           .store = parts_.store,
           .journal = parts_.journal,
           .logger = parts_.logger,
           .remove = [this](const StreamKey& key, DeliveryId id) { return remove(key, id); },
           .drain_failed = [this](const StreamKey& key,
                                  std::string why) { return drain_failed(key, std::move(why)); }},
          parts_.options) {
  if (parts_.metrics != nullptr) engine_.probe().register_in(*parts_.metrics);
}

Delivery::~Delivery() { stop(); }

void Delivery::start() { engine_.start(); }
void Delivery::stop() { engine_.stop(); }

const DeliveryStream* Delivery::find(const sys::Loop& loop, const StreamKey& key) const {
  const DeliveryStreams& all = streams(loop);
  const auto found = all.find(key);
  return found == all.end() ? nullptr : &found->second;
}

void Delivery::show(DeliveryStreams next, base::Task everywhere) {
  newest_ = std::make_shared<const DeliveryStreams>(std::move(next));
  snapshots_.publish(newest_, std::move(everywhere));
}

void Delivery::change(const aws::Call& call, Change change, aws::Done<aws::Nothing> done) {
  // What the mutation and its completion share: they are two functions of the catalog's.
  struct Round {
    Change change;
    aws::Done<aws::Nothing> done;
    std::optional<aws::Fault> refused;
  };
  auto round = std::make_shared<Round>(Round{std::move(change), std::move(done), {}});
  sys::Loop& loop = call.loop;
  parts_.catalog.write(
      catalog::Lane::control,
      [round](Transaction& in) -> Result<void> {
        ASSIGN_OR_RETURN(round->refused, round->change.store(in));
        if (round->refused) return base::fail(base::Code::conflict, "refused");
        return {};
      },
      [this, round, &loop](Result<void> result) {
        if (!result) {
          aws::Fault fault = round->refused ? *std::move(round->refused)
                                            : aws::fault_from(std::move(result).error());
          loop.post([round, fault = std::move(fault)]() mutable {
            round->done(std::unexpected(std::move(fault)));
          });
          return;
        }
        DeliveryStreams next = *newest_;
        round->change.apply(next, engine_);
        show(std::move(next),
             [round, &loop] { loop.post([round] { round->done(aws::Nothing{}); }); });
      });
}

Result<void> Delivery::change_and_wait(catalog::Mutation store,
                                       std::move_only_function<void(DeliveryStreams&)> apply) {
  // Not until every loop shows it: the loops may have been stopped already.
  return sys::wait_for<void>(parts_.runtime, [&](base::Done<void> done) {
    parts_.catalog.write(catalog::Lane::control, std::move(store),
                         [this, &apply, done = std::move(done)](Result<void> result) mutable {
                           if (result) {
                             DeliveryStreams next = *newest_;
                             apply(next);
                             show(std::move(next), [] {});
                           }
                           done(std::move(result));
                         });
  });
}

Result<void> Delivery::remove(const StreamKey& key, DeliveryId id) {
  return change_and_wait([id](Transaction& in) { return remove_stream(in, id); },
                         [&key](DeliveryStreams& all) { all.erase(key); });
}

Result<void> Delivery::drain_failed(const StreamKey& key, std::string why) {
  return change_and_wait([&key, &why](Transaction& in) { return fail_deletion(in, key, why); },
                         [&key, &why](DeliveryStreams& all) {
                           const auto found = all.find(key);
                           if (found == all.end()) return;
                           found->second.state = DeliveryState::deleting_failed;
                           found->second.failure = why;
                         });
}

}  // namespace hyd::delivery
