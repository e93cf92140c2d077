// Roles through the dispatcher, as stacks and the console call them, on a simulated catalog.
#include "aws/dispatcher.h"
#include "aws/query_text.h"
#include "aws/testing/test_call.h"
#include "aws/testing/test_loop.h"
#include "catalog/testing/simulated_catalog.h"
#include "codec/json.h"
#include "codec/percent.h"
#include "identity/identity.h"
#include "identity/ops/operations.h"
#include "identity/tables.h"

#include <gtest/gtest.h>

namespace hyd::identity {
namespace {

using codec::Json;

constexpr std::string_view kTrust =
    R"({ "Version": "2012-10-17", "Statement": [{"Effect": "Allow",)"
    R"( "Principal": {"Service": "apigateway.amazonaws.com"}, "Action": "sts:AssumeRole"}] })";
constexpr std::string_view kPolicy =
    R"({"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"kinesis:*","Resource":"*"}})";

class RolesTest : public ::testing::Test {
 protected:
  RolesTest() : call_(aws::testing::test_call(loop_, clock_)) { open(); }

  // A start of the program over what the disk holds.
  void open() {
    identity_ = nullptr;
    ASSERT_TRUE(catalog_.open({.schemas = {identity_schema()}}));
    auto identity = Identity::open({.catalog = *catalog_,
                                    .entropy = catalog_.runtime().entropy(),
                                    .loops = {&loop_},
                                    .account = aws::testing::kTestAccount});
    ASSERT_TRUE(identity) << identity.error().what;
    identity_ = *std::move(identity);
    dispatcher_ = std::make_unique<aws::Dispatcher>(authorizer_);
    dispatcher_->add(iam_table(), *identity_);
    dispatcher_->add(sts_table(), *identity_);
  }

  // The answer as JSON text, or "NAME STATUS message".
  std::string ask(std::string_view operation, std::string_view input,
                  std::string_view service = "iam") {
    std::string answer = "no answer";
    const auto document = codec::parse_json(input);
    if (!document) return document.error().what;
    dispatcher_->invoke(
        service, operation, call_, *document, [&](std::expected<Json, aws::Fault> outcome) {
          answer = outcome ? codec::to_text(*outcome)
                           : outcome.error().name + " " + std::to_string(outcome.error().status) +
                                 " " + outcome.error().message;
        });
    // The writer works in order, so behind this everything of ours has been told.
    EXPECT_TRUE(
        catalog_->write_and_wait([](catalog::Transaction&) { return base::Result<void>(); }));
    loop_.run_pending();
    return answer;
  }
  std::string create(std::string_view name) {
    Json input;
    input.set("RoleName", name);
    input.set("AssumeRolePolicyDocument", kTrust);
    return ask("CreateRole", codec::to_text(input));
  }
  std::string put_policy(std::string_view role, std::string_view name, std::string_view text) {
    Json input;
    input.set("RoleName", role);
    input.set("PolicyName", name);
    input.set("PolicyDocument", text);
    return ask("PutRolePolicy", codec::to_text(input));
  }

  catalog::SimulatedCatalog catalog_;
  aws::testing::TestLoop loop_;
  aws::testing::TestClock clock_;
  aws::RootOnly authorizer_;
  aws::Call call_;
  std::unique_ptr<Identity> identity_;
  std::unique_ptr<aws::Dispatcher> dispatcher_;
};

constexpr std::string_view kDone = "{}";

TEST_F(RolesTest, ARoleIsMadeShownAndRemoved) {
  Json input;
  input.set("RoleName", "Writer-1");
  input.set("Path", "/service-role/");
  input.set("AssumeRolePolicyDocument", kTrust);
  input.set("Description", "writes");
  input.set("MaxSessionDuration", 7'200);
  input.set("Tags", Json::Array{*codec::parse_json(R"({"Key":"team","Value":"events"})")});
  const std::string made = ask("CreateRole", codec::to_text(input));
  const Role* const role = identity_->find_role(loop_, "writer-1");
  ASSERT_NE(role, nullptr) << made;
  EXPECT_EQ(role->trust, kTrust) << "byte for byte";
  EXPECT_TRUE(role->id.starts_with("AROA"));
  EXPECT_EQ(role->id.size(), 21u);

  const std::string expected =
      R"({"Role":{"Path":"/service-role/","RoleName":"Writer-1","RoleId":")" + role->id +
      R"(","Arn":"arn:aws:iam::123456789012:role/service-role/Writer-1",)"
      R"("CreateDate":1700000000,"AssumeRolePolicyDocument":")" +
      codec::percent_encode(kTrust) +
      R"(","Description":"writes","MaxSessionDuration":7200,)"
      R"("Tags":[{"Key":"team","Value":"events"}]}})";
  EXPECT_EQ(made, expected);
  EXPECT_EQ(ask("GetRole", R"({"RoleName":"WRITER-1"})"), expected);
  EXPECT_EQ(ask("DeleteRole", R"({"RoleName":"writer-1"})"), kDone);
  EXPECT_EQ(ask("GetRole", R"({"RoleName":"Writer-1"})"),
            "NoSuchEntity 404 The role with name Writer-1 cannot be found.");
}

