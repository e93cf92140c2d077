// The catalog on the real runtime and a real disk, with real threads at once: what the simulation,
// where one thread runs at a time, cannot show.
#include "catalog/catalog.h"
#include "sys/real/scratch.h"

#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <string>
#include <vector>

namespace hyd::catalog {
namespace {

using base::Result;

constexpr std::string_view kThings[] = {
    "CREATE TABLE thing (id INTEGER PRIMARY KEY, bytes BLOB NOT NULL);"
    "CREATE TABLE twin (id INTEGER PRIMARY KEY);",
};
constexpr std::int64_t kWriters = 4;
constexpr std::int64_t kEach = 200;

Mutation pair(std::int64_t id) {
  return [id](Transaction& in) -> Result<void> {
    RETURN_IF_ERROR(
        in.run("INSERT INTO thing VALUES (?, ?)", id, Bind::blob(std::string(900, 'x'))));
    RETURN_IF_ERROR(in.run("INSERT INTO twin VALUES (?)", id));
    return {};
  };
}

std::int64_t count(Reader& reader, std::string_view sql) {
  auto rows = reader.query(sql);
  const auto row = rows ? rows->step() : Result<bool>(false);
  return row && *row ? rows->int64(0) : -1;
}

TEST(RealCatalog, ThreadsThatWriteAndReadAtOnceSeeWholeCommitsOnly) {
  const sys::Scratch scratch;
  const std::unique_ptr<sys::Runtime> owned = sys::real_runtime();
  sys::Runtime& runtime = *owned;
  const std::unique_ptr<sys::Dir> dir = sys::open_scratch(runtime, scratch);
  Catalog::Options options{.schemas = {{.room = "things", .migrations = kThings}}};
  options.limits.checkpoint_at = base::kib(256);  // checkpoints under the readers' feet
  {
    auto opened = Catalog::open(runtime, *dir, options);
    ASSERT_TRUE(opened) << opened.error().what;
    Catalog& catalog = **opened;
    std::atomic<bool> writing = true;
    std::atomic<std::int64_t> good = 0;
    std::atomic<std::int64_t> torn = 0;
    std::vector<std::unique_ptr<sys::Thread>> readers;
    for (int i = 0; i < 2; ++i) {
      readers.push_back(runtime.spawn("reader", [&] {
        auto reader = catalog.reader();
        if (!reader) return static_cast<void>(++torn);
        while (writing) {
          const auto snapshot = (*reader)->snapshot();
          const std::int64_t things = count(**reader, "SELECT count(*) FROM thing");
          if (!snapshot || things < 0 || things != count(**reader, "SELECT count(*) FROM twin")) {
            ++torn;
          }
        }
      }));
    }
    std::vector<std::unique_ptr<sys::Thread>> writers;
    for (std::int64_t i = 0; i < kWriters; ++i) {
      writers.push_back(runtime.spawn("writer", [&catalog, &good, i] {
        for (std::int64_t n = 0; n < kEach; ++n) {
          if (catalog.write_and_wait(pair(i * kEach + n), Lane::object)) ++good;
        }
      }));
    }
    for (auto& writer : writers) writer->join();
    writing = false;
    for (auto& reader : readers) reader->join();
    EXPECT_EQ(good, kWriters * kEach);
    EXPECT_EQ(torn, 0);
  }
  {
    auto opened = Catalog::open(runtime, *dir, options);
    ASSERT_TRUE(opened) << opened.error().what;
    auto reader = (*opened)->reader();
    ASSERT_TRUE(reader);
    EXPECT_EQ(count(**reader, "SELECT count(*) FROM twin"), kWriters * kEach);
  }
  const auto names = dir->list("");
  ASSERT_TRUE(names);
  EXPECT_EQ(*names, (std::vector<std::string>{"hydrant.db", "hydrant.db-wal"}));
}

}  // namespace
}  // namespace hyd::catalog
