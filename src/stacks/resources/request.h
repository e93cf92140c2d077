// What the types build their requests with: members out of properties, and answers that do not
// matter. Internal to stacks/resources.
#pragma once

#include "stacks/resource.h"

#include <functional>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>

namespace hyd::stacks {

// Members of every tag.
inline constexpr Property kTagMembers[] = {
    {.name = "Key", .required = true},
    {.name = "Value", .required = true},
};
inline constexpr Property kTags{
    .name = "Tags", .want = Want::list, .of = Want::object, .members = kTagMembers};

// The text of a property; empty when it is absent or no text.
std::string text_of(const codec::Json& properties, std::string_view name);
// The items of a list, which `properties` keeps; empty when absent.
std::span<const codec::Json> items_of(const codec::Json& properties, std::string_view name);

struct Carried {
  std::string_view member;    // in the request: "pathPart"
  std::string_view property;  // in the template: "PathPart"
};
// Copies those that are there.
void carry(codec::Json& request, const codec::Json& properties,
           std::initializer_list<Carried> members);

// A list of {Key, Value} as a map; absent when empty.
void carry_tags_as_map(codec::Json& request, std::string_view member,
                       const codec::Json& properties);

// Calls and drops the answer.
aws::Outcome<void> done(aws::Outcome<codec::Json> outcome);
// The same where the fault of this name is as good as success.
aws::Outcome<void> done_unless(aws::Outcome<codec::Json> outcome, std::string_view fault);

// Whether something is there: success is yes, the fault of this name is no.
aws::Outcome<bool> is_there(const aws::Outcome<codec::Json>& outcome, std::string_view fault);

// What takes its time: looks again and again, for a minute. `late` is the sentence of the fault
// when it has not come to pass by then.
struct Wait {
  Client& client;
  std::function<aws::Outcome<codec::Json>()> look;
  std::string_view late;
};
// Until `there` is true of what is seen.
aws::Outcome<void> wait_until(const Wait& wait, bool (*there)(const codec::Json& seen));
// Until looking gives the fault of this name.
aws::Outcome<void> wait_until_gone(const Wait& wait, std::string_view fault);

}  // namespace hyd::stacks
