#include "codec/base64_wide.h"

#include <array>
#include <cstdint>
#include <string_view>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace hyd::codec::wide {
namespace {

std::size_t nothing(const char*, std::size_t, char*) { return 0; }

#if defined(__x86_64__)

constexpr std::string_view kLetters =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

// AVX2, after Mula and Lemire, "Faster Base64 Encoding and Decoding using AVX2 Instructions".
// 24 bytes become 32 six-bit numbers, and those letters by adding an offset that depends on which
// of five ranges the number lies in.
[[gnu::target("avx2")]] __m256i split_avx2(const char* in) {
  // 12 bytes into each half, every group of three spread as b1 b0 b2 b1.
  const __m128i low = _mm_loadu_si128(reinterpret_cast<const __m128i*>(in));
  const __m128i high = _mm_loadu_si128(reinterpret_cast<const __m128i*>(in + 12));
  __m256i v = _mm256_inserti128_si256(_mm256_castsi128_si256(low), high, 1);
  v = _mm256_shuffle_epi8(v, _mm256_setr_epi8(1, 0, 2, 1, 4, 3, 5, 4, 7, 6, 8, 7, 10, 9, 11, 10,  //
                                              1, 0, 2, 1, 4, 3, 5, 4, 7, 6, 8, 7, 10, 9, 11, 10));
  const __m256i ac = _mm256_mulhi_epu16(_mm256_and_si256(v, _mm256_set1_epi32(0x0fc0fc00)),
                                        _mm256_set1_epi32(0x04000040));
  const __m256i bd = _mm256_mullo_epi16(_mm256_and_si256(v, _mm256_set1_epi32(0x003f03f0)),
                                        _mm256_set1_epi32(0x01000010));
  return _mm256_or_si256(ac, bd);
}

[[gnu::target("avx2")]] std::size_t encode_avx2(const char* in, std::size_t size, char* out) {
  const __m256i offsets =
      _mm256_setr_epi8('a' - 26, '0' - 52, '0' - 52, '0' - 52, '0' - 52, '0' - 52, '0' - 52,
                       '0' - 52, '0' - 52, '0' - 52, '0' - 52, '+' - 62, '/' - 63, 'A', 0, 0,
                       'a' - 26, '0' - 52, '0' - 52, '0' - 52, '0' - 52, '0' - 52, '0' - 52,
                       '0' - 52, '0' - 52, '0' - 52, '0' - 52, '+' - 62, '/' - 63, 'A', 0, 0);
  std::size_t at = 0;
  for (; size - at >= 28; at += 24, out += 32) {  // the second load reads 28 bytes
    const __m256i six = split_avx2(in + at);
    // 0 for 26..51, 1..10 for digits, 11 for '+', 12 for '/', 13 for 0..25.
    const __m256i over = _mm256_subs_epu8(six, _mm256_set1_epi8(51));
    const __m256i upper = _mm256_cmpgt_epi8(_mm256_set1_epi8(26), six);
    const __m256i range = _mm256_or_si256(over, _mm256_and_si256(upper, _mm256_set1_epi8(13)));
    const __m256i letters = _mm256_add_epi8(six, _mm256_shuffle_epi8(offsets, range));
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(out), letters);
  }
  return at;
}

// A letter is valid when the bit sets found by its low and by its high nibble do not meet.
[[gnu::target("avx2")]] std::size_t decode_avx2(const char* in, std::size_t size, char* out) {
  const __m256i by_low =
      _mm256_setr_epi8(0x15, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x13, 0x1a, 0x1b,
                       0x1b, 0x1b, 0x1a, 0x15, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11,
                       0x13, 0x1a, 0x1b, 0x1b, 0x1b, 0x1a);
  const __m256i by_high =
      _mm256_setr_epi8(0x10, 0x10, 0x01, 0x02, 0x04, 0x08, 0x04, 0x08, 0x10, 0x10, 0x10, 0x10, 0x10,
                       0x10, 0x10, 0x10, 0x10, 0x10, 0x01, 0x02, 0x04, 0x08, 0x04, 0x08, 0x10, 0x10,
                       0x10, 0x10, 0x10, 0x10, 0x10, 0x10);
  const __m256i offsets =
      _mm256_setr_epi8(0, 16, 19, 4, -65, -65, -71, -71, 0, 0, 0, 0, 0, 0, 0, 0, 0, 16, 19, 4, -65,
                       -65, -71, -71, 0, 0, 0, 0, 0, 0, 0, 0);
  const __m256i slash = _mm256_set1_epi8(0x2f);
  std::size_t at = 0;
  // Each round stores 32 bytes of which 24 count: the last ones are left to the plain code, whose
  // output is still to come.
  for (; size - at >= 48; at += 32, out += 24) {
    const __m256i v = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(in + at));
    const __m256i high = _mm256_and_si256(_mm256_srli_epi32(v, 4), slash);
    const __m256i low = _mm256_and_si256(v, slash);
    const __m256i high_set = _mm256_shuffle_epi8(by_high, high);
    const __m256i low_set = _mm256_shuffle_epi8(by_low, low);
    if (!_mm256_testz_si256(low_set, high_set)) break;
    const __m256i is_slash = _mm256_cmpeq_epi8(v, slash);
    const __m256i six =
        _mm256_add_epi8(v, _mm256_shuffle_epi8(offsets, _mm256_add_epi8(is_slash, high)));
    const __m256i twelve = _mm256_maddubs_epi16(six, _mm256_set1_epi32(0x01400140));
    const __m256i spread = _mm256_madd_epi16(twelve, _mm256_set1_epi32(0x00011000));
    const __m256i packed = _mm256_shuffle_epi8(
        spread, _mm256_setr_epi8(2, 1, 0, 6, 5, 4, 10, 9, 8, 14, 13, 12, -1, -1, -1, -1,  //
                                 2, 1, 0, 6, 5, 4, 10, 9, 8, 14, 13, 12, -1, -1, -1, -1));
    const __m256i bytes =
        _mm256_permutevar8x32_epi32(packed, _mm256_setr_epi32(0, 1, 2, 4, 5, 6, -1, -1));
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(out), bytes);
  }
  return at;
}

