// S3 by its bytes: signed requests through the front door, answers as clients read them.
#include "codec/base64.h"
#include "codec/hash.h"
#include "objects/digests.h"
#include "objects/tables.h"
#include "objects/testing/s3_fixture.h"

#include <algorithm>

namespace hyd::objects {
namespace {

using S3 = testing::S3Test;

std::string md5_of(std::string_view text) { return codec::base64_encode(codec::md5(text).view()); }

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

TEST_F(S3, BucketsAreMadeListedLookedForAndRemoved) {
  EXPECT_EQ(header(put("/b-two", ""), "Location"), "/b-two");
  put("/b-one/", "");
  EXPECT_EQ(put("/b-one", "").status, 200) << "one's own bucket may be made again";
  const Answer all = get("/");
  EXPECT_EQ(all.status, 200);
  EXPECT_LT(all.body.find("<Name>b-one</Name>"), all.body.find("<Name>b-two</Name>"));
  EXPECT_EQ(ask("HEAD", "/b-one").status, 200);
  EXPECT_EQ(header(ask("HEAD", "/b-one"), "x-amz-bucket-region"), "us-east-1");
  EXPECT_TRUE(head("/b-three").starts_with("HTTP/1.1 404 "));
  put("/b-one/k", "x");
  EXPECT_EQ(code(ask("DELETE", "/b-one")), "409 BucketNotEmpty");
  EXPECT_EQ(ask("DELETE", "/b-one/k").status, 204);
  EXPECT_EQ(ask("DELETE", "/b-one").status, 204);
  EXPECT_EQ(code(ask("DELETE", "/b-one")), "404 NoSuchBucket");
}

TEST_F(S3, ABucketRemembersTheRegionThatItWasAskedToBeIn) {
  put("/bucket",
      "<CreateBucketConfiguration xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">"
      "<LocationConstraint>ap-northeast-2</LocationConstraint></CreateBucketConfiguration>");
  EXPECT_TRUE(get("/bucket?location").body.contains(">ap-northeast-2</LocationConstraint>"));
  EXPECT_EQ(code(put("/other", "<NotThis/>")), "400 MalformedXML");
}

TEST_F(S3, NamesThatNoBucketMayHaveAreRefused) {
  for (const std::string name : {"ab", "Upper", "under_score", "-a-b", "a..b", "a.-b",
                                 "192.168.0.1", "xn--abc", "sthree-x", "x-s3alias", "bad-"}) {
    EXPECT_EQ(code(put("/" + name, "")), "400 InvalidBucketName") << name;
  }
  for (const std::string name : {"abc", "a.b.c", "1-2-3", "1.2.3", "my.bucket-name"}) {
    EXPECT_EQ(put("/" + name, "").status, 200) << name;
  }
}

TEST_F(S3, KeysAreBytesAndNeverPaths) {
  put("/bucket", "");
  for (const std::string key : {"a", "a/", "a/b", "a//b", "%2Fa", "a%00b", "with%20space",
                                "plus+plus", "a/../b", "%E1%84%92%E1%85%A1%E1%86%AB", "a/./b"}) {
    const int expected = key == "a%00b" ? 400 : 200;
    EXPECT_EQ(put("/bucket/" + key, "is " + key).status, expected) << key;
    if (expected == 200) {
      EXPECT_EQ(get("/bucket/" + key).body, "is " + key);
    }
  }
  EXPECT_EQ(code(put("/bucket/a/../../b", "x")), "400 InvalidURI");
  EXPECT_EQ(code(put("/bucket/%FF", "x")), "400 InvalidURI");
  EXPECT_EQ(code(put("/bucket/" + std::string(1025, 'k'), "x")), "400 KeyTooLongError");
  EXPECT_EQ(put("/bucket/" + std::string(1024, 'k'), "x").status, 200);
}

TEST_F(S3, TheHostMayNameTheBucket) {
  put("/bucket", "");
  put("/bucket/key", "path");
  for (const std::string host :
       {"bucket.localhost:4566", "bucket.s3.localhost", "bucket.s3.us-east-1.localhost",
        "bucket.s3.amazonaws.com", "bucket.s3.eu-west-1.amazonaws.com",
        "BUCKET.s3-eu-west-1.amazonaws.com"}) {
    EXPECT_EQ(get("/key", {{"Host", host}}).body, "path") << host;
  }
  for (const std::string host : {"localhost:4566", "s3.localhost", "s3.us-east-1.amazonaws.com"}) {
    EXPECT_EQ(get("/bucket/key", {{"Host", host}}).body, "path") << host;
  }
}

TEST_F(S3, RangesAreServedAsAwsReadsThem) {
  put("/bucket", "");
  put("/bucket/k", "0123456789");
  put("/bucket/empty", "");
  struct Case {
    std::string range;
    int status;
    std::string body;
    std::string content_range;
  };
  for (const Case& one :
       {Case{"bytes=2-4", 206, "234", "bytes 2-4/10"}, Case{"bytes=7-", 206, "789", "bytes 7-9/10"},
        Case{"bytes=-3", 206, "789", "bytes 7-9/10"},
        Case{"bytes=-99", 206, "0123456789", "bytes 0-9/10"},
        Case{"bytes=5-99", 206, "56789", "bytes 5-9/10"},
        Case{"bytes=4-2", 200, "0123456789", "(none)"},
        Case{"bytes=0-0,2-3", 200, "0123456789", "(none)"},
        Case{"bytes=x", 200, "0123456789", "(none)"},
        Case{"lines=0-1", 200, "0123456789", "(none)"}}) {
    const Answer answer = get("/bucket/k", {{"Range", one.range}});
    EXPECT_EQ(answer.status, one.status) << one.range;
    EXPECT_EQ(answer.body, one.body) << one.range;
    EXPECT_EQ(header(answer, "Content-Range"), one.content_range) << one.range;
  }
  for (const std::string range : {"bytes=10-", "bytes=-0"}) {
    const Answer answer = get("/bucket/k", {{"Range", range}});
    EXPECT_EQ(code(answer), "416 InvalidRange") << range;
    EXPECT_EQ(header(answer, "Content-Range"), "bytes */10");
    EXPECT_EQ(element(answer.body, "ActualObjectSize"), "10");
  }
  EXPECT_EQ(get("/bucket/empty", {{"Range", "bytes=0-0"}}).status, 416);
  EXPECT_EQ(get("/bucket/empty", {{"Range", "bytes=-1"}}).status, 200);
}

TEST_F(S3, ConditionsOfReads) {
  put("/bucket", "");
  put("/bucket/k", "hello");
  const std::string etag = "\"5d41402abc4b2a76b9719d911017c592\"";
  const std::string modified = header(get("/bucket/k"), "Last-Modified");
  EXPECT_EQ(get("/bucket/k", {{"If-Match", etag}}).status, 200);
  EXPECT_EQ(get("/bucket/k", {{"If-Match", "*"}}).status, 200);
  EXPECT_EQ(code(get("/bucket/k", {{"If-Match", "\"other\""}})), "412 PreconditionFailed");
  EXPECT_EQ(get("/bucket/k", {{"If-None-Match", "\"other\""}}).status, 200);
  const Answer same = get("/bucket/k", {{"If-None-Match", etag}});
  EXPECT_EQ(same.status, 304);
  EXPECT_EQ(same.body, "");
  EXPECT_EQ(header(same, "ETag"), etag);
  EXPECT_EQ(get("/bucket/k", {{"If-Modified-Since", modified}}).status, 304);
  EXPECT_EQ(get("/bucket/k", {{"If-Unmodified-Since", modified}}).status, 200);
  EXPECT_EQ(get("/bucket/k", {{"If-Modified-Since", "Sat, 29 Oct 1994 19:43:31 GMT"}}).status, 200);
  EXPECT_EQ(get("/bucket/k", {{"If-Unmodified-Since", "Sat, 29 Oct 1994 19:43:31 GMT"}}).status,
            412);
}

TEST_F(S3, ConditionsOfWritesAreDecidedInTheTransaction) {
  put("/bucket", "");
  EXPECT_EQ(code(put("/bucket/k", "x", {{"If-Match", "\"e\""}})), "404 NoSuchKey");
  EXPECT_EQ(put("/bucket/k", "one", {{"If-None-Match", "*"}}).status, 200);
  const Answer twice = put("/bucket/k", "two", {{"If-None-Match", "*"}});
  EXPECT_EQ(code(twice), "412 PreconditionFailed");
  EXPECT_EQ(element(twice.body, "Condition"), "If-None-Match");
  EXPECT_EQ(get("/bucket/k").body, "one");
  EXPECT_EQ(put("/bucket/k", "two", {{"If-Match", "*"}}).status, 200);
  EXPECT_EQ(code(put("/bucket/k", "x", {{"If-Match", "*"}, {"If-None-Match", "*"}})),
            "501 NotImplemented");
}

TEST_F(S3, WhatAnUploadSaysOfItsBodyMustHold) {
  put("/bucket", "");
  struct Case {
    std::string name;
    std::string value;
    std::string answer;
  };
  for (const Case& one :
       {Case{"Content-MD5", "XUFAKrxLKna5cZ2REBfFkg==", "200 (none)"},
        Case{"Content-MD5", "AUFAKrxLKna5cZ2REBfFkg==", "400 BadDigest"},
        Case{"Content-MD5", "rubbish", "400 InvalidDigest"},
        Case{"x-amz-checksum-crc32", "NhCmhg==", "200 (none)"},
        Case{"x-amz-checksum-crc32", "AAAAAA==", "400 BadDigest"},
        Case{"x-amz-checksum-crc32", "bad", "400 InvalidRequest"},
        Case{"x-amz-checksum-sha1", "qvTGHdzF6KLavt4PO0gs2a6pQ00=", "200 (none)"},
        Case{"x-amz-checksum-crc64nvme", "M3eFcAZSQlc=", "200 (none)"},
        Case{"x-amz-checksum-md5", "XUFAKrxLKna5cZ2REBfFkg==", "501 NotImplemented"},
        Case{"x-amz-sdk-checksum-algorithm", "CRC32", "400 InvalidRequest"}}) {
    ask("DELETE", "/bucket/k");
    EXPECT_EQ(code(put("/bucket/k", "hello", {{one.name, one.value}})), one.answer)
        << one.name << ": " << one.value;
    EXPECT_EQ(get("/bucket/k").status, one.answer.starts_with("200") ? 200 : 404) << one.value;
  }
}

TEST_F(S3, AStoredChecksumIsReturnedWhenAskedFor) {
  put("/bucket", "");
  put("/bucket/k", "hello", {{"x-amz-checksum-crc32", "NhCmhg=="}});
  EXPECT_EQ(header(get("/bucket/k"), "x-amz-checksum-crc32"), "(none)");
  const HeaderList wanted = {{"x-amz-checksum-mode", "ENABLED"}};
  EXPECT_EQ(header(get("/bucket/k", wanted), "x-amz-checksum-crc32"), "NhCmhg==");
  EXPECT_EQ(header(get("/bucket/k", wanted), "x-amz-checksum-type"), "FULL_OBJECT");
}

TEST_F(S3, ABodyThatIsNotTheSignedOneLeavesNothing) {
  put("/bucket", "");
  for (const std::size_t size : {5u, 300'000u}) {
    std::string bytes = server_->bytes_of(
        {.method = "PUT", .target = "/bucket/k", .body = std::string(size, 'a'), .service = "s3"});
    bytes.back() = 'b';
    EXPECT_EQ(code(server_->raw(bytes)), "400 XAmzContentSHA256Mismatch");
    EXPECT_EQ(get("/bucket/k").status, 404);
    EXPECT_EQ(blobs(), 0u);
  }
}

TEST_F(S3, AnUploadWhoseConnectionBreaksLeavesNothing) {
  put("/bucket", "");
  std::string bytes = server_->bytes_of({.method = "PUT",
                                         .target = "/bucket/k",
                                         .body = std::string(2'000'000, 'a'),
                                         .service = "s3"});
  bytes.resize(1'500'000);
  EXPECT_EQ(server_->raw(bytes).status, 0);
  pump();
  EXPECT_EQ(get("/bucket/k").status, 404);
  EXPECT_EQ(blobs(), 0u);
  EXPECT_TRUE(catalog_.disk().list("tmp")->empty());
}

TEST_F(S3, ListingsRollUpAtTheDelimiterAndGoOnByToken) {
  put("/bucket", "");
  for (const std::string key : {"a/1", "a/2", "b", "c/1", "c/2", "d", "e/x/y"}) {
    put("/bucket/" + key, "x");
  }
  const auto keys = [](std::string_view xml) {
    std::string out;
    while (true) {
      const std::size_t key = xml.find("<Key>");
      const std::size_t prefix = xml.find("<CommonPrefixes><Prefix>");
      if (key == std::string_view::npos && prefix == std::string_view::npos) return out;
      const std::size_t from = std::min(key == std::string_view::npos ? key : key + 5,
                                        prefix == std::string_view::npos ? prefix : prefix + 24);
      xml.remove_prefix(from);
      out.append(out.empty() ? "" : " ").append(xml.substr(0, xml.find('<')));
    }
  };
  EXPECT_EQ(keys(get("/bucket?list-type=2").body), "a/1 a/2 b c/1 c/2 d e/x/y");
  EXPECT_EQ(keys(get("/bucket?list-type=2&prefix=a%2F").body), "a/1 a/2");
  EXPECT_EQ(keys(get("/bucket?list-type=2&prefix=e%2F&delimiter=%2F").body), "e/x/");
  EXPECT_EQ(keys(get("/bucket?list-type=2&start-after=c%2F1").body), "c/2 d e/x/y");
  const Answer rolled = get("/bucket?list-type=2&delimiter=%2F");
  EXPECT_EQ(keys(rolled.body), "b d a/ c/ e/");
  EXPECT_EQ(element(rolled.body, "KeyCount"), "5");
  EXPECT_EQ(element(rolled.body, "IsTruncated"), "false");

  std::string seen;
  std::string token;
  for (int page = 0; page < 5; ++page) {
    std::string target = "/bucket?list-type=2&delimiter=/&max-keys=1";
    if (!token.empty()) target += "&continuation-token=" + token;
    const Answer answer = get(target);
    seen += keys(answer.body) + " ";
    EXPECT_EQ(element(answer.body, "IsTruncated"), page < 4 ? "true" : "false");
    token = element(answer.body, "NextContinuationToken");
    while (token.contains('=')) token.replace(token.find('='), 1, "%3D");
    while (token.contains('+')) token.replace(token.find('+'), 1, "%2B");
  }
  EXPECT_EQ(seen, "a/ b c/ d e/ ");

  const Answer first = get("/bucket?delimiter=/&max-keys=2");
  EXPECT_EQ(element(first.body, "NextMarker"), "b");
  EXPECT_EQ(keys(get("/bucket?delimiter=/&max-keys=2&marker=b").body), "d c/");
  EXPECT_EQ(code(get("/bucket?list-type=2&continuation-token=x")), "400 InvalidArgument");
  EXPECT_EQ(code(get("/bucket?max-keys=-1")), "400 InvalidArgument");
  EXPECT_EQ(keys(get("/bucket?max-keys=0").body), "");
}

TEST_F(S3, AListingIsExactlyAwsDocument) {
  put("/bucket", "");
  put("/bucket/a%20%26%C3%A9", "hello");
  const Answer answer = get("/bucket?list-type=2&prefix=a&encoding-type=url&fetch-owner=true");
  const std::string modified = element(answer.body, "LastModified");
  EXPECT_EQ(answer.body,
            R"(<?xml version="1.0" encoding="UTF-8"?>)"
            "\n"
            R"(<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">)"
            "<Name>bucket</Name><Prefix>a</Prefix><KeyCount>1</KeyCount><MaxKeys>1000</MaxKeys>"
            "<EncodingType>url</EncodingType><IsTruncated>false</IsTruncated><Contents>"
            "<Key>a%20%26%C3%A9</Key><LastModified>" +
                modified +
                "</LastModified><ETag>&quot;5d41402abc4b2a76b9719d911017c592&quot;</ETag>"
                "<ChecksumAlgorithm>CRC64NVME</ChecksumAlgorithm>"
                "<ChecksumType>FULL_OBJECT</ChecksumType><Size>5</Size>"
                "<StorageClass>STANDARD</StorageClass><Owner><ID>" +
                codec::sha256("123456789012").hex() +
                "</ID><DisplayName>123456789012</DisplayName></Owner></Contents>"
                "</ListBucketResult>");
  EXPECT_TRUE(modified.ends_with(".000Z"));
  EXPECT_TRUE(get("/bucket?list-type=2").body.contains("<Key>a &amp;\xC3\xA9</Key>"));
  EXPECT_TRUE(get("/bucket?list-type=2").body.contains("<Prefix></Prefix>"));
}

TEST_F(S3, DeletesAreOneTransactionAndNeedASum) {
  put("/bucket", "");
  put("/bucket/a", "x");
  put("/bucket/b", std::string(50'000, 'x'));
  const std::string body =
      "<Delete><Object><Key>a</Key></Object><Object><Key>b</Key></Object>"
      "<Object><Key>missing</Key></Object></Delete>";
  EXPECT_EQ(code(ask("POST", "/bucket?delete", body)), "400 InvalidRequest");
  const HeaderList sum = {{"Content-MD5", md5_of(body)}};
  const Answer done = ask("POST", "/bucket?delete", body, sum);
  EXPECT_EQ(done.status, 200);
  EXPECT_TRUE(
      done.body.contains("<Deleted><Key>a</Key></Deleted><Deleted><Key>b</Key></Deleted>"
                         "<Deleted><Key>missing</Key></Deleted>"))
      << done.body;
  EXPECT_EQ(get("/bucket/a").status, 404);
  EXPECT_EQ(blobs(), 0u);
}

TEST_F(S3, WhatWasNeverConfiguredAnswersAsOnAws) {
  put("/bucket", "");
  struct Case {
    std::string sub;
    std::string answer;
  };
  for (const Case& one :
       {Case{"policy", "404 NoSuchBucketPolicy"}, Case{"tagging", "404 NoSuchTagSet"},
        Case{"cors", "404 NoSuchCORSConfiguration"},
        Case{"lifecycle", "404 NoSuchLifecycleConfiguration"},
        Case{"website", "404 NoSuchWebsiteConfiguration"},
        Case{"replication", "404 ReplicationConfigurationNotFoundError"},
        Case{"object-lock", "404 ObjectLockConfigurationNotFoundError"},
        Case{"versioning", "200 (none)"}, Case{"encryption", "200 (none)"},
        Case{"acl", "200 (none)"}, Case{"publicAccessBlock", "200 (none)"},
        Case{"notification", "200 (none)"}, Case{"inventory", "501 NotImplemented"}}) {
    EXPECT_EQ(code(get("/bucket?" + one.sub)), one.answer) << one.sub;
    EXPECT_EQ(code(get("/bucket?" + one.sub + "=")), one.answer) << one.sub;
  }
  EXPECT_EQ(code(get("/nowhere?policy")), "404 NoSuchBucket");
  put("/bucket/k", "x");
  EXPECT_TRUE(get("/bucket/k?tagging").body.contains("<TagSet></TagSet>"));
  EXPECT_EQ(code(get("/bucket/none?tagging")), "404 NoSuchKey");
  const Answer unknown = ask("PUT", "/bucket?lifecycle", "<LifecycleConfiguration/>");
  EXPECT_EQ(code(unknown), "501 NotImplemented");
  EXPECT_EQ(element(unknown.body, "Header"), "lifecycle");
}

TEST_F(S3, TagsOfABucketAreKept) {
  put("/bucket", "");
  const std::string tags =
      "<Tagging><TagSet><Tag><Key>team</Key><Value>a &amp; b</Value></Tag></TagSet></Tagging>";
  EXPECT_EQ(put("/bucket?tagging", tags).status, 204);
  EXPECT_TRUE(
      get("/bucket?tagging")
          .body.contains("<TagSet><Tag><Key>team</Key><Value>a &amp; b</Value></Tag></TagSet>"));
  EXPECT_EQ(ask("DELETE", "/bucket?tagging").status, 204);
  EXPECT_EQ(code(get("/bucket?tagging")), "404 NoSuchTagSet");
}

TEST_F(S3, NobodyWithoutAKeyMayDoAnything) {
  put("/bucket", "");
  put("/bucket/k", "secret");
  const Answer read = server_->raw("GET /bucket/k HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
  EXPECT_EQ(code(read), "403 AccessDenied");
  const Answer written =
      server_->raw("PUT /bucket/n HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1\r\n\r\nx");
  EXPECT_EQ(code(written), "403 AccessDenied");
  EXPECT_EQ(code(get("/bucket/k", {{"x-amz-expected-bucket-owner", "210987654321"}})),
            "403 AccessDenied");
}

TEST_F(S3, AllIsThereAfterARestart) {
  put("/bucket", "");
  const std::string large(200'000, 'z');
  put("/bucket/small", "s");
  put("/bucket/large", large);
  stop();
  start();
  EXPECT_EQ(get("/bucket/small").body, "s");
  EXPECT_TRUE(get("/bucket/large").body == large);
}

TEST_F(S3, DamagedBytesAreNeverServed) {
  put("/bucket", "");
  put("/bucket/middle", std::string(50'000, 'm'));
  put("/bucket/large", std::string(900'000, 'l'));
  for (const std::string key : {"middle", "large"}) {
    auto reader = store_->read();
    const auto object = find_object(**reader, {.bucket = 1, .key = key});
    catalog_.disk().flip_byte(blob_path((*object)->blob), 40'000);
  }
  EXPECT_EQ(code(get("/bucket/middle")), "500 InternalError");
  EXPECT_EQ(get("/bucket/large").status, 0) << "cut short before its last piece";
}

TEST_F(S3, AFullDiskIs507AndDeletesStillWork) {
  put("/bucket", "");
  put("/bucket/k", std::string(100'000, 'x'));
  catalog_.disk().set_capacity(catalog_.disk().bytes_used() + 1000);
  EXPECT_EQ(code(put("/bucket/more", std::string(100'000, 'x'))), "507 InsufficientStorage");
  EXPECT_EQ(ask("DELETE", "/bucket/k").status, 204);
  EXPECT_EQ(blobs(), 0u);
}

// Three parts out of order, one of them replaced.
TEST_F(S3, AnUploadInPartsBecomesOneObjectWithoutMovingBytes) {
  put("/bucket", "");
  const Answer begun = ask("POST", "/bucket/big?uploads", "",
                           {{"Content-Length", "0"}, {"Content-Type", "text/plain"}});
  ASSERT_EQ(begun.status, 200) << begun.body;
  const std::string id = element(begun.body, "UploadId");
  const std::string target = "/bucket/big?uploadId=" + id;
  const std::string one(5 << 20, 'a');
  const std::string two((5 << 20) + 7, 'b');
  const std::string three = "the end";
  const auto part = [&](int number, const std::string& body) {
    const Answer answer = put(target + "&partNumber=" + std::to_string(number), body);
    EXPECT_EQ(answer.status, 200) << answer.body;
    return header(answer, "ETag");
  };
  const std::string etag3 = part(3, three);
  part(1, "replaced");
  const std::string etag1 = part(1, one);
  const std::string etag2 = part(2, two);
  EXPECT_EQ(blobs(), 3u);
  EXPECT_EQ(get("/bucket/big").status, 404) << "nobody sees it before it is complete";
  const Answer listed = get(target);
  EXPECT_TRUE(listed.body.contains("<PartNumber>3</PartNumber>")) << listed.body;
  EXPECT_TRUE(get("/bucket?uploads").body.contains("<UploadId>" + id + "</UploadId>"));

  const auto entry = [](int number, const std::string& etag) {
    return "<Part><PartNumber>" + std::to_string(number) + "</PartNumber><ETag>" + etag +
           "</ETag></Part>";
  };
  const std::string whole = "<CompleteMultipartUpload>" + entry(1, etag1) + entry(2, etag2) +
                            entry(3, etag3) + "</CompleteMultipartUpload>";
  EXPECT_EQ(code(ask("POST", target,
                     "<CompleteMultipartUpload>" + entry(2, etag2) + entry(1, etag1) +
                         "</CompleteMultipartUpload>")),
            "400 InvalidPartOrder");
  EXPECT_EQ(code(ask("POST", target,
                     "<CompleteMultipartUpload>" + entry(1, etag2) + "</CompleteMultipartUpload>")),
            "400 InvalidPart");
  const Answer done = ask("POST", target, whole);
  EXPECT_EQ(done.status, 200) << done.body;
  const std::string etag = element(done.body, "ETag");
  EXPECT_TRUE(etag.ends_with("-3&quot;")) << etag;
  EXPECT_EQ(element(ask("POST", target, whole).body, "ETag"), etag) << "a retry is answered alike";
  EXPECT_EQ(blobs(), 3u);

  const Answer read = get("/bucket/big");
  EXPECT_EQ(read.status, 200);
  EXPECT_TRUE(read.body == one + two + three);
  EXPECT_EQ(header(read, "Content-Type"), "text/plain");
  const std::size_t border = one.size();
  EXPECT_EQ(get("/bucket/big", {{"Range", "bytes=" + std::to_string(border - 2) + "-" +
                                              std::to_string(border + 1)}})
                .body,
            "aabb");
  const Answer third = get("/bucket/big?partNumber=3");
  EXPECT_EQ(third.status, 206);
  EXPECT_EQ(third.body, three);
  EXPECT_EQ(header(third, "x-amz-mp-parts-count"), "3");
  EXPECT_EQ(code(get("/bucket/big?partNumber=4")), "400 InvalidPart");

  EXPECT_EQ(ask("DELETE", "/bucket/big").status, 204);
  EXPECT_EQ(blobs(), 0u);
}

TEST_F(S3, AnAbortedUploadLeavesNothing) {
  put("/bucket", "");
  const std::string id =
      element(ask("POST", "/bucket/k?uploads", "", {{"Content-Length", "0"}}).body, "UploadId");
  EXPECT_EQ(put("/bucket/k?partNumber=1&uploadId=" + id, "small").status, 200);
  EXPECT_EQ(code(put("/bucket/k?partNumber=0&uploadId=" + id, "x")), "400 InvalidArgument");
  EXPECT_EQ(code(put("/bucket/k?partNumber=1&uploadId=none", "x")), "404 NoSuchUpload");
  EXPECT_EQ(ask("DELETE", "/bucket/k?uploadId=" + id).status, 204);
  EXPECT_EQ(code(ask("DELETE", "/bucket/k?uploadId=" + id)), "404 NoSuchUpload");
  EXPECT_EQ(blobs(), 0u);
}

TEST_F(S3, TheSumOfAllPartsIsWorkedOutFromTheirOwn) {
  put("/bucket", "");
  const Answer begun = ask("POST", "/bucket/k?uploads", "",
                           {{"Content-Length", "0"},
                            {"x-amz-checksum-algorithm", "CRC32"},
                            {"x-amz-checksum-type", "FULL_OBJECT"}});
  const std::string target = "/bucket/k?uploadId=" + element(begun.body, "UploadId");
  const std::string one(5 << 20, 'a');
  const std::string first = header(put(target + "&partNumber=1", one), "ETag");
  const std::string second = header(put(target + "&partNumber=2", "hello"), "ETag");
  EXPECT_EQ(code(put(target + "&partNumber=2", "x",
                     {{"x-amz-checksum-sha1", "EfatjsUqKYSrqpG4Kxvk2tqYUo8="}})),
            "400 InvalidRequest");
  const Answer done = ask("POST", target,
                          "<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>" +
                              first + "</ETag></Part><Part><PartNumber>2</PartNumber><ETag>" +
                              second + "</ETag></Part></CompleteMultipartUpload>");
  Digests digests({.checksum = Algorithm::crc32});
  digests.update(one + "hello");
  EXPECT_EQ(element(done.body, "ChecksumCRC32"), codec::base64_encode(digests.checksum()));
  EXPECT_EQ(element(done.body, "ChecksumType"), "FULL_OBJECT");
}

TEST_F(S3, ACopySharesTheBytesUntilTheLastNameGoes) {
  put("/bucket", "");
  put("/other", "");
  const std::string large(100'000, 'x');
  put("/bucket/large", large, {{"x-amz-meta-a", "1"}});
  put("/bucket/small", "s");
  for (const std::string key : {"large", "small"}) {
    const Answer copied = put("/other/" + key, "", {{"x-amz-copy-source", "/bucket/" + key}});
    EXPECT_EQ(copied.status, 200) << copied.body;
    EXPECT_TRUE(copied.body.contains("<CopyObjectResult")) << copied.body;
  }
  EXPECT_EQ(blobs(), 1u);
  EXPECT_EQ(header(get("/other/large"), "x-amz-meta-a"), "1");
  ask("DELETE", "/bucket/large");
  ask("DELETE", "/bucket/small");
  EXPECT_TRUE(get("/other/large").body == large);
  EXPECT_EQ(get("/other/small").body, "s");
  EXPECT_EQ(code(put("/other/large", "", {{"x-amz-copy-source", "/other/large"}})),
            "400 InvalidRequest");
  EXPECT_EQ(put("/other/large", "",
                {{"x-amz-copy-source", "/other/large"},
                 {"x-amz-metadata-directive", "REPLACE"},
                 {"x-amz-meta-b", "2"}})
                .status,
            200);
  EXPECT_EQ(header(get("/other/large"), "x-amz-meta-a"), "(none)");
  EXPECT_EQ(header(get("/other/large"), "x-amz-meta-b"), "2");
  EXPECT_TRUE(get("/other/large").body == large);
  ask("DELETE", "/other/large");
  EXPECT_EQ(blobs(), 0u);
}

TEST_F(S3, APartMayBeCopiedFromARunOfAnotherObject) {
  put("/bucket", "");
  std::string body;
  for (int i = 0; i < 900'000; ++i) body += std::to_string(i) + " ";
  put("/bucket/from", body);
  put("/bucket/small", "0123456789");
  const std::string id =
      element(ask("POST", "/bucket/to?uploads", "", {{"Content-Length", "0"}}).body, "UploadId");
  const auto copy = [&](int number, std::string source, std::string range) {
    return put(
        "/bucket/to?partNumber=" + std::to_string(number) + "&uploadId=" + id, "",
        {{"x-amz-copy-source", std::move(source)}, {"x-amz-copy-source-range", std::move(range)}});
  };
  const Answer first = copy(1, "bucket/from", "bytes=1-5242880");
  EXPECT_EQ(first.status, 200) << first.body;
  const Answer second = copy(2, "/bucket/small", "bytes=3-5");
  EXPECT_EQ(code(copy(3, "bucket/small", "bytes=3-99")), "400 InvalidRange");
  EXPECT_EQ(code(copy(3, "bucket/small", "bytes=3-")), "400 InvalidArgument");
  EXPECT_EQ(code(copy(3, "bucket/none", "bytes=0-1")), "404 NoSuchKey");
  const auto entry = [](int number, const Answer& part) {
    return "<Part><PartNumber>" + std::to_string(number) + "</PartNumber><ETag>" +
           element(part.body, "ETag") + "</ETag></Part>";
  };
  const Answer done = ask("POST", "/bucket/to?uploadId=" + id,
                          "<CompleteMultipartUpload>" + entry(1, first) + entry(2, second) +
                              "</CompleteMultipartUpload>");
  EXPECT_EQ(done.status, 200) << done.body;
  EXPECT_TRUE(get("/bucket/to").body == body.substr(1, 5'242'880) + "345");
}

TEST_F(S3, AnEmptyBodyThatIsAnnouncedWithExpectEndsItsConnection) {
  put("/bucket", "");
  EXPECT_EQ(header(put("/bucket/empty", "", {{"Expect", "100-continue"}}), "Connection"), "close");
  EXPECT_EQ(header(put("/bucket/empty", ""), "Connection"), "(none)");
  EXPECT_EQ(header(put("/nowhere/empty", "", {{"Expect", "100-continue"}}), "Connection"), "close");
}

}  // namespace
}  // namespace hyd::objects
