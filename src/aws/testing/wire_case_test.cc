#include "aws/testing/wire_case.h"

#include "aws/dispatcher.h"
#include "aws/testing/echo_service.h"
#include "aws/testing/test_loop.h"
#include "sys/real_runtime.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace hyd::aws::testing {
namespace {

constexpr std::string_view kHead = "# name: n\n# why: w\n# source: observed\n";
constexpr std::string_view kGood = R"(
--- request
POST /
Content-Type: application/x-amz-json-1.1
X-Amz-Target: Echo_20260101.Say

{"Text":"ab"}
--- status
200
--- headers
Content-Type: application/x-amz-json-1.1
x-amzn-RequestId: <uuid>
Access-Control-Allow-Origin:
--- body
{"Text":"<any:said>","Region":"us-east-1"}
--- request
POST /
Content-Type: application/x-amz-json-1.1
X-Amz-Target: Echo_20260101.Say
Authorization:

{"Text":"{{said}}"}
--- status
400
--- body
{"__type":"MissingAuthenticationTokenException","message":"Missing Authentication Token"}
)";

class WireCaseTest : public ::testing::Test {
 protected:
  WireCaseTest()
      : dispatcher_(authorizer_),
        server_({.loop = loop_, .clock = clock_, .dispatcher = add_echo(), .pump = [this] {
                   loop_.run_pending();
                 }}) {}
  const Dispatcher& add_echo() {
    dispatcher_.add(echo_table(), service_);
    return dispatcher_;
  }
  std::string play_text(std::string_view text) {
    const base::Result<WireCase> one = parse_wire_case(std::string(kHead) + std::string(text), "c");
    return one ? play(*one, server_) : one.error().what;
  }

  TestLoop loop_;
  TestClock clock_;
  RootOnly authorizer_;
  EchoService service_;
  Dispatcher dispatcher_;
  WireServer server_;
};

TEST_F(WireCaseTest, PlaysItsStepsInOrder) {
  EXPECT_EQ(play_text(kGood), "");
  EXPECT_EQ(service_.heard.size(), 1u) << "the unsigned one was refused";
}

TEST_F(WireCaseTest, SaysWhatDiffers) {
  std::string text(kGood);
  text.replace(text.find("us-east-1"), 9, "us-west-9");
  EXPECT_TRUE(play_text(text).starts_with(R"(c: step 1: body: {"Text":"ab","Region":"us-east-1"})"))
      << play_text(text);
  text = kGood;
  text.replace(text.find("\n400"), 4, "\n403");
  EXPECT_TRUE(play_text(text).starts_with("c: step 2: status 400, expected 403"));
  text = kGood;
  text.replace(text.find("x-amzn-RequestId: <uuid>"), 24, "x-amzn-RequestId:       ");
  EXPECT_TRUE(play_text(text).starts_with("c: step 1: header x-amzn-RequestId is there"));
}

TEST_F(WireCaseTest, NamesTheLineOfABrokenFile) {
  EXPECT_TRUE(parse_wire_case("# name: n\n# source: s\n", "c").error().what.starts_with("c:2: "));
  EXPECT_TRUE(play_text("--- status\n200\n").starts_with("c:4: "));
  EXPECT_TRUE(play_text("--- request\nGET /\n--- answer\n").starts_with("c:6: "));
  EXPECT_TRUE(play_text("--- request\nGET /\n").contains("status"));
}

// What needs no operation of any service.
TEST_F(WireCaseTest, PlaysTheCasesOfTheTree) {
  const auto runtime = sys::make_real_runtime();
  ASSERT_TRUE(runtime) << runtime.error().what;
  const auto dir = (*runtime)->open_dir(HYDRANT_SOURCE_DIR "/tests/cases/wire");
  ASSERT_TRUE(dir) << dir.error().what;
  const auto cases = read_wire_cases(**dir, "any");
  ASSERT_TRUE(cases) << cases.error().what;
  EXPECT_GE(cases->size(), 5u);
  for (const WireCase& one : *cases) EXPECT_EQ(play(one, server_), "") << one.name;
}

TEST(WireMatch, PlaceholdersStandForWhatChanges) {
  struct Row {
    std::string_view expected;
    std::string_view text;
    bool same;
  };
  const Row rows[] = {
      {"abc", "abc", true},          {"abc", "abd", false},
      {"abc", "ab", false},          {"a<number>c", "a123c", true},
      {"a<number>c", "ac", false},   {"<uuid>", "01234567-89ab-4def-8123-456789abcdef", true},
      {"<uuid>", "01234567", false}, {R"("<any>","b")", R"("x,y","b")", true},
      {"<any>", "", true},           {"<time>", "2026-01-31T00:00:00.000Z", true},
      {"<a>", "<a>", true},          {"<Key>k</Key>", "<Key>k</Key>", true},
  };
  for (const Row& row : rows) {
    Kept kept;
    EXPECT_EQ(matches(row.expected, row.text, kept), row.same) << row.expected << " " << row.text;
  }
  Kept kept;
  ASSERT_TRUE(matches(R"({"a":"<any:it>"})", R"({"a":"xyz"})", kept));
  EXPECT_EQ(kept, (Kept{{"it", "xyz"}}));
}

}  // namespace
}  // namespace hyd::aws::testing
