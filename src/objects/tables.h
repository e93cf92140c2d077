// How this room's state is kept in the catalog. Plain functions over a transaction or a reader;
// the columns are described in docs/formats/objects.md.
#pragma once

#include "base/result.h"
#include "base/uid.h"
#include "catalog/statement.h"
#include "objects/object.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hyd::objects {

base::Result<std::optional<Bucket>> find_bucket(catalog::Queryable& from, std::string_view name);

struct BucketPage {
  std::string_view prefix = {};
  std::string_view after = {};  // names behind this one
  std::size_t most = 0;
};
base::Result<std::vector<Bucket>> read_buckets(catalog::Queryable& from, const BucketPage& page);
base::Result<std::int64_t> count_buckets(catalog::Queryable& from);
// `bucket.id` is not looked at; the name is new.
base::Result<void> add_bucket(catalog::Transaction& in, const Bucket& bucket);
// With its settings. It is empty.
base::Result<void> remove_bucket(catalog::Transaction& in, std::int64_t bucket);
base::Result<bool> has_objects(catalog::Queryable& from, std::int64_t bucket);

// A document that was put for a bucket ("tagging"), as text of this room's own.
struct SettingName {
  std::int64_t bucket;
  std::string_view name;
};
base::Result<std::optional<std::string>> find_setting(catalog::Queryable& from,
                                                      const SettingName& setting);
base::Result<void> put_setting(catalog::Transaction& in, const SettingName& setting,
                               std::string_view text);
base::Result<void> remove_setting(catalog::Transaction& in, const SettingName& setting);

// A header a line, as a column holds them; neither names nor values hold line ends.
std::string text_of(const Headers& headers);
Headers headers_of(std::string_view text);

struct ObjectName {
  std::int64_t bucket;
  std::string_view key;
};
base::Result<std::optional<Object>> find_object(catalog::Queryable& from, const ObjectName& name);
// The bytes of an inline object; nothing when the row is gone.
base::Result<std::optional<std::string>> read_inline(catalog::Queryable& from, std::int64_t row);

// A row of `inline_data`.
base::Result<std::int64_t> add_inline(catalog::Transaction& in, std::string_view bytes);
// There is no object of that key, and its bytes are held already.
base::Result<void> insert_object(catalog::Transaction& in, std::int64_t bucket,
                                 const Object& object);
// With its bytes.
base::Result<void> erase_object(catalog::Transaction& in, std::int64_t bucket,
                                const Object& object);
// Makes the bytes of an object those of another one too: references are counted up, or the row of
// an inline object is copied.
base::Result<void> copy_bytes(catalog::Transaction& in, Object& object);

// A reference more; a blob that was pending is no longer.
base::Result<void> hold_blob(catalog::Transaction& in, const base::Uid& id, std::uint64_t bytes);
// A reference less; with the last one the blob enters `garbage_blob`.
base::Result<void> release_blob(catalog::Transaction& in, const base::Uid& id);

// Objects in byte order of their keys.
struct ObjectPage {
  std::int64_t bucket = 0;
  std::string_view from = {};  // keys from this one on
  bool from_included = true;
  std::size_t most = 0;
};
base::Result<std::vector<Object>> read_objects(catalog::Queryable& from, const ObjectPage& page);

// --- ids of blobs
base::Result<void> add_pending(catalog::Transaction& in, std::span<const base::Uid> ids);
base::Result<std::vector<base::Uid>> read_pending(catalog::Queryable& from);
base::Result<void> forget_pending(catalog::Transaction& in, std::span<const base::Uid> ids);
// The file of an id that no row will name.
base::Result<void> move_pending_to_garbage(catalog::Transaction& in, const base::Uid& id);
struct GarbagePage {
  base::Uid after = {};  // in the order of ids
  std::size_t most = 0;
};
base::Result<std::vector<base::Uid>> read_garbage(catalog::Queryable& from,
                                                  const GarbagePage& page);
base::Result<void> forget_garbage(catalog::Transaction& in, std::span<const base::Uid> ids);
// In any of the three tables.
base::Result<bool> knows_blob(catalog::Queryable& from, const base::Uid& id);

}  // namespace hyd::objects
