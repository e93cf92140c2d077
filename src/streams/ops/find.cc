#include "streams/ops/find.h"

#include "aws/arn.h"
#include "streams/ops/words.h"
#include "streams/sequence.h"
#include "streams/shard_id.h"

#include <chrono>
#include <cstdint>
#include <utility>

namespace hyd::streams {
namespace {

constexpr std::string_view kResource = "stream/";

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

std::string_view status_word(const Stream& stream) {
  return kStatusWords[std::to_underlying(status_of(stream))];
}

StatusWord status_of(const Stream& stream) {
  switch (stream.status) {
    case Status::creating: return StatusWord::creating;
    case Status::active: return StatusWord::active;
    default: return StatusWord::deleting;
  }
}

StreamModeDetails mode_of(const Stream& stream) {
  return {.stream_mode =
              stream.mode == Mode::on_demand ? ModeWord::on_demand : ModeWord::provisioned};
}

base::WallTime created_at(const Stream& stream) {
  return base::WallTime(std::chrono::milliseconds(stream.created_ms));
}

ShardOutput shard_output(const Shard& shard) {
  const std::int64_t created_s = shard.created_ms / 1000;
  const Sequence starting{.created_s = created_s, .shard = shard.index, .arrived_s = created_s};
  return {.shard_id = shard_id(shard.index),
          .hash_key_range = {.starting_hash_key = shard.range.first.decimal(),
                             .ending_hash_key = shard.range.last.decimal()},
          .sequence_number_range = {.starting_sequence_number = starting.decimal()}};
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

}  // namespace hyd::streams
