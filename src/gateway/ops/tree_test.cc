// APIs, resources and methods through the dispatcher: answers and refusals, word for word.
#include "gateway/ids.h"
#include "gateway/testing/control_plane.h"

namespace hyd::gateway {
namespace {

using testing::kDone;

class TreeTest : public testing::ControlPlane {
 protected:
  std::string resource(std::string_view parent, std::string_view part, std::string_view id) {
    return ask("CreateResource", R"({"restApiId":"a1b2c3d4e5","parentId":")" + std::string(parent) +
                                     R"(","pathPart":")" + std::string(part) + R"(","id":")" +
                                     std::string(id) + "\"}");
  }
  std::string update_api(std::string_view patches) {
    return ask("UpdateRestApi",
               R"({"restApiId":"a1b2c3d4e5","patchOperations":)" + std::string(patches) + "}");
  }
};

TEST_F(TreeTest, AnApiIsMadeShownAndRemoved) {
  const std::string made =
      ask("CreateRestApi", R"({"id":"a1b2c3d4e5","rootResourceId":"f6g7h8i9j0","name":"collect"})");
  EXPECT_EQ(made, R"({"id":"a1b2c3d4e5","name":"collect","createdDate":1700000000,)"
                  R"("apiKeySource":"HEADER",)"
                  R"("endpointConfiguration":{"types":["EDGE"],"ipAddressType":"ipv4"},)"
                  R"("disableExecuteApiEndpoint":false,"rootResourceId":"f6g7h8i9j0"})");
  EXPECT_TRUE(ask("GetRestApi", R"({"restApiId":"a1b2c3d4e5"})").contains(R"("tags":{})"))
      << "shown when asked for, not when made";
  EXPECT_EQ(ask("DeleteRestApi", R"({"restApiId":"a1b2c3d4e5"})"), kDone);
  EXPECT_EQ(ask("GetRestApi", R"({"restApiId":"a1b2c3d4e5"})"),
            "NotFoundException 404 Invalid API identifier specified 123456789012:a1b2c3d4e5");
  EXPECT_EQ(ask("DeleteRestApi", R"({"restApiId":"a1b2c3d4e5"})"),
            "NotFoundException 404 Invalid API identifier specified 123456789012:a1b2c3d4e5");
}

TEST_F(TreeTest, IdsAreMadeWhereNoneIsChosen) {
  const std::string made =
      ask("CreateRestApi", R"({"name":"collect","tags":{"team":"events"},)"
                           R"("description":"d","version":"1",)"
                           R"("binaryMediaTypes":["image/png"],)"
                           R"("minimumCompressionSize":1024,)"
                           R"("endpointConfiguration":{"types":["PRIVATE"]}})");
  EXPECT_TRUE(is_id(member(made, "id"), kApiIdLength)) << made;
  EXPECT_EQ(member(made, "rootResourceId"), root_id_of(member(made, "id")));
  EXPECT_TRUE(made.contains(R"("types":["PRIVATE"],"ipAddressType":"dualstack")")) << made;
  EXPECT_TRUE(made.contains(R"("binaryMediaTypes":["image/png"],"minimumCompressionSize":1024)"));
  EXPECT_TRUE(made.contains(R"("tags":{"team":"events"})")) << made;
  const std::string child =
      ask("CreateResource", R"({"restApiId":")" + member(made, "id") + R"(","parentId":")" +
                                member(made, "rootResourceId") + R"(","pathPart":"v1"})");
  EXPECT_TRUE(is_id(member(child, "id"), kIdLength)) << child;
  EXPECT_NE(member(ask("CreateRestApi", R"({"name":"collect"})"), "id"), member(made, "id"))
      << "names are not unique";
}

TEST_F(TreeTest, RepeatingACreateWithItsIdSucceedsWithWhatIsThere) {
  const std::string_view create = R"({"id":"a1b2c3d4e5","name":"collect","description":"d"})";
  const std::string made = ask("CreateRestApi", create);
  clock_.pass(std::chrono::seconds(100));
  EXPECT_EQ(ask("CreateRestApi", create), made);
  EXPECT_EQ(ask("CreateRestApi", R"({"id":"a1b2c3d4e5","name":"other","description":"d"})"),
            "ConflictException 409 Another object already has the id a1b2c3d4e5");
  const std::string root = member(made, "rootResourceId");
  const std::string child = resource(root, "v1", "aaaaaa");
  EXPECT_EQ(child, R"({"id":"aaaaaa","parentId":")" + root + R"(","pathPart":"v1","path":"/v1"})");
  EXPECT_EQ(resource(root, "v1", "aaaaaa"), child);
  EXPECT_EQ(resource(root, "v2", "aaaaaa"),
            "ConflictException 409 Another object already has the id aaaaaa");
  EXPECT_EQ(ask("CreateRestApi", create), made) << "what grew below it does not matter";
}