TEST_F(RolesTest, EverythingIsThereAfterARestart) {
  create("a");
  put_policy("a", "inline", kPolicy);
  ask("AttachRolePolicy",
      R"({"RoleName":"a","PolicyArn":"arn:aws:iam::aws:policy/AmazonKinesisFullAccess"})");
  Json update;
  update.set("RoleName", "a");
  update.set("PolicyDocument", kPolicy);
  EXPECT_EQ(ask("UpdateAssumeRolePolicy", codec::to_text(update)), kDone);
  const Roles before = identity_->roles(loop_);
  ASSERT_EQ(before.at("a").policies.size(), 1u);
  ASSERT_EQ(before.at("a").attached.size(), 1u);
  EXPECT_EQ(before.at("a").trust, kPolicy);
  open();
  EXPECT_EQ(identity_->roles(loop_), before);
}

TEST_F(RolesTest, NamesAreTakenWhateverTheirCase) {
  create("Writer");
  EXPECT_EQ(create("wRITER"), "EntityAlreadyExists 409 Role with name wRITER already exists.");
}

TEST_F(RolesTest, InlinePoliciesAreKeptByteForByte) {
  create("r");
  EXPECT_EQ(put_policy("r", "p", kPolicy), kDone);
  EXPECT_EQ(ask("GetRolePolicy", R"({"RoleName":"R","PolicyName":"p"})"),
            R"({"RoleName":"r","PolicyName":"p","PolicyDocument":")" +
                codec::percent_encode(kPolicy) + "\"}");
  EXPECT_EQ(put_policy("r", "p", kTrust), kDone) << "replaces";
  EXPECT_EQ(identity_->find_role(loop_, "r")->policies.at("p"), kTrust);
  EXPECT_EQ(ask("DeleteRolePolicy", R"({"RoleName":"r","PolicyName":"p"})"), kDone);
  EXPECT_EQ(ask("DeleteRolePolicy", R"({"RoleName":"r","PolicyName":"p"})"),
            "NoSuchEntity 404 The role policy with name p cannot be found.");
  EXPECT_EQ(put_policy("nobody", "p", kPolicy),
            "NoSuchEntity 404 The role with name nobody cannot be found.");
}

TEST_F(RolesTest, ARoleWithPoliciesIsNotDeleted) {
  create("r");
  put_policy("r", "p", kPolicy);
  EXPECT_EQ(ask("DeleteRole", R"({"RoleName":"r"})"),
            "DeleteConflict 409 Cannot delete entity, must delete policies first.");
  ask("DeleteRolePolicy", R"({"RoleName":"r","PolicyName":"p"})");
  const std::string_view attachment =
      R"({"RoleName":"r","PolicyArn":"arn:aws:iam::aws:policy/AmazonS3FullAccess"})";
  EXPECT_EQ(ask("AttachRolePolicy", attachment), kDone);
  EXPECT_EQ(ask("AttachRolePolicy", attachment), kDone) << "twice is once";
  EXPECT_EQ(ask("DeleteRole", R"({"RoleName":"r"})"),
            "DeleteConflict 409 Cannot delete entity, must detach all policies first.");
  EXPECT_EQ(ask("DetachRolePolicy", attachment), kDone);
  EXPECT_EQ(ask("DetachRolePolicy", attachment),
            "NoSuchEntity 404 Policy arn:aws:iam::aws:policy/AmazonS3FullAccess was not found.");
  EXPECT_EQ(ask("DeleteRole", R"({"RoleName":"r"})"), kDone);
}

TEST_F(RolesTest, OnlyAwssOwnManagedPoliciesExist) {
  create("r");
  EXPECT_EQ(
      ask("AttachRolePolicy",
          R"({"RoleName":"r","PolicyArn":"arn:aws:iam::123456789012:policy/mine"})"),
      "NoSuchEntity 404 Policy arn:aws:iam::123456789012:policy/mine does not exist or is not "
      "attachable.");
}

