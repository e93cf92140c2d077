#include "streams/reshard.h"

#include "base/check.h"
#include "base/parse_int.h"

#include <fmt/core.h>

#include <algorithm>
#include <span>
#include <utility>

namespace hyd::streams {
namespace {

// The shards while a plan is being made.
class Planner {
 public:
  explicit Planner(const Stream& stream) : known_(stream.shards.size()) {
    for (const Shard& shard : stream.shards) shards_.push_back({shard.range, shard.open()});
  }

  // The lower child; the upper one has the next index.
  std::uint32_t split(std::uint32_t parent, const HashKey& at) {
    const HashRange range = shards_[parent].range;
    close(parent);
    const std::uint32_t lower =
        add({.range = {.first = range.first, .last = at.previous()}, .parent = parent});
    add({.range = {.first = at, .last = range.last}, .parent = parent});
    return lower;
  }

  std::uint32_t merge(std::uint32_t lower, std::uint32_t upper) {
    close(lower);
    close(upper);
    return add({.range = {.first = shards_[lower].range.first, .last = shards_[upper].range.last},
                .parent = lower,
                .adjacent_parent = upper});
  }

  // At every border, which rise and lie inside the shard.
  void split_all(std::uint32_t shard, std::span<const HashKey> borders) {
    if (borders.empty()) return;
    const std::size_t middle = borders.size() / 2;
    const std::uint32_t lower = split(shard, borders[middle]);
    split_all(lower, borders.first(middle));
    split_all(lower + 1, borders.subspan(middle + 1));
  }

  // Open ones, by their ranges.
  std::vector<std::uint32_t> open() const {
    std::vector<std::uint32_t> all;
    for (std::uint32_t i = 0; i < shards_.size(); ++i) {
      if (shards_[i].open) all.push_back(i);
    }
    std::ranges::sort(all, {}, [&](std::uint32_t i) { return shards_[i].range.first; });
    return all;
  }
  const HashRange& range(std::uint32_t shard) const { return shards_[shard].range; }

  ReshardPlan take() { return std::move(plan_); }

 private:
  struct One {
    HashRange range;
    bool open = true;
  };

  void close(std::uint32_t shard) {
    shards_[shard].open = false;
    if (shard < known_) {
      plan_.closed.push_back(shard);
    } else {
      plan_.added[shard - known_].closed = true;
    }
  }
  std::uint32_t add(const ReshardPlan::Added& added) {
    plan_.added.push_back(added);
    shards_.push_back({added.range});
    return static_cast<std::uint32_t>(shards_.size() - 1);
  }

