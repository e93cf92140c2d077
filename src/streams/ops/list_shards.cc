#include "base/parse_int.h"
#include "streams/ops/find.h"
#include "streams/ops/operations.h"
#include "streams/ops/page.h"
#include "streams/shard_id.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace hyd::streams {
namespace {

constexpr std::size_t kShardsMax = 1'000;  // in one answer, whatever MaxResults says
constexpr std::string_view kOperation = "ListShards";

// Where a listing stands: what the token of its next page holds.
struct Listing {
  StreamPtr stream;
  std::size_t from = 0;                    // the first index that is wanted
  std::optional<std::int64_t> open_at_ms;  // only shards that were open then
};

std::string token_text(const Listing& listing) {
  return fmt::format("{} {} {}", listing.stream->uid.hex(), listing.from,
                     listing.open_at_ms ? std::to_string(*listing.open_at_ms) : "");
}

aws::Outcome<Listing> from_token(const Streams& streams, const aws::Call& call,
                                 std::string_view text) {
  const std::size_t first = text.find(' ');
  const std::size_t second = text.find(' ', first + 1);
  const auto uid = base::Uid::parse(text.substr(0, first));
  const auto from = base::parse_int<std::uint32_t>(text.substr(first + 1, second - first - 1));
  if (!uid || !from) return invalid_next_token();
  Listing listing{.stream = streams.picture(call.loop).find(*uid), .from = *from, .open_at_ms = {}};
  if (!listing.stream || listing.stream->status == Status::gone) {
    const StreamAt at =
        stream_at(streams, listing.stream ? std::string_view(listing.stream->name) : text);
    return no_such_stream(at);
  }
  if (second + 1 < text.size()) {
    listing.open_at_ms = base::parse_int<std::int64_t>(text.substr(second + 1));
  }
  return listing;
}

// A shard is open from its creation on: none is ever split or merged yet, so the filters that ask
// for all unexpired shards and for those open now or at the horizon give all of them.
aws::Outcome<void> apply(const ShardFilter& filter, Listing& listing) {
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
      if (filter.type == FilterType::at_timestamp) {
        listing.open_at_ms = base::unix_ms(*filter.timestamp);
      }
      return {};
    default: return {};
  }
}

aws::Outcome<Listing> begin(const Streams& streams, const aws::Call& call,
                            const ListShardsInput& input) {
  if (!input.stream_name && !input.stream_arn) {
    return invalid_argument("Either NextToken or StreamName should be provided.");
  }
  Listing listing;
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
  if (aws::Outcome<void> active = must_be_active(streams, stream); !active) {
    return done(std::unexpected(std::move(active).error()));
  }

  const std::size_t limit =
      std::min(kShardsMax, static_cast<std::size_t>(input.max_results.value_or(kShardsMax)));
  ListShardsOutput output;
  for (; listing.from < stream.shards.size(); ++listing.from) {
    const Shard& shard = stream.shards[listing.from];
    if (listing.open_at_ms && shard.created_ms > *listing.open_at_ms) continue;
    if (output.shards.size() == limit) {
      output.next_token = seal_page(streams, call, {kOperation, token_text(listing)});
      break;
    }
    output.shards.push_back(shard_output(shard));
  }
  done(std::move(output));
}

}  // namespace hyd::streams
