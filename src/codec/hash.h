// MD5, SHA-1, SHA-256 and HMAC; OpenSSL inside hash.cc only.
//
// Digests are on the path of every record (partition keys, signatures), so the block functions are
// called directly: fetching an algorithm by name costs three times the hash of a short key. The
// hashers are values: copying one forks the computation, which is how an HMAC key keeps its two
// half-done states. Any thread may use its own; none allocates.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace hyd::codec {

// The bytes of a digest, comparable; `view` lends them.
template <std::size_t N>
struct Digest {
  std::array<char, N> bytes{};
  std::string_view view() const { return {bytes.data(), N}; }
  std::string hex() const;  // lower case
  friend bool operator==(const Digest&, const Digest&) = default;
};
using Md5Digest = Digest<16>;
using Sha1Digest = Digest<20>;
using Sha256Digest = Digest<32>;

enum class HashKind : std::uint8_t { md5, sha1, sha256 };

// A hash in progress. After `finish` only assignment brings it back to life.
template <HashKind kKind, std::size_t N>
class Hasher {
 public:
  Hasher();
  void update(std::string_view bytes);
  Digest<N> finish();

 private:
  alignas(8) std::array<std::byte, 112> state_;  // OpenSSL's own context, a plain structure
};
using Md5 = Hasher<HashKind::md5, 16>;
using Sha1 = Hasher<HashKind::sha1, 20>;
using Sha256 = Hasher<HashKind::sha256, 32>;

Md5Digest md5(std::string_view bytes);
Sha1Digest sha1(std::string_view bytes);
Sha256Digest sha256(std::string_view bytes);

// An HMAC-SHA-256 key with both pads already hashed, so that a short message costs three blocks.
class HmacKey {
 public:
  explicit HmacKey(std::string_view key);
  Sha256Digest sign(std::string_view message) const;

 private:
  Sha256 inner_;
  Sha256 outer_;
};

Sha256Digest hmac_sha256(std::string_view key, std::string_view message);
Sha1Digest hmac_sha1(std::string_view key, std::string_view message);

// Takes the same time wherever the first difference is; for signatures, tokens and keys. Texts of
// different length are unequal at once: the length is no secret.
bool equal_in_constant_time(std::string_view a, std::string_view b);

}  // namespace hyd::codec