  const std::size_t known_;
  std::vector<One> shards_;
  ReshardPlan plan_;
};

// No shard can be split right at its edge. Where a new border lies beside an old one (equal ranges
// are rounded down), the two shards become one first.
void merge_near(Planner& planner, const std::vector<HashKey>& borders) {
  const auto is_border = [&](const HashKey& key) {
    return std::ranges::binary_search(borders, key);
  };
  std::optional<std::uint32_t> left;
  for (const std::uint32_t shard : planner.open()) {
    const HashKey old = planner.range(shard).first;
    const bool near =
        left && !is_border(old) && (is_border(old.previous()) || is_border(old.next()));
    left = near ? planner.merge(*left, shard) : shard;
  }
}

ReshardPlan to_count(const Stream& stream, std::uint32_t count) {
  Planner planner(stream);
  std::vector<HashKey> borders;
  for (std::uint32_t i = 1; i < count; ++i) {
    borders.push_back(tile({.index = i, .count = count}).first);
  }
  merge_near(planner, borders);
  for (const std::uint32_t shard : planner.open()) {
    const HashRange range = planner.range(shard);
    const auto first = std::ranges::upper_bound(borders, range.first);
    const auto last = std::ranges::upper_bound(borders, range.last);
    planner.split_all(shard, {first, last});
  }
  std::optional<std::uint32_t> merged;
  auto border = borders.begin();
  for (const std::uint32_t piece : planner.open()) {
    if (border != borders.end() && planner.range(piece).first == *border) {
      merged.reset();
      ++border;
    }
    merged = merged ? planner.merge(*merged, piece) : piece;
  }
  return planner.take();
}

}  // namespace

std::string Reshard::text() const {
  switch (kind) {
    case Kind::split: return fmt::format("split {} {}", shard, at.decimal());
    case Kind::merge: return fmt::format("merge {} {}", shard, adjacent);
    case Kind::count: break;
  }
  return fmt::format("count {}", count);
}

std::optional<Reshard> Reshard::parse(std::string_view text) {
  const std::size_t one = text.find(' ');
  if (one == std::string_view::npos) return std::nullopt;
  const std::string_view word = text.substr(0, one);
  const std::string_view rest = text.substr(one + 1);
  const std::size_t two = rest.find(' ');
  const auto first = base::parse_int<std::uint32_t>(rest.substr(0, two));
  const std::string_view second =
      two == std::string_view::npos ? std::string_view() : rest.substr(two + 1);
  if (!first) return std::nullopt;
  if (word == "count") return Reshard{.kind = Kind::count, .count = *first};
  if (word == "split") {
    const auto at = HashKey::parse(second);
    if (!at) return std::nullopt;
    return Reshard{.kind = Kind::split, .shard = *first, .at = *at};
  }
  const auto adjacent = base::parse_int<std::uint32_t>(second);
  if (word != "merge" || !adjacent) return std::nullopt;
  return Reshard{.kind = Kind::merge, .shard = *first, .adjacent = *adjacent};
}

ReshardPlan plan_reshard(const Stream& stream, const Reshard& what) {
  if (what.kind == Reshard::Kind::count) return to_count(stream, what.count);
  Planner planner(stream);
  if (what.kind == Reshard::Kind::split) {
    planner.split(what.shard, what.at);
  } else {
    planner.merge(what.shard, what.adjacent);
  }
  return planner.take();
}

ShardChange change_of(const Stream& stream, const ReshardPlan& plan, const Closed& closed) {
  HYD_CHECK(closed.next.raw() > 0);
  ShardChange change{.ends = closed.ends, .closed_ms = closed.now_ms};
  const std::size_t known = stream.shards.size();
  const auto created_s = [&](std::uint32_t index) {
    const Shard& shard = index < known ? stream.shards[index] : change.added[index - known];
    return shard.created_ms / 1000;
  };
  for (const ReshardPlan::Added& added : plan.added) {
    std::int64_t created = std::max(closed.now_ms / 1000, created_s(added.parent));
    if (added.adjacent_parent) created = std::max(created, created_s(*added.adjacent_parent));
    Shard shard{.index = static_cast<std::uint32_t>(known + change.added.size()),
                .range = added.range,
                .created_ms = (created + 1) * 1000,
                .first = closed.next,
                .parent = added.parent,
                .adjacent_parent = added.adjacent_parent};
    if (added.closed) {
      shard.closed_ms = closed.now_ms;
      shard.end = log::Place(closed.next.raw() - 1);
    }
    change.added.push_back(std::move(shard));
  }
  return change;
}

void apply(Stream& stream, const ShardChange& change, const std::vector<Shard>& added) {
  for (const ShardEnd& ended : change.ends) {
    // Numbers rise with the indices: both are given out in rising order.
    const auto shard = std::ranges::lower_bound(stream.shards, ended.number, {}, &Shard::number);
    if (shard == stream.shards.end() || shard->number != ended.number) continue;
    if (shard->end) continue;  // as in the catalog: a shard that has an end keeps it
    shard->end = ended.end;
    shard->closed_ms = change.closed_ms;
  }
  stream.shards.insert(stream.shards.end(), added.begin(), added.end());
  stream.make_routes();
}

}  // namespace hyd::streams