// AVX-512 VBMI has a 64-byte table look-up, so both directions are little more than one.
struct Tables {
  alignas(64) std::array<char, 64> spread{};    // encode: where each of 64 bytes comes from
  alignas(64) std::array<char, 64> letters{};   // encode: number to letter
  alignas(64) std::array<char, 128> numbers{};  // decode: letter to number, negative when none
  alignas(64) std::array<char, 64> pack{};      // decode: where each of 48 bytes comes from
};

constexpr Tables kTables = [] {
  Tables t;
  t.numbers.fill(-128);
  for (std::size_t i = 0; i < 64; ++i) {
    t.letters[i] = kLetters[i];
    t.numbers[static_cast<unsigned char>(kLetters[i])] = static_cast<char>(i);
    constexpr std::array<int, 4> kOrder = {1, 0, 2, 1};
    t.spread[i] = static_cast<char>(i / 4 * 3 + static_cast<std::size_t>(kOrder[i % 4]));
    if (i < 48) t.pack[i] = static_cast<char>(i / 3 * 4 + 2 - i % 3);
  }
  return t;
}();

// The forms that zero masked lanes, with no lane masked: g++ 12 takes the plain ones' undefined
// third operand for an uninitialised variable of ours.
constexpr __mmask64 kAll = ~__mmask64{0};

#define HYD_AVX512 [[gnu::target("avx512f,avx512bw,avx512vbmi")]]

HYD_AVX512 std::size_t encode_avx512(const char* in, std::size_t size, char* out) {
  const __m512i spread = _mm512_load_si512(kTables.spread.data());
  const __m512i letters = _mm512_load_si512(kTables.letters.data());
  const __m512i shifts = _mm512_set1_epi64(0x3036242a1016040a);
  std::size_t at = 0;
  for (; size - at >= 64; at += 48, out += 64) {
    const __m512i v = _mm512_maskz_permutexvar_epi8(kAll, spread, _mm512_loadu_si512(in + at));
    const __m512i six = _mm512_maskz_multishift_epi64_epi8(kAll, shifts, v);
    _mm512_storeu_si512(out, _mm512_maskz_permutexvar_epi8(kAll, six, letters));
  }
  return at;
}

HYD_AVX512 std::size_t decode_avx512(const char* in, std::size_t size, char* out) {
  const __m512i numbers_low = _mm512_load_si512(kTables.numbers.data());
  const __m512i numbers_high = _mm512_load_si512(kTables.numbers.data() + 64);
  const __m512i pack = _mm512_load_si512(kTables.pack.data());
  std::size_t at = 0;
  for (; size - at >= 96; at += 64, out += 48) {  // stores 64 bytes of which 48 count
    const __m512i v = _mm512_loadu_si512(in + at);
    const __m512i six = _mm512_permutex2var_epi8(numbers_low, v, numbers_high);
    if (_mm512_movepi8_mask(_mm512_or_si512(six, v)) != 0) break;
    const __m512i twelve = _mm512_maddubs_epi16(six, _mm512_set1_epi32(0x01400140));
    const __m512i spread = _mm512_madd_epi16(twelve, _mm512_set1_epi32(0x00011000));
    _mm512_storeu_si512(out, _mm512_maskz_permutexvar_epi8(kAll, pack, spread));
  }
  return at;
}
#endif

}  // namespace

bool usable(Set set) {
#if defined(__x86_64__)
  switch (set) {
    case Set::plain: return true;
    case Set::avx2: return __builtin_cpu_supports("avx2") != 0;
    case Set::avx512:
      return __builtin_cpu_supports("avx512f") != 0 && __builtin_cpu_supports("avx512bw") != 0 &&
             __builtin_cpu_supports("avx512vbmi") != 0;
  }
#endif
  return set == Set::plain;
}

Roads roads(Set set) {
#if defined(__x86_64__)
  if (set == Set::avx512) return {encode_avx512, decode_avx512};
  if (set == Set::avx2) return {encode_avx2, decode_avx2};
#endif
  static_cast<void>(set);
  return {nothing, nothing};
}

Roads best_roads() {
  if (usable(Set::avx512)) return roads(Set::avx512);
  if (usable(Set::avx2)) return roads(Set::avx2);
  return roads(Set::plain);
}

}  // namespace hyd::codec::wide
