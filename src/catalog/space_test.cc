// A full disk and a disk that fails.
#include "catalog/catalog.h"
#include "catalog/testing/simulated_catalog.h"
#include "sys/sim/sim_process.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace hyd::catalog {
namespace {

using base::Code;
using base::Result;

constexpr std::string_view kThings[] = {
    "CREATE TABLE thing (id INTEGER PRIMARY KEY, bytes BLOB NOT NULL);",
};
const Catalog::Options kOptions{.schemas = {{.room = "things", .migrations = kThings}}};

Mutation put(int id, std::size_t bytes) {
  return [id, bytes](Transaction& in) -> Result<void> {
    RETURN_IF_ERROR(
        in.run("INSERT INTO thing VALUES (?, ?)", id, Bind::blob(std::string(bytes, 'x'))));
    return {};
  };
}

Mutation remove(int id) {
  return [id](Transaction& in) -> Result<void> {
    RETURN_IF_ERROR(in.run("DELETE FROM thing WHERE id = ?", id));
    return {};
  };
}

class SpaceTest : public testing::Test {
 protected:
  SpaceTest() {
    catalog_.disk().set_capacity(24u << 20);
    open();
  }
  void open() {
    const auto opened = catalog_.open(kOptions);
    ASSERT_TRUE(opened) << opened.error().what;
  }
  std::string count_and_check() {
    std::string out;
    for (const std::string_view sql : {"SELECT count(*) FROM thing", "PRAGMA integrity_check"}) {
      auto rows = catalog_.reader().query(sql);
      if (!rows) return rows.error().what;
      const auto row = rows->step();
      if (!row) return row.error().what;
      out += std::string(rows->text(0)) + " ";
    }
    return out;
  }
  // Puts 64 KiB at a time until one is refused; the number that were not.
  int fill() {
    for (int id = 0;; ++id) {
      const Result<void> done = catalog_->write_and_wait(put(id, 64 << 10));
      if (done) continue;
      EXPECT_EQ(done.error().code, Code::exhausted) << done.error().what;
      return id;
    }
  }

  SimulatedCatalog catalog_;
};

TEST_F(SpaceTest, AFullDiskRefusesWhatGrowsAndKeepsEverything) {
  const int kept = fill();
  EXPECT_GT(kept, 200);
  const std::string expected = std::to_string(kept) + " ok ";
  EXPECT_EQ(count_and_check(), expected);
  open();
  EXPECT_EQ(count_and_check(), expected);
}

TEST_F(SpaceTest, DeletesWorkOnADiskThatIsFullToTheLastByte) {
  const int kept = fill();
  catalog_.disk().set_capacity(catalog_.disk().bytes_used());
  open();
  for (int id = 0; id < kept; ++id) {
    const Result<void> done = catalog_->write_and_wait(remove(id));
    ASSERT_TRUE(done) << id << ": " << done.error().what;
  }
  EXPECT_EQ(count_and_check(), "0 ok ");
  // And their pages are used again without one more byte of disk.
  EXPECT_TRUE(catalog_->write_and_wait(put(1, 64 << 10)));
}

TEST_F(SpaceTest, WorkResumesWhenSpaceReturns) {
  const int kept = fill();
  catalog_.disk().set_capacity(64u << 20);
  EXPECT_TRUE(catalog_->write_and_wait(put(kept, 64 << 10)));
  EXPECT_EQ(count_and_check(), std::to_string(kept + 1) + " ok ");
}

TEST_F(SpaceTest, OneThatAsksForTooMuchTakesNothingFromThoseBesideIt) {
  std::vector<std::string> told;
  const auto tell = [&told](Result<void> result) {
    told.push_back(result ? "ok" : std::string(base::name(result.error().code)));
  };
  auto go = catalog_.runtime().make_semaphore();
  catalog_->write(
      Lane::control,
      [&go](Transaction&) -> Result<void> {
        EXPECT_TRUE(go->acquire(base::MonoTime::never()));
        return {};
      },
      [](Result<void>) {});
  catalog_->write(Lane::object, put(1, 1000), tell);
  catalog_->write(Lane::object, put(2, 30 << 20), tell);
  catalog_->write(Lane::object, put(3, 1000), tell);
  go->release();
  catalog_->stop();
  EXPECT_EQ(told, (std::vector<std::string>{"ok", "exhausted", "ok"}));
  EXPECT_EQ(count_and_check(), "2 ok ");
}

// The database's blocks are held, so only the WAL can run out: in the commit itself, for the whole
// group.
TEST_F(SpaceTest, ACommitThatFindsNoRoomInTheWalIsUndoneAndEachChangeTriedAlone) {
  ASSERT_TRUE(catalog_->write_and_wait(put(0, 6 << 20)));
  ASSERT_TRUE(catalog_->write_and_wait(remove(0)));  // free pages, so that nothing grows
  catalog_.disk().set_capacity(catalog_.disk().bytes_used());
  std::vector<std::string> told;
  const auto tell = [&told](Result<void> result) {
    told.push_back(result ? "ok" : std::string(base::name(result.error().code)));
  };
  auto go = catalog_.runtime().make_semaphore();
  catalog_->write(
      Lane::control,
      [&go](Transaction&) -> Result<void> {
        EXPECT_TRUE(go->acquire(base::MonoTime::never()));
        return {};
      },
      [](Result<void>) {});
  for (int id = 1; id <= 100; ++id) catalog_->write(Lane::object, put(id, 50 << 10), tell);
  go->release();
  catalog_->stop();
  const auto good = std::ranges::count(told, "ok");
  EXPECT_EQ(good + std::ranges::count(told, "exhausted"), 100);
  EXPECT_GT(good, 0);
  EXPECT_EQ(count_and_check(), std::to_string(good) + " ok ");
  open();
  EXPECT_EQ(count_and_check(), std::to_string(good) + " ok ");
}

// A disk whose syncs begin to fail: the process must end before anybody is told anything.
class FailingFile final : public sys::File {
 public:
  FailingFile(std::unique_ptr<sys::File> file, const bool& failing)
      : file_(std::move(file)), failing_(failing) {}
  Result<std::size_t> read_at(std::uint64_t offset, std::span<char> out) override {
    return file_->read_at(offset, out);
  }
  Result<void> write_at(std::uint64_t offset, std::string_view bytes) override {
    return file_->write_at(offset, bytes);
  }
  Result<void> sync() override {
    if (failing_) return base::fail(Code::io, "the medium is gone");
    return file_->sync();
  }
  Result<std::uint64_t> size() override { return file_->size(); }
  Result<void> truncate(std::uint64_t size) override { return file_->truncate(size); }
  Result<void> reserve(std::uint64_t offset, std::uint64_t length) override {
    return file_->reserve(offset, length);
  }

