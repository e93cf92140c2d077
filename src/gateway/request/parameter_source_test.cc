#include "gateway/request/parameter_source.h"

#include "gateway/request/testing/one_request.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace hyd::gateway {
namespace {

using Side = ParameterSource::Side;

class ParameterSourceTest : public ::testing::Test {
 protected:
  // The value; "missing", or "no source".
  std::string read(std::string_view text, std::string_view body = "", Side side = Side::request) {
    const auto source = ParameterSource::parse(text, side);
    if (!source) return "no source";
    MappedBody mapped(body);
    const BackendHeaders backend{
        .request_id = "id-1", .content_type = "application/x", .content_length = 7};
    const bool response = side == Side::response;
    std::string out;
    const bool found = source->read(
        {.request = one_.view, .body = &mapped, .backend = response ? &backend : nullptr}, out);
    return found ? out : "missing";
  }

  testing::OneRequest one_{
      testing::OneRequest::post("/prod/v1/s%20t?q=1&q=2", "X-A: 1\r\nX-A: 2\r\n"),
      "/v1/s%20t",
      {{.name = "stream-name", .raw = "s%20t"}}};
};

TEST_F(ParameterSourceTest, ReadsEveryPartOfTheRequest) {
  EXPECT_EQ(read("method.request.path.stream-name"), "s t");
  EXPECT_EQ(read("method.request.querystring.q"), "2") << "the last one";
  EXPECT_EQ(read("method.request.multivaluequerystring.q"), "1,2");
  EXPECT_EQ(read("method.request.header.X-A"), "2");
  EXPECT_EQ(read("method.request.multivalueheader.X-A"), "1,2");
  EXPECT_EQ(read("context.identity.sourceIp"), "203.0.113.9");
  EXPECT_EQ(read("stageVariables.env"), "live");
  EXPECT_EQ(read("'a literal, it''s'"), "a literal, it''s");
  EXPECT_EQ(read("''"), "");
}

TEST_F(ParameterSourceTest, MissesWhatIsNotThere) {
  EXPECT_EQ(read("method.request.header.x-a"), "missing") << "names are case-sensitive";
  EXPECT_EQ(read("method.request.querystring.z"), "missing");
  EXPECT_EQ(read("stageVariables.none"), "missing");
  EXPECT_EQ(read("context.identity.user"), "missing");
}

TEST_F(ParameterSourceTest, LooksIntoJsonBodies) {
  constexpr std::string_view kBody = R"({"a":{"b":"x"},"n":1.50,"l":[1,"2"],"t":true,"z":null})";
  EXPECT_EQ(read("method.request.body", kBody), kBody);
  EXPECT_EQ(read("method.request.body.a.b", kBody), "x");
  EXPECT_EQ(read("method.request.body.a", kBody), R"({"b":"x"})");
  EXPECT_EQ(read("method.request.body.n", kBody), "1.50");
  EXPECT_EQ(read("method.request.body.l[1]", kBody), "2");
  EXPECT_EQ(read("method.request.body.t", kBody), "true");
  EXPECT_EQ(read("method.request.body.z", kBody), "missing");
  EXPECT_EQ(read("method.request.body.none", kBody), "missing");
  EXPECT_EQ(read("method.request.body[0]", "[5]"), "5");
  EXPECT_EQ(read("method.request.body.a", "a=1"), "missing");
}

TEST_F(ParameterSourceTest, KeepsTheTwoSidesApart) {
  EXPECT_EQ(read("integration.response.header.X-Amzn-Requestid", "", Side::response), "id-1");
  EXPECT_EQ(read("integration.response.multivalueheader.content-type", "", Side::response),
            "application/x");
  EXPECT_EQ(read("integration.response.header.Content-Length", "", Side::response), "7");
  EXPECT_EQ(read("integration.response.header.Via", "", Side::response), "missing");
  EXPECT_EQ(read("integration.response.body.a", R"({"a":"x"})", Side::response), "x");
  EXPECT_EQ(read("method.request.header.X-A", "", Side::response), "no source");
  EXPECT_EQ(read("integration.response.header.X-A"), "no source");
}

TEST_F(ParameterSourceTest, RefusesWhatIsNoExpression) {
  for (const std::string_view text :
       {"", "'", "plain", "method.request.header.", "context.", "method.request.header.a b",
        "method.request.body[", "\"x\"", "method.request.bodyx", "stageVariables"}) {
    EXPECT_EQ(read(text), "no source") << text;
  }
}

TEST(MappedBody, IsBrokenWhenItBeginsLikeAContainerAndDoesNotEnd) {
  EXPECT_TRUE(MappedBody(" {\"a\":").broken());
  EXPECT_TRUE(MappedBody("[1,").broken());
  EXPECT_FALSE(MappedBody("{}").broken());
  EXPECT_FALSE(MappedBody("a=1").broken());
  EXPECT_FALSE(MappedBody("").broken());
}

}  // namespace
}  // namespace hyd::gateway
