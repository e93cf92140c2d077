#include "objects/s3/chunked_body.h"

#include "aws/auth_error.h"
#include "aws/operation.h"
#include "codec/hex.h"
#include "objects/faults.h"

#include <algorithm>
#include <utility>

namespace hyd::objects {

using aws::Outcome;

namespace {

constexpr std::string_view kSignature = "chunk-signature=";
constexpr std::string_view kTrailerSignature = "x-amz-trailer-signature";
constexpr std::size_t kSizeDigitsMax = 16;

aws::Fault signature_differs() {
  return aws::to_fault({.kind = aws::AuthFailure::Kind::chunk_differs}, aws::Protocol::rest_xml);
}

std::optional<std::uint64_t> hex_size(std::string_view digits) {
  if (digits.empty() || digits.size() > kSizeDigitsMax) return std::nullopt;
  std::uint64_t size = 0;
  for (const char c : digits) {
    const int digit = codec::hex_digit(c);
    if (digit < 0) return std::nullopt;
    size = size << 4 | static_cast<std::uint64_t>(digit);
  }
  return size;
}

std::string lower(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return out;
}

}  // namespace

Outcome<void> ChunkedBody::feed(std::string_view bytes, const Data& data) {
  while (!bytes.empty()) {
    if (state_ == State::done) {
      // Behind a trailer that ended with LF CRLF the body's own empty line is still to come.
      line_ += bytes;
      if (!std::string_view("\r\n").starts_with(line_)) return incomplete_body();
      return {};
    }
    if (state_ == State::data) {
      const std::string_view piece = bytes.substr(0, left_);
      bytes.remove_prefix(piece.size());
      left_ -= piece.size();
      if (options_.signer) chunk_hash_.update(piece);
      if (Outcome<void> taken = data(piece); !taken) return taken;
      if (left_ == 0) state_ = State::data_end;
      continue;
    }
    const std::size_t end = bytes.find('\n');
    line_.append(bytes.substr(0, end));
    if (line_.size() > kLineBytesMax) return incomplete_body();
    if (end == std::string_view::npos) return {};
    bytes.remove_prefix(end + 1);
    std::string line = std::exchange(line_, {});
    // A client is known that ends its trailers with LF CRLF.
    if (line.ends_with('\r')) line.pop_back();
    Outcome<void> taken;
    if (state_ == State::data_end) {
      taken = line.empty() ? end_chunk() : Outcome<void>(incomplete_body());
    } else if (state_ == State::size_line) {
      taken = take_size_line(line);
    } else {
      taken = line.empty() ? end_trailer() : take_trailer_line(line);
    }
    if (!taken) return taken;
  }
  return {};
}

Outcome<void> ChunkedBody::take_size_line(std::string_view line) {
  const std::size_t mark = line.find(';');
  const auto size = hex_size(line.substr(0, mark));
  if (!size) return incomplete_body();
  chunk_signature_.clear();
  if (mark != std::string_view::npos) {
    const std::string_view extension = line.substr(mark + 1);
    if (extension.starts_with(kSignature)) chunk_signature_ = extension.substr(kSignature.size());
  }
  if (*size > options_.decoded_length - total_) return incomplete_body();
  if (*size > 0 && had_short_chunk_) return invalid_chunk_size();
  had_short_chunk_ = *size < kChunkBytesMin;
  total_ += *size;
  left_ = *size;
  if (*size > 0) {
    state_ = State::data;
    return {};
  }
  if (options_.signer) {
    if (!options_.signer->check_chunk(codec::sha256({}), chunk_signature_)) {
      return signature_differs();
    }
  }
  state_ = State::trailer_line;
  return {};
}

Outcome<void> ChunkedBody::end_chunk() {
  if (options_.signer) {
    const codec::Sha256Digest hash = std::exchange(chunk_hash_, {}).finish();
    if (!options_.signer->check_chunk(hash, chunk_signature_)) return signature_differs();
  }
  state_ = State::size_line;
  return {};
}

Outcome<void> ChunkedBody::take_trailer_line(std::string_view line) {
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos) return malformed_trailer();
  const std::string name = lower(line.substr(0, colon));
  std::string_view value = line.substr(colon + 1);
  while (value.starts_with(' ')) value.remove_prefix(1);
  while (value.ends_with(' ')) value.remove_suffix(1);
  if (name == kTrailerSignature) {
    trailer_signature_ = value;
    return {};
  }
  if (options_.trailer.empty() || name != options_.trailer || had_trailer_) {
    return malformed_trailer();
  }
  had_trailer_ = true;
  trailer_value_ = value;
  trailer_text_.append(name).append(":").append(value).append("\n");
  return {};
}

Outcome<void> ChunkedBody::end_trailer() {
  // Behind a signed trailer an empty line may stand before its signature.
  if (options_.trailer_signed && had_trailer_ && trailer_signature_.empty()) return {};
  if (!options_.trailer.empty() && !had_trailer_) return malformed_trailer();
  if (options_.trailer_signed && options_.signer &&
      !options_.signer->check_trailer(trailer_text_, trailer_signature_)) {
    return signature_differs();
  }
  state_ = State::done;
  return {};
}

Outcome<void> ChunkedBody::finish() {
  // Some clients leave out the last empty line.
  if (state_ == State::trailer_line && line_.empty()) {
    if (options_.trailer_signed && trailer_signature_.empty()) return malformed_trailer();
    if (Outcome<void> ended = end_trailer(); !ended) return ended;
  }
  if (state_ != State::done || total_ != options_.decoded_length) return incomplete_body();
  return {};
}

}  // namespace hyd::objects
