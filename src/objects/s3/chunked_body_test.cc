#include "objects/s3/chunked_body.h"

#include "codec/hex.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace hyd::objects {
namespace {

// The body of the example that AWS documents: 65 KiB plus 1 KiB of 'a', three chunks.
const codec::HmacKey& example_key() {
  static const codec::HmacKey key = [] {
    const auto sign = [](std::string_view with, std::string_view text) {
      return std::string(codec::hmac_sha256(with, text).view());
    };
    std::string key_text = "AWS4wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
    for (const std::string_view part : {"20130524", "us-east-1", "s3", "aws4_request"}) {
      key_text = sign(key_text, part);
    }
    return codec::HmacKey(key_text);
  }();
  return key;
}

aws::ChunkSigner example_signer() {
  return {example_key(),
          {.timestamp = "20130524T000000Z",
           .scope = "20130524/us-east-1/s3/aws4_request",
           .signature = "4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9"}};
}

std::string example_body() {
  return "10000;chunk-signature=ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648"
         "\r\n" +
         std::string(65'536, 'a') +
         "\r\n400;chunk-signature=0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497"
         "\r\n" +
         std::string(1024, 'a') +
         "\r\n0;chunk-signature=b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9"
         "\r\n\r\n";
}

// The data, or the fault's name. `step` bytes at a time.
std::string read(ChunkedBody body, std::string_view wire, std::size_t step = 1 << 20) {
  std::string data;
  const ChunkedBody::Data take = [&](std::string_view piece) -> aws::Outcome<void> {
    data += piece;
    return {};
  };
  for (std::size_t at = 0; at < wire.size(); at += step) {
    if (auto fed = body.feed(wire.substr(at, step), take); !fed) return fed.error().name;
  }
  if (auto whole = body.finish(); !whole) return whole.error().name;
  return data + "|" + body.trailer_value();
}

ChunkedBody unsigned_body(std::uint64_t length, std::string trailer = "x-amz-checksum-crc32") {
  return ChunkedBody({.trailer = std::move(trailer), .decoded_length = length});
}

TEST(ChunkedBody, TheDocumentedExampleIsReadInAnyPieces) {
  for (const std::size_t step : {1uz, 7uz, 1000uz, 1uz << 20}) {
    EXPECT_EQ(read(ChunkedBody({.signer = example_signer(), .decoded_length = 66'560}),
                   example_body(), step),
              std::string(66'560, 'a') + "|");
  }
}

TEST(ChunkedBody, AChangedByteOrSignatureIsRefused) {
  for (const std::size_t at : {30uz, 66'000uz, 65'700uz}) {
    std::string body = example_body();
    body[at] = body[at] == 'b' ? 'c' : 'b';
    EXPECT_EQ(read(ChunkedBody({.signer = example_signer(), .decoded_length = 66'560}), body),
              "SignatureDoesNotMatch")
        << at;
  }
}

TEST(ChunkedBody, ATrailerBringsTheChecksum) {
  EXPECT_EQ(read(unsigned_body(5), "5\r\nhello\r\n0\r\nx-amz-checksum-crc32:NhCmhg==\r\n\r\n"),
            "hello|NhCmhg==");
  EXPECT_EQ(read(unsigned_body(5), "5\r\nhello\r\n0\r\nx-amz-checksum-crc32: NhCmhg==\n\r\n\r\n"),
            "hello|NhCmhg==");
  EXPECT_EQ(read(unsigned_body(0), "0\r\nX-Amz-Checksum-CRC32:AAAAAA==\r\n\r\n"), "|AAAAAA==");
}

TEST(ChunkedBody, WhatIsNotAsAnnouncedIsRefused) {
  struct Case {
    std::string wire;
    std::string fault;
  };
  for (const Case& one :
       {Case{"5\r\nhello\r\n0\r\n\r\n", "MalformedTrailerError"},
        Case{"5\r\nhello\r\n0\r\nx-amz-checksum-sha1:x\r\n\r\n", "MalformedTrailerError"},
        Case{"5\r\nhello\r\n0\r\nnonsense\r\n\r\n", "MalformedTrailerError"},
        Case{"4\r\nhell\r\n0\r\nx-amz-checksum-crc32:x\r\n\r\n", "IncompleteBody"},
        Case{"6\r\nhello!\r\n0\r\nx-amz-checksum-crc32:x\r\n\r\n", "IncompleteBody"},
        Case{"5\r\nhel", "IncompleteBody"}, Case{"5\r\nhelloX\r\n", "IncompleteBody"},
        Case{"+5\r\nhello\r\n", "IncompleteBody"}, Case{"0x5\r\nhello\r\n", "IncompleteBody"},
        Case{"ffffffffffffffff\r\nhello", "IncompleteBody"},
        Case{"00000000000000005\r\nhello", "IncompleteBody"},
        Case{"2\r\nhe\r\n3\r\nllo\r\n0\r\nx-amz-checksum-crc32:x\r\n\r\n", "InvalidChunkSizeError"},
        Case{std::string(2000, '5'), "IncompleteBody"}}) {
    EXPECT_EQ(read(unsigned_body(5), one.wire), one.fault) << one.wire;
    EXPECT_EQ(read(unsigned_body(5), one.wire, 1), one.fault) << one.wire;
  }
}

}  // namespace
}  // namespace hyd::objects