 private:
  std::unique_ptr<sys::File> file_;
  const bool& failing_;
};

class FailingDir final : public sys::Dir {
 public:
  explicit FailingDir(sys::Dir& dir) : dir_(dir) {}
  bool failing = false;

  Result<std::unique_ptr<sys::File>> open(std::string_view path, sys::Open mode,
                                          sys::Caching caching) override {
    ASSIGN_OR_RETURN(auto file, dir_.open(path, mode, caching));
    return std::make_unique<FailingFile>(std::move(file), failing);
  }
  Result<void> make_dirs(std::string_view path) override { return dir_.make_dirs(path); }
  Result<std::vector<std::string>> list(std::string_view path) override { return dir_.list(path); }
  Result<bool> exists(std::string_view path) override { return dir_.exists(path); }
  Result<void> remove(std::string_view path) override { return dir_.remove(path); }
  Result<void> rename(std::string_view from, std::string_view to, bool replace) override {
    return dir_.rename(from, to, replace);
  }
  Result<void> sync_dir(std::string_view path) override { return dir_.sync_dir(path); }
  Result<sys::Space> space() override { return dir_.space(); }
  Result<sys::FileSystem> file_system() override { return dir_.file_system(); }
  std::string_view path() const override { return dir_.path(); }
  Result<std::unique_ptr<sys::DirLock>> lock(base::MonoTime deadline,
                                             void (*waiting)(std::string_view)) override {
    return dir_.lock(deadline, waiting);
  }

 private:
  sys::Dir& dir_;
};

TEST(FailedSync, EndsTheProcessBeforeAnybodyIsTold) {
  const sys::SimEnd end = sys::run_process("", {.seed = 3}, [](sys::SimProcess& process) {
    FailingDir dir(process.disk);
    auto catalog = Catalog::open(process.runtime, dir, kOptions);
    if (!catalog) return process.tell(catalog.error().what);
    dir.failing = true;
    const Result<void> done = (*catalog)->write_and_wait(put(1, 100));
    process.tell(done ? "told success" : "told " + done.error().what);
  });
  EXPECT_EQ(end.how, sys::SimEnd::How::died);
  EXPECT_EQ(end.why,
            "the catalog cannot say what is durable: sync of hydrant.db-wal: the medium is gone");
  EXPECT_EQ(end.ledger, "");
}

TEST(FailedSync, InACheckpointEndsTheProcessToo) {
  const sys::SimEnd end = sys::run_process("", {.seed = 3}, [](sys::SimProcess& process) {
    FailingDir dir(process.disk);
    auto options = kOptions;
    options.limits.checkpoint_at = base::kib(1);
    auto catalog = Catalog::open(process.runtime, dir, options);
    if (!catalog) return process.tell(catalog.error().what);
    (*catalog)->write(Lane::control, put(1, 100), [&](Result<void> done) {
      dir.failing = true;
      process.tell(done ? "told success" : "told " + done.error().what);
    });
    (*catalog)->stop();
    process.tell("stopped");
  });
  EXPECT_EQ(end.how, sys::SimEnd::How::died);
  EXPECT_EQ(end.ledger, "told success\n") << end.why;
}

}  // namespace
}  // namespace hyd::catalog
