// Goal: the copy of a large part takes its turns, and leaves nothing when nobody waits for it.
#include "objects/testing/s3_fixture.h"

#include <string>
#include <vector>

namespace hyd::objects {
namespace {

class CopyPart : public testing::S3Test {
 protected:
  void prepare() {
    ASSERT_EQ(put("/bucket", "").status, 200);
    ASSERT_EQ(put("/bucket/from", std::string(20 << 20, 'f')).status, 200);
    ASSERT_EQ(put("/bucket/small", "small").status, 200);
    upload_ =
        element(ask("POST", "/bucket/to?uploads", "", {{"Content-Length", "0"}}).body, "UploadId");
  }
  aws::testing::MemoryClient copy(int number) {
    return sent("PUT", "/bucket/to?partNumber=" + std::to_string(number) + "&uploadId=" + upload_,
                "", {{"Content-Length", "0"}, {"x-amz-copy-source", "bucket/from"}});
  }
  std::string upload_;
};

// There are two workers, and each has a copy.
TEST_F(CopyPart, OthersAreServedBetweenItsSlices) {
  prepare();
  aws::testing::MemoryClient first = copy(1);
  aws::testing::MemoryClient second = copy(2);
  loop_.run_pending();
  aws::testing::MemoryClient other = sent("GET", "/bucket/small");
  ASSERT_TRUE(step_until([&] { return !other.received().empty(); }));
  EXPECT_EQ(answer_of(other).body, "small");
  EXPECT_EQ(blobs(), 1u) << "neither copy is through";
  pump();
  EXPECT_EQ(answer_of(first).status, 200);
  EXPECT_EQ(answer_of(second).status, 200);
  EXPECT_EQ(blobs(), 3u);
}

TEST_F(CopyPart, EndsWhenNobodyWaitsForItsAnswer) {
  prepare();
  const std::size_t before = pending();
  aws::testing::MemoryClient client = copy(1);
  ASSERT_TRUE(step_until([&] { return !catalog_.disk().list("tmp")->empty(); }));
  server_ = nullptr;
  pump();
  EXPECT_TRUE(catalog_.disk().list("tmp")->empty());
  EXPECT_EQ(blobs(), 1u);
  EXPECT_EQ(pending(), before);
}

// Its source is removed under it.
TEST_F(CopyPart, OfPartsIsFinishedAlthoughItsSourceIsRemovedMeanwhile) {
  prepare();
  put_in_parts("/bucket/from",
               {std::string(5 << 20, 'a'), std::string(5 << 20, 'b'), std::string(5 << 20, 'c')});
  ASSERT_EQ(blobs(), 3u);
  aws::testing::MemoryClient client = copy(1);
  ASSERT_TRUE(step_until([&] { return !catalog_.disk().list("tmp")->empty(); }));
  EXPECT_EQ(ask("DELETE", "/bucket/from").status, 204);
  pump();
  EXPECT_EQ(answer_of(client).status, 200);
  EXPECT_EQ(blobs(), 1u) << "the part; the source has gone";
}

}  // namespace
}  // namespace hyd::objects
