// The functions and methods that templates can call: one row each. Dispatch, the manual and the
// linter read the rows.
#pragma once

#include "vtl/run.h"
#include "vtl/value.h"

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

namespace hyd::codec {
class JsonPath;
class JavaRegex;
}  // namespace hyd::codec

namespace hyd::vtl {

// What a call's constant first argument was made into when the template was parsed.
struct Prepared {
  std::shared_ptr<const codec::JsonPath> path;
  std::shared_ptr<const codec::JavaRegex> regex;
};

struct Call {
  Run& run;
  const Value& self;
  std::span<const Value> arguments;
  const Prepared& prepared;
};

// Returns the result; null when no overload takes these arguments, which prints as nothing, like a
// method that does not exist. Where Java throws, it calls run.fail().
using Function = Value (*)(const Call& call);

enum class Receiver : std::uint8_t {
  any,
  text,
  character,
  number,   // every number
  integer,  // statics of one class only
  long_integer,
  real,
  boolean,
  list,   // lists and JSON arrays
  array,  // what split returns
  map,
  entry,
  view,
  loop,
  input,
  util,
};
std::string_view name(Receiver receiver);

enum class Prepare : std::uint8_t { nothing, json_path, regex };
// Makes it of a constant argument; one that is wrong stays unprepared and fails when it is called.
void prepare(Prepare what, std::string_view argument, Prepared& out);

struct FunctionRow {
  Receiver receiver;
  std::string_view name;
  std::uint8_t arguments_min;
  std::uint8_t arguments_max;
  Function function;
  std::string_view doc;      // one line
  std::string_view example;  // VTL, and what it prints behind "->"
  Prepare prepare = Prepare::nothing;
};

std::span<const FunctionRow> functions();

inline constexpr std::size_t kReceiverSlots = kKinds + 1;  // every kind, and arrays

// The rows that a call of this name and number of arguments may reach, by what it is called on.
struct Dispatch {
  const FunctionRow* rows[kReceiverSlots] = {};
  static std::size_t slot(const Value& self) {
    const bool array = self.kind() == Kind::list && self.list()->form == List::Form::array;
    return array ? kKinds : static_cast<std::size_t>(self.kind());
  }
};
Dispatch find_functions(std::string_view name, std::size_t arguments);

}  // namespace hyd::vtl
