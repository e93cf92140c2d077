// Group commit, lanes, readers and the ends of a catalog, on the simulated runtime.
#include "catalog/catalog.h"

#include "base/parse_int.h"
#include "catalog/testing/simulated_catalog.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace hyd::catalog {
namespace {

using base::Code;
using base::fail;
using base::Result;

constexpr std::string_view kThings[] = {
    "CREATE TABLE thing (name TEXT PRIMARY KEY, bytes BLOB NOT NULL) WITHOUT ROWID;",
};

class CatalogTest : public testing::Test {
 protected:
  CatalogTest() { open(); }

  void open(Writer::Limits limits = {}) {
    const auto opened = catalog_.open({.schemas = {{.room = "things", .migrations = kThings}},
                                       .limits = limits,
                                       .metrics = &metrics_});
    ASSERT_TRUE(opened) << opened.error().what;
  }

  static Mutation put(std::string name, std::string bytes = "x") {
    return [name = std::move(name), bytes = std::move(bytes)](Transaction& in) -> Result<void> {
      RETURN_IF_ERROR(in.run("INSERT INTO thing VALUES (?, ?)", name, Bind::blob(bytes)));
      return {};
    };
  }

  // What a reader sees, in order.
  std::string names() {
    std::string out;
    auto rows = catalog_.reader().query("SELECT name FROM thing ORDER BY name");
    EXPECT_TRUE(rows);
    while (rows) {
      const auto row = rows->step();
      EXPECT_TRUE(row);
      if (!row || !*row) break;
      out += std::string(rows->text(0)) + " ";
    }
    return out;
  }

  std::int64_t commits() {
    const std::string text = metrics_.text();
    const std::string key = "hydrant_catalog_group_size_mutations_count ";
    const std::size_t at = text.find(key) + key.size();
    return base::parse_int<std::int64_t>(text.substr(at, text.find('\n', at) - at)).value_or(-1);
  }

  // Holds the writer inside a mutation until `go`, so that what is written meanwhile is one group.
  class Stall {
   public:
    explicit Stall(CatalogTest& test) : go_(test.catalog_.runtime().make_semaphore()) {
      auto entered = test.catalog_.runtime().make_semaphore();
      test.catalog_->write(
          Lane::control,
          [this, &entered](Transaction&) -> Result<void> {
            entered->release();
            EXPECT_TRUE(go_->acquire(base::MonoTime::never()));
            return {};
          },
          [](Result<void>) {});
      EXPECT_TRUE(entered->acquire(base::MonoTime::never()));
    }
    void go() { go_->release(); }

   private:
    std::unique_ptr<sys::Semaphore> go_;
  };

