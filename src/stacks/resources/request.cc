#include "stacks/resources/request.h"

#include <chrono>
#include <utility>

namespace hyd::stacks {

using aws::Outcome;
using codec::Json;

std::string text_of(const Json& properties, std::string_view name) {
  const Json* const found = properties.find(name);
  const std::string* const text = found == nullptr ? nullptr : found->if_string();
  return text == nullptr ? std::string() : *text;
}

std::span<const Json> items_of(const Json& properties, std::string_view name) {
  const Json* const found = properties.find(name);
  const Json::Array* const items = found == nullptr ? nullptr : found->if_array();
  return items == nullptr ? std::span<const Json>() : std::span<const Json>(*items);
}

void carry(Json& request, const Json& properties, std::initializer_list<Carried> members) {
  for (const Carried& one : members) {
    if (const Json* const value = properties.find(one.property)) request.set(one.member, *value);
  }
}

void carry_tags_as_map(Json& request, std::string_view member, const Json& properties) {
  Json::Object tags;
  for (const Json& tag : items_of(properties, "Tags")) {
    tags.emplace_back(text_of(tag, "Key"), text_of(tag, "Value"));
  }
  if (!tags.empty()) request.set(member, std::move(tags));
}

Outcome<void> done(Outcome<Json> outcome) {
  if (!outcome) return std::move(outcome).error();
  return {};
}

Outcome<void> done_unless(Outcome<Json> outcome, std::string_view fault) {
  if (!outcome && outcome.error().name != fault) return std::move(outcome).error();
  return {};
}

Outcome<bool> is_there(const Outcome<Json>& outcome, std::string_view fault) {
  if (outcome) return true;
  if (outcome.error().name == fault) return false;
  return outcome.error();
}

namespace {

constexpr int kLooksMax = 600;  // a minute
constexpr std::chrono::milliseconds kBetweenLooks(100);

}  // namespace

Outcome<void> wait_until(const Wait& wait, bool (*there)(const Json& seen)) {
  for (int i = 0; i < kLooksMax; ++i) {
    Outcome<Json> seen = wait.look();
    if (!seen) return std::move(seen).error();
    if (there(*seen)) return {};
    wait.client.pause(kBetweenLooks);
  }
  return aws::service_unavailable(wait.late);
}

Outcome<void> wait_until_gone(const Wait& wait, std::string_view fault) {
  for (int i = 0; i < kLooksMax; ++i) {
    Outcome<Json> seen = wait.look();
    if (!seen) return done_unless(std::move(seen), fault);
    wait.client.pause(kBetweenLooks);
  }
  return aws::service_unavailable(wait.late);
}

}  // namespace hyd::stacks
