// Goal: what uploads hold stays within the memory for bodies, an upload that was begun gets on, and
// what ends early leaves nothing.
#include "base/units.h"
#include "objects/testing/s3_fixture.h"

#include <cstdint>
#include <string>
#include <vector>

namespace hyd::objects {
namespace {

class UploadMemory : public testing::S3Test {
 protected:
  void SetUp() override { ASSERT_EQ(put("/bucket", "").status, 200); }
  void TearDown() override {
    others_.reset();
    EXPECT_EQ(memory_.bytes(), 0u) << "everything is given back";
  }
  // Others hold so much that `left` is there for large bodies.
  void leave(std::uint64_t left) {
    ASSERT_TRUE(others_.hold(&memory_, memory_.bytes_max() - memory_.bytes_max() / 8 - left));
  }
  net::MemoryShare others_;
};

TEST_F(UploadMemory, ALargeUploadThatFindsNothingIsToldToSlowDown) {
  leave(0);
  const Answer large = put("/bucket/large", std::string(3'000'000, 'x'));
  EXPECT_EQ(code(large), "503 SlowDown");
  EXPECT_EQ(header(large, "Retry-After"), "1");
  EXPECT_EQ(header(large, "Connection"), "close") << "its body was not read";
  EXPECT_EQ(memory_.refused(), 1u);
  EXPECT_EQ(put("/bucket/small", std::string(10'000, 'x')).status, 200);
  others_.reset();
  EXPECT_EQ(put("/bucket/large", std::string(3'000'000, 'x')).status, 200);
}

TEST_F(UploadMemory, AnUploadThatWasBegunGetsOnWithLittle) {
  leave(200 * 1024);
  const std::string body(3'000'000, 'x');
  EXPECT_EQ(put("/bucket/large", body).status, 200);
  EXPECT_LE(memory_.bytes_peak(), memory_.bytes_max() - memory_.bytes_max() / 8);
  others_.reset();
  EXPECT_TRUE(get("/bucket/large").body == body);
}

TEST_F(UploadMemory, ManyUploadsShareWhatIsThere) {
  leave(base::mib(1).bytes());
  std::vector<aws::testing::MemoryClient> clients;
  for (int i = 0; i < 40; ++i) {
    clients.push_back(sent("PUT", "/bucket/" + std::to_string(i), std::string(1'000'000, 'x')));
    loop_.run_pending();
  }
  pump();
  std::size_t stored = 0;
  for (aws::testing::MemoryClient& client : clients) {
    const Answer answer = answer_of(client);
    EXPECT_TRUE(answer.status == 200 || code(answer) == "503 SlowDown") << code(answer);
    if (answer.status == 200) ++stored;
  }
  EXPECT_GE(stored, 4u);
  EXPECT_EQ(memory_.refused(), clients.size() - stored);
  EXPECT_LE(memory_.bytes_peak(), memory_.bytes_max() - memory_.bytes_max() / 8);
  EXPECT_EQ(blobs(), stored);
}

// Ids are drawn 256 at a time, ahead: what breaks off must not use them up.
TEST_F(UploadMemory, UploadsThatBreakOffLeaveNoFileAndNoId) {
  EXPECT_EQ(put("/bucket/first", std::string(100'000, 'x')).status, 200);
  const std::size_t before = pending();
  for (int i = 0; i < 300; ++i) {
    std::string bytes = server_->bytes_of({.method = "PUT",
                                           .target = "/bucket/k",
                                           .body = std::string(600'000, 'a'),
                                           .service = "s3"});
    bytes.resize(400'000);
    EXPECT_EQ(server_->raw(bytes).status, 0);
    pump();
  }
  EXPECT_EQ(pending(), before);
  EXPECT_EQ(blobs(), 1u);
  EXPECT_TRUE(catalog_.disk().list("tmp")->empty());
}

}  // namespace
}  // namespace hyd::objects
