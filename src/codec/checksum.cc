// All three polynomials are bit-reflected: bit 0 of a register is the coefficient of the highest
// power of x. The tables and the combination are written once for both widths.
#include "codec/checksum.h"

#include <isa-l.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <limits>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace hyd::codec {
namespace {

constexpr std::uint32_t kCrc32cPolynomial = 0x82f63b78;
constexpr std::uint32_t kCrc32Polynomial = 0xedb88320;
constexpr std::uint64_t kCrc64NvmePolynomial = 0x9a6c9329ac4bc9b5;  // ad93d23594c93659 reflected

// tables[k][b]: what byte b does to the register when k zero bytes follow it.
template <class Crc>
using Tables = std::array<std::array<Crc, 256>, 8>;

template <class Crc>
constexpr Tables<Crc> make_tables(Crc polynomial) {
  Tables<Crc> tables{};
  for (std::size_t b = 0; b < 256; ++b) {
    Crc crc = static_cast<Crc>(b);
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1) != 0 ? polynomial : Crc{0});
    tables[0][b] = crc;
  }
  for (std::size_t k = 1; k < 8; ++k) {
    for (std::size_t b = 0; b < 256; ++b) {
      const Crc crc = tables[k - 1][b];
      tables[k][b] = (crc >> 8) ^ tables[0][crc & 0xff];
    }
  }
  return tables;
}

constexpr Tables<std::uint32_t> kCrc32cTables = make_tables(kCrc32cPolynomial);
constexpr Tables<std::uint64_t> kCrc64NvmeTables = make_tables(kCrc64NvmePolynomial);

// Eight bytes a step. `crc` is the bare register, not inverted.
template <class Crc>
Crc by_tables(const Tables<Crc>& tables, std::string_view bytes, Crc crc) {
  while (bytes.size() >= 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, bytes.data(), 8);
    if constexpr (std::endian::native == std::endian::big) word = std::byteswap(word);
    word ^= crc;
    crc = tables[7][word & 0xff] ^ tables[6][word >> 8 & 0xff] ^ tables[5][word >> 16 & 0xff] ^
          tables[4][word >> 24 & 0xff] ^ tables[3][word >> 32 & 0xff] ^
          tables[2][word >> 40 & 0xff] ^ tables[1][word >> 48 & 0xff] ^ tables[0][word >> 56];
    bytes.remove_prefix(8);
  }
  for (const char byte : bytes) {
    crc = (crc >> 8) ^ tables[0][(crc ^ static_cast<unsigned char>(byte)) & 0xff];
  }
  return crc;
}

#if defined(__x86_64__)
[[gnu::target("sse4.2")]] std::uint32_t crc32c_by_instruction(std::string_view bytes,
                                                              std::uint32_t crc) {
  const char* at = bytes.data();
  std::size_t left = bytes.size();
  std::uint64_t wide = crc;
  for (; left >= 8; left -= 8, at += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, at, 8);
    wide = _mm_crc32_u64(wide, word);
  }
  crc = static_cast<std::uint32_t>(wide);
  for (; left != 0; --left, ++at) crc = _mm_crc32_u8(crc, static_cast<unsigned char>(*at));
  return crc;
}
#endif

// ISA-L's buffers are not const and its lengths are int; it folds with carry-less products, which
// beats the instruction's latency once the set-up is paid.
std::uint32_t crc32c_by_folding(std::string_view bytes, std::uint32_t crc) {
  constexpr std::size_t kPieceMax = std::size_t{1} << 30;
  while (!bytes.empty()) {
    const std::size_t piece = std::min(bytes.size(), kPieceMax);
    auto* data = reinterpret_cast<unsigned char*>(const_cast<char*>(bytes.data()));
    crc = crc32_iscsi(data, static_cast<int>(piece), crc);
    bytes.remove_prefix(piece);
  }
  return crc;
}

std::uint32_t crc32c_by_tables(std::string_view bytes, std::uint32_t crc) {
  return by_tables(kCrc32cTables, bytes, crc);
}

#if defined(__x86_64__)
// x^n modulo the polynomial.
constexpr std::uint64_t power_of_x(int n) {
  std::uint64_t power = std::uint64_t{1} << 63;
  for (; n != 0; --n) power = (power >> 1) ^ ((power & 1) != 0 ? kCrc64NvmePolynomial : 0);
  return power;
}

constexpr std::size_t kFoldFrom64 = 32;  // bytes; below, the tables are faster

