#include "identity/ids.h"

#include "codec/base64.h"

#include <array>
#include <cstddef>
#include <cstdint>

namespace hyd::identity {
namespace {

std::string with_letters(std::string_view prefix, std::size_t count, base::Rng& entropy) {
  constexpr std::string_view kLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  std::string out(prefix);
  for (std::size_t i = 0; i < count; ++i) out += kLetters[entropy.below(kLetters.size())];
  return out;
}

}  // namespace

std::string make_access_key_id(base::Rng& entropy) { return with_letters("AKIA", 16, entropy); }

std::string make_secret(base::Rng& entropy) {
  std::array<char, 30> bytes{};
  entropy.fill(bytes);
  return codec::base64_encode(std::string_view(bytes.data(), bytes.size()));
}

std::string make_role_id(base::Rng& entropy) { return with_letters("AROA", 17, entropy); }

std::string make_account(base::Rng& entropy) {
  constexpr std::uint64_t kFirst = 100'000'000'000;
  return std::to_string(kFirst + entropy.below(9 * kFirst));
}

}  // namespace hyd::identity
