#include "streams/ops/find.h"
#include "streams/ops/operations.h"
#include "streams/ops/words.h"
#include "streams/sequence.h"
#include "streams/shard_id.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace hyd::streams {
namespace {

// What a position is before anything was looked up: a place, or a time to be found.
struct Position {
  std::optional<log::Place> place = {};
  std::int64_t arrived_ms = 0;
};

struct Asked {
  const Streams& streams;
  const Stream& stream;
  const Shard& shard;
  const GetShardIteratorInput& input;
  log::Place tip;
};

bool needs_sequence(IteratorType type) {
  return type == IteratorType::at_sequence_number || type == IteratorType::after_sequence_number;
}

// A type without what it needs, or with what it must not have.
aws::Outcome<void> check_combination(const GetShardIteratorInput& input) {
  const std::string_view type = kIteratorWords[std::to_underlying(input.shard_iterator_type)];
  const bool needed = needs_sequence(input.shard_iterator_type);
  if (needed && !input.starting_sequence_number) return sequence_missing(type);
  if (!needed && input.starting_sequence_number) return sequence_without_place(type);
  if (input.shard_iterator_type == IteratorType::at_timestamp && !input.timestamp) {
    return timestamp_missing();
  }
  return {};
}

// The number need not be a record's: a shard's starting number, one that was let go or never given
// out are all good. One behind the tip is taken for the tip, since places there are not given out.
aws::Outcome<Position> from_sequence(const Asked& asked) {
  const std::string value = asked.input.starting_sequence_number.value_or("");
  const std::string used = shard_id(asked.shard.index);
  const BadSequence bad{
      .stream = stream_at(asked.streams, asked.stream.name), .shard = used, .value = value};
  const auto sequence = Sequence::parse(value);
  if (!sequence) return bad_starting_sequence(bad);
  if (sequence->shard != asked.shard.index) {
    return sequence_of_another_shard(shard_id(sequence->shard), used);
  }
  if (sequence->version != 2 || sequence->created_s != asked.shard.created_ms / 1000) {
    if (sequence->version == 0) return sequence_too_old();
    BadSequence stranger = bad;
    stranger.of_another_stream = true;
    return bad_starting_sequence(stranger);
  }
  const bool after = asked.input.shard_iterator_type == IteratorType::after_sequence_number;
  return Position{.place = log::Place(sequence->index + (after ? 1 : 0))};
}

// The first record that arrived then or later.
Position from_ms(const Asked& asked, std::int64_t ms) {
  if (ms <= asked.stream.opened_ms(asked.shard)) return {.place = asked.shard.first};
  return {.arrived_ms = ms};
}

aws::Outcome<Position> from_time(const Asked& asked, std::int64_t now_ms) {
  const std::int64_t asked_ms = base::unix_ms(asked.input.timestamp.value_or(base::WallTime()));
  if (asked_ms > now_ms) return timestamp_in_future({.asked_ms = asked_ms, .now_ms = now_ms});
  return from_ms(asked, std::max(asked_ms, asked.stream.horizon_ms(now_ms)));
}

aws::Outcome<Position> position_of(const Asked& asked, std::int64_t now_ms) {
  switch (asked.input.shard_iterator_type) {
    case IteratorType::latest: return Position{.place = asked.tip};
    case IteratorType::at_timestamp: return from_time(asked, now_ms);
    case IteratorType::trim_horizon: return from_ms(asked, asked.stream.horizon_ms(now_ms));
    default: return from_sequence(asked);
  }
}

// A place between the shard's first and the tip, or what is behind the last one of a closed shard.
log::Place clamped(const Shard& shard, log::Place place, log::Place tip) {
  if (shard.end) tip = std::min(tip, log::Place(shard.end->raw() + 1));
  return std::max(std::min(place, tip), std::min(shard.first, tip));
}

}  // namespace

// The position is resolved here and now: LATEST is the tip at this call, so that every record put
// behind it is returned however late the first read comes.
void get_shard_iterator(Streams& streams, const aws::Call& call, const GetShardIteratorInput& input,
                        aws::Done<GetShardIteratorOutput> done) {
  const StreamAt meant = stream_at(streams, meant_name({input.stream_name, input.stream_arn}));
  const auto index = parse_shard_id(input.shard_id);
  if (!index) return done(std::unexpected(unreadable_shard_id(meant, input.shard_id)));
  const std::string id = shard_id(*index);
  aws::Outcome<StreamPtr> found = find_stream(streams, call, input);
  if (!found) {
    // AWS names the shard where only the stream is missing (observed).
    if (found.error().name == "ResourceNotFoundException") {
      return done(std::unexpected(no_such_shard(meant, id)));
    }
    return done(std::unexpected(std::move(found).error()));
  }
  StreamPtr stream = *std::move(found);
  const Shard* const shard = stream->shard(*index);
  const std::int64_t now_ms = streams.now_ms();
  if (!stream->takes_records() || shard == nullptr ||
      stream->expired(*shard, stream->horizon_ms(now_ms))) {
    return done(std::unexpected(no_such_shard(meant, id)));
  }
  if (aws::Outcome<void> good = check_combination(input); !good) {
    return done(std::unexpected(std::move(good).error()));
  }
  const log::Place tip = streams.log().end(log::Mark::readable);
  const aws::Outcome<Position> position = position_of(
      {.streams = streams, .stream = *stream, .shard = *shard, .input = input, .tip = tip}, now_ms);
  if (!position) return done(std::unexpected(position.error()));

  const auto answer = [&streams, &loop = call.loop, shard, stream, now_ms](log::Place from) {
    return GetShardIteratorOutput{.shard_iterator =
                                      streams.tokens(loop).seal({.issued_ms = now_ms,
                                                                 .stream = stream->uid,
                                                                 .shard = shard->index,
                                                                 .from = from,
                                                                 .stream_name = stream->name})};
  };
  const std::optional<log::Place> place = position->place;
  if (place || shard->never_had_records()) {
    return done(answer(clamped(*shard, place.value_or(tip), tip)));
  }
  streams.log().find_by_time(
      &call.loop, shard->number, position->arrived_ms,
      [answer, shard, tip, done = std::move(done)](base::Result<log::Place> at) mutable {
        if (!at) return done(std::unexpected(aws::fault_from(std::move(at).error())));
        done(answer(clamped(*shard, *at, std::max(tip, *at))));
      });
}

}  // namespace hyd::streams
