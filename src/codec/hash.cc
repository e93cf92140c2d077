#include "codec/hash.h"

#include "codec/hex.h"

// The block functions are "deprecated" in favour of fetched ones, which allocate and go through
// four calls each. They remain part of OpenSSL 3's ABI.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/crypto.h>
#include <openssl/md5.h>
#include <openssl/sha.h>

#include <memory>
#include <new>
#include <type_traits>

namespace hyd::codec {
namespace {

template <HashKind kKind>
struct Algorithm;

template <>
struct Algorithm<HashKind::md5> {
  using Context = MD5_CTX;
  static constexpr auto kInit = MD5_Init;
  static constexpr auto kUpdate = MD5_Update;
  static constexpr auto kFinal = MD5_Final;
};
template <>
struct Algorithm<HashKind::sha1> {
  using Context = SHA_CTX;
  static constexpr auto kInit = SHA1_Init;
  static constexpr auto kUpdate = SHA1_Update;
  static constexpr auto kFinal = SHA1_Final;
};
template <>
struct Algorithm<HashKind::sha256> {
  using Context = SHA256_CTX;
  static constexpr auto kInit = SHA256_Init;
  static constexpr auto kUpdate = SHA256_Update;
  static constexpr auto kFinal = SHA256_Final;
};

template <HashKind kKind, class State>
auto* context(State& state) {
  using Context = Algorithm<kKind>::Context;
  static_assert(sizeof(Context) <= sizeof(State) && alignof(Context) <= 8);
  static_assert(std::is_trivially_copyable_v<Context>);
  return std::launder(reinterpret_cast<Context*>(state.data()));
}

template <HashKind kKind, std::size_t N>
Digest<N> one_shot(std::string_view bytes) {
  Hasher<kKind, N> hasher;
  hasher.update(bytes);
  return hasher.finish();
}

constexpr std::size_t kBlockSize = 64;  // of SHA-1 and of SHA-256

// RFC 2104: a key is padded with zeros to a block, after hashing when it is longer.
template <class Hash>
void start_pads(std::string_view key, Hash& inner, Hash& outer) {
  std::array<char, kBlockSize> pad{};
  if (key.size() > kBlockSize) {
    Hash shorter;
    shorter.update(key);
    const auto digest = shorter.finish();
    digest.view().copy(pad.data(), kBlockSize);
  } else {
    key.copy(pad.data(), kBlockSize);
  }
  const std::string_view block(pad.data(), pad.size());
  for (char& byte : pad) byte = static_cast<char>(byte ^ 0x36);
  inner.update(block);
  for (char& byte : pad) byte = static_cast<char>(byte ^ 0x36 ^ 0x5c);
  outer.update(block);
  OPENSSL_cleanse(pad.data(), pad.size());
}

}  // namespace

template <std::size_t N>
std::string Digest<N>::hex() const {
  return codec::hex(view());
}

template <HashKind kKind, std::size_t N>
Hasher<kKind, N>::Hasher() {
  state_.fill(std::byte{0});
  using Context = Algorithm<kKind>::Context;
  Algorithm<kKind>::kInit(std::construct_at(reinterpret_cast<Context*>(state_.data())));
}

template <HashKind kKind, std::size_t N>
void Hasher<kKind, N>::update(std::string_view bytes) {
  Algorithm<kKind>::kUpdate(context<kKind>(state_), bytes.data(), bytes.size());
}

template <HashKind kKind, std::size_t N>
Digest<N> Hasher<kKind, N>::finish() {
  Digest<N> digest;
  Algorithm<kKind>::kFinal(reinterpret_cast<unsigned char*>(digest.bytes.data()),
                           context<kKind>(state_));
  return digest;
}

template struct Digest<16>;
template struct Digest<20>;
template struct Digest<32>;
template class Hasher<HashKind::md5, 16>;
template class Hasher<HashKind::sha1, 20>;
template class Hasher<HashKind::sha256, 32>;

Md5Digest md5(std::string_view bytes) { return one_shot<HashKind::md5, 16>(bytes); }
Sha1Digest sha1(std::string_view bytes) { return one_shot<HashKind::sha1, 20>(bytes); }
Sha256Digest sha256(std::string_view bytes) { return one_shot<HashKind::sha256, 32>(bytes); }

HmacKey::HmacKey(std::string_view key) { start_pads(key, inner_, outer_); }

Sha256Digest HmacKey::sign(std::string_view message) const {
  Sha256 inner = inner_;
  inner.update(message);
  Sha256 outer = outer_;
  outer.update(inner.finish().view());
  return outer.finish();
}

Sha256Digest hmac_sha256(std::string_view key, std::string_view message) {
  return HmacKey(key).sign(message);
}

Sha1Digest hmac_sha1(std::string_view key, std::string_view message) {
  Sha1 inner;
  Sha1 outer;
  start_pads(key, inner, outer);
  inner.update(message);
  outer.update(inner.finish().view());
  return outer.finish();
}

bool equal_in_constant_time(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace hyd::codec
