#include "gateway/request/transform.h"

#include "codec/gzip.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace hyd::gateway {
namespace {

using Kind = Transformed::Kind;

class TransformTest : public ::testing::Test {
 protected:
  Transformed run(std::string_view body, BodyChange change, std::string_view text = {},
                  bool must_be_json = false) {
    auto parsed = vtl::parse(text);
    EXPECT_TRUE(parsed.has_value());
    if (parsed) program_ = *std::move(parsed);
    TransformWork work;
    work.program = text.empty() ? nullptr : program_.get();
    work.change = change;
    work.inputs.body = body;
    work.must_be_json = must_be_json;
    work.packing = packing_;
    return transform(work, renderer_, kLimitsOnLoop);
  }

  Packing packing_ = Packing::none;
  vtl::Renderer renderer_;
  std::unique_ptr<const vtl::Program> program_;
};

TEST_F(TransformTest, PassesTextThroughAsTextAndBytesAsBytes) {
  EXPECT_EQ(run("a\xFF", BodyChange::as_text).body, "a\xEF\xBF\xBD");
  EXPECT_EQ(run("a\xFF", BodyChange::as_bytes).body, "a\xFF");
}

TEST_F(TransformTest, ShowsATemplateBase64OfBytesAndNoBytes) {
  EXPECT_EQ(run("a\xFF", BodyChange::to_base64, "[$input.body]").body, "[Yf8=]");
  EXPECT_EQ(run("a\xFF", BodyChange::as_bytes, "[$input.body]").kind, Kind::not_usable);
  EXPECT_EQ(run("Yf8=", BodyChange::to_bytes, "[$input.body]").kind, Kind::not_usable);
  EXPECT_EQ(run("no base64", BodyChange::to_bytes).kind, Kind::not_usable);
}

TEST_F(TransformTest, LooksAtABodyThatMappingsNeed) {
  EXPECT_EQ(run("{", BodyChange::as_text, {}, true).kind, Kind::not_json);
  EXPECT_EQ(run("a=1", BodyChange::as_text, {}, true).kind, Kind::done);
}

TEST_F(TransformTest, UnpacksAsFarAsTheLimitsLetItAndNothingThatIsNotPacked) {
  packing_ = Packing::gzip;
  EXPECT_EQ(run(codec::gzip("{\"a\":1}"), BodyChange::as_text, "$input.path('$.a')").body, "1");
  EXPECT_EQ(run("{}", BodyChange::as_text).kind, Kind::not_packed);
  const Transformed large = run(codec::gzip(std::string(300'000, ' ')), BodyChange::as_text);
  EXPECT_EQ(large.kind, Kind::too_much);
  EXPECT_TRUE(may_succeed_on_worker(large));
}

TEST_F(TransformTest, TellsWhereATemplateFailedAndWhatItOverrode) {
  const Transformed failed = run("{", BodyChange::as_text, "\n$input.path('$.a')");
  EXPECT_EQ(failed.kind, Kind::failed);
  EXPECT_EQ(failed.failure.place.line, 2u);
  const Transformed overriding =
      run("{}", BodyChange::as_text, "#set($context.responseOverride.status = 201)x");
  EXPECT_EQ(overriding.body, "x");
  const vtl::Overrides overrides = overriding.overrides.value_or(vtl::Overrides());
  EXPECT_EQ(codec::to_text(overrides.response), R"({"header":{},"status":201})");
}

}  // namespace
}  // namespace hyd::gateway