// Carry-less products carry 16 bytes over the next 16: what is left of the whole text is one block
// of 16 with the same remainder, which the tables finish. In a reflected product everything stands
// one power lower, so the constants of the two halves are x^191 and x^127 and not x^192 and x^128.
[[gnu::target("pclmul,sse4.1")]] std::uint64_t crc64_by_folding(std::string_view bytes,
                                                                std::uint64_t crc) {
  constexpr std::uint64_t kFar = power_of_x(191);
  constexpr std::uint64_t kNear = power_of_x(127);
  const auto load = [&bytes] {
    __m128i block;
    std::memcpy(&block, bytes.data(), sizeof block);
    bytes.remove_prefix(sizeof block);
    return block;
  };
  const __m128i by = _mm_set_epi64x(static_cast<long long>(kNear), static_cast<long long>(kFar));
  __m128i rest = _mm_xor_si128(load(), _mm_set_epi64x(0, static_cast<long long>(crc)));
  while (bytes.size() >= sizeof rest) {
    const __m128i far = _mm_clmulepi64_si128(rest, by, 0x00);
    const __m128i near = _mm_clmulepi64_si128(rest, by, 0x11);
    rest = _mm_xor_si128(_mm_xor_si128(far, near), load());
  }
  std::array<char, sizeof rest> block;
  std::memcpy(block.data(), &rest, sizeof rest);
  crc = by_tables(kCrc64NvmeTables, {block.data(), block.size()}, std::uint64_t{0});
  return by_tables(kCrc64NvmeTables, bytes, crc);
}
#endif

using Crc32cRoad = std::uint32_t (*)(std::string_view, std::uint32_t);

Crc32cRoad short_road() {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("sse4.2") != 0) return crc32c_by_instruction;
#endif
  return crc32c_by_tables;
}

constexpr std::size_t kFoldFrom = 256;  // bytes; below, the plain loop is faster

// The product of two polynomials modulo the third.
template <class Crc>
constexpr Crc multiply(Crc a, Crc b, Crc polynomial) {
  constexpr Crc kOne = Crc{1} << (std::numeric_limits<Crc>::digits - 1);  // x^0
  Crc product = 0;
  for (; a != 0; a = static_cast<Crc>(a << 1)) {
    if ((a & kOne) != 0) product ^= b;
    b = (b >> 1) ^ ((b & 1) != 0 ? polynomial : Crc{0});  // times x
  }
  return product;
}

// Appending n zero bytes multiplies the register by x^(8n); inversions cancel out.
template <class Crc>
Crc combine(const CrcParts<Crc>& parts, Crc polynomial) {
  constexpr Crc kOne = Crc{1} << (std::numeric_limits<Crc>::digits - 1);
  Crc power = kOne >> 8;  // x^8
  Crc shift = kOne;
  for (std::uint64_t n = parts.second_bytes; n != 0; n >>= 1) {
    if ((n & 1) != 0) shift = multiply(shift, power, polynomial);
    power = multiply(power, power, polynomial);
  }
  return multiply(shift, parts.first, polynomial) ^ parts.second;
}

}  // namespace

std::uint32_t crc32c(std::string_view bytes, std::uint32_t before) {
  static const Crc32cRoad kShort = short_road();
  return bytes.size() < kFoldFrom ? ~kShort(bytes, ~before) : ~crc32c_by_folding(bytes, ~before);
}

std::uint32_t crc32(std::string_view bytes, std::uint32_t before) {
  // Inverts by itself.
  return crc32_gzip_refl(before, reinterpret_cast<const unsigned char*>(bytes.data()),
                         bytes.size());
}

std::uint64_t crc64nvme(std::string_view bytes, std::uint64_t before) {
#if defined(__x86_64__)
  static const bool folds =
      __builtin_cpu_supports("pclmul") != 0 && __builtin_cpu_supports("sse4.1") != 0;
  if (folds && bytes.size() >= kFoldFrom64) return ~crc64_by_folding(bytes, ~before);
#endif
  return ~by_tables(kCrc64NvmeTables, bytes, ~before);
}

std::uint32_t combine_crc32c(const CrcParts<std::uint32_t>& parts) {
  return combine(parts, kCrc32cPolynomial);
}
std::uint32_t combine_crc32(const CrcParts<std::uint32_t>& parts) {
  return combine(parts, kCrc32Polynomial);
}
std::uint64_t combine_crc64nvme(const CrcParts<std::uint64_t>& parts) {
  return combine(parts, kCrc64NvmePolynomial);
}

}  // namespace hyd::codec
