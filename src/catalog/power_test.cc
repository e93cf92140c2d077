// The catalog's promise under power cuts and kills at any step, over hundreds of histories.
//
// A history is several lives of one data directory. In each, two clients put rows, in pairs and
// with some mutations that fail on purpose; the process ends at a step drawn from the seed, by a
// kill or with a power cut; the next life tells what it finds. What was acknowledged must be there,
// pairs whole, nothing of a failed mutation ever. With a disk that ignores syncs the same test must
// see losses, else it would prove nothing.
#include "base/parse_int.h"
#include "base/rng.h"
#include "catalog/catalog.h"
#include "sys/sim/sim_process.h"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace hyd::catalog {
namespace {

using base::Code;
using base::fail;
using base::Result;

// A life is a fork, which costs a sanitized process seventy times as much.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kSanitized = true;
#elif defined(__has_feature)
constexpr bool kSanitized = __has_feature(address_sanitizer) || __has_feature(thread_sanitizer);
#else
constexpr bool kSanitized = false;
#endif
constexpr int kHistories = kSanitized ? 20 : 200;
constexpr int kLives = 5;

constexpr std::string_view kThings[] = {
    "CREATE TABLE thing (id INTEGER PRIMARY KEY, bytes BLOB NOT NULL);"
    "CREATE TABLE twin (id INTEGER PRIMARY KEY);",
};

// Rows are numbered from 1,000,000 times the life and client, so that none is used twice.
Mutation pair(std::int64_t id, std::size_t bytes, bool fails) {
  return [id, bytes, fails](Transaction& in) -> Result<void> {
    RETURN_IF_ERROR(in.run("INSERT INTO thing VALUES (?, ?)", id,
                           Bind::blob(std::string(bytes, static_cast<char>('a' + id % 26)))));
    if (fails) return fail(Code::denied, "on purpose");
    RETURN_IF_ERROR(in.run("INSERT INTO twin VALUES (?)", id));
    return {};
  };
}

void tell_rows(sys::SimProcess& process, Catalog& catalog) {
  auto reader = catalog.reader();
  if (!reader) return process.tell("damage " + reader.error().what);
  for (const auto& [word, sql] :
       {std::pair("row ", "SELECT id FROM thing"), std::pair("twin ", "SELECT id FROM twin"),
        std::pair("check ", "PRAGMA integrity_check")}) {
    auto rows = (*reader)->query(sql);
    if (!rows) return process.tell("damage " + rows.error().what);
    for (;;) {
      const auto row = rows->step();
      if (!row) return process.tell("damage " + row.error().what);
      if (!*row) break;
      process.tell(word + std::string(rows->text(0)));
    }
  }
  process.tell("told");
}

// One life: tells what it finds, then puts rows until it is ended.
void live(sys::SimProcess& process, std::int64_t life, std::uint64_t seed) {
  Catalog::Options options{.schemas = {{.room = "things", .migrations = kThings}}};
  options.limits.checkpoint_at = base::kib(64);  // so that histories are full of checkpoints
  auto opened = Catalog::open(process.runtime, process.disk, std::move(options));
  if (!opened) return process.tell("damage " + opened.error().what);
  Catalog& catalog = **opened;
  tell_rows(process, catalog);

  const auto client = [&](std::int64_t number) {
    base::FastRng rng(seed * 31 + static_cast<std::uint64_t>(number));
    for (std::int64_t n = 0; n < 12; ++n) {
      const std::int64_t id = (life * 10 + number) * 1'000'000 + n;
      const bool fails = rng.below(5) == 0;
      const Lane lane = rng.below(2) == 0 ? Lane::control : Lane::object;
      const auto tell = [&process, id, fails](Result<void> done) {
        const bool right = done.has_value() != fails;
        process.tell((right ? (fails ? "failed " : "acked ") : "damage wrong answer for ") +
                     std::to_string(id));
      };
      Mutation mutation = pair(id, rng.below(3) == 0 ? 20'000 : 100, fails);
      if (rng.below(3) == 0) {
        tell(catalog.write_and_wait(std::move(mutation), lane));
      } else {
        catalog.write(lane, std::move(mutation), tell);
      }
    }
  };
  auto one = process.runtime.spawn("one", [&] { client(1); });
  auto two = process.runtime.spawn("two", [&] { client(2); });
  one->join();
  two->join();
  catalog.stop();
}

struct Found {
  int lost = 0;  // acknowledged rows that were gone
  int cuts = 0;
  std::vector<std::string> wrong;  // anything that may happen on no disk that keeps its word
};

std::set<std::string> lines_with(std::string_view ledger, std::string_view word) {
  std::set<std::string> out;
  while (!ledger.empty()) {
    const std::size_t end = ledger.find('\n');
    const std::string_view line = ledger.substr(0, end);
    if (line.starts_with(word)) out.emplace(line.substr(word.size()));
    ledger.remove_prefix(end == std::string_view::npos ? ledger.size() : end + 1);
  }
  return out;
}

// Compares what a life found with what all lives before it were told.
void judge(const std::string& ledger, std::set<std::string>& acked,
           const std::set<std::string>& failed, Found& found) {
  for (const std::string& damage : lines_with(ledger, "damage ")) found.wrong.push_back(damage);
  if (lines_with(ledger, "told").empty()) return;  // ended before it had told
  const std::set<std::string> rows = lines_with(ledger, "row ");
  if (rows != lines_with(ledger, "twin ")) found.wrong.push_back("half a mutation");
  if (lines_with(ledger, "check ") != std::set<std::string>{"ok"}) {
    found.wrong.push_back("the database is corrupt");
  }
  for (const std::string& id : failed) {
    if (rows.contains(id)) found.wrong.push_back("a failed mutation is there: " + id);
  }
  std::erase_if(acked, [&](const std::string& id) {
    if (rows.contains(id)) return false;
    ++found.lost;
    return true;
  });
}

Found run_history(std::uint64_t seed, bool ignore_syncs) {
  Found found;
  base::FastRng rng(seed);
  std::string disk;
  std::set<std::string> acked;
  std::set<std::string> failed;
  for (std::int64_t life = 1; life <= kLives + 1; ++life) {
    const bool last = life == kLives + 1;  // whole: everybody is answered and everything is told
    const sys::SimEnd end =
        sys::run_process(disk,
                         {.seed = seed * 100 + static_cast<std::uint64_t>(life),
                          .kill_at_step = last ? 0 : 1 + rng.below(life == 1 ? 700 : 500),
                          .ignore_syncs = ignore_syncs},
                         [&](sys::SimProcess& process) { live(process, life, seed * 100); });
    if (end.how == sys::SimEnd::How::crashed || end.how == sys::SimEnd::How::died) {
      found.wrong.push_back("ended itself: " + end.why);
      return found;
    }
    judge(end.ledger, acked, failed, found);
    acked.merge(lines_with(end.ledger, "acked "));
    failed.merge(lines_with(end.ledger, "failed "));
    disk = end.disk;
    if (!last && rng.below(4) != 0) {  // else a kill: the page cache survives
      const auto cut = sys::SimDisk::load(disk, rng.next());
      cut->lose_power();
      disk = cut->save();
      ++found.cuts;
    }
  }
  return found;
}

TEST(CatalogPower, NothingAcknowledgedIsLostAndNothingFailedAppears) {
  int cuts = 0;
  for (std::uint64_t seed = 1; seed <= kHistories; ++seed) {
    const Found found = run_history(seed, false);
    cuts += found.cuts;
    ASSERT_EQ(found.lost, 0) << "seed " << seed;
    ASSERT_TRUE(found.wrong.empty()) << "seed " << seed << ": " << found.wrong.front();
  }
  EXPECT_GT(cuts, kHistories * 2);
}

// A name that the killed first life had made and not synced is in the page cache for the second
// life, and gone with the power.
TEST(CatalogPower, AKillInTheFirstStartAndAPowerCutInTheSecondLifeLoseNothing) {
  const auto start_and_put = [](sys::SimProcess& process) {
    auto catalog = Catalog::open(process.runtime, process.disk,
                                 {.schemas = {{.room = "things", .migrations = kThings}}});
    if (!catalog) return process.tell("damage " + catalog.error().what);
    tell_rows(process, **catalog);
    if (!(*catalog)->write_and_wait(pair(7, 100, false))) return process.tell("damage no room");
    process.tell("acked 7");
  };
  bool whole = false;
  for (std::uint64_t step = 1; !whole; step += kSanitized ? 7 : 1) {
    const sys::SimEnd first =
        sys::run_process("", {.seed = 1, .kill_at_step = step}, start_and_put);
    whole = first.how == sys::SimEnd::How::returned || !lines_with(first.ledger, "told").empty();
    if (whole) break;
    const sys::SimEnd second = sys::run_process(first.disk, {.seed = 2}, start_and_put);
    ASSERT_TRUE(second.ledger.ends_with("acked 7\n")) << second.ledger << second.why;
    for (std::uint64_t seed = 1; seed <= 3; ++seed) {
      const auto disk = sys::SimDisk::load(second.disk, seed);
      disk->lose_power();
      const sys::SimEnd third = sys::run_process(disk->save(), {.seed = 3}, start_and_put);
      EXPECT_TRUE(third.ledger.starts_with("row 7\ntwin 7\ncheck ok\ntold\n"))
          << "killed at step " << step << ", cut " << seed << ": " << third.ledger;
    }
  }
}

TEST(CatalogPower, OnADiskThatIgnoresSyncsTheSameHistoriesLoseRows) {
  int lost = 0;
  for (std::uint64_t seed = 1; seed <= kHistories / 5; ++seed) {
    const Found found = run_history(seed, true);
    lost += found.lost + static_cast<int>(found.wrong.size());
  }
  EXPECT_GT(lost, kHistories / 5);
}

}  // namespace
}  // namespace hyd::catalog
