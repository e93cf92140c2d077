// Every constraint of every member of every operation's input, broken one at a time: the answer is
// made here from the table by AWS's rules, and compared with what the operation says.
#include "codec/base64.h"
#include "streams/testing/streams_life.h"

#include <fmt/core.h>
#include <gtest/gtest.h>

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace hyd::streams {
namespace {

using aws::Kind;
using aws::Spec;
using codec::Json;

std::string lower_first(std::string_view name) {
  std::string out(name);
  if (out.front() >= 'A' && out.front() <= 'Z') out.front() = static_cast<char>(out.front() + 32);
  return out;
}

// A text of that length that keeps the pattern, if there is one.
std::optional<std::string> text_of_length(const Spec& spec, std::size_t length) {
  for (const std::string_view head :
       {"", "arn:aws:kinesis:us-east-1:123456789012:stream/",
        "arn:aws:kinesis:us-east-1:123456789012:stream/s/consumer/c:"}) {
    for (const char fill : {'a', '1'}) {
      if (head.size() > length) continue;
      std::string text(head);
      text.append(length - head.size(), fill);
      if (spec.pattern.matches == nullptr || spec.pattern.matches(text)) return text;
    }
  }
  return std::nullopt;
}

Json valid_object(aws::Shape shape);

// Something that keeps the spec.
Json valid(const Spec& spec, const aws::Type& type) {
  switch (spec.kind) {
    case Kind::string:
      if (!spec.values.empty()) return spec.values.front();
      for (std::size_t length = 1; length < 80; ++length) {
        if (const auto text = text_of_length(spec, length)) return *text;
      }
      ADD_FAILURE() << "no text keeps " << spec.pattern.text;
      return "";
    case Kind::blob: return "";
    case Kind::integer:
    case Kind::long_integer: return spec.value_min == Spec::kUnset ? 1 : spec.value_min;
    case Kind::number:
    case Kind::timestamp: return 1;
    case Kind::boolean: return true;
    case Kind::list: return Json::Array{valid(*spec.item, *type.item)};
    case Kind::map:
      return Json::Object{{*text_of_length(*spec.key, 1), valid(*spec.item, *type.item)}};
    case Kind::structure: return valid_object(type.shape());
    case Kind::document: break;
  }
  return Json::Object{};
}

Json valid_object(aws::Shape shape) {
  Json::Object members;
  for (const aws::Member& member : shape) {
    if (member.spec.must) {
      members.emplace_back(std::string(member.name), valid(member.spec, *member.type));
    }
  }
  return members;
}

// One way to break one member, and the answer to it.
struct Broken {
  std::string what;
  std::optional<Json> value;  // nothing: the member is left out
  std::string name = "ValidationException";
  std::string message;
};

std::string finding(const std::string& value, const std::string& path, const std::string& rule) {
  return fmt::format(
      "1 validation error detected: Value '{}' at '{}' failed to satisfy constraint: "
      "{}",
      value, path, rule);
}
std::string at_most(std::int64_t n) {
  return fmt::format("Member must have length less than or equal to {}", n);
}
std::string at_least(std::int64_t n) {
  return fmt::format("Member must have length greater than or equal to {}", n);
}

// What a value of the wrong JSON type is called.
void add_wrong_types(const Spec& spec, std::vector<Broken>& all) {
  const auto add = [&](std::string what, Json value, std::string message) {
    all.push_back({std::move(what), std::move(value), "SerializationException", message});
  };
  constexpr std::string_view kNumber = "com.amazon.coral.value.json.numbers.TruncatingBigNumber";
  const std::string list = "Start of list found where not expected";
  const std::string map = "Start of structure or map found where not expected.";
  switch (spec.kind) {
    case Kind::list:
      add("a scalar", 1, "Expected list or null");
      add("an object", Json::Object{}, map);
      return;
    case Kind::map:
      add("a scalar", 1, "Expected map or null");
      add("a list", Json::Array{}, list);
      return;
    case Kind::structure:
      add("a scalar", "x", "Expected null");
      add("a list", Json::Array{}, list);
      return;
    case Kind::string:
      add("a number", 1, fmt::format("class {} can not be converted to an String", kNumber));
      add("a boolean", true, "class java.lang.Boolean can not be converted to an String");
      break;
    case Kind::blob:
      add("a number", 1, fmt::format("class {} can not be converted to a Blob", kNumber));
      add("a boolean", true, "class java.lang.Boolean can not be converted to a Blob");
      add("short base64", "YQ",
          "'YQ' can not be converted to a Blob: Base64 encoded length is expected a multiple of 4 "
          "bytes but found: 2");
      break;
    case Kind::integer:
    case Kind::long_integer:
      add("a text", "1", "class java.lang.String can not be converted to an Integer");
      add("a boolean", false, "class java.lang.Boolean can not be converted to an Integer");
      break;
    case Kind::timestamp:
      add("a text", "x", "class java.lang.String can not be converted to milliseconds since epoch");
      add("a boolean", true,
          "class java.lang.Boolean can not be converted to milliseconds since epoch");
      break;
    case Kind::boolean:
      add("a number", 1, fmt::format("class {} can not be converted to an Boolean", kNumber));
      add("a text", "maybe", "'MAYBE' can not be converted to an Boolean");
      break;
    default: break;
  }
  add("a list", Json::Array{}, list);
  add("an object", Json::Object{}, map);
}

// A finding shows no more of a value (docs/differences.md).
constexpr std::size_t kShownMax = 256u << 10;

void add_texts(const Spec& spec, const std::string& path, std::vector<Broken>& all) {
  if (!spec.values.empty()) {
    std::string set;
    for (const std::string_view word : spec.values) {
      set += (set.empty() ? "" : ", ") + std::string(word);
    }
    all.push_back(
        {"no value of the set", "NOT-IN-SET", "ValidationException",
         finding("NOT-IN-SET", path, "Member must satisfy enum value set: [" + set + "]")});
    return;
  }
  const std::string pattern =
      fmt::format("Member must satisfy regular expression pattern: {}", spec.pattern.text);
  if (spec.length_max != Spec::kUnset) {
    const auto length = static_cast<std::size_t>(spec.length_max);
    if (const auto text = text_of_length(spec, length + 1)) {
      all.push_back({"too long", *text, "ValidationException",
                     finding(text->substr(0, kShownMax), path, at_most(spec.length_max))});
    }
  }
  const bool empty_is_short = spec.length_min != Spec::kUnset && spec.length_min > 0;
  if (spec.pattern.matches != nullptr) {
    all.push_back({"against the pattern", "%", "ValidationException", finding("%", path, pattern)});
    if (empty_is_short) {
      all.push_back(
          {"empty", "", "ValidationException",
           fmt::format("2 validation errors detected: Value '' at '{0}' failed to satisfy "
                       "constraint: {1}; Value '' at '{0}' failed to satisfy constraint: {2}",
                       path, pattern, at_least(spec.length_min))});
    }
  } else if (empty_is_short) {
    all.push_back(
        {"empty", "", "ValidationException", finding("", path, at_least(spec.length_min))});
  }
}

void add_numbers(const Spec& spec, const std::string& path, std::vector<Broken>& all) {
  const auto rule = [](std::string_view than, std::int64_t bound) {
    return fmt::format("Member must have value {} than or equal to {}", than, bound);
  };
  if (spec.value_min != Spec::kUnset) {
    all.push_back(
        {"too small", spec.value_min - 1, "ValidationException",
         finding(std::to_string(spec.value_min - 1), path, rule("greater", spec.value_min))});
  }
  if (spec.value_max != Spec::kUnset) {
    all.push_back(
        {"too large", spec.value_max + 1, "ValidationException",
         finding(std::to_string(spec.value_max + 1), path, rule("less", spec.value_max))});
    all.push_back({"beyond 32 bits", Json::Number{"99999999999"}, "ValidationException",
                   finding("2147483647", path, rule("less", spec.value_max))});
  }
}

// As the finding of a whole list or of a map's keys or values names the rules of one.
std::string rules_of(const Spec& item) {
  std::vector<std::string> rules;
  if (item.length_max != Spec::kUnset) rules.push_back(at_most(item.length_max));
  if (item.length_min != Spec::kUnset) rules.push_back(at_least(item.length_min));
  std::string all = "[";
  for (const std::string& rule : rules) all += (all.size() == 1 ? "" : ", ") + rule;
  return all + "]";
}

void add_lists(const Spec& spec, const aws::Type& type, const std::string& path,
               std::vector<Broken>& all) {
  const Json one = valid(*spec.item, *type.item);
  if (spec.item->kind == Kind::string && spec.item->values.empty()) {
    if (spec.length_max != Spec::kUnset) {
      const auto count = static_cast<std::size_t>(spec.length_max) + 1;
      std::string shown;
      for (std::size_t i = 0; i < count; ++i) {
        shown += (i == 0 ? "" : ", ") + *one.if_string();
      }
      all.push_back({"too many items", Json::Array(count, one), "ValidationException",
                     finding("[" + shown + "]", path, at_most(spec.length_max))});
    }
    if (spec.item->length_max != Spec::kUnset) {
      const std::string text(static_cast<std::size_t>(spec.item->length_max) + 1, 'a');
      all.push_back({"an item too long", Json::Array{text}, "ValidationException",
                     finding("[" + text + "]", path,
                             "Member must satisfy constraint: " + rules_of(*spec.item))});
    }
  }
  if (spec.length_min != Spec::kUnset && spec.length_min > 0) {
    all.push_back({"no items", Json::Array{}, "ValidationException",
                   finding("[]", path, at_least(spec.length_min))});
  }
  all.push_back({"a null item", Json::Array{Json()}, "ValidationException",
                 fmt::format("1 validation error detected: Value null at '{}.1.member' failed to "
                             "satisfy constraint: Member must not be null",
                             path)});
}

void add_maps(const Spec& spec, const std::string& path, std::vector<Broken>& all) {
  const auto entry = [&](const std::string& key, const std::string& value, const std::string& which,
                         const Spec& rules) {
    all.push_back({which, Json::Object{{key, value}}, "ValidationException",
                   finding(fmt::format("{{{}={}}}", key, value), path,
                           fmt::format("{} must satisfy constraint: {}", which, rules_of(rules)))});
  };
  entry(std::string(static_cast<std::size_t>(spec.key->length_max) + 1, 'k'), "v", "Map keys",
        *spec.key);
  entry("k", std::string(static_cast<std::size_t>(spec.item->length_max) + 1, 'v'), "Map value",
        *spec.item);
  if (spec.length_min > 0) {
    all.push_back({"no entries", Json::Object{}, "ValidationException",
                   finding("{}", path, at_least(spec.length_min))});
  }
}

std::vector<Broken> ways_to_break(const Spec& spec, const aws::Type& type,
                                  const std::string& path) {
  std::vector<Broken> all;
  if (spec.must) {
    const std::string null = fmt::format(
        "1 validation error detected: Value null at '{}' failed to satisfy constraint: "
        "Member must not be null",
        path);
    all.push_back({"missing", std::nullopt, "ValidationException", null});
    all.push_back({"null", Json(), "ValidationException", null});
  }
  add_wrong_types(spec, all);
  switch (spec.kind) {
    case Kind::string: add_texts(spec, path, all); break;
    case Kind::integer:
    case Kind::long_integer: add_numbers(spec, path, all); break;
    case Kind::list: add_lists(spec, type, path, all); break;
    case Kind::map: add_maps(spec, path, all); break;
    default: break;
  }
  return all;
}

using Ask = std::function<std::string(const Json& document)>;

Json with(const Json& document, std::string_view member, const std::optional<Json>& value) {
  Json::Object members;
  for (const auto& [name, old] : *document.if_object()) {
    if (name != member) members.emplace_back(name, old);
  }
  if (value) members.emplace_back(std::string(member), *value);
  return members;
}

// Breaks each member of the shape; `ask` puts the object where it belongs and calls. How many ways
// there were.
int break_all(aws::Shape shape, const std::string& path, const Ask& ask) {
  int count = 0;
  const Json good = valid_object(shape);
  for (const aws::Member& member : shape) {
    const std::string here = path + lower_first(member.name);
    for (const Broken& broken : ways_to_break(member.spec, *member.type, here)) {
      EXPECT_EQ(ask(with(good, member.name, broken.value)),
                fmt::format("{} 400 {}", broken.name, broken.message))
          << here << ": " << broken.what;
      ++count;
    }
    const bool list = member.spec.kind == Kind::list;
    const Spec& inner = list ? *member.spec.item : member.spec;
    const aws::Type& type = list ? *member.type->item : *member.type;
    if (inner.kind != Kind::structure) continue;
    count += break_all(type.shape(), here + (list ? ".1.member." : "."), [&](const Json& object) {
      return ask(with(good, member.name, list ? Json(Json::Array{object}) : object));
    });
  }
  return count;
}

TEST(KinesisConstraints, EachBrokenOneIsNamedInAwsWords) {
  sys::SimDisk disk;
  sys::SimRuntime runtime({.seed = 2, .on_end = {}}, disk);
  testing::StreamsLife life(runtime);
  int count = 0;
  for (const aws::Operation& operation : kinesis_table().operations) {
    SCOPED_TRACE(operation.name);
    count += break_all(operation.input(), "", [&](const Json& document) {
      return life.ask(operation.name, codec::to_text(document));
    });
  }
  EXPECT_GT(count, 600);
}

TEST(KinesisConstraints, FractionsAreCutAndUnknownMembersPassedOver) {
  sys::SimDisk disk;
  sys::SimRuntime runtime({.seed = 2, .on_end = {}}, disk);
  testing::StreamsLife life(runtime);
  EXPECT_EQ(
      life.ask("CreateStream", R"({"StreamName":"s","ShardCount":2.9,"StreamId":"x","Other":[1]})"),
      "{}");
  EXPECT_EQ(life.streams().newest()->find("us-east-1", "s")->routes.size(), 2u);
}

// Ten findings at most, in the order of the table.
TEST(KinesisConstraints, ManyFindingsAreNamedTogetherUpToTen) {
  sys::SimDisk disk;
  sys::SimRuntime runtime({.seed = 2, .on_end = {}}, disk);
  testing::StreamsLife life(runtime);
  EXPECT_EQ(life.ask("SplitShard", "{}"),
            "ValidationException 400 2 validation errors detected: Value null at 'shardToSplit' "
            "failed to satisfy constraint: Member must not be null; Value null at "
            "'newStartingHashKey' failed to satisfy constraint: Member must not be null");
  std::string records;
  for (int i = 0; i < 12; ++i) records += std::string(i == 0 ? "" : ",") + "{}";
  const std::string many =
      life.ask("PutRecords", R"({"StreamName":"s","Records":[)" + records + "]}");
  EXPECT_TRUE(many.starts_with("ValidationException 400 10 validation errors detected: ")) << many;
  EXPECT_TRUE(
      many.ends_with("'records.5.member.partitionKey' failed to satisfy constraint: Member "
                     "must not be null"))
      << many;
}

}  // namespace
}  // namespace hyd::streams