TEST_F(RolesTest, QuotasCountAllButWhiteSpace) {
  create("r");
  const auto sized = [](std::size_t bytes) {
    std::string text(kPolicy);
    text.insert(text.find('*'), std::string(bytes - text.size(), 'x'));
    return text + std::string(500, ' ');
  };
  EXPECT_EQ(put_policy("r", "a", sized(10'000)), kDone);
  EXPECT_EQ(put_policy("r", "b", sized(240)), kDone);
  EXPECT_EQ(put_policy("r", "c", kPolicy),
            "LimitExceeded 409 Maximum policy size of 10240 bytes exceeded for role r");
  EXPECT_EQ(put_policy("r", "b", sized(241)),
            "LimitExceeded 409 Maximum policy size of 10240 bytes exceeded for role r");
  EXPECT_FALSE(identity_->find_role(loop_, "r")->policies.contains("c"));
  Json input;
  input.set("RoleName", "large");
  input.set("AssumeRolePolicyDocument", sized(2'049));
  EXPECT_EQ(ask("CreateRole", codec::to_text(input)),
            "LimitExceeded 409 Cannot exceed quota for ACLSizePerRole: 2048");
  for (int i = 0; i < 10; ++i) {
    EXPECT_EQ(ask("AttachRolePolicy", R"({"RoleName":"r","PolicyArn":"arn:aws:iam::aws:policy/P)" +
                                          std::to_string(i) + "\"}"),
              kDone);
  }
  EXPECT_EQ(
      ask("AttachRolePolicy", R"({"RoleName":"r","PolicyArn":"arn:aws:iam::aws:policy/P10"})"),
      "LimitExceeded 409 Cannot exceed quota for PoliciesPerRole: 10");
  EXPECT_EQ(identity_->find_role(loop_, "r")->attached.size(), 10u);
}

TEST_F(RolesTest, DocumentsThatAreNoPoliciesAreRefused) {
  create("r");
  const std::pair<std::string_view, std::string_view> kBad[] = {
      {"no json", "This policy contains invalid Json"},
      {"[]", "Syntax errors in policy."},
      {"{}", "Syntax errors in policy."},
      {R"({"Version":"2020-01-01","Statement":[{"Effect":"Allow","Action":"*"}]})",
       "Syntax errors in policy."},
      {R"({"Statement":[{"Effect":"allow","Action":"*"}]})", "Syntax errors in policy."},
      {R"({"Statement":[{"Effect":"Allow"}]})", "Syntax errors in policy."},
      {R"({"Statement":[]})", "Syntax errors in policy."},
      {R"({"Statement":[{"Effect":"Allow","Action":"*","Effect":"Deny"}]})",
       "Syntax errors in policy."},
      {R"({"Statement":[{"Effect":"Allow","Action":"*","Extra":1}]})", "Syntax errors in policy."},
  };
  for (const auto& [text, why] : kBad) {
    EXPECT_EQ(put_policy("r", "p", text), "MalformedPolicyDocument 400 " + std::string(why))
        << text;
  }
  EXPECT_TRUE(identity_->find_role(loop_, "r")->policies.empty());
}

TEST_F(RolesTest, ConstraintsAreWordedAsAwsDoes) {
  EXPECT_EQ(ask("GetRole", R"({"RoleName":"a b"})"),
            "ValidationException 400 1 validation error detected: Value 'a b' at 'roleName' failed "
            "to satisfy constraint: Member must satisfy regular expression pattern: [\\w+=,.@-]+");
  EXPECT_TRUE(ask("CreateRole", R"({"RoleName":"r","Path":"x","AssumeRolePolicyDocument":"{}"})")
                  .contains("Value 'x' at 'path' failed"));
}

TEST_F(RolesTest, TheNetworkReachesGetCallerIdentityOnly) {
  call_.from_network = true;
  EXPECT_TRUE(ask("GetRole", R"({"RoleName":"r"})").starts_with("UnknownOperationException"));
  EXPECT_EQ(ask("GetCallerIdentity", "{}", "sts"),
            R"({"UserId":"123456789012","Account":"123456789012",)"
            R"("Arn":"arn:aws:iam::123456789012:root"})");
}

TEST_F(RolesTest, GetCallerIdentitysXmlIsStss) {
  const CallerIdentity who{.user_id = "1", .account = "2", .arn = "a"};
  EXPECT_EQ(aws::query_text({.action = "GetCallerIdentity",
                             .xml_namespace = sts_table().xml_namespace,
                             .request_id = "id"},
                            CallerIdentity::shape(), &who),
            "<GetCallerIdentityResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\">"
            "<GetCallerIdentityResult><UserId>1</UserId><Account>2</Account><Arn>a</Arn>"
            "</GetCallerIdentityResult><ResponseMetadata><RequestId>id</RequestId>"
            "</ResponseMetadata></GetCallerIdentityResponse>");
}

TEST_F(RolesTest, ADatabaseKeepsItsAccount) {
  const auto other = Identity::open({.catalog = *catalog_,
                                     .entropy = catalog_.runtime().entropy(),
                                     .loops = {&loop_},
                                     .account = "210987654321"});
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error().code, base::Code::conflict);
  const auto kept = read_account(catalog_.reader());
  ASSERT_TRUE(kept);
  EXPECT_EQ(kept->value_or(""), "123456789012");
}

TEST_F(RolesTest, AChangeAfterTheCatalogHasStoppedIsOursToAnswerFor) {
  catalog_->stop();
  std::optional<aws::Fault> fault;
  dispatcher_->invoke("iam", "DeleteRole", call_, *codec::parse_json(R"({"RoleName":"r"})"),
                      [&](std::expected<Json, aws::Fault> outcome) {
                        if (!outcome) fault = outcome.error();
                      });
  loop_.run_pending();
  EXPECT_TRUE(fault.value_or(aws::Fault{}).ours);
}

}  // namespace
}  // namespace hyd::identity
