#include "aws/shape.h"
#include "aws/shape_text.h"

#include <cstddef>
#include <cstdint>
#include <string>

namespace hyd::aws {
namespace {

// `value` is the value inside a field: an optional that is absent never gets here.
bool keeps(const Spec& spec, const Type& type, const void* value) {
  switch (type.storage) {
    case Storage::text: {
      const std::string& text = *static_cast<const std::string*>(value);
      return spec.kind == Kind::blob ? internal::keeps_length(spec, text.size())
                                     : internal::keeps_text(spec, text);
    }
    case Storage::int32:
      return internal::keeps_value(spec, *static_cast<const std::int32_t*>(value));
    case Storage::int64:
      return internal::keeps_value(spec, *static_cast<const std::int64_t*>(value));
    case Storage::enumeration: return type.index(value) < spec.values.size();
    case Storage::structure: return satisfies(type.shape(), value);
    case Storage::list:
    case Storage::map: break;
    default: return true;
  }
  const std::size_t size = type.size(value);
  if (!internal::keeps_length(spec, size)) return false;
  for (std::size_t i = 0; i < size; ++i) {
    if (type.storage == Storage::map && !internal::keeps_text(*spec.key, type.key_at(value, i))) {
      return false;
    }
    const void* const item = type.item->inside(type.at(value, i));
    if (item == nullptr || !keeps(*spec.item, *type.item, item)) return false;
  }
  return true;
}

}  // namespace

bool satisfies(Shape shape, const void* object) {
  for (const Member& member : shape) {
    const void* const value = member.type->inside(member.of(object));
    if (value == nullptr) {
      if (member.spec.must) return false;
      continue;
    }
    if (!keeps(member.spec, *member.type, value)) return false;
  }
  return true;
}

}  // namespace hyd::aws
