// Goal: exactly the chunked bodies of RFC 9112 come through, and the split of the input into reads
// changes nothing.
#include "net/chunked.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace hyd::net {
namespace {

using State = ChunkDecoder::State;

// "body|what is left over" when done, the refusal's name, or "more".
std::string decode(std::string_view wire, std::size_t step_bytes) {
  ChunkDecoder decoder;
  std::string body;
  std::size_t at = 0;
  while (at < wire.size()) {
    const std::string part(wire.substr(at, step_bytes));
    std::size_t used = 0;
    while (used < part.size()) {
      const ChunkDecoder::Step step = decoder.step(std::string_view(part).substr(used));
      body += step.data;
      used += step.used;
      if (step.state == State::refused) return std::string(text(decoder.refusal()).name);
      if (step.state == State::done) return body + "|" + std::string(wire.substr(at + used));
    }
    at += part.size();
  }
  return "more";
}

struct Row {
  const char* what;
  std::string wire;
  std::string outcome;
};

std::vector<Row> rows() {
  const std::string x(300, 'x');
  return {
      {"empty", "0\r\n\r\n", "|"},
      {"zeros", "0000000000000000\r\n\r\n", "|"},
      {"one chunk", "5\r\nhello\r\n0\r\n\r\n", "hello|"},
      {"two chunks", "5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n", "hello world|"},
      {"capital digits", "A\r\n0123456789\r\n0\r\n\r\n", "0123456789|"},
      {"CR LF inside", "4\r\n\r\n\r\n\r\n0\r\n\r\n", "\r\n\r\n|"},
      {"extension", "5;a=\"b\"\r\nhello\r\n0;last\r\n\r\n", "hello|"},
      {"trailers are ignored", "0\r\nHost: evil\r\nContent-Length: 5\r\n\r\n", "|"},
      {"next request follows", "1\r\na\r\n0\r\n\r\nGET /", "a|GET /"},
      {"incomplete size", "5", "more"},
      {"incomplete data", "5\r\nhell", "more"},
      {"incomplete end", "0\r\n\r", "more"},

      {"no size", "\r\n\r\n", "bad_chunk_size"},
      {"plus", "+5\r\nhello\r\n", "bad_chunk_size"},
      {"minus", "-5\r\nhello\r\n", "bad_chunk_size"},
      {"0x", "0x5\r\nhello\r\n", "bad_chunk_size"},
      {"17 digits", "00000000000000005\r\nhello\r\n", "bad_chunk_size"},
      {"space before", " 5\r\nhello\r\n", "bad_chunk_size"},
      {"space behind", "5 \r\nhello\r\n", "bad_chunk_size"},
      {"bare LF", "5\nhello\r\n", "bad_chunk_size"},
      {"bare CR", "5\rhello\r\n", "bad_chunk_size"},
      {"bare LF in an extension", "5;a\nhello\r\n", "bad_chunk_size"},
      {"bare CR in an extension", "5;a\rhello\r\n", "bad_chunk_size"},
      {"NUL in an extension", std::string("5;\0\r\nhello\r\n", 12), "bad_chunk_size"},
      {"long extension", "5;" + x + "\r\nhello\r\n", "chunk_extension_too_long"},
      {"data too long", "5\r\nhello!\r\n", "bad_chunk_end"},
      {"data ends in LF", "5\r\nhello\n0\r\n\r\n", "bad_chunk_end"},
      {"data ends in CR", "5\r\nhello\r0\r\n\r\n", "bad_chunk_end"},
      {"trailer without colon", "0\r\nname\r\n\r\n", "bad_trailer"},
      {"folded trailer", "0\r\na: b\r\n c\r\n\r\n", "bad_trailer"},
      {"space before colon", "0\r\na : b\r\n\r\n", "bad_trailer"},
      {"bare LF in a trailer", "0\r\na: b\n\r\n", "bad_trailer"},
      {"bare LF at the end", "0\r\n\n", "bad_trailer"},
      {"NUL in a trailer", std::string("0\r\na: \0\r\n\r\n", 11), "bad_trailer"},
      {"large trailer", "0\r\na: " + std::string(kTrailerBytesMax, 'x'), "trailer_too_large"},
  };
}

TEST(ChunkDecoder, GivesTheBodyOrRefusesByName) {
  for (const Row& row : rows())
    EXPECT_EQ(decode(row.wire, row.wire.size()), row.outcome) << row.what;
}

TEST(ChunkDecoder, SplitOfTheInputChangesNothing) {
  for (const Row& row : rows()) {
    for (const std::size_t step : {1uz, 2uz, 3uz, 7uz}) {
      EXPECT_EQ(decode(row.wire, step), row.outcome) << row.what << ", steps of " << step;
    }
  }
}

TEST(ChunkDecoder, ExtensionAndTrailerLimitsAreExact) {
  const auto with_extension = [](std::size_t bytes) {
    return "0" + (";" + std::string(bytes - 1, 'e')) + "\r\n\r\n";
  };
  EXPECT_EQ(decode(with_extension(kChunkExtensionBytesMax), 50), "|");
  EXPECT_EQ(decode(with_extension(kChunkExtensionBytesMax + 1), 50), "chunk_extension_too_long");

  const auto with_trailer = [](std::size_t bytes) {  // counted with the empty line
    return "0\r\na:" + std::string(bytes - 6, 't') + "\r\n\r\n";
  };
  EXPECT_EQ(decode(with_trailer(kTrailerBytesMax), 50), "|");
  EXPECT_EQ(decode(with_trailer(kTrailerBytesMax + 1), 50), "trailer_too_large");
}

}  // namespace
}  // namespace hyd::net
