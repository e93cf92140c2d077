// Versions of tables: what is migrated, what is refused, and that a refusal changes nothing.
#include "catalog/schema.h"

#include "catalog/testing/simulated_catalog.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace hyd::catalog {
namespace {

using base::Code;
using base::Result;

constexpr std::string_view kStreams[] = {
    "CREATE TABLE stream (name TEXT PRIMARY KEY) WITHOUT ROWID;",
    "ALTER TABLE stream ADD COLUMN shards INTEGER NOT NULL DEFAULT 1;"
    "CREATE INDEX stream_shards ON stream (shards);",
};
constexpr std::string_view kUsers[] = {"CREATE TABLE user (name TEXT);"};

Schema streams(std::size_t version) {
  return {.room = "streams", .migrations = std::span(kStreams).first(version)};
}
const Schema kUsersNow{.room = "users", .migrations = kUsers};

class SchemaTest : public testing::Test {
 protected:
  Result<void> open(std::vector<Schema> schemas) {
    return catalog_.open({.schemas = std::move(schemas)});
  }
  void add_stream() {
    const auto done = catalog_->write_and_wait([](Transaction& in) -> Result<void> {
      RETURN_IF_ERROR(in.run("INSERT INTO stream (name) VALUES ('orders')"));
      return {};
    });
    ASSERT_TRUE(done) << done.error().what;
  }
  // The first column of the first row, or the error.
  std::string ask(std::string_view sql) {
    auto rows = catalog_.reader().query(sql);
    if (!rows) return rows.error().what;
    const auto row = rows->step();
    if (!row) return row.error().what;
    return *row ? std::string(rows->text(0)) : "nothing";
  }
  bool has_copy() {
    const auto there = catalog_.dir().exists(kBeforeMigration);
    return there && *there;
  }

  SimulatedCatalog catalog_;
};

TEST_F(SchemaTest, ANewDatabaseGetsEveryRoomsTables) {
  ASSERT_TRUE(open({streams(2), kUsersNow}));
  EXPECT_EQ(ask("SELECT version FROM meta WHERE room = 'streams'"), "2");
  EXPECT_EQ(ask("SELECT version FROM meta WHERE room = 'users'"), "1");
  EXPECT_FALSE(has_copy());
}

TEST_F(SchemaTest, AnOlderDatabaseIsMigratedAfterACopyAndKeepsItsRows) {
  ASSERT_TRUE(open({streams(1)}));
  add_stream();
  ASSERT_TRUE(open({streams(2), kUsersNow}));
  EXPECT_EQ(ask("SELECT shards FROM stream WHERE name = 'orders'"), "1");
  EXPECT_EQ(ask("SELECT version FROM meta WHERE room = 'streams'"), "2");
  EXPECT_TRUE(has_copy());
}

TEST_F(SchemaTest, TheCopyIsTheDatabaseAsItWas) {
  ASSERT_TRUE(open({streams(1)}));
  add_stream();
  ASSERT_TRUE(open({streams(2)}));
  catalog_.close();
  ASSERT_TRUE(catalog_.dir().remove("hydrant.db-wal"));
  ASSERT_TRUE(catalog_.dir().rename(kBeforeMigration, kFile, true));
  ASSERT_TRUE(open({streams(1)}));
  EXPECT_EQ(ask("SELECT name FROM stream"), "orders");
}

TEST_F(SchemaTest, ANewerVersionIsRefusedNamingBoth) {
  ASSERT_TRUE(open({streams(2)}));
  const auto refused = open({streams(1)});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::unsupported);
  EXPECT_EQ(
      refused.error().what,
      "catalog sim/hydrant.db: a newer program wrote it: its tables of 'streams' have version "
      "2, this program knows version 1");
  ASSERT_TRUE(open({streams(2)}));
}

TEST_F(SchemaTest, ARoomThatIsNotKnownHereIsRefused) {
  ASSERT_TRUE(open({streams(2), kUsersNow}));
  const auto refused = open({streams(2)});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::unsupported);
  EXPECT_TRUE(refused.error().what.contains("'users' (version 1)")) << refused.error().what;
}

TEST_F(SchemaTest, AMigrationThatFailsChangesNothingOfAnyRoom) {
  ASSERT_TRUE(open({streams(1)}));
  add_stream();
  constexpr std::string_view kBroken[] = {"CREATE TABLE user (name TEXT); SELECT * FROM nowhere;"};
  const auto failed = open({streams(2), {.room = "users", .migrations = kBroken}});
  ASSERT_FALSE(failed);
  EXPECT_TRUE(failed.error().what.contains("tables of 'users' to version 1"))
      << failed.error().what;
  ASSERT_TRUE(open({streams(1)}));
  EXPECT_EQ(ask("SELECT version FROM meta WHERE room = 'streams'"), "1");
  EXPECT_EQ(ask("SELECT count(*) FROM sqlite_schema WHERE name = 'user'"), "0");
}

TEST_F(SchemaTest, EveryStartIsCountedByADurableCommit) {
  ASSERT_TRUE(open({}));
  ASSERT_TRUE(open({}));
  EXPECT_EQ(ask("SELECT count FROM start"), "2");
  catalog_.close();
  catalog_.disk().lose_power();
  ASSERT_TRUE(open({}));
  EXPECT_EQ(ask("SELECT count FROM start"), "3");
}

TEST_F(SchemaTest, AFileThatIsNoDatabaseIsDamageAndStaysAsItIs) {
  {
    auto file = catalog_.dir().open(kFile, sys::Open::create);
    ASSERT_TRUE(file);
    ASSERT_TRUE((*file)->write_at(0, std::string(10000, 'x')));
  }
  const auto refused = open({});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::corrupt) << refused.error().what;
  EXPECT_EQ(catalog_.disk().read_all(kFile), std::string(10000, 'x'));
}

}  // namespace
}  // namespace hyd::catalog
