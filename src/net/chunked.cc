#include "net/chunked.h"

#include "net/characters.h"

#include <algorithm>

namespace hyd::net {
namespace {

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

ChunkDecoder::Step ChunkDecoder::step(std::string_view wire) {
  if (refusal_ != Refusal::none) return {.state = State::refused};
  std::size_t used = 0;
  while (used < wire.size() && at_ != At::done) {
    if (at_ == At::data) {
      const std::size_t run =
          static_cast<std::size_t>(std::min<std::uint64_t>(left_, wire.size() - used));
      left_ -= run;
      if (left_ == 0) at_ = At::data_cr;
      return {.state = State::more, .used = used + run, .data = wire.substr(used, run)};
    }
    if (!take(wire[used])) return {.state = State::refused, .used = used};
    ++used;
  }
  return {.state = at_ == At::done ? State::done : State::more, .used = used};
}

bool ChunkDecoder::take(char c) {
  switch (at_) {
    case At::size: return take_size(c);
    case At::extension:
      if (c == '\r') {
        at_ = At::size_lf;
      } else if (is_control(c) && c != '\t') {
        return refuse(Refusal::bad_chunk_size);
      } else if (++counted_ > kChunkExtensionBytesMax) {
        return refuse(Refusal::chunk_extension_too_long);
      }
      return true;
    case At::size_lf:
      if (c != '\n') return refuse(Refusal::bad_chunk_size);
      at_ = left_ == 0 ? At::trailer_start : At::data;
      counted_ = 0;
      return true;
    case At::data_cr:
      if (c != '\r') return refuse(Refusal::bad_chunk_end);
      at_ = At::data_lf;
      return true;
    case At::data_lf:
      if (c != '\n') return refuse(Refusal::bad_chunk_end);
      at_ = At::size;
      return true;
    case At::data:
    case At::done: return true;
    case At::trailer_start:
    case At::trailer_name:
    case At::trailer_value:
    case At::trailer_lf:
    case At::end_lf: return take_trailer(c);
  }
  return true;
}

bool ChunkDecoder::take_size(char c) {
  if (const int digit = hex_digit(c); digit >= 0) {
    if (++counted_ > kChunkSizeDigitsMax) return refuse(Refusal::bad_chunk_size);
    left_ = left_ << 4 | static_cast<std::uint64_t>(digit);
    return true;
  }
  if (counted_ == 0 || (c != '\r' && c != ';')) return refuse(Refusal::bad_chunk_size);
  at_ = c == ';' ? At::extension : At::size_lf;
  counted_ = c == ';' ? 1 : 0;
  return true;
}

bool ChunkDecoder::take_trailer(char c) {
  if (++counted_ > kTrailerBytesMax) return refuse(Refusal::trailer_too_large);
  switch (at_) {
    case At::trailer_start:
      if (c == '\r') {
        at_ = At::end_lf;
        return true;
      }
      if (!is_token_char(c)) return refuse(Refusal::bad_trailer);
      at_ = At::trailer_name;
      return true;
    case At::trailer_name:
      if (c == ':') {
        at_ = At::trailer_value;
        return true;
      }
      return is_token_char(c) || refuse(Refusal::bad_trailer);
    case At::trailer_value:
      if (c == '\r') {
        at_ = At::trailer_lf;
        return true;
      }
      return !is_control(c) || c == '\t' || refuse(Refusal::bad_trailer);
    case At::trailer_lf:
      if (c != '\n') return refuse(Refusal::bad_trailer);
      at_ = At::trailer_start;
      return true;
    default:
      if (c != '\n') return refuse(Refusal::bad_trailer);
      at_ = At::done;
      return true;
  }
}

}  // namespace hyd::net
