#include "aws/sigv4_chunks.h"

#include <fmt/core.h>

namespace hyd::aws {
namespace {

constexpr std::string_view kHashOfNothing =
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

}  // namespace

ChunkSigner::ChunkSigner(const codec::HmacKey& key, const ChunkSeed& seed)
    : key_(key),
      timestamp_and_scope_(fmt::format("{}\n{}\n", seed.timestamp, seed.scope)),
      previous_(seed.signature) {}

bool ChunkSigner::check(std::string_view algorithm, std::string_view text_behind,
                        std::string_view signature) {
  const std::string text =
      fmt::format("{}\n{}{}\n{}", algorithm, timestamp_and_scope_, previous_, text_behind);
  previous_ = key_.sign(text).hex();
  return codec::equal_in_constant_time(previous_, signature);
}

bool ChunkSigner::check_chunk(const codec::Sha256Digest& data_hash, std::string_view signature) {
  return check("AWS4-HMAC-SHA256-PAYLOAD", fmt::format("{}\n{}", kHashOfNothing, data_hash.hex()),
               signature);
}

bool ChunkSigner::check_trailer(std::string_view trailer, std::string_view signature) {
  return check("AWS4-HMAC-SHA256-TRAILER", codec::sha256(trailer).hex(), signature);
}

}  // namespace hyd::aws
