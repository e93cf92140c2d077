// For tests: one ARN whose streams the test sets, and an object store that keeps objects as rows of
// the catalog it commits into. An object that would be stored a second time is refused.
#pragma once

#include "base/mutex.h"
#include "catalog/catalog.h"
#include "delivery/ports.h"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace hyd::delivery {

inline constexpr const char* kTestStream = "arn:aws:kinesis:us-east-1:123456789012:stream/clicks";

class FixedSources final : public Sources {
 public:
  void set(std::vector<Source> sources) {
    const base::Lock lock(mutex_);
    sources_ = std::move(sources);
  }
  // `count` shards numbered from 1.
  void set_shards(std::uint32_t count) {
    Source source{.stream = {}, .arn = kTestStream, .shards = {}};
    for (std::uint32_t n = 1; n <= count; ++n) {
      source.shards.push_back(
          {.number = log::ShardNumber(n), .index = n - 1, .first = log::Place(1)});
    }
    set({std::move(source)});
  }

  std::vector<Source> find(std::string_view stream_arn) const override {
    const base::Lock lock(mutex_);
    return stream_arn == kTestStream ? sources_ : std::vector<Source>();
  }
  std::vector<Source> gone() const override {
    std::vector<Source> all = find(kTestStream);
    std::erase_if(all, [](const Source& source) { return !source.gone; });
    return all;
  }
  void forget(const base::Uid& stream) override {
    const base::Lock lock(mutex_);
    std::erase_if(sources_, [&](const Source& source) { return source.stream == stream; });
  }

 private:
  mutable base::Mutex mutex_;
  std::vector<Source> sources_ HYD_GUARDED_BY(mutex_);
};

struct StoredObject {
  std::string key;
  std::string body;
  std::string headers;  // "name: value\n" each
};

class CatalogStore final : public ObjectStore {
 public:
  static constexpr std::string_view kTables[] = {
      "CREATE TABLE stored (key TEXT PRIMARY KEY, body BLOB NOT NULL, headers TEXT NOT NULL);"};
  static catalog::Schema schema() { return {.room = "stored", .migrations = kTables}; }

  // Asked at each `stage`; for failures.
  explicit CatalogStore(std::function<base::Result<void>()> staging =
                            [] { return base::Result<void>(); })
      : staging_(std::move(staging)) {}

  void set_bucket(std::string bucket) {
    const base::Lock lock(mutex_);
    bucket_ = std::move(bucket);
  }

  base::Result<std::unique_ptr<Staged>> stage(const NewObject& object) override {
    RETURN_IF_ERROR(staging_());
    auto staged = std::make_unique<Bytes>();
    staged->object.key = object.key;
    for (const std::string_view piece : object.body) staged->object.body += piece;
    for (const auto& [name, value] : object.headers) {
      staged->object.headers += name + ": " + value + "\n";
    }
    return std::unique_ptr<Staged>(std::move(staged));
  }
  base::Result<Receipt> commit(catalog::Transaction& in, Staged& staged) override {
    const StoredObject& object = static_cast<Bytes&>(staged).object;
    RETURN_IF_ERROR(in.run("INSERT INTO stored VALUES (?, ?, ?)", object.key,
                           catalog::Bind::blob(object.body), object.headers));
    return Receipt{.etag = "etag"};
  }
  void discard(Staged&) override {}
  base::Result<bool> has_bucket(std::string_view bucket) override {
    const base::Lock lock(mutex_);
    return bucket == bucket_;
  }

  static base::Result<std::vector<StoredObject>> all(catalog::Queryable& from) {
    std::vector<StoredObject> objects;
    ASSIGN_OR_RETURN(catalog::Statement rows,
                     from.query("SELECT key, body, headers FROM stored ORDER BY rowid"));
    for (;;) {
      ASSIGN_OR_RETURN(const bool row, rows.step());
      if (!row) return objects;
      objects.push_back({.key = std::string(rows.text(0)),
                         .body = std::string(rows.blob(1)),
                         .headers = std::string(rows.text(2))});
    }
  }

 private:
  struct Bytes final : Staged {
    StoredObject object;
  };
  std::function<base::Result<void>()> staging_;
  mutable base::Mutex mutex_;
  std::string bucket_ HYD_GUARDED_BY(mutex_) = "events";
};

}  // namespace hyd::delivery
