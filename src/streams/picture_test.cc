#include "streams/stream.h"

#include <gtest/gtest.h>

#include <string>

namespace hyd::streams {
namespace {

constexpr std::string_view kArn = "arn:aws:kinesis:us-east-1:123456789012:stream/clicks";

StreamPtr life(std::uint8_t id, std::uint32_t first_shard, Status status) {
  Stream stream{.uid = base::Uid({id}),
                .region = "us-east-1",
                .name = "clicks",
                .arn = std::string(kArn),
                .status = status};
  stream.shards.push_back({.number = log::ShardNumber(first_shard)});
  return std::make_shared<const Stream>(std::move(stream));
}

std::string lives(const Picture& picture) {
  std::string text;
  for (const StreamPtr& stream : picture.every_of_arn(kArn)) {
    text += std::to_string(stream->uid.bytes()[0]) + " ";
  }
  return text;
}

// Uids are random: the order of their making is that of their shards' numbers.
TEST(Picture, EveryLifeOfANameIsShownInItsOrderUntilItIsForgotten) {
  Picture picture;
  EXPECT_EQ(lives(picture), "");
  picture.put(life(7, 1, Status::active));
  EXPECT_EQ(lives(picture), "7 ");
  picture.put(life(7, 1, Status::gone));
  EXPECT_EQ(lives(picture), "7 ");
  picture.put(life(3, 5, Status::active));
  picture.put(life(3, 5, Status::gone));
  picture.put(life(3, 5, Status::gone));  // again is no other one
  picture.put(life(5, 9, Status::active));
  EXPECT_EQ(lives(picture), "7 3 5 ");
  ASSERT_EQ(picture.gone().size(), 1u);
  EXPECT_EQ(picture.gone().begin()->second.size(), 2u);
  picture.remove(base::Uid({7}));
  EXPECT_EQ(lives(picture), "3 5 ");
  picture.remove(base::Uid({3}));
  EXPECT_EQ(lives(picture), "5 ");
  EXPECT_TRUE(picture.gone().empty());
  EXPECT_TRUE(picture.every_of_arn("arn:aws:kinesis:us-east-1:123456789012:stream/other").empty());
}

}  // namespace
}  // namespace hyd::streams
