#include "streams/tokens.h"

#include "codec/base64.h"

#include <algorithm>
#include <bit>
#include <span>
#include <utility>

namespace hyd::streams {
namespace {

constexpr std::string_view kHead("\0\0\0\0\0\0\0\1", 8);
constexpr std::size_t kOverhead = codec::kSealNonceBytes + codec::kSealTagBytes;
// What is sealed is padded so that, nonce and tag included, it fills whole blocks, and at least as
// many as AWS's iterators have.
constexpr std::size_t kBlock = 16;
constexpr std::size_t kSealedBytesMin = 144;
// Above this it is none of ours.
constexpr std::size_t kTextMax = 4096;
constexpr std::string_view kIteratorBound = "kinesis iterator";
constexpr std::string_view kPageBound = "kinesis page ";
constexpr char kVersion = 1;

void put_number(std::string& out, std::uint64_t value, std::size_t bytes) {
  for (std::size_t i = bytes; i-- > 0;) out += static_cast<char>(value >> (8 * i) & 0xff);
}

// Cuts a big-endian number off the front.
std::uint64_t take_number(std::string_view& from, std::size_t bytes) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < bytes; ++i) value = value << 8 | static_cast<std::uint8_t>(from[i]);
  from.remove_prefix(bytes);
  return value;
}

}  // namespace

std::string Tokens::seal_text(std::string_view bound, std::string plain) {
  const std::size_t wanted = std::max(plain.size() + kOverhead, kSealedBytesMin);
  plain.resize((wanted + kBlock - 1) / kBlock * kBlock - kOverhead, '\0');
  codec::SealNonce nonce;
  entropy_->fill(nonce);
  std::string bytes(kHead);
  bytes.append(nonce.data(), nonce.size());
  bytes += key_.seal(nonce, bound, plain);
  return codec::base64_encode(bytes);
}

std::optional<std::string> Tokens::open_text(std::string_view bound, std::string_view text) {
  if (text.size() > kTextMax) return std::nullopt;
  const auto bytes = codec::base64_decode(text);
  if (!bytes || bytes->size() < kHead.size() + kSealedBytesMin || !bytes->starts_with(kHead)) {
    return std::nullopt;
  }
  const std::string_view body = std::string_view(*bytes).substr(kHead.size());
  codec::SealNonce nonce;
  std::copy_n(body.begin(), nonce.size(), nonce.begin());
  auto plain = key_.open(nonce, bound, body.substr(nonce.size()));
  if (!plain || plain->front() != kVersion) return std::nullopt;
  return *std::move(plain);
}

// Version, time of issue, stream, shard, place, length of the name, name.
std::string Tokens::seal(const Iterator& iterator) {
  std::string plain(1, kVersion);
  put_number(plain, static_cast<std::uint64_t>(iterator.issued_ms), 8);
  for (const std::uint8_t byte : iterator.stream.bytes()) plain += static_cast<char>(byte);
  put_number(plain, iterator.shard, 4);
  put_number(plain, iterator.from.raw(), 8);
  put_number(plain, iterator.stream_name.size(), 1);
  plain += iterator.stream_name;
  return seal_text(kIteratorBound, std::move(plain));
}

std::optional<Iterator> Tokens::open_iterator(std::string_view text) {
  const auto plain = open_text(kIteratorBound, text);
  if (!plain) return std::nullopt;
  std::string_view rest = std::string_view(*plain).substr(1);
  Iterator iterator;
  iterator.issued_ms = static_cast<std::int64_t>(take_number(rest, 8));
  std::array<std::uint8_t, 16> uid;
  for (std::uint8_t& byte : uid) byte = static_cast<std::uint8_t>(take_number(rest, 1));
  iterator.stream = base::Uid(uid);
  iterator.shard = static_cast<std::uint32_t>(take_number(rest, 4));
  iterator.from = log::Place(take_number(rest, 8));
  const std::uint64_t name_bytes = take_number(rest, 1);
  if (name_bytes > rest.size()) return std::nullopt;
  iterator.stream_name = rest.substr(0, name_bytes);
  return iterator;
}

// Version, time of issue, length of the text, text.
std::string Tokens::seal_page(std::string_view operation, const PageToken& token) {
  std::string plain(1, kVersion);
  put_number(plain, static_cast<std::uint64_t>(token.issued_ms), 8);
  put_number(plain, token.text.size(), 4);
  plain += token.text;
  std::string bound(kPageBound);
  bound += operation;
  return seal_text(bound, std::move(plain));
}

std::optional<PageToken> Tokens::open_page(std::string_view operation, std::string_view text) {
  std::string bound(kPageBound);
  bound += operation;
  const auto plain = open_text(bound, text);
  if (!plain) return std::nullopt;
  std::string_view rest = std::string_view(*plain).substr(1);
  PageToken token;
  token.issued_ms = static_cast<std::int64_t>(take_number(rest, 8));
  const std::uint64_t size = take_number(rest, 4);
  if (size > rest.size()) return std::nullopt;
  token.text = rest.substr(0, size);
  return token;
}

}  // namespace hyd::streams