  telemetry::Registry metrics_;
  SimulatedCatalog catalog_;
};

TEST_F(CatalogTest, ACommittedRowIsSeenByReadersAndAfterReopening) {
  ASSERT_TRUE(catalog_->write_and_wait(put("a")));
  EXPECT_EQ(names(), "a ");
  open();
  EXPECT_EQ(names(), "a ");
}

TEST_F(CatalogTest, ChangesThatWaitTogetherAreOneCommit) {
  Stall stall(*this);
  const std::int64_t before = commits();
  std::vector<std::string> told;
  for (const char* name : {"a", "b", "c"}) {
    catalog_->write(Lane::object, put(name), [&told, name](Result<void> result) {
      told.push_back(result ? name : result.error().what);
    });
  }
  stall.go();
  catalog_->stop();
  EXPECT_EQ(told, (std::vector<std::string>{"a", "b", "c"}));
  EXPECT_EQ(commits() - before, 2) << "the stalled one, and the three";
  EXPECT_EQ(names(), "a b c ");
}

TEST_F(CatalogTest, AFailedMutationUndoesItselfAndNothingElse) {
  Stall stall(*this);
  std::vector<std::string> told;
  const auto tell = [&told](Result<void> result) {
    told.push_back(result ? "ok" : std::string(base::name(result.error().code)));
  };
  catalog_->write(Lane::control, put("a"), tell);
  catalog_->write(
      Lane::control,
      [](Transaction& in) -> Result<void> {
        RETURN_IF_ERROR(in.run("INSERT INTO thing VALUES ('half', x'')"));
        RETURN_IF_ERROR(in.run("DELETE FROM thing WHERE name = 'a'"));
        return fail(Code::denied, "changed its mind");
      },
      tell);
  catalog_->write(Lane::control, put("a"), tell);  // exists: SQLite refuses it
  catalog_->write(Lane::control, put("b"), tell);
  stall.go();
  catalog_->stop();
  EXPECT_EQ(told, (std::vector<std::string>{"ok", "denied", "conflict", "ok"}));
  EXPECT_EQ(names(), "a b ");
}

TEST_F(CatalogTest, AMutationSeesThoseBeforeItInItsGroup) {
  Stall stall(*this);
  std::string seen;
  catalog_->write(Lane::control, put("a"), [](Result<void>) {});
  catalog_->write(
      Lane::control,
      [&seen](Transaction& in) -> Result<void> {
        ASSIGN_OR_RETURN(Statement rows, in.query("SELECT name FROM thing"));
        ASSIGN_OR_RETURN(const bool row, rows.step());
        if (row) seen = rows.text(0);
        return {};
      },
      [](Result<void>) {});
  EXPECT_EQ(names(), "") << "not committed yet";
  stall.go();
  catalog_->stop();
  EXPECT_EQ(seen, "a");
}

TEST_F(CatalogTest, ControlGoesBeforeObjects) {
  Stall stall(*this);
  std::string order;
  const auto note = [&order](std::string_view what) -> Mutation {
    return [&order, what](Transaction&) -> Result<void> {
      order += what;
      return {};
    };
  };
  catalog_->write(Lane::object, note("o1 "), [](Result<void>) {});
  catalog_->write(Lane::control, note("c1 "), [](Result<void>) {});
  catalog_->write(Lane::object, note("o2 "), [](Result<void>) {});
  catalog_->write(Lane::control, note("c2 "), [](Result<void>) {});
  stall.go();
  catalog_->stop();
  EXPECT_EQ(order, "c1 c2 o1 o2 ");
}

TEST_F(CatalogTest, AFullLaneRefusesAtOnceAndTheOtherLaneGoesOn) {
  open({.object_queue_max = 2});
  Stall stall(*this);
  std::vector<std::string> told;
  for (const char* name : {"a", "b", "c"}) {
    catalog_->write(Lane::object, put(name), [&told, name](Result<void> result) {
      told.push_back(name + std::string(result ? " ok" : " refused"));
      EXPECT_TRUE(result || result.error().code == Code::exhausted);
    });
  }
  EXPECT_EQ(told, (std::vector<std::string>{"c refused"}));
  catalog_->write(Lane::control, put("d"), [](Result<void> result) { EXPECT_TRUE(result); });
  stall.go();
  catalog_->stop();
  EXPECT_EQ(names(), "a b d ");
}

TEST_F(CatalogTest, StopCommitsWhatWaitsAndRefusesTheRest) {
  Stall stall(*this);
  bool kept = false;
  catalog_->write(Lane::object, put("a"), [&](Result<void> result) { kept = result.has_value(); });
  stall.go();
  catalog_->stop();
  EXPECT_TRUE(kept);
  const Result<void> late = catalog_->write_and_wait(put("b"));
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().code, Code::cancelled);
  EXPECT_EQ(names(), "a ");
}

TEST_F(CatalogTest, ASnapshotIsOneMomentWhateverIsCommittedMeanwhile) {
  ASSERT_TRUE(catalog_->write_and_wait(put("a")));
  {
    const auto snapshot = catalog_.reader().snapshot();
    ASSERT_TRUE(snapshot);
    EXPECT_EQ(names(), "a ");
    ASSERT_TRUE(catalog_->write_and_wait(put("b")));
    EXPECT_EQ(names(), "a ");
  }
  EXPECT_EQ(names(), "a b ");
}

TEST_F(CatalogTest, AReaderCannotWrite) {
  auto rows = catalog_.reader().query("DELETE FROM thing");
  ASSERT_TRUE(rows);
  const auto step = rows->step();
  ASSERT_FALSE(step);
  EXPECT_EQ(step.error().code, Code::denied);
}

