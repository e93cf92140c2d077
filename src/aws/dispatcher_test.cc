#include "aws/dispatcher.h"

#include "aws/testing/echo_service.h"
#include "aws/testing/test_call.h"
#include "aws/testing/test_loop.h"
#include "codec/json.h"

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace hyd::aws {
namespace {

using testing::EchoService;
using testing::SayInput;
using testing::SayOutput;

constexpr std::string_view kTooLong =
    "1 validation error detected: Value 'far too long' at 'text' failed to satisfy constraint: "
    "Member must have length less than or equal to 8";

class DispatcherTest : public ::testing::Test {
 protected:
  DispatcherTest() : dispatcher_(authorizer_), call_(testing::test_call(loop_, clock_)) {
    dispatcher_.add(testing::echo_table(), service_);
  }

  // The answer, as "OK body" or "NAME message".
  std::string text(std::string_view operation, std::string_view body) {
    std::string answer = "no answer";
    dispatcher_.invoke_text(dispatcher_.find("echo", operation), call_, body,
                            [&](std::expected<std::string, Fault> outcome) {
                              answer = outcome ? "OK " + *outcome : show(outcome.error());
                            });
    return answer;
  }

  std::string document(std::string_view operation, std::string_view json) {
    std::string answer = "no answer";
    dispatcher_.invoke("echo", operation, call_, *codec::parse_json(json),
                       [&](std::expected<codec::Json, Fault> outcome) {
                         answer =
                             outcome ? "OK " + codec::to_text(*outcome) : show(outcome.error());
                       });
    return answer;
  }

  std::string typed(SayInput input) {
    std::string answer = "no answer";
    dispatcher_.invoke<SayInput, SayOutput>(dispatcher_.find("echo", "Say"), call_, input,
                                            [&](std::expected<SayOutput, Fault> outcome) {
                                              answer = outcome ? "OK " + outcome->text
                                                               : show(outcome.error());
                                            });
    return answer;
  }

  static std::string show(const Fault& fault) {
    return fault.message.empty() ? fault.name : fault.name + " " + fault.message;
  }

  void call_as(Principal::Type type, std::string arn) {
    Principal principal = *call_.principal;
    principal.type = type;
    principal.arn = std::move(arn);
    call_.principal = std::make_shared<const Principal>(std::move(principal));
  }

  testing::TestLoop loop_;
  testing::TestClock clock_;
  RootOnly authorizer_;
  EchoService service_;
  Dispatcher dispatcher_;
  Call call_;
};

TEST_F(DispatcherTest, GivesTheSameAnswerToTextDocumentsAndTypes) {
  EXPECT_EQ(text("Say", R"({"Text":"ab","Times":2})"),
            R"(OK {"Text":"abab","Region":"us-east-1"})");
  EXPECT_EQ(document("Say", R"({"Text":"ab","Times":2})"),
            R"(OK {"Text":"abab","Region":"us-east-1"})");
  EXPECT_EQ(typed({.text = "ab", .times = 2}), "OK abab");
}

TEST_F(DispatcherTest, HoldsEveryCallerToTheSameConstraints) {
  const std::string expected = "ValidationException " + std::string(kTooLong);
  EXPECT_EQ(text("Say", R"({"Text":"far too long"})"), expected);
  EXPECT_EQ(document("Say", R"({"Text":"far too long"})"), expected);
  EXPECT_EQ(typed({.text = "far too long", .times = {}}), expected);
  EXPECT_TRUE(service_.heard.empty()) << "the handler never saw it";
}

// What a fast reader has left in the input before it gave up must not show.
TEST_F(DispatcherTest, ReadsAgainWhatTheFastReaderWouldNotTake) {
  EXPECT_EQ(text("Say", R"({"Text":"a"})"), R"(OK {"Text":"a","Region":"us-east-1"})");
  EXPECT_EQ(text("Say", R"({ "Text":"\u0062" })"), R"(OK {"Text":"b","Region":"us-east-1"})");
  EXPECT_EQ(text("Say", R"({"Text":""})"),
            "ValidationException 1 validation error detected: Value '' at 'text' failed to satisfy "
            "constraint: Member must have length greater than or equal to 1");
}

TEST_F(DispatcherTest, AnswersAnUnreadableBodyWithoutAText) {
  for (const std::string_view body : {"", "x", "[]", "1", "null", R"({"Text":"a"} x)"}) {
    EXPECT_EQ(text("Say", body), "SerializationException") << body;
  }
}

TEST_F(DispatcherTest, DoesNotKnowWhatIsNotInATable) {
  EXPECT_EQ(text("Sing", "{}"), "UnknownOperationException");
  EXPECT_EQ(text("say", "{}"), "UnknownOperationException") << "names are case-sensitive";
  EXPECT_FALSE(dispatcher_.find("opera", "Say"));
}

TEST_F(DispatcherTest, HidesClosedOperationsFromTheNetworkOnly) {
  EXPECT_EQ(document("Secret", R"({"Text":"a"})"), R"(OK {"Text":"a","Region":"us-east-1"})");
  call_.from_network = true;
  EXPECT_EQ(document("Secret", R"({"Text":"a"})"), "UnknownOperationException");
  EXPECT_EQ(document("Say", R"({"Text":"a"})"), R"(OK {"Text":"a","Region":"us-east-1"})");
}

TEST_F(DispatcherTest, RefusesWhoMayNotAndNamesTheResource) {
  call_as(Principal::Type::user, "arn:aws:iam::123456789012:user/eve");
  const std::string denied =
      "AccessDeniedException User: arn:aws:iam::123456789012:user/eve is not authorized to "
      "perform: echo:Say on resource: arn:aws:echo:us-east-1:123456789012:word/a because no "
      "identity-based policy allows the echo:Say action";
  EXPECT_EQ(text("Say", R"({"Text":"a"})"), denied);
  EXPECT_EQ(typed({.text = "a", .times = {}}), denied);
  EXPECT_TRUE(service_.heard.empty());

  call_as(Principal::Type::anonymous, "");
  EXPECT_EQ(document("Wait", "{}"),
            "AccessDeniedException User: anonymous is not authorized to perform: echo:Wait on "
            "resource: * because no identity-based policy allows the echo:Wait action");
}

// AWS looks at permission before types and constraints, but at the body's syntax first.
TEST_F(DispatcherTest, DeniesBeforeItFindsFaultWithTheInput) {
  call_as(Principal::Type::user, "arn:aws:iam::123456789012:user/eve");
  EXPECT_TRUE(text("Say", R"({"Text":1})").starts_with("AccessDeniedException"));
  EXPECT_TRUE(text("Say", R"({"Text":"far too long"})").starts_with("AccessDeniedException"));
  EXPECT_EQ(text("Say", R"({"Text":)"), "SerializationException");
}

TEST_F(DispatcherTest, ARootOfAnotherAccountIsNobodyHere) {
  call_.account = "999999999999";
  EXPECT_TRUE(text("Say", R"({"Text":"a"})").starts_with("AccessDeniedException"));
}

TEST_F(DispatcherTest, PassesFaultsOnUnchanged) {
  EXPECT_EQ(text("Fail", R"({"How":"named"})"), "ResourceNotFoundException Nothing of that name.");
  std::optional<Fault> fault;
  dispatcher_.invoke("echo", "Fail", call_, *codec::parse_json(R"({"How":"ours"})"),
                     [&](std::expected<codec::Json, Fault> outcome) { fault = outcome.error(); });
  ASSERT_TRUE(fault);
  EXPECT_TRUE(fault->ours);
  EXPECT_EQ(fault->cause, "disk 3: gone");
}

TEST_F(DispatcherTest, CompletesLaterWhenTheHandlerDoes) {
  EXPECT_EQ(text("Wait", "{}"), "no answer");
  std::string answer;
  dispatcher_.invoke_text(dispatcher_.find("echo", "Wait"), call_, "{}",
                          [&](std::expected<std::string, Fault> outcome) {
                            answer = outcome ? "OK '" + *outcome + "'" : show(outcome.error());
                          });
  ASSERT_EQ(service_.waiting.size(), 2u);
  service_.waiting.back()();
  EXPECT_EQ(answer, "OK ''") << "an output without members has no body";
  service_.waiting.pop_front();
}

}  // namespace
}  // namespace hyd::aws
