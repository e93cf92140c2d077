#include "stacks/record.h"

#include <algorithm>

namespace hyd::stacks {

using codec::Json;

const Record* Stack::find(std::string_view logical_id) const {
  const auto found = std::ranges::find(resources, logical_id, &Record::logical_id);
  return found == resources.end() ? nullptr : &*found;
}

bool same(const Json& a, const Json& b) {
  if (a.kind() != b.kind()) return false;
  if (const Json::Array* const left = a.if_array()) {
    return std::ranges::equal(*left, *b.if_array(), &same);
  }
  const Json::Object* const left = a.if_object();
  if (left == nullptr) return a == b;
  if (left->size() != b.if_object()->size()) return false;
  return std::ranges::all_of(*left, [&](const Json::Member& member) {
    const Json* const other = b.find(member.first);
    return other != nullptr && same(member.second, *other);
  });
}

}  // namespace hyd::stacks
