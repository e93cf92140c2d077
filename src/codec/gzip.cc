#include "codec/gzip.h"

#include "base/check.h"

#include <isa-l.h>

#include <algorithm>
#include <array>
#include <vector>

namespace hyd::codec {
namespace {

// ISA-L counts input in 32 bits; larger pieces are fed in several rounds.
constexpr std::size_t kPieceMax = std::size_t{1} << 30;
constexpr std::size_t kBlock = std::size_t{32} << 10;

// ISA-L reads its input through a pointer that is not const.
std::uint8_t* input(std::string_view bytes) {
  return reinterpret_cast<std::uint8_t*>(const_cast<char*>(bytes.data()));
}

}  // namespace

struct Compressor::State {
  explicit State(Wrapping wrapping) : level_buffer(ISAL_DEF_LVL1_DEFAULT) {
    isal_deflate_init(&stream);
    stream.level = 1;
    stream.level_buf = level_buffer.data();
    stream.level_buf_size = static_cast<std::uint32_t>(level_buffer.size());
    stream.gzip_flag = wrapping == Wrapping::gzip ? IGZIP_GZIP : IGZIP_ZLIB;
    first_flag = stream.gzip_flag;
  }

  isal_zstream stream{};
  std::vector<std::uint8_t> level_buffer;
  std::uint16_t first_flag = 0;  // ISA-L changes the flag once the header is out
  std::array<char, kBlock> block{};
};

Compressor::Compressor(Wrapping wrapping) : state_(std::make_unique<State>(wrapping)) {}
Compressor::Compressor(Compressor&&) noexcept = default;
Compressor& Compressor::operator=(Compressor&&) noexcept = default;
Compressor::~Compressor() = default;

void Compressor::run(std::string_view bytes, bool last, std::string& out) {
  isal_zstream& stream = state_->stream;
  stream.next_in = input(bytes);
  stream.avail_in = static_cast<std::uint32_t>(bytes.size());
  stream.end_of_stream = last ? 1 : 0;
  stream.flush = NO_FLUSH;
  do {
    stream.next_out = reinterpret_cast<std::uint8_t*>(state_->block.data());
    stream.avail_out = kBlock;
    HYD_CHECK(isal_deflate(&stream) == COMP_OK);
    out.append(state_->block.data(), kBlock - stream.avail_out);
  } while (stream.avail_out == 0);
  HYD_CHECK(stream.avail_in == 0);
}

void Compressor::add(std::string_view bytes, std::string& out) {
  while (!bytes.empty()) {
    const std::string_view piece = bytes.substr(0, kPieceMax);
    run(piece, false, out);
    bytes.remove_prefix(piece.size());
  }
}

void Compressor::finish(std::string& out) {
  run({}, true, out);
  HYD_CHECK(state_->stream.internal_state.state == ZSTATE_END);
  isal_deflate_reset(&state_->stream);
  state_->stream.gzip_flag = state_->first_flag;
}

std::string gzip(std::string_view bytes) {
  std::string out;
  Compressor compressor;
  compressor.add(bytes, out);
  compressor.finish(out);
  return out;
}

base::Result<std::string> decompress(std::string_view bytes, base::ByteCount size_max,
                                     Wrapping wrapping) {
  const auto invalid = [](std::string_view why) {
    return base::fail(base::Code::invalid, "decompress: " + std::string(why));
  };
  const auto state = std::make_unique<inflate_state>();
  std::array<char, kBlock> block;
  std::string out;
  const std::string_view whole = bytes;
  do {  // one member after the other
    isal_inflate_init(state.get());
    state->crc_flag = wrapping == Wrapping::gzip ? ISAL_GZIP : ISAL_ZLIB;
    while (state->block_state != ISAL_BLOCK_FINISH) {
      const std::string_view piece = bytes.substr(0, kPieceMax);
      state->next_in = input(piece);
      state->avail_in = static_cast<std::uint32_t>(piece.size());
      state->next_out = reinterpret_cast<std::uint8_t*>(block.data());
      state->avail_out = kBlock;
      const int status = isal_inflate(state.get());
      if (status == ISAL_INCORRECT_CHECKSUM) return invalid("the checksum differs");
      if (status != ISAL_DECOMP_OK) return invalid("not a compressed text");
      const std::size_t made = kBlock - state->avail_out;
      bytes.remove_prefix(piece.size() - state->avail_in);
      out.append(block.data(), made);
      if (out.size() > size_max.bytes()) {
        return base::fail(base::Code::exhausted, "decompress: the text is larger than allowed");
      }
      const bool stuck = made == 0 && state->avail_in == piece.size();
      if (stuck && state->block_state != ISAL_BLOCK_FINISH) return invalid("cut short");
    }
    // What ISA-L read ahead of the trailer's end and did not use.
    const auto ahead = static_cast<std::size_t>(std::max(state->read_in_length, 0)) / 8;
    bytes = whole.substr(whole.size() - bytes.size() - ahead);
  } while (!bytes.empty() && wrapping == Wrapping::gzip);
  if (!bytes.empty()) return invalid("something follows the text");
  return out;
}

}  // namespace hyd::codec
