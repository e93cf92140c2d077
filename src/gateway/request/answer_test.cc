#include "gateway/request/answer.h"

#include "gateway/request/testing/one_request.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace hyd::gateway {
namespace {

using Template = CompiledGatewayResponse::Template;

std::string_view choose(const std::vector<Template>& templates, std::string_view accept) {
  const Template* chosen = choose_by_accept(std::span<const Template>(templates), accept);
  return chosen == nullptr ? "none" : chosen->text;
}

TEST(ChooseByAccept, TakesTheFirstTypeThenJsonThenTheFirstStored) {
  const std::vector<Template> both = {{"application/json", "J"}, {"text/xml", "X"}};
  EXPECT_EQ(choose(both, "text/xml;q=0.5, application/json"), "X");
  EXPECT_EQ(choose(both, "TEXT/XML"), "X");
  EXPECT_EQ(choose(both, "text/html, text/xml"), "J") << "only the first is looked at";
  EXPECT_EQ(choose(both, "*/*"), "J");
  EXPECT_EQ(choose(both, ""), "J");
  EXPECT_EQ(choose({{"text/xml", "X"}, {"text/yaml", "Y"}}, ""), "X");
  EXPECT_EQ(choose({}, "text/xml"), "none");
}

TEST(HeaderLines, ReplaceNamesakesWhateverTheirCaseAndLeaveOutWhatOthersWrite) {
  HeaderLines lines;
  lines.set("X-A", "1");
  lines.set("x-a", "2");
  lines.set("Content-Type", "text/tea");
  lines.set("x-amzn-requestid", "mine");
  lines.set("X-Split", "a\r\nX-Evil: b");
  net::Response response;
  lines.write(response);
  EXPECT_EQ(response.headers, "x-a: 2\r\nX-Split: a  X-Evil: b\r\n");
  ASSERT_NE(lines.find("content-type"), nullptr);
  EXPECT_EQ(*lines.find("content-type"), "text/tea");
}

class SubstituteTest : public ::testing::Test {
 protected:
  std::string of(std::string_view text) {
    return substitute(
        text, one_.view,
        {.message = "say \"no\"", .message_json = R"("say \"no\"")", .type = "THROTTLED"});
  }

  testing::OneRequest one_{testing::OneRequest::post("/prod/v1/s?q=1", "X-A: 2\r\n"),
                           "/v1/s",
                           {{.name = "stream-name", .raw = "s"}}};
};

TEST_F(SubstituteTest, ReplacesWhatItKnows) {
  EXPECT_EQ(of("$context.error.messageString|${context.error.message}|$context.error.responseType"),
            R"("say \"no\""|say "no"|THROTTLED)");
  EXPECT_EQ(of("$context.stage/$stageVariables.env, $context.identity.sourceIp."),
            "prod/live, 203.0.113.9.");
  EXPECT_EQ(of("$method.request.header.X-A $method.request.querystring.q "
               "${method.request.path.stream-name}s"),
            "2 1 ss");
}

TEST_F(SubstituteTest, PrintsNothingForWhatIsMissingAndLeavesTheRestAlone) {
  EXPECT_EQ(of("[$context.nothing][$stageVariables.none]"), "[][]");
  EXPECT_EQ(of("#set($x = 1)$x $5 $ ${context.stage $input.body $$context.stage"),
            "#set($x = 1)$x $5 $ ${context.stage $input.body $prod");
  EXPECT_EQ(of("$"), "$");
  EXPECT_EQ(of(""), "");
}

}  // namespace
}  // namespace hyd::gateway
