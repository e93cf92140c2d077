#include "codec/time_text.h"

#include <gtest/gtest.h>

#include <chrono>

namespace hyd::codec {
namespace {

using std::chrono::microseconds;
using std::chrono::seconds;

base::WallTime at(std::int64_t unix_s, std::int64_t micros = 0) {
  return base::WallTime(seconds(unix_s) + microseconds(micros));
}

TEST(TimeText, PrintsEverySpelling) {
  const base::WallTime t = at(784'111'777, 123'999);  // RFC 9110's own example
  EXPECT_EQ(iso_basic(t), "19941106T084937Z");
  EXPECT_EQ(iso_basic_date(t), "19941106");
  EXPECT_EQ(iso_seconds(t), "1994-11-06T08:49:37Z");
  EXPECT_EQ(iso_millis(t), "1994-11-06T08:49:37.123Z");
  EXPECT_EQ(http_date(t), "Sun, 06 Nov 1994 08:49:37 GMT");
  EXPECT_EQ(http_date(at(0)), "Thu, 01 Jan 1970 00:00:00 GMT");
  EXPECT_EQ(iso_millis(at(-1, 500'000)), "1969-12-31T23:59:59.500Z");
}

TEST(TimeText, ReadsTheThreeHttpForms) {
  for (const std::string_view text :
       {"Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT",
        "Sun Nov  6 08:49:37 1994"}) {
    EXPECT_EQ(parse_http_date(text), at(784'111'777)) << text;
  }
  EXPECT_EQ(http_date(parse_http_date("Monday, 01-Jan-69 00:00:00 GMT").value_or(at(0))),
            "Tue, 01 Jan 2069 00:00:00 GMT");
}

TEST(TimeText, ReadsIsoWithFractionAndOffset) {
  EXPECT_EQ(parse_iso_basic("19941106T084937Z"), at(784'111'777));
  EXPECT_EQ(parse_iso("1994-11-06T08:49:37Z"), at(784'111'777));
  EXPECT_EQ(parse_iso("1994-11-06T08:49:37.5Z"), at(784'111'777, 500'000));
  EXPECT_EQ(parse_iso("1994-11-06T08:49:37.123456789Z"), at(784'111'777, 123'456));
  EXPECT_EQ(parse_iso("1994-11-06T17:49:37+09:00"), at(784'111'777));
  EXPECT_EQ(parse_iso("1994-11-06T03:19:37-05:30"), at(784'111'777));
  EXPECT_EQ(parse_iso("1994-11-06"), at(784'080'000));
}

TEST(TimeText, RefusesWhatIsNoDate) {
  for (const std::string_view text :
       {"", "19941106", "19941106T084937", "19941306T084937Z", "19940230T000000Z",
        "19941106T240000Z", "19941106T084937Zx", "1994110 T084937Z", "-9941106T084937Z"}) {
    EXPECT_FALSE(parse_iso_basic(text)) << text;
  }
  for (const std::string_view text :
       {"", "1994-11-06T08:49:37", "1994-11-06 08:49:37Z", "1994-11-06T08:49:37.Z",
        "1994-11-06T08:49Z", "1994-02-29", "0000-01-01", "1994-11-06T08:49:37+0900"}) {
    EXPECT_FALSE(parse_iso(text)) << text;
  }
  for (const std::string_view text :
       {"", "Sun, 06 Nov 1994 08:49:37", "Sun, 6 Nov 1994 08:49:37 GMT",
        "Sun, 06 Foo 1994 08:49:37 GMT", "Sun, 31 Nov 1994 08:49:37 GMT",
        "Sun, 06 Nov 1994 08:49:37 GMT ", "Sunday, 06-Nov-1994 08:49:37 GMT", "1994-11-06"}) {
    EXPECT_FALSE(parse_http_date(text)) << text;
  }
}

TEST(TimeText, EveryDayOfFourCenturiesComesBack) {
  for (std::int64_t day = -135'140; day < 11'000; ++day) {  // 1600 to 2000
    const base::WallTime t = at(day * 86'400 + 3'661);
    ASSERT_EQ(parse_iso_basic(iso_basic(t)), t) << day;
    ASSERT_EQ(parse_http_date(http_date(t)), t) << day;
    ASSERT_EQ(parse_iso(iso_seconds(t)), t) << day;
  }
}

}  // namespace
}  // namespace hyd::codec
