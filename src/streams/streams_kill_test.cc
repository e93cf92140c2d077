// The program ends between the steps of a create or a delete; the next start completes them. The
// disk is the simulated one, so what was not durable is gone.
#include "streams/testing/streams_life.h"
#include "sys/sim/sim_process.h"

#include <gtest/gtest.h>

#include <functional>
#include <string>

namespace hyd::streams {
namespace {

using testing::StreamsLife;

constexpr std::string_view kPut = R"({"StreamName":"s","Data":"eA==","PartitionKey":"k"})";

struct Life {
  std::string disk;
  std::string ledger;
  sys::SimEnd::How how = sys::SimEnd::How::crashed;
};

Life live(std::string_view disk, const sys::SimLife& life,
          const std::function<void(StreamsLife&, sys::SimProcess&)>& body) {
  const sys::SimEnd end = sys::run_process(disk, life, [&](sys::SimProcess& process) {
    StreamsLife streams(process.runtime);
    body(streams, process);
  });
  EXPECT_NE(end.how, sys::SimEnd::How::crashed) << end.why;
  EXPECT_NE(end.how, sys::SimEnd::How::died) << end.why;
  return {.disk = end.disk, .ledger = end.ledger, .how = end.how};
}

// What a start finds of the stream "s": its status, whether it takes records, how many records the
// log still has of it.
std::string what_is_left(std::string_view disk) {
  return live(disk, {.seed = 23},
              [](StreamsLife& streams, sys::SimProcess& process) {
                for (const auto& [uid, stream] : streams.streams().newest()->all()) {
                  const auto records = sys::wait_for<log::ReadResult>(
                      process.runtime, [&, number = stream->shards[0].number](auto done) {
                        streams.journal().read(nullptr, {.shard = number, .from = log::Place(1)},
                                               std::move(done));
                      });
                  HYD_CHECK(records.has_value());
                  process.tell(stream->status == Status::gone ? "gone" : "there");
                  process.tell(std::to_string(records->records.size()) + " records");
                  const std::optional<log::Place> end = stream->shards[0].end;
                  HYD_CHECK(!end || records->records.empty() ||
                            records->records.back().place <= *end);
                  process.tell(end ? "ended" : "open");
                }
                process.tell(streams.ask("PutRecord", kPut).contains("SequenceNumber")
                                 ? "takes records"
                                 : "refuses records");
                process.tell(streams.ask("CreateStream", R"({"StreamName":"s","ShardCount":1})")
                                     .starts_with("ResourceInUse")
                                 ? "name taken"
                                 : "name free");
              })
      .ledger;
}

TEST(StreamsKill, ACreateWhoseRowExistsIsComplete) {
  const Life first = live("", {.seed = 3, .fail_points = "streams.create.stored:1:kill"},
                          [](StreamsLife& streams, sys::SimProcess& process) {
                            streams.ask("CreateStream", R"({"StreamName":"s","ShardCount":2})");
                            process.tell("answered");
                          });
  EXPECT_EQ(first.how, sys::SimEnd::How::killed);
  EXPECT_EQ(first.ledger, "");
  EXPECT_EQ(what_is_left(first.disk), "there\n0 records\nopen\ntakes records\nname taken\n");
}

TEST(StreamsKill, ADeleteThatHasBegunIsFinishedByTheNextStart) {
  for (const std::string_view point :
       {"streams.delete.begun", "streams.delete.closed", "streams.delete.stored"}) {
    SCOPED_TRACE(point);
    const Life first = live("", {.seed = 4, .fail_points = std::string(point) + ":1:kill"},
                            [](StreamsLife& streams, sys::SimProcess& process) {
                              streams.ask("CreateStream", R"({"StreamName":"s","ShardCount":1})");
                              streams.ask("PutRecord", kPut);
                              streams.ask("PutRecord", kPut);
                              process.tell("kept");
                              streams.ask("DeleteStream", R"({"StreamName":"s"})");
                              process.tell("deleted");
                            });
    EXPECT_EQ(first.how, sys::SimEnd::How::killed);
    EXPECT_EQ(first.ledger, "kept\n");
    EXPECT_EQ(what_is_left(first.disk), "gone\n2 records\nended\nrefuses records\nname free\n");
  }
}

// Killed at many steps of one life: what was told is true afterwards.
TEST(StreamsKill, WhatWasAnsweredIsTrueAfterAKillAtAnyStep) {
  const auto body = [](StreamsLife& streams, sys::SimProcess& process) {
    if (streams.ask("CreateStream", R"({"StreamName":"s","ShardCount":1})") == "{}") {
      process.tell("made");
    }
    if (streams.ask("PutRecord", kPut).contains("Sequence")) process.tell("kept");
    if (streams.ask("DeleteStream", R"({"StreamName":"s"})") == "{}") process.tell("deleted");
  };
  const Life whole = live("", {.seed = 9}, body);
  ASSERT_EQ(whole.ledger, "made\nkept\ndeleted\n");
  int killed = 0;
  for (std::uint64_t step = 100; step < 3'000; step += 31) {
    const Life life = live("", {.seed = 9, .kill_at_step = step}, body);
    if (life.how != sys::SimEnd::How::killed) break;
    ++killed;
    const std::string left = what_is_left(life.disk);
    SCOPED_TRACE(std::to_string(step) + ": " + life.ledger + left);
    if (life.ledger.contains("deleted")) {
      EXPECT_TRUE(left.contains("gone\n1 records\nended\nrefuses records\nname free"));
    } else if (life.ledger.contains("kept")) {
      EXPECT_TRUE(left.contains("1 records"));
    } else if (life.ledger.contains("made")) {
      EXPECT_TRUE(left.contains("there\n") && left.contains("takes records"));
    }
  }
  EXPECT_GT(killed, 5);
}

}  // namespace
}  // namespace hyd::streams