TEST_F(TreeTest, ChosenIdsHaveTheServicesForm) {
  const std::string text = "lower-case letters and digits, 10 for an API and its root, else 6";
  EXPECT_EQ(ask("CreateRestApi", R"({"id":"A1B2C3D4E5","name":"n"})"),
            "BadRequestException 400 Invalid id: A1B2C3D4E5: " + text);
  EXPECT_EQ(ask("CreateRestApi", R"({"rootResourceId":"short","name":"n"})"),
            "BadRequestException 400 Invalid id: short: " + text);
  make_api();
  EXPECT_EQ(resource("rootrootro", "v1", "toolong"),
            "BadRequestException 400 Invalid id: toolong: " + text);
}

TEST_F(TreeTest, AnApisOwnSettingsAreChecked) {
  EXPECT_EQ(ask("CreateRestApi", R"({"name":"n","description":""})"),
            "BadRequestException 400 Description cannot be an empty string");
  EXPECT_EQ(ask("CreateRestApi", R"({"name":"n","minimumCompressionSize":10485761})"),
            "BadRequestException 400 Invalid minimum compression size, must be between 0 and "
            "10485760");
  EXPECT_EQ(ask("CreateRestApi", R"({"name":"n","policy":"{}"})"),
            "BadRequestException 400 A resource policy is not supported by Hydrant yet");
  EXPECT_EQ(ask("CreateRestApi", R"({"name":"n","cloneFrom":"a1b2c3d4e5"})"),
            "BadRequestException 400 cloneFrom is not supported by Hydrant yet");
  EXPECT_TRUE(ask("CreateRestApi", R"({"name":"n","policy":""})").starts_with("{"))
      << "an empty policy is none";
  EXPECT_EQ(ask("CreateRestApi", "{}"),
            "ValidationException 400 1 validation error detected: Value null at 'name' failed to "
            "satisfy constraint: Member must not be null");
}

TEST_F(TreeTest, AnApiIsPatchedWholeOrNotAtAll) {
  make_api();
  const std::string patched = update_api(
      R"([{"op":"replace","path":"/name","value":"n"},)"
      R"({"op":"replace","path":"/description","value":"d"},)"
      R"({"op":"replace","path":"/minimumCompressionSize","value":"5"},)"
      R"({"op":"replace","path":"/disableExecuteApiEndpoint","value":"true"},)"
      R"({"op":"add","path":"/binaryMediaTypes/image~1png"},)"
      R"({"op":"replace","path":"/endpointConfiguration/types/EDGE","value":"REGIONAL"}])");
  EXPECT_TRUE(patched.contains(R"("name":"n","description":"d")")) << patched;
  EXPECT_TRUE(patched.contains(R"("binaryMediaTypes":["image/png"],"minimumCompressionSize":5)"));
  EXPECT_TRUE(patched.contains(R"("types":["REGIONAL"])")) << patched;
  EXPECT_TRUE(patched.contains(R"("disableExecuteApiEndpoint":true)")) << patched;

  EXPECT_EQ(update_api(R"([{"op":"replace","path":"/name","value":"lost"},)"
                       R"({"op":"replace","path":"/x","value":"1"}])"),
            "BadRequestException 400 Invalid patch path /x");
  EXPECT_EQ(update_api(R"([{"op":"add","path":"/name","value":"lost"}])"),
            "BadRequestException 400 Invalid patch operation specified. Must be one of: [replace]");
  EXPECT_EQ(update_api(R"([{"op":"replace","path":"/minimumCompressionSize","value":"x"}])"),
            "BadRequestException 400 Invalid minimum compression size, must be between 0 and "
            "10485760");
  EXPECT_EQ(update_api(R"([{"op":"wrong_op","path":"/name","value":"lost"}])"),
            "ValidationException 400 1 validation error detected: Value 'wrong_op' at "
            "'updateRestApiInput.patchOperations.1.member.op' failed to satisfy constraint: Member "
            "must satisfy enum value set: [add, remove, move, test, replace, copy]");
  EXPECT_EQ(update_api("[]"), patched) << "nothing of what was refused is there";
  EXPECT_TRUE(update_api(R"([{"op":"remove","path":"/binaryMediaTypes/image~1png"},)"
                         R"({"op":"replace","path":"/description","value":""}])")
                  .starts_with(R"({"id":"a1b2c3d4e5","name":"n","createdDate":1700000000,)"
                               R"("minimumCompressionSize":5)"));
}