TEST_F(CatalogTest, AReaderPastItsDeadlineGivesUp) {
  catalog_.reader().set_deadline(catalog_.runtime().clock().mono());
  constexpr std::string_view kEndless =
      "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n";
  {
    auto rows = catalog_.reader().query(kEndless);
    ASSERT_TRUE(rows);
    const auto step = rows->step();
    ASSERT_FALSE(step);
    EXPECT_EQ(step.error().code, Code::timed_out);
  }
  catalog_.reader().set_deadline(base::MonoTime::never());
  EXPECT_EQ(names(), "");
}

TEST_F(CatalogTest, ValuesComeBackAsTheyWereBound) {
  const base::Uid uid = base::Uid::random(catalog_.runtime().entropy());
  const std::string zeros("a\0b", 3);
  ASSERT_TRUE(catalog_->write_and_wait([&](Transaction& in) -> Result<void> {
    RETURN_IF_ERROR(in.run("CREATE TABLE value (a, b, c, d, e, f, g)"));
    ASSIGN_OR_RETURN(
        const std::int64_t changed,
        in.run("INSERT INTO value VALUES (?, ?, ?, ?, ?, ?, ?)", nullptr, std::uint64_t{1} << 62,
               zeros, Bind::blob(zeros), uid, true, std::optional<int>()));
    EXPECT_EQ(changed, 1);
    return {};
  }));
  auto rows = catalog_.reader().query("SELECT * FROM value WHERE e = ?", uid);
  ASSERT_TRUE(rows);
  const auto row = rows->step();
  ASSERT_TRUE(row && *row);
  EXPECT_TRUE(rows->is_null(0));
  EXPECT_EQ(rows->uint64(1), std::uint64_t{1} << 62);
  EXPECT_EQ(rows->text(2), zeros);
  EXPECT_EQ(rows->blob(3), zeros);
  EXPECT_EQ(rows->uid(4), uid);
  EXPECT_TRUE(rows->boolean(5));
  EXPECT_TRUE(rows->is_null(6));
  EXPECT_EQ(rows->uid(3), base::Uid()) << "three bytes are no id";
}

TEST_F(CatalogTest, TheWalIsHeldFromTheStartCheckpointedInTimeAndNeverGivenBack) {
  const std::uint64_t held = 16u << 20;
  for (int i = 0; i < 600; ++i) {
    ASSERT_TRUE(
        catalog_->write_and_wait(put(std::to_string(i), std::string(64 << 10, 'x')), Lane::object));
  }
  const std::uint64_t wal = catalog_.disk().read_all("hydrant.db-wal").size();
  EXPECT_GT(wal, 8u << 20) << "a checkpoint begins at 8 MiB";
  EXPECT_LE(wal, held);
  EXPECT_GT(catalog_.disk().read_all("hydrant.db").size(), 30u << 20);
  catalog_.close();
  EXPECT_EQ(catalog_.disk().read_all("hydrant.db-wal").size(), wal);
}

TEST_F(CatalogTest, AReaderThatHoldsASnapshotDelaysTheCheckpointAndLosesNothing) {
  ASSERT_TRUE(catalog_->write_and_wait(put("first")));
  {
    const auto snapshot = catalog_.reader().snapshot();
    ASSERT_TRUE(snapshot);
    EXPECT_EQ(names(), "first ");
    for (int i = 0; i < 300; ++i) {
      ASSERT_TRUE(catalog_->write_and_wait(put(std::to_string(i), std::string(64 << 10, 'x'))));
    }
    EXPECT_EQ(names(), "first ");
  }
  const auto count = [&] {
    auto rows = catalog_.reader().query("SELECT count(*) FROM thing");
    return rows && rows->step() ? rows->int64(0) : -1;
  };
  EXPECT_EQ(count(), 301);
  ASSERT_TRUE(catalog_->write_and_wait(put("last")));
  open();
  EXPECT_EQ(count(), 302);
}

TEST(WalResetFixed, KnowsTheReleasesThatHaveTheFix) {
  struct Row {
    int version;
    bool fixed;
  };
  for (const Row row : {Row{3006023, true}, Row{3040001, false}, Row{3044005, false},
                        Row{3044006, true}, Row{3045000, false}, Row{3050006, false},
                        Row{3050007, true}, Row{3051002, false}, Row{3051003, true}}) {
    EXPECT_EQ(wal_reset_fixed(row.version), row.fixed) << row.version;
  }
}

}  // namespace
}  // namespace hyd::catalog
