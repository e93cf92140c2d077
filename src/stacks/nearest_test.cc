#include "stacks/nearest.h"

#include <gtest/gtest.h>

#include <array>

namespace hyd::stacks {
namespace {

constexpr auto kKnown = std::to_array<std::string_view>({"HttpMethod", "Uri", "Type", "Ref"});

TEST(Nearest, OffersWhatWasProbablyMeant) {
  EXPECT_EQ(nearest("HttpMethd", kKnown), "HttpMethod");
  EXPECT_EQ(nearest("httpmethods", kKnown), "HttpMethod");
  EXPECT_EQ(nearest("Rfe", kKnown), "Ref");
  EXPECT_EQ(suggestion("URI", kKnown), "; did you mean Uri?");
}

TEST(Nearest, OffersNothingWhereNothingIsNear) {
  EXPECT_EQ(nearest("Url2", kKnown), "");
  EXPECT_EQ(nearest("Methods", kKnown), "");
  EXPECT_EQ(nearest("", kKnown), "");
  EXPECT_EQ(suggestion("Body", kKnown), "");
}

}  // namespace
}  // namespace hyd::stacks
