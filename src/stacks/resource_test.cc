// Rows of types, and the names that are made up for their resources.
#include "stacks/resource.h"

#include "stacks/parameters.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>

namespace hyd::stacks {
namespace {

TEST(ResourceTypes, EveryRowIsWholeAndInTheOrderOfNames) {
  const std::vector<std::string_view> names = type_names();
  EXPECT_TRUE(std::ranges::is_sorted(names));
  for (const std::string_view name : names) {
    SCOPED_TRACE(name);
    const ResourceType* const type = find_type(name);
    ASSERT_NE(type, nullptr);
    EXPECT_FALSE(type->doc.empty());
    EXPECT_NE(type->choose, nullptr);
    EXPECT_NE(type->create, nullptr);
    EXPECT_NE(type->remove, nullptr);
    EXPECT_EQ(type->attribute != nullptr, !type->attributes.empty());
    const auto is_property = [&](std::string_view one) {
      return std::ranges::any_of(type->properties,
                                 [&](const Property& property) { return property.name == one; });
    };
    for (const std::string_view one : type->replace) EXPECT_TRUE(is_property(one)) << one;
    for (const std::string_view one : type->fixed) EXPECT_TRUE(is_property(one)) << one;
  }
  EXPECT_EQ(find_type("AWS::S3::Nothing"), nullptr);
}

TEST(ResourceTypes, AttributesAreThoseOfAws) {
  const StackPlace place{
      .account = "123456789012", .region = "us-east-1", .stack_name = "s", .stack_id = "arn"};
  struct Row {
    std::string_view type;
    std::string_view attribute;
    std::string_view value;
  };
  const Row rows[] = {
      {"AWS::Kinesis::Stream", "Arn", "arn:aws:kinesis:us-east-1:123456789012:stream/name"},
      {"AWS::KinesisFirehose::DeliveryStream", "Arn",
       "arn:aws:firehose:us-east-1:123456789012:deliverystream/name"},
      {"AWS::S3::Bucket", "Arn", "arn:aws:s3:::name"},
      {"AWS::S3::Bucket", "DomainName", "name.s3.amazonaws.com"},
      {"AWS::IAM::Role", "Arn", "arn:aws:iam::123456789012:role/name"},
      {"AWS::Logs::LogGroup", "Arn", "arn:aws:logs:us-east-1:123456789012:log-group:name:*"},
  };
  for (const Row& row : rows) {
    const Record record{.logical_id = "L",
                        .type = std::string(row.type),
                        .physical_id = "name",
                        .properties = {},
                        .mark = {}};
    EXPECT_EQ(find_type(row.type)->attribute(place, record, row.attribute), row.value);
  }
}

TEST(Names, FitTheirTypeAndDiffer) {
  base::FastRng rng(7);
  Names names(rng);
  const std::string long_name(100, 'S');
  std::set<std::string> all;
  for (const std::size_t size_max : {63u, 64u, 128u}) {
    const std::string name = names.name({.stack = long_name,
                                         .logical_id = "ALogicalIdOfSomeLengthForALongBucketName",
                                         .size_max = size_max,
                                         .lower_case = size_max == 63});
    EXPECT_LE(name.size(), size_max);
    EXPECT_GE(name.size(), size_max - 1);
    EXPECT_TRUE(all.insert(name).second);
    if (size_max == 63) {
      EXPECT_TRUE(std::ranges::none_of(name, [](char c) { return c >= 'A' && c <= 'Z'; })) << name;
    }
  }
  EXPECT_TRUE(names.name({.stack = "clicks", .logical_id = "Bucket", .size_max = 63})
                  .starts_with("clicks-Bucket-"));
  EXPECT_EQ(names.id(10).size(), 10u);
}

}  // namespace
}  // namespace hyd::stacks
