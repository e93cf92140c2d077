// The store's promise under power cuts and kills at any step, over many histories.
//
// A history is several lives of one data directory. In each a client puts, overwrites and removes
// objects of all sizes; the process ends at a step drawn from the seed, by a kill or with a power
// cut; the next life tells what it finds. What was acknowledged must be there with its own bytes,
// what was under way is there whole or not at all, and no file is left that no row names.
#include "base/rng.h"
#include "catalog/catalog.h"
#include "codec/checksum.h"
#include "codec/hash.h"
#include "objects/store.h"
#include "objects/tables.h"
#include "sys/sim/sim_process.h"

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

namespace hyd::objects {
namespace {

using base::Result;

// A life is a fork, which costs a sanitized process seventy times as much.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kSanitized = true;
#elif defined(__has_feature)
constexpr bool kSanitized = __has_feature(address_sanitizer) || __has_feature(thread_sanitizer);
#else
constexpr bool kSanitized = false;
#endif
constexpr int kHistories = kSanitized ? 10 : 100;
constexpr int kLives = 4;
constexpr std::size_t kSizes[] = {0, 100, 32'768, 32'769, 90'000};

std::string body_of(std::uint64_t number, std::size_t size) {
  base::FastRng rng(number);
  std::string body(size, '\0');
  rng.fill(body);
  return body;
}

// The bytes of an object, from wherever they are.
Result<std::string> read_whole(Store& store, catalog::Reader& reader, const Object& object) {
  if (object.blob == base::Uid()) {
    ASSIGN_OR_RETURN(std::optional<std::string> bytes, read_inline(reader, object.inline_row));
    return bytes ? *std::move(bytes) : std::string("no row");
  }
  ASSIGN_OR_RETURN(const auto file, store.blobs().open(object.blob));
  std::string bytes(object.size, '\0');
  ASSIGN_OR_RETURN(const std::size_t got, file->read_at(0, bytes));
  bytes.resize(got);
  return bytes;
}

Result<void> tell_all(sys::SimProcess& process, Store& store) {
  ASSIGN_OR_RETURN(Store::Reading reader, store.read());
  ASSIGN_OR_RETURN(const std::optional<Bucket> bucket, find_bucket(*reader, "bucket"));
  std::set<std::string> named;
  if (bucket) {
    ASSIGN_OR_RETURN(const std::vector<Object> objects,
                     read_objects(*reader, {.bucket = bucket->id, .most = 1000}));
    for (const Object& object : objects) {
      ASSIGN_OR_RETURN(const std::string bytes, read_whole(store, *reader, object));
      const std::string md5 = codec::md5(bytes).hex();
      if (md5 != object.etag || codec::crc64nvme(bytes) != object.crc64) {
        process.tell("damage wrong bytes of " + object.key);
      }
      process.tell("object " + object.key + " " + md5);
      if (object.blob != base::Uid()) named.insert(object.blob.hex());
    }
  }
  ASSIGN_OR_RETURN(const std::vector<std::string> outer, process.disk.list("blobs"));
  for (const std::string& xx : outer) {
    ASSIGN_OR_RETURN(const std::vector<std::string> inner, process.disk.list("blobs/" + xx));
    for (const std::string& yy : inner) {
      const std::string folder = "blobs/" + xx + "/" + yy;
      ASSIGN_OR_RETURN(const std::vector<std::string> files, process.disk.list(folder));
      for (const std::string& file : files) {
        if (named.erase(file) == 0) process.tell("damage nobody names " + file);
      }
    }
  }
  for (const std::string& id : named) process.tell("damage no file " + id);
  ASSIGN_OR_RETURN(const std::vector<std::string> tmp, process.disk.list("tmp"));
  if (!tmp.empty()) process.tell("damage left in tmp");
  process.tell("told");
  return {};
}

Result<void> make_bucket(catalog::Transaction& in) {
  ASSIGN_OR_RETURN(const bool there, Store::has_bucket(in, "bucket"));
  if (there) return {};
  return add_bucket(in, {.name = "bucket", .region = "us-east-1", .created = {}});
}

Result<void> remove_key(Store& store, const std::string& key) {
  return store.catalog().write_and_wait([&](catalog::Transaction& in) -> Result<void> {
    ASSIGN_OR_RETURN(const std::optional<Bucket> bucket, find_bucket(in, "bucket"));
    RETURN_IF_ERROR(store.remove(in, bucket->id, key));
    return {};
  });
}

Result<void> client(sys::SimProcess& process, Store& store, std::uint64_t seed) {
  RETURN_IF_ERROR(store.catalog().write_and_wait(&make_bucket));
  base::FastRng rng(seed);
  for (int n = 0; n < 10; ++n) {
    const std::string key = "key" + std::to_string(rng.below(3));
    if (rng.below(4) == 0) {
      process.tell("try " + key + " -");
      RETURN_IF_ERROR(remove_key(store, key));
      process.tell("acked " + key + " -");
    } else {
      const std::string body = body_of(rng.next(), kSizes[rng.below(std::size(kSizes))]);
      const std::string_view pieces[] = {std::string_view(body).substr(0, body.size() / 2),
                                         std::string_view(body).substr(body.size() / 2)};
      const std::string word = key + " " + codec::md5(body).hex();
      process.tell("try " + word);
      ASSIGN_OR_RETURN(const Staged staged,
                       store.stage({.bucket = "bucket", .key = key, .body = pieces}));
      RETURN_IF_ERROR(store.catalog().write_and_wait(
          [&](catalog::Transaction& in) { return store.commit(in, staged); },
          catalog::Lane::object));
      process.tell("acked " + word);
    }
    if (rng.below(3) == 0) RETURN_IF_ERROR(store.tidy());
  }
  return {};
}

void live(sys::SimProcess& process, std::uint64_t seed) {
  auto opened =
      catalog::Catalog::open(process.runtime, process.disk, {.schemas = {objects_schema()}});
  if (!opened) return process.tell("damage " + opened.error().what);
  {
    auto store =
        Store::open({.runtime = process.runtime, .dir = process.disk, .catalog = **opened});
    if (!store) return process.tell("damage " + store.error().what);
    for (const Result<void>& done : {tell_all(process, **store), client(process, **store, seed)}) {
      if (!done) process.tell("damage " + done.error().what);
    }
  }
  (*opened)->stop();
}

// What a key may be found as: "-" is no object.
using World = std::map<std::string, std::set<std::string>>;

void judge(const std::string& ledger, World& world, std::vector<std::string>& wrong) {
  std::map<std::string, std::string> found;
  bool told = false;
  std::istringstream lines(ledger);
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string verb, key, state;
    words >> verb >> key >> state;
    if (verb == "damage") wrong.push_back(line);
    if (verb == "object") found[key] = state;
    if (verb == "told") {
      told = true;
      for (auto& [name, may_be] : world) {
        const std::string is = found.contains(name) ? found[name] : "-";
        if (!may_be.contains(is)) wrong.push_back("key " + name + " is " + is);
        may_be = {is};
      }
    }
    if (verb == "try") {
      if (!world.contains(key)) world[key] = {"-"};
      world[key].insert(state);
    }
    if (verb == "acked") world[key] = {state};
  }
  if (!told && ledger.contains("acked")) wrong.push_back("acknowledged before it had told");
}

int run_history(std::uint64_t seed, std::vector<std::string>& wrong) {
  int cuts = 0;
  base::FastRng rng(seed);
  std::string disk;
  World world;
  for (std::uint64_t life = 1; life <= kLives + 1; ++life) {
    const bool last = life == kLives + 1;
    const sys::SimEnd end =
        sys::run_process(disk,
                         {.seed = seed * 100 + life,
                          .kill_at_step = last ? 0 : 1 + rng.below(life == 1 ? 900 : 600)},
                         [&](sys::SimProcess& process) { live(process, seed * 100 + life); });
    if (end.how == sys::SimEnd::How::crashed || end.how == sys::SimEnd::How::died) {
      wrong.push_back("ended itself: " + end.why);
      return cuts;
    }
    judge(end.ledger, world, wrong);
    disk = end.disk;
    if (!last && rng.below(4) != 0) {  // else a kill: the page cache survives
      const auto cut = sys::SimDisk::load(disk, rng.next());
      cut->lose_power();
      disk = cut->save();
      ++cuts;
    }
  }
  return cuts;
}

TEST(StorePower, AnAcknowledgedObjectIsThereWholeAndNothingIsLeftBehind) {
  int cuts = 0;
  for (std::uint64_t seed = 1; seed <= kHistories; ++seed) {
    std::vector<std::string> wrong;
    cuts += run_history(seed, wrong);
    ASSERT_TRUE(wrong.empty()) << "seed " << seed << ": " << wrong.front();
  }
  EXPECT_GT(cuts, kHistories * 2);
}

// Each named point in turn, killed there: either no object or the whole one.
TEST(StorePower, AKillAtEachNamedPointLeavesAllOrNothing) {
  for (const std::string point : {"objects.blob.written", "objects.blob.linked",
                                  "catalog.before_commit", "catalog.after_commit"}) {
    for (int nth = 1; nth <= 12; ++nth) {
      SCOPED_TRACE(point + " " + std::to_string(nth));
      std::vector<std::string> wrong;
      World world;
      const sys::SimEnd first = sys::run_process(
          "", {.seed = 5, .fail_points = point + ":" + std::to_string(nth) + ":kill"},
          [](sys::SimProcess& process) { live(process, 77); });
      judge(first.ledger, world, wrong);
      for (std::uint64_t seed = 1; seed <= 3; ++seed) {
        const auto cut = sys::SimDisk::load(first.disk, seed);
        if (seed > 1) cut->lose_power();
        const sys::SimEnd second = sys::run_process(
            cut->save(), {.seed = 6}, [](sys::SimProcess& process) { live(process, 78); });
        World after = world;
        judge(second.ledger, after, wrong);
        ASSERT_TRUE(wrong.empty()) << wrong.front();
      }
    }
  }
}

}  // namespace
}  // namespace hyd::objects
