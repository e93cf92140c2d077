// AES-256-GCM: text that only the holder of the key can make or read (shard iterators, page tokens,
// stored secrets).
#pragma once

#include "base/result.h"

#include <array>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace hyd::codec {

inline constexpr std::size_t kSealKeyBytes = 32;
inline constexpr std::size_t kSealNonceBytes = 12;
inline constexpr std::size_t kSealTagBytes = 16;

using SealNonce = std::array<char, kSealNonceBytes>;

// Keeps the expanded key in two contexts, so sealing 150 bytes allocates nothing but its answer.
// One thread: each loop has its own. Movable.
class SealKey {
 public:
  explicit SealKey(const std::array<char, kSealKeyBytes>& key);
  SealKey(SealKey&&) noexcept;
  SealKey& operator=(SealKey&&) noexcept;
  ~SealKey();

  // Cipher text of the length of `plain`, then the tag. One nonce must never seal two texts under
  // one key: 96 random bits serve for 2^32 texts. `bound` is authenticated and not part of the
  // answer: it names what the text is for, so that a page token cannot be passed as an iterator.
  std::string seal(const SealNonce& nonce, std::string_view bound, std::string_view plain);

  // Code::denied when a bit of anything differs; which one cannot be told.
  base::Result<std::string> open(const SealNonce& nonce, std::string_view bound,
                                 std::string_view sealed);

 private:
  struct Contexts;
  std::unique_ptr<Contexts> contexts_;
};

}  // namespace hyd::codec
