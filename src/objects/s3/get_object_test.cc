// Goal: what a GET has begun to send it sends to the end.
#include "objects/testing/s3_fixture.h"

#include <string>
#include <vector>

namespace hyd::objects {
namespace {

class GetObject : public testing::S3Test {
 protected:
  // Three parts, of which the first has been sent.
  aws::testing::MemoryClient begun() {
    EXPECT_EQ(put("/bucket", "").status, 200);
    put_in_parts("/bucket/big", parts_);
    aws::testing::MemoryClient client = sent("GET", "/bucket/big");
    EXPECT_TRUE(step_until([&] { return client.received().size() > 1 << 20; }));
    EXPECT_LT(client.received().size(), std::size_t{2} << 20);
    return client;
  }
  void comes_whole(aws::testing::MemoryClient& client) {
    EXPECT_TRUE(step_until([&] { return handler_->in_work() == 0; }));
    const Answer answer = answer_of(client);
    EXPECT_EQ(answer.status, 200);
    EXPECT_TRUE(answer.body == parts_[0] + parts_[1] + parts_[2]) << answer.body.size();
    pump();
  }
  const std::vector<std::string> parts_ = {std::string(5 << 20, 'a'), std::string(5 << 20, 'b'),
                                           std::string(5 << 20, 'c')};
};

TEST_F(GetObject, OfPartsIsFinishedAlthoughTheObjectIsRemovedMeanwhile) {
  aws::testing::MemoryClient client = begun();
  EXPECT_EQ(ask("DELETE", "/bucket/big").status, 204);
  EXPECT_EQ(get("/bucket/big").status, 404);
  comes_whole(client);
  EXPECT_EQ(blobs(), 0u) << "then its files go";
}

TEST_F(GetObject, OfPartsIsFinishedAlthoughTheObjectIsOverwrittenMeanwhile) {
  aws::testing::MemoryClient client = begun();
  EXPECT_EQ(put("/bucket/big", "another").status, 200);
  EXPECT_EQ(get("/bucket/big").body, "another");
  comes_whole(client);
  EXPECT_EQ(blobs(), 0u);
}

TEST_F(GetObject, OfPartsThatBreaksOffLetsItsFilesGo) {
  aws::testing::MemoryClient client = begun();
  EXPECT_EQ(ask("DELETE", "/bucket/big").status, 204);
  server_ = nullptr;
  pump();
  EXPECT_EQ(blobs(), 0u);
}

}  // namespace
}  // namespace hyd::objects
