#include "aws/query_text.h"

#include "aws/testing/test_call.h"
#include "codec/form.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hyd::aws {
namespace {

struct Tag {
  std::string key;
  std::optional<std::string> value;
  static Shape shape();
};
constexpr Spec kTag = structure();
constexpr Spec kText = string().length(1, 4);

struct RoleInput {
  std::string role_name;
  std::optional<std::vector<Tag>> tags;
  std::optional<std::vector<std::string>> names;
  std::optional<Map<std::string>> settings;
  std::optional<std::int32_t> limit;
  std::optional<bool> force;
  std::optional<base::WallTime> since;
  static Shape shape();
};

Shape Tag::shape() {
  static constexpr Member kMembers[] = {
      member<&Tag::key>("Key", string().required()),
      member<&Tag::value>("Value", string()),
  };
  return kMembers;
}

Shape RoleInput::shape() {
  static constexpr Member kMembers[] = {
      member<&RoleInput::role_name>("RoleName", string().required().length(1, 8)),
      member<&RoleInput::tags>("Tags", list(kTag)),
      member<&RoleInput::names>("Names", list(kText)),
      member<&RoleInput::settings>("Settings", map(kText, kText)),
      member<&RoleInput::limit>("Limit", integer().range(1, 100)),
      member<&RoleInput::force>("Force", boolean()),
      member<&RoleInput::since>("Since", timestamp()),
  };
  return kMembers;
}

struct Nowhere {};
void create_role(Nowhere&, const Call&, const RoleInput&, Done<RoleInput>) {}
constexpr Operation kRow =
    operation<&create_role>("CreateRole", "iam:CreateRole", Network::open, "Makes a role.");

Outcome<RoleInput> read_form(std::string_view text) {
  const base::Result<codec::Form> form = codec::parse_form(text);
  if (!form) return validation("no form");
  FormSource source(kRow, *form);
  RoleInput input;
  if (Outcome<void> filled = source.fill(&input); !filled) return std::move(filled).error();
  return input;
}

TEST(QueryText, ReadsListsMapsAndStructuresFromDottedNames) {
  const Outcome<RoleInput> got = read_form(
      "Action=CreateRole&Version=2010-05-08&RoleName=r&Tags.member.2.Key=b&Tags.member.10.Key=c"
      "&Tags.member.1.Key=a&Tags.member.1.Value=x%20y&Names.member.1=n&Limit=7&Force=true"
      "&Settings.entry.1.key=k&Settings.entry.1.value=v&Since=2026-01-31T00%3A00%3A00Z");
  ASSERT_TRUE(got) << got.error().message;
  EXPECT_EQ(got->role_name, "r");
  ASSERT_EQ(got->tags->size(), 3u);
  EXPECT_EQ((*got->tags)[0].key, "a");
  EXPECT_EQ((*got->tags)[0].value, "x y");
  EXPECT_EQ((*got->tags)[1].key, "b");
  EXPECT_EQ((*got->tags)[2].key, "c") << "10 comes after 2";
  EXPECT_EQ(got->names, (std::vector<std::string>{"n"}));
  EXPECT_EQ(got->settings, (Map<std::string>{{"k", "v"}}));
  EXPECT_EQ(got->limit, 7);
  EXPECT_EQ(got->force, true);
  EXPECT_EQ(base::unix_seconds(*got->since), 1769817600);
}

TEST(QueryText, FindsFaultInTheSameWordsAsJson) {
  const Outcome<RoleInput> got = read_form("RoleName=ninechars&Limit=0");
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().message,
            "2 validation errors detected: Value 'ninechars' at 'roleName' failed to satisfy "
            "constraint: Member must have length less than or equal to 8; Value '0' at 'limit' "
            "failed to satisfy constraint: Member must have value greater than or equal to 1");
}

TEST(QueryText, NamesOfAnyDepthCostLittle) {
  std::string name = "Tags";
  for (int i = 0; i < 10'000; ++i) name += ".a";
  EXPECT_TRUE(read_form("RoleName=r&" + name + "=x"));
}

TEST(QueryText, WritesTheResultInsideTheResponse) {
  const RoleInput output{.role_name = "a<b",
                         .tags = std::vector<Tag>{Tag{.key = "k", .value = "v"}},
                         .names = std::vector<std::string>{"x", "y"},
                         .settings = Map<std::string>{{"k", "v"}},
                         .limit = 5,
                         .force = false,
                         .since = base::WallTime(std::chrono::seconds(1769817600))};
  EXPECT_EQ(query_text({.action = "CreateRole", .xml_namespace = "urn:x", .request_id = "id-1"},
                       RoleInput::shape(), &output),
            "<CreateRoleResponse xmlns=\"urn:x\"><CreateRoleResult><RoleName>a&lt;b</RoleName>"
            "<Tags><member><Key>k</Key><Value>v</Value></member></Tags>"
            "<Names><member>x</member><member>y</member></Names>"
            "<Settings><entry><key>k</key><value>v</value></entry></Settings><Limit>5</Limit>"
            "<Force>false</Force><Since>2026-01-31T00:00:00.000Z</Since></CreateRoleResult>"
            "<ResponseMetadata><RequestId>id-1</RequestId></ResponseMetadata>"
            "</CreateRoleResponse>");
  EXPECT_EQ(query_text({.action = "DeleteRole", .xml_namespace = "urn:x", .request_id = "id-1"},
                       Nothing::shape(), nullptr),
            "<DeleteRoleResponse xmlns=\"urn:x\"><ResponseMetadata><RequestId>id-1</RequestId>"
            "</ResponseMetadata></DeleteRoleResponse>");
}

}  // namespace
}  // namespace hyd::aws
