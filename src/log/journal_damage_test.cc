// A log that goes on over damage. Method: one life writes, the test damages the disk, and the next
// life reads everything that it can.
#include "log/testing/log_life.h"

#include <gtest/gtest.h>

#include <functional>
#include <string>

namespace hyd::log {
namespace {

constexpr int kRecords = 24;
constexpr JournalOptions kOptions{.segment_bytes = 48u << 10};

std::string run(std::string_view disk, std::string* ledger,
                const std::function<void(LogLife&, sys::SimProcess&)>& body) {
  const sys::SimEnd end = sys::run_process(disk, {.seed = 5}, [&](sys::SimProcess& process) {
    LogLife life(process, kOptions);
    body(life, process);
    life.stop();
  });
  EXPECT_EQ(end.how, sys::SimEnd::How::returned) << end.why;
  if (ledger != nullptr) *ledger = end.ledger;
  return end.disk;
}

// A commit of one block for each record, record i at place i; segments of eleven.
std::string written() {
  return run("", nullptr, [](LogLife& life, sys::SimProcess&) {
    for (int i = 1; i <= kRecords; ++i) {
      HYD_CHECK(life.append(0, {{1, "record " + std::to_string(i)}}).has_value());
    }
  });
}

// Reads on from place 1, stepping one place over what is damaged: places, and refusals as "!place".
std::string read_over(LogLife& life) {
  std::string seen;
  ReadRequest request{.shard = ShardNumber(1), .from = Place(1), .records_max = 100};
  while (request.from.raw() <= kRecords) {
    const auto got = sys::wait_for<ReadResult>(
        life.runtime(), [&](auto done) { life.journal().read(nullptr, request, std::move(done)); });
    if (!got) {
      HYD_CHECK(got.error().code == base::Code::corrupt);
      seen += "!" + std::to_string(request.from.raw()) + " ";
      request.from = Place(request.from.raw() + 1);
      continue;
    }
    for (const ReadRecord& record : got->records) {
      HYD_CHECK(record.data == "record " + std::to_string(record.place.raw()));
      seen += std::to_string(record.place.raw()) + " ";
    }
    if (got->caught_up) break;
    HYD_CHECK(got->next > request.from);
    request.from = got->next;
  }
  return seen;
}

std::string expected(std::uint64_t lost_from, std::uint64_t lost_to) {
  std::string all;
  for (std::uint64_t i = 1; i <= kRecords; ++i) {
    all += (i >= lost_from && i <= lost_to ? "!" : "") + std::to_string(i) + " ";
  }
  return all;
}

TEST(JournalDamage, ADamagedCommitInASealedSegmentHidesNothingBeforeAndBehindIt) {
  for (const std::uint64_t at : {2u, 70u, 140u, 172u}) {
    SCOPED_TRACE(at);
    auto disk = sys::SimDisk::load(written(), 1);
    disk->flip_byte(slot_path(1), 4 * sys::kBlockBytes + at);
    disk->flip_byte(slot_path(1), 5 * sys::kBlockBytes + at);
    std::string seen;
    run(disk->save(), &seen,
        [](LogLife& life, sys::SimProcess& process) { process.tell(read_over(life)); });
    EXPECT_EQ(seen, expected(5, 6) + "\n");
  }
}

TEST(JournalDamage, AVanishedSlotRefusesItsPlacesInEveryLaterRunAndNoOthers) {
  auto disk = sys::SimDisk::load(written(), 1);
  ASSERT_TRUE(disk->remove(slot_path(2)));
  std::string saved = disk->save();
  for (int n = 0; n < 3; ++n) {
    std::string seen;
    saved = run(saved, &seen, [](LogLife& life, sys::SimProcess& process) {
      process.tell(read_over(life));
      process.tell(std::to_string(life.journal().damage().size()) + " " +
                   life.journal().damage().at(0).where);
      HYD_CHECK(life.append(0, {{1, "more"}}).has_value());
    });
    EXPECT_TRUE(seen.starts_with(expected(12, 22) + "\n1 ")) << seen;
    EXPECT_EQ(seen.ends_with("journal/00000002.seg is missing\n"), n == 0) << seen;
  }
}

// What docs/damage.md tells an operator to do, also when the server ran without the file meanwhile
// and made another one.
TEST(JournalDamage, AVanishedSlotThatComesBackHealsTheLog) {
  for (const std::uint32_t slot : {1u, 2u, 3u}) {
    // Behind the newest one a later run begins its epoch: it must be back before that.
    for (int runs = 0; runs < (slot == 3 ? 1 : 3); ++runs) {
      SCOPED_TRACE(std::to_string(slot) + " after " + std::to_string(runs));
      auto disk = sys::SimDisk::load(written(), 1);
      const std::string bytes = disk->read_all(slot_path(slot));
      ASSERT_TRUE(disk->remove(slot_path(slot)));
      std::string saved = disk->save();
      for (int n = 0; n < runs; ++n) {
        saved = run(saved, nullptr, [](LogLife& life, sys::SimProcess&) {
          HYD_CHECK(life.append(0, {{1, "more"}}).has_value());
        });
      }
      disk = sys::SimDisk::load(saved, 1);
      std::uint32_t name = slot;
      while (disk->exists(slot_path(name)).value_or(true)) ++name;
      auto file = disk->create(slot_path(name), bytes.size());
      ASSERT_TRUE(file && (*file)->write_at(0, bytes) && (*file)->sync());
      std::string seen;
      run(disk->save(), &seen, [](LogLife& life, sys::SimProcess& process) {
        process.tell(read_over(life) + std::to_string(life.journal().damage().size()));
      });
      EXPECT_EQ(seen, expected(0, 0) + "0\n");
    }
  }
}

// The last file of the log: nobody knows what it held, so nothing behind is answered as if it were
// the end, and what is appended later is read.
TEST(JournalDamage, AVanishedLastSlotIsNoEarlierEndOfTheLog) {
  auto disk = sys::SimDisk::load(written(), 1);
  ASSERT_TRUE(disk->remove(slot_path(3)));
  std::string saved = disk->save();
  for (int n = 0; n < 2; ++n) {
    std::string seen;
    saved = run(saved, &seen, [](LogLife& life, sys::SimProcess& process) {
      const auto more = life.append(0, {{1, "more"}});
      HYD_CHECK(more.has_value());
      ReadRequest request{.shard = ShardNumber(1), .from = Place(23)};
      const auto read = [&] {
        return sys::wait_for<ReadResult>(life.runtime(), [&](auto done) {
          life.journal().read(nullptr, request, std::move(done));
        });
      };
      const auto lost = read();
      process.tell(lost ? "there" : base::name(lost.error().code));
      request.from = more->first;
      const auto got = read();
      process.tell(got ? std::to_string(got->records.size()) : got.error().what);
      process.tell(std::to_string(life.journal().damage().size()));
    });
    EXPECT_EQ(seen, "corrupt\n1\n1\n") << n;
  }
}

}  // namespace
}  // namespace hyd::log
