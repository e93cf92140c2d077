#include "codec/gzip.h"

#include "base/rng.h"
#include "codec/hex.h"

#include <gtest/gtest.h>

namespace hyd::codec {
namespace {

constexpr base::ByteCount kPlenty = base::mib(64);

std::string lines(std::size_t size) {
  base::FastRng rng(size);
  std::string text;
  while (text.size() < size) {
    text += "{\"event\":\"click\",\"user\":" + std::to_string(rng.below(100'000)) + "}\n";
  }
  text.resize(size);
  return text;
}

std::string noise(std::size_t size) {
  base::FastRng rng(size);
  std::string text(size, '\0');
  rng.fill(text);
  return text;
}

std::string compressed(std::string_view text, std::size_t piece, Wrapping wrapping) {
  Compressor compressor(wrapping);
  std::string out;
  for (std::size_t at = 0; at < text.size(); at += piece) {
    compressor.add(text.substr(at, piece), out);
  }
  compressor.finish(out);
  return out;
}

TEST(Gzip, TextsOfEverySizeComeBack) {
  for (const std::size_t size : {0u, 1u, 100u, 32768u, 32769u, 70'000u, 1'500'000u}) {
    for (const std::string& text : {lines(size), noise(size), std::string(size, 'x')}) {
      for (const Wrapping wrapping : {Wrapping::gzip, Wrapping::zlib}) {
        for (const std::size_t piece : {std::size_t{1'000}, std::size_t{1} << 20}) {
          const auto back = decompress(compressed(text, piece, wrapping), kPlenty, wrapping);
          ASSERT_TRUE(back) << size << ' ' << back.error().what;
          ASSERT_EQ(*back, text);
        }
      }
    }
  }
}

TEST(Gzip, ReadsWhatOthersWrote) {
  // gzip -9n and zlib's compress() of "hello hello hello\n", made with Python.
  const std::string gz =
      hex_decode("1f8b0800000000000203cb48cdc9c957c840905c003b7c8adf12000000").value_or("");
  const auto text = decompress(gz, kPlenty);
  ASSERT_TRUE(text) << text.error().what;
  EXPECT_EQ(*text, "hello hello hello\n");
  const std::string zlib = hex_decode("789ccb48cdc9c957c840905c0040b50687").value_or("");
  const auto other = decompress(zlib, kPlenty, Wrapping::zlib);
  ASSERT_TRUE(other) << other.error().what;
  EXPECT_EQ(*other, "hello hello hello\n");
}

TEST(Gzip, TheHeaderHasNoTimeAndEqualPiecesGiveEqualBytes) {
  const std::string text = lines(300'000);
  const std::string once = compressed(text, 4096, Wrapping::gzip);
  EXPECT_EQ(once, compressed(text, 4096, Wrapping::gzip));
  EXPECT_EQ(hex(once.substr(0, 8)), "1f8b080000000000");
}

TEST(Gzip, ACompressorIsReusedWithoutMemoryOfTheLastText) {
  const std::string text = lines(100'000);
  Compressor compressor;
  std::string first;
  compressor.add(text, first);
  compressor.finish(first);
  std::string second;
  compressor.add(text, second);
  compressor.finish(second);
  EXPECT_EQ(first, second);
  const auto both = decompress(first + second, kPlenty);
  ASSERT_TRUE(both) << both.error().what;
  EXPECT_EQ(*both, text + text) << "two members are one text";
}

TEST(Gzip, RefusesWhatIsCutBentOrFollowedByRubbish) {
  const std::string whole = gzip(lines(5'000));
  for (std::size_t size = 0; size < whole.size(); size += 13) {
    const auto got = decompress(whole.substr(0, size), kPlenty);
    ASSERT_FALSE(got) << size;
    EXPECT_EQ(got.error().code, base::Code::invalid);
  }
  for (std::size_t at = 10; at < whole.size(); at += 7) {  // behind the header
    std::string bent = whole;
    bent[at] = static_cast<char>(bent[at] ^ 0x10);
    EXPECT_FALSE(decompress(bent, kPlenty)) << at;
  }
  EXPECT_FALSE(decompress(whole + "x", kPlenty));
  EXPECT_FALSE(decompress(compressed("a", 1, Wrapping::zlib) + "x", kPlenty, Wrapping::zlib));
  EXPECT_FALSE(decompress("plain text", kPlenty));
}

TEST(Gzip, ABombStopsAtTheCap) {
  const std::string bomb = gzip(std::string(8 << 20, '0'));
  ASSERT_LT(bomb.size(), 100'000u);
  const auto got = decompress(bomb, base::mib(1));
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().code, base::Code::exhausted);
  EXPECT_TRUE(decompress(bomb, base::mib(8)));
}

}  // namespace
}  // namespace hyd::codec
