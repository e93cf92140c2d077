#include "gateway/request/locate.h"

#include "gateway/request/testing/stage_builder.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace hyd::gateway {
namespace {

using testing::StageBuilder;

class LocateTest : public ::testing::Test {
 protected:
  LocateTest() {
    StageBuilder one("abcdefghij", "prod");
    StageBuilder two("klmnopqrst", "prod");
    StageBuilder three("klmnopqrst", "dev");
    served_ =
        testing::served({one.build(dispatcher_), two.build(dispatcher_), three.build(dispatcher_)});
  }
  // "abcdefghij/prod /rest", or why not.
  std::string locate(std::string_view path, std::string_view host = "127.0.0.1:8080") {
    net::RequestHead head;
    head.path = path;
    head.host = host;
    const Located at = gateway::locate(served_, head);
    if (at.stage == nullptr) return std::string(at.why_not);
    return at.stage->what.api_id + "/" + at.stage->what.stage + " " + std::string(at.rest);
  }

  aws::RootOnly authorizer_;
  aws::Dispatcher dispatcher_{authorizer_};
  Served served_;
};

TEST_F(LocateTest, ReadsTheHostOfAws) {
  const std::string_view host = "klmnopqrst.execute-api.eu-west-1.amazonaws.com:443";
  EXPECT_EQ(locate("/prod/a/b", host), "klmnopqrst/prod /a/b");
  EXPECT_EQ(locate("//prod//a/", host), "klmnopqrst/prod //a/") << "slashes after it stay";
  EXPECT_EQ(locate("/dev", host), "klmnopqrst/dev ");
  EXPECT_EQ(locate("/", host), "the API has no such stage");
  EXPECT_EQ(locate("/Prod", host), "the API has no such stage") << "names are case-sensitive";
  EXPECT_EQ(locate("/prod", "unknownone.execute-api.x"), "there is no such API");
}

TEST_F(LocateTest, ReadsBothPathsOfLocalTooling) {
  EXPECT_EQ(locate("/restapis/abcdefghij/prod/_user_request_/a"), "abcdefghij/prod /a");
  EXPECT_EQ(locate("/restapis/abcdefghij/prod/_user_request_"), "abcdefghij/prod ");
  EXPECT_EQ(locate("/_aws/execute-api/ABCDEFGHIJ/prod/a"), "abcdefghij/prod /a");
  EXPECT_EQ(locate("/_aws/execute-api/abcdefghij/nope/a"), "the API has no such stage");
}

TEST_F(LocateTest, TakesABareStageOnlyWhenItIsTheOnlyOne) {
  EXPECT_EQ(locate("/dev/a"), "klmnopqrst/dev /a");
  EXPECT_EQ(locate("/prod/a"),
            "no API, or more than one, has a stage of the name that the path begins with");
}

}  // namespace
}  // namespace hyd::gateway
