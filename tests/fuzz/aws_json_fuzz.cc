// Whatever a JSON body holds, reading it as an operation's input ends in an input that satisfies
// its shape and reads back as itself, or in one of the two faults that AWS has for it, as valid
// JSON. A fast reader that takes a body finds in it what the generic one finds.
#include "aws/fault_wire.h"
#include "aws/json_text.h"
#include "aws/shape.h"
#include "aws/testing/echo_service.h"
#include "base/check.h"
#include "codec/json.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hyd::aws {
namespace {

bool is_lower(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c >= 'a' && c <= 'z'; });
}

enum class Color : std::uint8_t { red, blue };
constexpr std::string_view kColors[] = {"RED", "BLUE"};

struct Inner {
  std::string data;
  std::optional<Color> color;
  static Shape shape();
};

constexpr Spec kInner = structure();
constexpr Spec kWord = string().length(1, 4);

struct Everything {
  std::optional<std::string> name;
  std::optional<std::vector<Inner>> records;
  std::optional<std::vector<std::string>> words;
  std::optional<Map<std::string>> tags;
  std::optional<Inner> inner;
  std::optional<std::int32_t> small;
  std::optional<std::int64_t> large;
  std::optional<double> ratio;
  std::optional<bool> flag;
  std::optional<base::WallTime> time;
  std::optional<codec::Json> any;
  static Shape shape();
};

Shape Inner::shape() {
  static constexpr Member kMembers[] = {
      member<&Inner::data>("d", blob().required().length_at_most(6)),
      member<&Inner::color>("c", string().one_of(kColors)),
  };
  return kMembers;
}

Shape Everything::shape() {
  static constexpr Member kMembers[] = {
      member<&Everything::name>("n", string().matching({"[a-z]*", &is_lower}).length(1, 5)),
      member<&Everything::records>("r", list(kInner).length(1, 3)),
      member<&Everything::words>("w", list(kWord).length(0, 3)),
      member<&Everything::tags>("t", map(kWord, kWord).length(0, 3)),
      member<&Everything::inner>("i", structure()),
      member<&Everything::small>("s", integer().range(-5, 100)),
      member<&Everything::large>("l", long_integer().at_least(-7)),
      member<&Everything::ratio>("f", number()),
      member<&Everything::flag>("b", boolean()),
      member<&Everything::time>("z", timestamp()),
      member<&Everything::any>("a", document()),
  };
  return kMembers;
}

void check_fault(const Fault& fault) {
  HYD_CHECK(fault.name == "SerializationException" || fault.name == "ValidationException");
  HYD_CHECK(!fault.ours && fault.status == 400);
  const net::Response response = fault_response(fault, {.protocol = Protocol::json_1_1});
  HYD_CHECK(codec::parse_json(response.body).has_value());
}

void read_everything(const codec::Json& document) {
  Everything object;
  const Outcome<void> outcome = read_into(Everything::shape(), document, &object);
  if (!outcome) return check_fault(outcome.error());
  HYD_CHECK(satisfies(Everything::shape(), &object));
  const codec::Json written = to_document(Everything::shape(), &object);
  std::string text;
  append_json(Everything::shape(), &object, text);
  HYD_CHECK(codec::to_text(written) == text);
  const Outcome<Everything> again = read<Everything>(written);
  HYD_CHECK(again.has_value());
  HYD_CHECK(to_document(Everything::shape(), &*again) == written);
}

void read_both_ways(std::string_view body) {
  const Operation& fast = testing::echo_table().operations.front();
  Operation slow = fast;
  slow.fast_read = nullptr;
  testing::SayInput by_fast;
  testing::SayInput by_slow;
  const Outcome<void> first = JsonTextSource(fast, body).fill(&by_fast);
  const Outcome<void> second = JsonTextSource(slow, body).fill(&by_slow);
  HYD_CHECK(first.has_value() == second.has_value());
  if (!first) {
    HYD_CHECK(first.error() == second.error());
    return check_fault(first.error());
  }
  HYD_CHECK(by_fast.text == by_slow.text);
  HYD_CHECK(by_fast.times.value_or(1) == by_slow.times.value_or(1));
}

}  // namespace
}  // namespace hyd::aws

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(data, data + size);
  hyd::aws::read_both_ways(text);
  if (const auto document = hyd::codec::parse_json(text)) hyd::aws::read_everything(*document);
  return 0;
}
