// Case as Java's String has it.
#include "codec/letter_case.h"

#include <gtest/gtest.h>

namespace hyd::codec {
namespace {

TEST(LetterCase, GoesBeyondAscii) {
  EXPECT_EQ(to_upper_case("Stra\u00DFe \u00E9 \u0153 \u01C6 \uFB01"),
            "STRASSE \u00C9 \u0152 \u01C4 FI");
  EXPECT_EQ(to_lower_case("\u00C9\u00DF \u0130 \u0410\u042F \u01C5"),
            "\u00E9\u00DF i\u0307 \u0430\u044F \u01C6");
  EXPECT_EQ(to_lower_case("\uD55C 1_-"), "\uD55C 1_-");
}

TEST(LetterCase, ASigmaAtTheEndOfAWordHasItsOwnForm) {
  EXPECT_EQ(to_lower_case("\u039F\u03A3 \u03A3 \u03A3\u0391"), "\u03BF\u03C2 \u03C3 \u03C3\u03B1");
  EXPECT_EQ(to_lower_case("\u0391\u03A3\u1FB3 \u0130\u03A3"), "\u03B1\u03C3\u1FB3 i\u0307\u03C2");
}

TEST(LetterCase, EqualityGoesCharacterByCharacter) {
  EXPECT_TRUE(equal_ignoring_case("aB\u00E9", "Ab\u00C9"));
  EXPECT_TRUE(equal_ignoring_case("\u212A", "k"));
  EXPECT_FALSE(equal_ignoring_case("\u00DF", "SS"));
  EXPECT_FALSE(equal_ignoring_case("a", "ab"));
}

}  // namespace
}  // namespace hyd::codec
