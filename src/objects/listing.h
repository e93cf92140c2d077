// One page of a listing: keys in byte order, with what rolls up at a delimiter rolled up
// ("Organizing objects using prefixes", Amazon S3 User Guide).
//
// A rolled-up prefix is left by a seek to its successor, so the keys below it are never read: a
// page of 1,000 prefixes over ten million keys is 1,000 seeks.
#pragma once

#include "base/result.h"
#include "catalog/statement.h"
#include "objects/object.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hyd::objects {

inline constexpr std::size_t kPageMax = 1000;

// Where a page ended; what the next one begins behind.
struct Marker {
  std::string text;  // a key, or a prefix with everything below it
  bool is_prefix = false;

  friend bool operator==(const Marker&, const Marker&) = default;
};
// Opaque to clients: base64 of a version, the kind and the text.
std::string to_token(const Marker& marker);
std::optional<Marker> marker_of_token(std::string_view token);

struct ListRequest {
  std::int64_t bucket = 0;
  std::string prefix = {};
  std::string delimiter = {};  // empty: nothing rolls up
  std::optional<Marker> after = {};
  std::size_t most = kPageMax;  // keys and prefixes together
};
struct Listing {
  std::vector<Object> objects;
  std::vector<std::string> prefixes;
  std::optional<Marker> next;  // there is more
};
// Of one moment when `from` is inside a snapshot.
base::Result<Listing> list(catalog::Queryable& from, const ListRequest& request);

// The smallest text that is behind everything that begins with `prefix`; nothing when none is.
std::optional<std::string> successor(std::string_view prefix);

// The rolled-up prefix that `key` belongs to, if any.
std::optional<std::string_view> rolled_up(std::string_view key, const ListRequest& request);

}  // namespace hyd::objects
