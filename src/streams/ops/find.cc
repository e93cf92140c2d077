#include "streams/ops/find.h"

#include "aws/arn.h"
#include "streams/ops/words.h"
#include "streams/sequence.h"
#include "streams/shard_id.h"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <utility>

namespace hyd::streams {
namespace {

constexpr std::string_view kResource = "stream/";
// Ours, for the directory: everything has a bound.
constexpr std::uint64_t kShardsMax = 100'000;

// The next code point of text that is valid UTF-8, cut off its front.
std::uint32_t take_point(std::string_view& text) {
  const auto lead = static_cast<std::uint8_t>(text.front());
  text.remove_prefix(1);
  if (lead < 0x80) return lead;
  const int more = lead >= 0xf0 ? 3 : lead >= 0xe0 ? 2 : 1;
  std::uint32_t point = lead & (0x3fu >> more);
  for (int i = 0; i < more && !text.empty(); ++i) {
    point = point << 6 | (static_cast<std::uint8_t>(text.front()) & 0x3fu);
    text.remove_prefix(1);
  }
  return point;
}

// Letters beyond ASCII are taken by their blocks, as AWS does (observed).
bool is_tag_text(std::string_view text) {
  while (!text.empty()) {
    const std::uint32_t point = take_point(text);
    const bool good =
        point < 0x80 ? (point >= 'a' && point <= 'z') || (point >= 'A' && point <= 'Z') ||
                           (point >= '0' && point <= '9') ||
                           std::string_view("_./=+-%@: ").contains(static_cast<char>(point))
                     : (point >= 0xc0 && point <= 0x1fff) || (point >= 0x2c00 && point <= 0xd7ff);
    if (!good) return false;
  }
  return true;
}

}  // namespace

std::string_view meant_name(const Addressed& by) {
  if (by.name) return *by.name;
  if (!by.arn) return {};
  const std::string_view arn = *by.arn;
  const std::size_t at = arn.rfind(kResource);
  return at == std::string_view::npos ? arn : arn.substr(at + kResource.size());
}

aws::Outcome<StreamPtr> find_stream(const Streams& streams, const aws::Call& call,
                                    const Addressed& by) {
  if (!by.name && !by.arn) return neither_name_nor_arn();
  const Picture& picture = streams.picture(call.loop);
  if (!by.arn) {
    const StreamPtr& stream = picture.find(call.region, *by.name);
    if (!stream) return no_such_stream(stream_at(streams, *by.name));
    return stream;
  }
  const auto arn = aws::Arn::parse(*by.arn);
  if (!arn || !arn->resource.starts_with(kResource)) {
    return no_such_stream(stream_at(streams, *by.arn));
  }
  if (arn->account != streams.account()) return anothers_stream(*by.arn);
  const std::string_view name = std::string_view(arn->resource).substr(kResource.size());
  if (by.name && *by.name != name) return name_and_arn_differ();
  const StreamPtr& stream = picture.find(arn->region, name);
  if (!stream) return no_such_stream(stream_at(streams, name));
  return stream;
}

aws::Outcome<void> must_be_active(const Streams& streams, const Stream& stream) {
  if (stream.status == Status::active) return {};
  return stream_not_active(stream_at(streams, stream.name), status_word(stream));
}

aws::Outcome<void> must_be_there(const Streams& streams, const Stream& stream) {
  if (stream.takes_records()) return {};
  return stream_not_active(stream_at(streams, stream.name), status_word(stream));
}

aws::Outcome<Resource> find_resource(const Streams& streams, const aws::Call& call,
                                     std::string_view text) {
  constexpr std::string_view kConsumer = "/consumer/";
  const std::size_t consumer = text.rfind(kConsumer);
  const std::optional<std::string> arn(text.substr(0, consumer));
  const aws::Outcome<StreamPtr> stream = find_stream(streams, call, Addressed{std::nullopt, arn});
  if (!stream) return stream.error();
  if (consumer == std::string_view::npos) return Resource{.stream = *stream};
  const std::string_view tail = text.substr(consumer + kConsumer.size());
  const std::string name(tail.substr(0, tail.rfind(':')));
  const Consumer* const found = consumer_in((*stream)->settings, name);
  if (found == nullptr || found->arn != text) {
    return no_such_consumer(consumer_at(streams, **stream, name));
  }
  return Resource{.stream = *stream, .consumer = name};
}

const Consumer* consumer_in(const Settings& settings, std::string_view name) {
  const auto found = settings.consumers.find(name);
  return found == settings.consumers.end() ? nullptr : &found->second;
}

Consumer* consumer_in(Settings& settings, std::string_view name) {
  const auto found = settings.consumers.find(name);
  return found == settings.consumers.end() ? nullptr : &found->second;
}

ConsumerAt consumer_at(const Streams& streams, const Stream& stream, std::string_view name) {
  return {.stream = stream_at(streams, stream.name), .name = name};
}

Tags* tags_of(Settings& settings, const Resource& resource) {
  if (resource.consumer.empty()) return &settings.tags;
  Consumer* const consumer = consumer_in(settings, resource.consumer);
  return consumer == nullptr ? nullptr : &consumer->tags;
}

aws::Done<StreamPtr> without_answer(aws::Done<aws::Nothing> done) {
  return [done = std::move(done)](std::expected<StreamPtr, aws::Fault> changed) mutable {
    if (!changed) return done(std::unexpected(std::move(changed).error()));
    done(aws::Nothing{});
  };
}

std::string_view status_word(const Stream& stream) {
  return kStatusWords[std::to_underlying(status_of(stream))];
}

StatusWord status_of(const Stream& stream) {
  switch (stream.status) {
    case Status::creating: return StatusWord::creating;
    case Status::active: return StatusWord::active;
    case Status::updating: return StatusWord::updating;
    default: return StatusWord::deleting;
  }
}

StreamModeDetails mode_of(const Stream& stream) {
  return {.stream_mode = stream.settings.mode == Mode::on_demand ? ModeWord::on_demand
                                                                 : ModeWord::provisioned};
}

base::WallTime created_at(const Stream& stream) {
  return base::WallTime(std::chrono::milliseconds(stream.created_ms));
}

EncryptionWord encryption_of(const Stream& stream) {
  return stream.settings.key_id ? EncryptionWord::kms : EncryptionWord::none;
}

std::optional<EncryptionWord> encryption_of_records(const Stream& stream) {
  if (!stream.settings.key_id) return std::nullopt;
  return EncryptionWord::kms;
}

std::vector<EnhancedMetrics> monitoring_of(const Stream& stream) {
  std::vector<EnhancedMetrics> all(1);
  for (std::size_t i = 0; i < kMetricsCount; ++i) {
    if ((stream.settings.metrics >> i & 1) != 0) {
      all.front().shard_level_metrics.emplace_back(kMetricWords[i]);
    }
  }
  return all;
}

HashKeyRange range_output(const HashRange& range) {
  return {.starting_hash_key = range.first.decimal(), .ending_hash_key = range.last.decimal()};
}

// A number that is smaller than those of its records, and for a closed shard one that is larger.
ShardOutput shard_output(const Stream& stream, const Shard& shard) {
  Sequence sequence{.created_s = shard.created_ms / 1000,
                    .shard = shard.index,
                    .arrived_s = shard.created_ms / 1000};
  ShardOutput output{.shard_id = shard_id(shard.index),
                     .hash_key_range = range_output(shard.range),
                     .sequence_number_range = {.starting_sequence_number = sequence.decimal()}};
  if (shard.parent) output.parent_shard_id = shard_id(*shard.parent);
  if (shard.adjacent_parent) output.adjacent_parent_shard_id = shard_id(*shard.adjacent_parent);
  if (shard.closed_ms != 0) {
    sequence.index = Sequence::kIndexMax;
    sequence.arrived_s = std::max(shard.closed_ms, stream.opened_ms(shard)) / 1000;
    output.sequence_number_range.ending_sequence_number = sequence.decimal();
  }
  return output;
}

aws::Outcome<void> must_have_room(const Streams& streams, const Picture& picture,
                                  const MoreShards& shards) {
  const bool limited = streams.shard_limit() && shards.mode == Mode::provisioned;
  const std::uint64_t now =
      limited ? picture.count(shards.region, Mode::provisioned).shards : picture.shard_count();
  const std::uint64_t limit = limited ? std::min(*streams.shard_limit(), kShardsMax) : kShardsMax;
  if (now + shards.more <= limit) return {};
  return too_many_shards({.account = streams.account(),
                          .region = shards.region,
                          .current = now,
                          .limit = limit,
                          .more = shards.more});
}

aws::Outcome<Tags> read_new_tags(const aws::Map<std::string>& tags) {
  Tags out;
  for (const auto& [key, value] : tags) {
    if (!is_tag_text(key) || !is_tag_text(value)) return bad_tag_characters();
    if (key.starts_with("aws:")) return reserved_tag_key();
    out.insert_or_assign(key, value);
  }
  return out;
}

Streams::NewSettings change_tags(const Streams& streams, const Stream& now,
                                 const Resource& resource, const TagChange& change) {
  if (aws::Outcome<void> there = must_be_there(streams, now); !there) {
    return std::move(there).error();
  }
  Settings next = now.settings;
  Tags* const tags = tags_of(next, resource);
  if (tags == nullptr) return no_such_consumer(consumer_at(streams, now, resource.consumer));
  for (const std::string& key : change.remove) tags->erase(key);
  for (const auto& [key, value] : change.put) tags->insert_or_assign(key, value);
  if (tags->size() > kTagsMax) {
    return too_many_tags(stream_at(streams, now.name), kTagsMax);
  }
  return std::optional<Settings>(std::move(next));
}

}  // namespace hyd::streams
