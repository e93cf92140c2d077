#include "stacks/nearest.h"

#include <gtest/gtest.h>

#include <array>

namespace hyd::stacks {
namespace {

constexpr auto kKnown = std::to_array<std::string_view>({"HttpMethod", "Uri", "Type", "Ref"});

TEST(Suggestion, OffersWhatWasProbablyMeantOrNothing) {
  EXPECT_EQ(suggestion("HttpMethd", kKnown), "; did you mean HttpMethod?");
  EXPECT_EQ(suggestion("Types", kKnown), "; did you mean Type?");
  EXPECT_EQ(suggestion("Body", kKnown), "");
}

TEST(Suggestion, SeesAColonOrBlankThatIsMissing) {
  EXPECT_EQ(suggestion("Type String", kKnown), "; expected a colon and a blank behind Type");
  EXPECT_EQ(suggestion("Type:String", kKnown), "; expected a colon and a blank behind Type");
  EXPECT_EQ(nearest("Type=a value that is longer than any name that is looked at for its letters",
                    kKnown),
            "Type");
}

}  // namespace
}  // namespace hyd::stacks