TEST_F(TreeTest, TheTreesRulesAreWordedAsAwsDoes) {
  make_api();
  resource("rootrootro", "{proxy+}", "proxy1");
  EXPECT_EQ(resource("rootrootro", "{id}", "bbbbbb"),
            "BadRequestException 400 A sibling ({proxy+}) of this resource already has a variable "
            "path part -- only one is allowed");
  EXPECT_EQ(resource("proxy1", "below", "bbbbbb"),
            "BadRequestException 400 Cannot create a child of a resource with a greedy path "
            "variable: {proxy+}");
  EXPECT_EQ(resource("rootrootro", "{proxy+}", "bbbbbb"),
            "ConflictException 409 Another resource with the same parent already has this name: "
            "{proxy+}");
  EXPECT_EQ(resource("nobody", "v1", "bbbbbb"),
            "NotFoundException 404 Invalid Resource identifier specified");
  for (const std::string_view part :
       {"", "a/b", "a b", "{a}b", "x{a}", "{}", "{+}", "{a+}+", "{a", "a+", "{{a}}"}) {
    EXPECT_EQ(resource("rootrootro", part, "bbbbbb"),
              "BadRequestException 400 Resource's path part only allow a-zA-Z0-9._-: or a valid "
              "greedy path variable and curly braces at the beginning and the end.")
        << part;
  }
  for (const std::string_view part : {"v1", "a-b_c.d,e:f"}) {
    EXPECT_TRUE(
        ask("CreateResource", R"({"restApiId":"a1b2c3d4e5","parentId":"rootrootro","pathPart":")" +
                                  std::string(part) + "\"}")
            .starts_with("{"))
        << part;
  }
  EXPECT_EQ(ask("CreateResource",
                R"({"restApiId":"zzzzzzzzzz","parentId":"rootrootro","pathPart":"v1"})"),
            "NotFoundException 404 Invalid Resource identifier specified");
}

TEST_F(TreeTest, AResourceGoesWithAllBelowIt) {
  make_api();
  resource("rootrootro", "v1", "aaaaaa");
  resource("aaaaaa", "{stream-name}", "bbbbbb");
  resource("bbbbbb", "records", "cccccc");
  resource("rootrootro", "v2", "dddddd");
  put_mock("bbbbbb", "GET");
  EXPECT_EQ(ask("GetResource", R"({"restApiId":"a1b2c3d4e5","resourceId":"cccccc"})"),
            R"({"id":"cccccc","parentId":"bbbbbb","pathPart":"records",)"
            R"("path":"/v1/{stream-name}/records"})");
  EXPECT_EQ(ask("GetResource", R"({"restApiId":"a1b2c3d4e5","resourceId":"bbbbbb"})"),
            R"({"id":"bbbbbb","parentId":"aaaaaa","pathPart":"{stream-name}",)"
            R"("path":"/v1/{stream-name}","resourceMethods":{"GET":{}}})");
  EXPECT_EQ(ask("DeleteResource", R"({"restApiId":"a1b2c3d4e5","resourceId":"aaaaaa"})"), kDone);
  EXPECT_EQ(ask("GetResources", R"({"restApiId":"a1b2c3d4e5"})"),
            R"({"items":[{"id":"dddddd","parentId":"rootrootro","pathPart":"v2","path":"/v2"},)"
            R"({"id":"rootrootro","path":"/","resourceMethods":{"POST":{}}}]})");
  EXPECT_EQ(ask("DeleteResource", R"({"restApiId":"a1b2c3d4e5","resourceId":"aaaaaa"})"),
            "NotFoundException 404 Invalid Resource identifier specified");
  EXPECT_EQ(ask("DeleteResource", R"({"restApiId":"a1b2c3d4e5","resourceId":"rootrootro"})"),
            "BadRequestException 400 Root resource cannot be deleted.");
}

TEST_F(TreeTest, ResourcesAreListedInPages) {
  make_api();
  for (const std::string_view id : {"aaaaaa", "bbbbbb", "cccccc"}) {
    resource("rootrootro", id, id);
  }
  const std::string first = ask("GetResources", R"({"restApiId":"a1b2c3d4e5","limit":3})");
  EXPECT_EQ(member(first, "position"), "cccccc");
  const std::string second =
      ask("GetResources",
          R"({"restApiId":"a1b2c3d4e5","limit":3,"position":"cccccc","embed":["methods"]})");
  EXPECT_EQ(member(second, "position"), "no position");
  EXPECT_TRUE(second.contains(R"("resourceMethods":{"POST":{"httpMethod":"POST",)")) << second;
  EXPECT_EQ(member(ask("GetResources", R"({"restApiId":"a1b2c3d4e5","limit":0})"), "position"),
            "no position")
      << "a limit out of range is no error";
}

TEST_F(TreeTest, TheNetworkReachesNothingOfItYet) {
  make_api();
  call_.from_network = true;
  for (const aws::Operation& row : apigateway_table().operations) {
    EXPECT_TRUE(
        ask(row.name, R"({"restApiId":"a1b2c3d4e5"})").starts_with("UnknownOperationException"))
        << row.name;
  }
}

TEST_F(TreeTest, AChangeAfterTheCatalogHasStoppedIsOursToAnswerFor) {
  make_api();
  catalog_->stop();
  std::optional<aws::Fault> fault;
  dispatcher_->invoke("apigateway", "DeleteRestApi", call_,
                      *codec::parse_json(R"({"restApiId":"a1b2c3d4e5"})"),
                      [&](std::expected<codec::Json, aws::Fault> outcome) {
                        if (!outcome) fault = outcome.error();
                      });
  loop_.run_pending();
  EXPECT_TRUE(fault.value_or(aws::Fault{}).ours);
}

}  // namespace
}  // namespace hyd::gateway
