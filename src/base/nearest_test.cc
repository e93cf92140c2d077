#include "base/nearest.h"

#include <gtest/gtest.h>

#include <array>

namespace hyd::base {
namespace {

constexpr auto kKnown = std::to_array<std::string_view>({"HttpMethod", "Uri", "Type", "Ref"});

TEST(Nearest, IsWhatWasProbablyMeant) {
  EXPECT_EQ(nearest("HttpMethd", kKnown), "HttpMethod");
  EXPECT_EQ(nearest("httpmethods", kKnown), "HttpMethod");
  EXPECT_EQ(nearest("Rfe", kKnown), "Ref");
  EXPECT_EQ(nearest("Rf", kKnown), "Ref");
  EXPECT_EQ(nearest("URI", kKnown), "Uri");
}

TEST(Nearest, IsNothingWhereNothingIsNear) {
  EXPECT_EQ(nearest("Url2", kKnown), "");
  EXPECT_EQ(nearest("Methods", kKnown), "");
  EXPECT_EQ(nearest("", kKnown), "");
  EXPECT_EQ(nearest("Uri", kKnown), "") << "it is no other name";
}

}  // namespace
}  // namespace hyd::base
