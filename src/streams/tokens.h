// Shard iterators and page tokens: texts that only this directory's key can make or read.
//
// Both are base64 of eight bytes (00 00 00 00 00 00 00 01) and a sealed text padded to a multiple
// of 16 bytes, as AWS's look from outside; both are good for 300 seconds and any number of uses,
// in every process that has the key. An iterator names the incarnation of a stream, so it never
// reads another stream of the same name.
#pragma once

#include "base/rng.h"
#include "base/uid.h"
#include "codec/seal.h"
#include "log/log.h"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hyd::streams {

inline constexpr std::int64_t kTokenLifeMs = 300'000;

struct Iterator {
  std::int64_t issued_ms = 0;
  base::Uid stream;
  std::uint32_t shard = 0;       // index
  log::Place from;               // the next place to read
  std::string stream_name = {};  // for the words of a refusal, when the stream is gone
  friend bool operator==(const Iterator&, const Iterator&) = default;
};

struct PageToken {
  std::int64_t issued_ms = 0;
  std::string text = {};  // the operation's own
  friend bool operator==(const PageToken&, const PageToken&) = default;
};

// One thread: each loop has its own.
class Tokens {
 public:
  // `entropy` may be used from any thread and outlives it.
  Tokens(const std::array<char, codec::kSealKeyBytes>& key, base::Rng& entropy)
      : key_(key), entropy_(&entropy) {}

  std::string seal(const Iterator& iterator);
  // Nothing: not one of ours, or changed on its way. Age is the caller's to judge.
  std::optional<Iterator> open_iterator(std::string_view text);

  // `operation` is bound into the token, so that one operation's cannot be passed to another.
  std::string seal_page(std::string_view operation, const PageToken& token);
  std::optional<PageToken> open_page(std::string_view operation, std::string_view text);

 private:
  std::string seal_text(std::string_view bound, std::string plain);
  std::optional<std::string> open_text(std::string_view bound, std::string_view text);

  codec::SealKey key_;
  base::Rng* entropy_;
};

}  // namespace hyd::streams
