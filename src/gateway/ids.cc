#include "gateway/ids.h"

#include "codec/hash.h"

#include <algorithm>

namespace hyd::gateway {
namespace {

constexpr std::string_view kLetters = "abcdefghijklmnopqrstuvwxyz0123456789";

}  // namespace

std::string make_id(std::size_t length, base::Rng& entropy) {
  std::string id;
  for (std::size_t i = 0; i < length; ++i) id += kLetters[entropy.below(kLetters.size())];
  return id;
}

bool is_id(std::string_view text, std::size_t length) {
  return text.size() == length &&
         std::ranges::all_of(text, [](char c) { return kLetters.contains(c); });
}

std::string root_id_of(std::string_view api_id) {
  const codec::Sha256Digest digest = codec::sha256(std::string("root of ") + std::string(api_id));
  std::string id;
  for (std::size_t i = 0; i < kApiIdLength; ++i) {
    id += kLetters[static_cast<unsigned char>(digest.bytes[i]) % kLetters.size()];
  }
  return id;
}

}  // namespace hyd::gateway
