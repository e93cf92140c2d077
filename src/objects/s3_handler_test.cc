// S3 by its bytes: signed requests through the front door, answers as clients read them.
#include "codec/hash.h"
#include "objects/testing/s3_fixture.h"

namespace hyd::objects {
namespace {

using S3 = testing::S3Test;

TEST_F(S3, AnObjectThatWasPutIsReadBack) {
  EXPECT_EQ(put("/bucket", "").status, 200);
  const Answer stored = put("/bucket/a/b.txt", "hello",
                            {{"Content-Type", "text/plain"}, {"x-amz-meta-Colour", "blue"}});
  EXPECT_EQ(stored.status, 200) << stored.body;
  EXPECT_EQ(header(stored, "ETag"), "\"5d41402abc4b2a76b9719d911017c592\"");
  EXPECT_EQ(header(stored, "x-amz-checksum-crc64nvme"), "M3eFcAZSQlc=");

  const Answer read = get("/bucket/a/b.txt");
  EXPECT_EQ(read.status, 200);
  EXPECT_EQ(read.body, "hello");
  EXPECT_EQ(header(read, "Content-Type"), "text/plain");
  EXPECT_EQ(header(read, "Content-Length"), "5");
  EXPECT_EQ(header(read, "ETag"), "\"5d41402abc4b2a76b9719d911017c592\"");
  EXPECT_EQ(header(read, "Accept-Ranges"), "bytes");
  EXPECT_EQ(header(read, "x-amz-meta-colour"), "blue");
  EXPECT_EQ(header(read, "x-amz-request-id").size(), 16u);
  EXPECT_NE(header(read, "x-amz-id-2"), "(none)");
}

TEST_F(S3, ALargeObjectIsAFileAndComesBackWhole) {
  put("/bucket", "");
  std::string body;
  for (int i = 0; i < 100'000; ++i) body += "line " + std::to_string(i) + "\n";
  ASSERT_GT(body.size(), 1u << 20);
  const Answer stored = put("/bucket/big", body);
  EXPECT_EQ(stored.status, 200) << stored.body;
  EXPECT_EQ(header(stored, "ETag"), "\"" + codec::md5(body).hex() + "\"");
  EXPECT_EQ(blobs(), 1u);
  const Answer read = get("/bucket/big");
  EXPECT_EQ(read.status, 200);
  EXPECT_TRUE(read.body == body);
  const Answer part = get("/bucket/big", {{"Range", "bytes=700000-1000999"}});
  EXPECT_EQ(part.status, 206);
  EXPECT_EQ(header(part, "Content-Range"), "bytes 700000-1000999/" + std::to_string(body.size()));
  EXPECT_TRUE(part.body == body.substr(700'000, 301'000));
}

TEST_F(S3, AMissingBucketAndAMissingKeyAreSaid) {
  const Answer bucket = get("/bucket/key");
  EXPECT_EQ(code(bucket), "404 NoSuchBucket");
  EXPECT_EQ(element(bucket.body, "BucketName"), "bucket");
  EXPECT_EQ(element(bucket.body, "RequestId"), header(bucket, "x-amz-request-id"));
  EXPECT_EQ(element(bucket.body, "HostId"), header(bucket, "x-amz-id-2"));
  put("/bucket", "");
  const Answer key = get("/bucket/key");
  EXPECT_EQ(key.body,
            R"(<?xml version="1.0" encoding="UTF-8"?>)"
            "\n<Error><Code>NoSuchKey</Code><Message>The specified key does not exist.</Message>"
            "<Key>key</Key><RequestId>" +
                header(key, "x-amz-request-id") + "</RequestId><HostId>" +
                header(key, "x-amz-id-2") + "</HostId></Error>");
  EXPECT_EQ(code(put("/nowhere/key", "x")), "404 NoSuchBucket");
}

}  // namespace
}  // namespace hyd::objects
