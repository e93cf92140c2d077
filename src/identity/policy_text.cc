#include "identity/policy_text.h"

#include "codec/json.h"

#include <algorithm>
#include <array>
#include <span>

namespace hyd::identity {
namespace {

using codec::Json;

constexpr std::string_view kSyntax = "Syntax errors in policy.";
constexpr std::array<std::string_view, 3> kOfPolicy = {"Version", "Id", "Statement"};
constexpr std::array<std::string_view, 9> kOfStatement = {
    "Sid",       "Effect",   "Principal",   "NotPrincipal", "Action",
    "NotAction", "Resource", "NotResource", "Condition"};

// Known names, each at most once.
bool well_named(const Json::Object& object, std::span<const std::string_view> known) {
  for (auto member = object.begin(); member != object.end(); ++member) {
    if (std::ranges::find(known, member->first) == known.end()) return false;
    const auto same = [&](const Json::Member& other) { return other.first == member->first; };
    if (std::any_of(object.begin(), member, same)) return false;
  }
  return true;
}

bool is_statement(const Json& statement) {
  const Json::Object* const object = statement.if_object();
  if (object == nullptr || !well_named(*object, kOfStatement)) return false;
  const Json* const effect = statement.find("Effect");
  if (effect == nullptr || (*effect != Json("Allow") && *effect != Json("Deny"))) return false;
  return (statement.find("Action") == nullptr) != (statement.find("NotAction") == nullptr);
}

bool has_statements(const Json& policy) {
  const Json* const statement = policy.find("Statement");
  if (statement == nullptr) return false;
  const Json::Array* const several = statement->if_array();
  if (several == nullptr) return is_statement(*statement);
  return !several->empty() && std::ranges::all_of(*several, is_statement);
}

}  // namespace

std::optional<std::string> policy_fault(std::string_view text) {
  const auto policy = codec::parse_json(text, {.depth_max = 64});
  if (!policy) return "This policy contains invalid Json";
  const Json::Object* const object = policy->if_object();
  if (object == nullptr || !well_named(*object, kOfPolicy)) return std::string(kSyntax);
  const Json* const version = policy->find("Version");
  if (version != nullptr && *version != Json("2012-10-17") && *version != Json("2008-10-17")) {
    return std::string(kSyntax);
  }
  if (!has_statements(*policy)) return std::string(kSyntax);
  return std::nullopt;
}

std::int64_t policy_size(std::string_view text) {
  return std::ranges::count_if(
      text, [](char c) { return c != ' ' && c != '\t' && c != '\r' && c != '\n'; });
}

}  // namespace hyd::identity
