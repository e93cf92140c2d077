// Shapes: how an operation's typed input and output stand in a document, as a constexpr table.
//
//   struct TagInput {
//     std::optional<std::string> stream_name;  // optional: may be absent
//     std::string key;                         // plain: required
//     static aws::Shape shape();
//   };
//
//   constexpr std::string_view kNamePattern = "[a-zA-Z0-9_.-]+";
//   aws::Shape TagInput::shape() {
//     static constexpr aws::Member kMembers[] = {
//         aws::member<&TagInput::stream_name>(
//             "StreamName", aws::string().matching({kNamePattern, &is_name}).length(1, 128)),
//         aws::member<&TagInput::key>("Key", aws::string().required().length(1, 128)),
//     };
//     return kMembers;
//   }
//
// From the table come the type checks (SerializationException), the constraint checks in AWS's
// exact words (ValidationException), reading, and writing; findings and members come in table
// order. The types of fields: std::string (string, blob), std::int32_t, std::int64_t, double, bool,
// base::WallTime, an enum class whose values are the indices of the table's value set, another
// struct with a shape, std::vector of these, aws::Map of these, codec::Json (any document), and
// std::optional of all.
#pragma once

#include "aws/fault.h"
#include "aws/shape_spec.h"
#include "aws/shape_type.h"
#include "codec/json.h"

#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace hyd::aws {

struct Member {
  std::string_view name;  // on the wire: "StreamName"
  Spec spec;
  const Type* type;
  void* (*field)(void* object);

  const void* of(const void* object) const { return field(const_cast<void*>(object)); }
};

namespace internal {

template <class T>
struct FieldOf;
template <class Owner, class T>
struct FieldOf<T Owner::*> {
  using Object = Owner;
  using Field = T;
};

void the_field_cannot_hold_this_kind();  // never defined: names the mistake at compile time

}  // namespace internal

template <auto Pointer>
consteval Member member(std::string_view name, const Spec& spec) {
  using Of = internal::FieldOf<decltype(Pointer)>;
  const Type* const type = &kType<typename Of::Field>;
  if (!internal::fits(spec, *type)) internal::the_field_cannot_hold_this_kind();
  return {.name = name, .spec = spec, .type = type, .field = [](void* object) -> void* {
            return &(static_cast<typename Of::Object*>(object)->*Pointer);
          }};
}

// An input or output without members: the answer's body is empty.
struct Nothing {
  static Shape shape() { return {}; }
  friend bool operator==(const Nothing&, const Nothing&) = default;
};

// Reads `document` into `object`, freshly made, of the type whose shape it is. Unknown members are
// ignored, null is absent. The fault is a SerializationException for the first wrong type in table
// order, else a ValidationException with up to ten findings; `object` is then half filled.
Outcome<void> read_into(Shape shape, const codec::Json& document, void* object);

// True when `object` keeps every constraint: what callers in process and fast readers ask before
// they call. It makes no texts; `explain` does.
bool satisfies(Shape shape, const void* object);

codec::Json to_document(Shape shape, const void* object);
// The same as compact JSON text.
void append_json(Shape shape, const void* object, std::string& out);

template <Shaped T>
Outcome<T> read(const codec::Json& document) {
  T object{};
  if (Outcome<void> status = read_into(T::shape(), document, &object); !status) {
    return std::move(status).error();
  }
  return object;
}

// The fault of an object that does not satisfy its shape.
template <Shaped T>
Outcome<void> explain(const T& object) {
  T scratch{};
  return read_into(T::shape(), to_document(T::shape(), &object), &scratch);
}

}  // namespace hyd::aws
