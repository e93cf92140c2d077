#include "base/parse_int.h"
#include "streams/ops/find.h"
#include "streams/ops/operations.h"
#include "streams/ops/page.h"
#include "streams/ops/words.h"
#include "streams/shard_id.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

namespace hyd::streams {
namespace {

constexpr std::size_t kShardsMax = 1'000;  // in one answer, whatever MaxResults says
constexpr std::string_view kOperation = "ListShards";

// Where a listing stands: what the token of its next page holds.
struct Listing {
  StreamPtr stream;
  std::size_t from = 0;  // the first index that is wanted
  FilterType filter = FilterType::from_trim_horizon;
  std::int64_t at_ms = 0;  // of filters by time
};

std::string token_text(const Listing& listing) {
  return fmt::format("{} {} {} {}", listing.stream->uid.hex(), listing.from,
                     std::to_underlying(listing.filter), listing.at_ms);
}

aws::Outcome<Listing> from_token(const Streams& streams, const aws::Call& call,
                                 std::string_view text) {
  std::array<std::string_view, 4> parts;
  for (std::string_view& part : parts) {
    const std::size_t end = std::min(text.find(' '), text.size());
    part = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  const auto uid = base::Uid::parse(parts[0]);
  const auto from = base::parse_int<std::uint32_t>(parts[1]);
  const auto filter = base::parse_int<std::uint8_t>(parts[2]);
  const auto at_ms = base::parse_int<std::int64_t>(parts[3]);
  if (!uid || !from || !filter || !at_ms || *filter >= std::size(kFilterWords)) {
    return invalid_next_token();
  }
  Listing listing{.stream = streams.picture(call.loop).find(*uid),
                  .from = *from,
                  .filter = static_cast<FilterType>(*filter),
                  .at_ms = *at_ms};
  if (!listing.stream || listing.stream->status == Status::gone) {
    const StreamAt at =
        stream_at(streams, listing.stream ? std::string_view(listing.stream->name) : parts[0]);
    return no_such_stream(at);
  }
  return listing;
}

aws::Outcome<void> apply(const ShardFilter& filter, Listing& listing) {
  listing.filter = filter.type;
  switch (filter.type) {
    case FilterType::after_shard_id: {
      if (!filter.shard_id) {
        return invalid_argument("A ShardFilter of type AFTER_SHARD_ID needs a ShardId.");
      }
      const auto index = parse_shard_id(*filter.shard_id);
      if (!index) return invalid_argument("The ShardId of the ShardFilter cannot be read.");
      listing.from = std::max(listing.from, std::size_t{*index} + 1);
      return {};
    }
    case FilterType::at_timestamp:
    case FilterType::from_timestamp:
      if (!filter.timestamp) {
        return invalid_argument("A ShardFilter by time needs a Timestamp.");
      }
      listing.at_ms = base::unix_ms(*filter.timestamp);
      return {};
    default: return {};
  }
}

// Shards that were open at a moment tile the hash space: a shard is open from the moment in which
// its parents closed, whatever second its sequence numbers name, until it closes itself.
bool open_at(const Stream& stream, const Shard& shard, std::int64_t at_ms) {
  return stream.opened_ms(shard) <= at_ms && (shard.open() || shard.closed_ms > at_ms);
}

bool wanted(const Listing& listing, const Shard& shard, std::int64_t horizon_ms) {
  const Stream& stream = *listing.stream;
  if (stream.expired(shard, horizon_ms)) return false;
  switch (listing.filter) {
    case FilterType::at_latest: return shard.open();
    case FilterType::at_trim_horizon:
      return open_at(stream, shard, std::max(horizon_ms, stream.shards.front().created_ms));
    case FilterType::at_timestamp: return open_at(stream, shard, listing.at_ms);
    case FilterType::from_timestamp: return shard.open() || shard.closed_ms >= listing.at_ms;
    default: return true;
  }
}

aws::Outcome<Listing> begin(const Streams& streams, const aws::Call& call,
                            const ListShardsInput& input) {
  if (!input.stream_name && !input.stream_arn) {
    return invalid_argument("Either NextToken or StreamName should be provided.");
  }
  Listing listing{};
  if (input.exclusive_start_shard_id) {
    const auto index = parse_shard_id(*input.exclusive_start_shard_id);
    if (!index) {
      const StreamAt at = stream_at(streams, meant_name({input.stream_name, input.stream_arn}));
      return unreadable_shard_id(at, *input.exclusive_start_shard_id);
    }
    listing.from = std::size_t{*index} + 1;
  }
  aws::Outcome<StreamPtr> stream = find_stream(streams, call, input);
  if (!stream) return std::move(stream).error();
  listing.stream = *std::move(stream);
  // Another incarnation of the name.
  const base::WallTime created = created_at(*listing.stream);
  if (base::unix_seconds(input.stream_creation_timestamp.value_or(created)) !=
      base::unix_seconds(created)) {
    return no_such_stream(stream_at(streams, listing.stream->name));
  }
  if (input.shard_filter) {
    if (aws::Outcome<void> applied = apply(*input.shard_filter, listing); !applied) {
      return std::move(applied).error();
    }
  }
  return listing;
}

aws::Outcome<Listing> resume(Streams& streams, const aws::Call& call,
                             const ListShardsInput& input) {
  if (input.stream_name || input.stream_arn || input.exclusive_start_shard_id ||
      input.stream_creation_timestamp) {
    return invalid_argument("NextToken and StreamName cannot be provided together.");
  }
  const std::string token = input.next_token.value_or("");
  aws::Outcome<std::string> text = open_page(streams, call, {kOperation, token});
  if (!text) return std::move(text).error();
  return from_token(streams, call, *text);
}

}  // namespace

void list_shards(Streams& streams, const aws::Call& call, const ListShardsInput& input,
                 aws::Done<ListShardsOutput> done) {
  aws::Outcome<Listing> found =
      input.next_token ? resume(streams, call, input) : begin(streams, call, input);
  if (!found) return done(std::unexpected(std::move(found).error()));
  Listing listing = *std::move(found);
  const Stream& stream = *listing.stream;
  if (aws::Outcome<void> active = must_be_there(streams, stream); !active) {
    return done(std::unexpected(std::move(active).error()));
  }

  const std::size_t limit =
      std::min(kShardsMax, static_cast<std::size_t>(input.max_results.value_or(kShardsMax)));
  const std::int64_t horizon_ms = stream.horizon_ms(streams.now_ms());
  ListShardsOutput output;
  for (; listing.from < stream.shards.size(); ++listing.from) {
    const Shard& shard = stream.shards[listing.from];
    if (!wanted(listing, shard, horizon_ms)) continue;
    if (output.shards.size() == limit) {
      output.next_token = seal_page(streams, call, {kOperation, token_text(listing)});
      break;
    }
    output.shards.push_back(shard_output(stream, shard));
  }
  done(std::move(output));
}

}  // namespace hyd::streams
