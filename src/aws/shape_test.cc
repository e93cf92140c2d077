// The texts are AWS's, as recorded answers of Kinesis have them; the shapes are Kinesis's own, cut
// to what a text needs.
#include "aws/shape.h"

#include "codec/json.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hyd::aws {
namespace {

bool is_name(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '.' || c == '-';
  });
}
constexpr Pattern kName{"[a-zA-Z0-9_.-]+", &is_name};

enum class Start : std::uint8_t { after, latest };
constexpr std::string_view kStarts[] = {"AFTER_SEQUENCE_NUMBER", "LATEST"};
constexpr std::string_view kMetrics[] = {"IncomingBytes", "ALL"};

struct Entry {
  std::string data;
  std::string partition_key;
  static Shape shape();
  friend bool operator==(const Entry&, const Entry&) = default;
};

struct Position {
  Start type = Start::after;
  std::optional<base::WallTime> timestamp;
  static Shape shape();
};

constexpr Spec kEntry = structure();
constexpr Spec kTagKey = string().length(1, 128);
constexpr Spec kTagValue = string().length(0, 256);
constexpr Spec kMetric = string().one_of(kMetrics);

struct Input {
  std::optional<std::vector<Entry>> records;
  std::optional<std::string> stream_name;
  std::optional<std::string> data;
  std::optional<std::int32_t> limit;
  std::optional<std::int64_t> count;
  std::optional<bool> force;
  std::optional<base::WallTime> timestamp;
  std::optional<Start> start;
  std::optional<std::vector<std::string>> tag_keys;
  std::optional<std::vector<std::string>> metrics;
  std::optional<Map<std::string>> tags;
  std::optional<Position> starting_position;
  std::optional<double> ratio;
  std::optional<codec::Json> anything;
  static Shape shape();
};

Shape Entry::shape() {
  static constexpr Member kMembers[] = {
      member<&Entry::data>("Data", blob().required().length_at_most(5)),
      member<&Entry::partition_key>("PartitionKey", string().required().length(1, 4)),
  };
  return kMembers;
}

Shape Position::shape() {
  static constexpr Member kMembers[] = {
      member<&Position::type>("Type", string().required().one_of(kStarts)),
      member<&Position::timestamp>("Timestamp", aws::timestamp()),
  };
  return kMembers;
}

Shape Input::shape() {
  static constexpr Member kMembers[] = {
      member<&Input::records>("Records", list(kEntry).length(1, 3)),
      member<&Input::stream_name>("StreamName", string().matching(kName).length(1, 8)),
      member<&Input::data>("Data", blob().length_at_most(3)),
      member<&Input::limit>("Limit", integer().range(1, 10000)),
      member<&Input::count>("Count", long_integer()),
      member<&Input::force>("Force", boolean()),
      member<&Input::timestamp>("Timestamp", aws::timestamp()),
      member<&Input::start>("Start", string().one_of(kStarts)),
      member<&Input::tag_keys>("TagKeys", list(kTagKey).length(1, 50)),
      member<&Input::metrics>("Metrics", list(kMetric).length(1, 7)),
      member<&Input::tags>("Tags", map(kTagKey, kTagValue).length(1, 10)),
      member<&Input::starting_position>("StartingPosition", structure()),
      member<&Input::ratio>("Ratio", number()),
      member<&Input::anything>("Anything", document()),
  };
  return kMembers;
}

Outcome<Input> read_text(std::string_view json) {
  const base::Result<codec::Json> document = codec::parse_json(json);
  EXPECT_TRUE(document) << json;
  return read<Input>(document ? *document : codec::Json());
}

std::string fault_text(std::string_view json) {
  const Outcome<Input> outcome = read_text(json);
  return outcome ? "no fault" : outcome.error().name + " " + outcome.error().message;
}

TEST(Shape, NamesAWrongTypeAsJavaDoes) {
  struct Row {
    std::string_view json;
    std::string_view text;
  };
  constexpr std::string_view kBigNumber = "com.amazon.coral.value.json.numbers.TruncatingBigNumber";
  static const std::string kNumberToString =
      "class " + std::string(kBigNumber) + " can not be converted to an String";
  static const std::string kNumberToBoolean =
      "class " + std::string(kBigNumber) + " can not be converted to an Boolean";
  static const std::string kNumberToBlob =
      "class " + std::string(kBigNumber) + " can not be converted to a Blob";
  constexpr std::string_view kList = "Start of list found where not expected";
  constexpr std::string_view kStructure = "Start of structure or map found where not expected.";
  const Row rows[] = {
      {R"({"StreamName":true})", "class java.lang.Boolean can not be converted to an String"},
      {R"({"StreamName":23})", kNumberToString},
      {R"({"StreamName":[]})", kList},
      {R"({"StreamName":{}})", kStructure},
      {R"({"Limit":"1"})", "class java.lang.String can not be converted to an Integer"},
      {R"({"Limit":false})", "class java.lang.Boolean can not be converted to an Integer"},
      {R"({"Count":"1"})", "class java.lang.String can not be converted to an Integer"},
      {R"({"Limit":[]})", kList},
      {R"({"Limit":{}})", kStructure},
      {R"({"Force":1})", kNumberToBoolean},
      {R"({"Force":"uppercased"})", "'UPPERCASED' can not be converted to an Boolean"},
      {R"({"Timestamp":"now"})",
       "class java.lang.String can not be converted to milliseconds since epoch"},
      {R"({"Timestamp":true})",
       "class java.lang.Boolean can not be converted to milliseconds since epoch"},
      {R"({"Data":true})", "class java.lang.Boolean can not be converted to a Blob"},
      {R"({"Data":1})", kNumberToBlob},
      {R"({"Data":"YQ"})",
       "'YQ' can not be converted to a Blob: Base64 encoded length is expected a multiple of 4 "
       "bytes but found: 2"},
      {R"({"Data":"=YQ="})",
       "'=YQ=' can not be converted to a Blob: Invalid Base64 character: '='"},
      {R"({"Data":"YQ!="})",
       "'YQ!=' can not be converted to a Blob: Invalid Base64 character: '!'"},
      {R"({"Data":"ééab"})",
       "'ééab' can not be converted to a Blob: Base64 encoded length is expected a multiple of 4 "
       "bytes but found: 4"},
      {R"({"Data":"YQ1="})",
       "'YQ1=' can not be converted to a Blob: Invalid last non-pad Base64 character dectected"},
      {R"({"Records":"a"})", "Expected list or null"},
      {R"({"Records":{}})", kStructure},
      {R"({"Records":[1]})", "Expected null"},
      {R"({"Records":[[]]})", kList},
      {R"({"Records":[{"Data":1}]})", kNumberToBlob},
      {R"({"Tags":1})", "Expected map or null"},
      {R"({"Tags":[]})", kList},
      {R"({"Tags":{"a":1}})", kNumberToString},
      {R"({"StartingPosition":"a"})", "Expected null"},
      {R"({"StartingPosition":[]})", kList},
  };
  for (const Row& row : rows) {
    EXPECT_EQ(fault_text(row.json), "SerializationException " + std::string(row.text)) << row.json;
  }
}

TEST(Shape, NamesABrokenConstraintInAwsGrammar) {
  struct Row {
    std::string_view json;
    std::string_view findings;  // with "; " between
    std::size_t count = 1;
  };
  const Row rows[] = {
      {R"({"StreamName":""})",
       "Value '' at 'streamName' failed to satisfy constraint: Member must satisfy regular "
       "expression pattern: [a-zA-Z0-9_.-]+; Value '' at 'streamName' failed to satisfy "
       "constraint: Member must have length greater than or equal to 1",
       2},
      {R"({"StreamName":"aaaaaaaaa"})",
       "Value 'aaaaaaaaa' at 'streamName' failed to satisfy constraint: Member must have length "
       "less than or equal to 8"},
      {R"({"Limit":0})",
       "Value '0' at 'limit' failed to satisfy constraint: Member must have value greater than or "
       "equal to 1"},
      {R"({"Limit":99999999999999999999})",
       "Value '2147483647' at 'limit' failed to satisfy constraint: Member must have value less "
       "than or equal to 10000"},
      {R"({"Start":"NOW"})",
       "Value 'NOW' at 'start' failed to satisfy constraint: Member must satisfy enum value set: "
       "[AFTER_SEQUENCE_NUMBER, LATEST]"},
      {R"({"Data":"YWFhYQ=="})",
       "Value 'java.nio.HeapByteBuffer[pos=0 lim=4 cap=4]' at 'data' failed to satisfy "
       "constraint: Member must have length less than or equal to 3"},
      {R"({"Records":[]})",
       "Value '[]' at 'records' failed to satisfy constraint: Member must have length greater "
       "than or equal to 1"},
      {R"({"Records":[{"Data":"YQ==","PartitionKey":"a"},{"Data":"YQ=="}]})",
       "Value null at 'records.2.member.partitionKey' failed to satisfy constraint: Member must "
       "not be null"},
      {R"({"Records":[null]})",
       "Value null at 'records.1.member' failed to satisfy constraint: Member must not be null"},
      {R"({"TagKeys":["a",""]})",
       "Value '[a, ]' at 'tagKeys' failed to satisfy constraint: Member must satisfy constraint: "
       "[Member must have length less than or equal to 128, Member must have length greater than "
       "or equal to 1]"},
      {R"({"Metrics":["ALL","None"]})",
       "Value '[ALL, None]' at 'metrics' failed to satisfy constraint: Member must satisfy "
       "constraint: [Member must satisfy enum value set: [IncomingBytes, ALL]]"},
      {R"({"Tags":{"":"v"}})",
       "Value '{=v}' at 'tags' failed to satisfy constraint: Map keys must satisfy constraint: "
       "[Member must have length less than or equal to 128, Member must have length greater than "
       "or equal to 1]"},
      {R"({"Tags":{"a":"b","k":null}})",
       "Value null at 'tags.k.member' failed to satisfy constraint: Member must not be null"},
      {R"({"StartingPosition":{}})",
       "Value null at 'startingPosition.type' failed to satisfy constraint: Member must not be "
       "null"},
  };
  for (const Row& row : rows) {
    const std::string expected = "ValidationException " + std::to_string(row.count) +
                                 " validation error" + (row.count > 1 ? "s" : "") +
                                 " detected: " + std::string(row.findings);
    EXPECT_EQ(fault_text(row.json), expected) << row.json;
  }
}

TEST(Shape, SaysThatAMapValueIsTooLongOnceForTheWholeMap) {
  const std::string value(257, 'v');
  EXPECT_EQ(fault_text(R"({"Tags":{"a":")" + value + R"(","b":")" + value + R"("}})"),
            "ValidationException 1 validation error detected: Value '{a=" + value + ", b=" + value +
                "}' at 'tags' failed to satisfy constraint: Map value must satisfy constraint: "
                "[Member must have length less than or equal to 256, Member must have length "
                "greater than or equal to 0]");
}

TEST(Shape, StopsAtTenFindings) {
  std::string json = R"({"Records":[)";
  for (int i = 0; i < 3; ++i) json += R"({"PartitionKey":"abcde"},)";
  json += R"({},{}],"StreamName":"","Limit":0})";
  const std::string text = fault_text(json);
  EXPECT_TRUE(text.starts_with("ValidationException 10 validation errors detected: ")) << text;
  EXPECT_EQ(std::ranges::count(text, ';'), 9);
}

TEST(Shape, ReportsAWrongTypeBeforeAnyBrokenConstraint) {
  EXPECT_EQ(fault_text(R"({"StreamName":"","Limit":"a"})"),
            "SerializationException class java.lang.String can not be converted to an Integer");
}

// A list that is too long is printed before its items' types are looked at.
TEST(Shape, PrintsAListThatAlsoHoldsWrongTypes) {
  std::string json = R"({"Metrics":[{"a":[1]},)";
  for (int i = 0; i < 7; ++i) json += R"("ALL",)";
  EXPECT_EQ(fault_text(json + R"("ALL"]})"),
            "SerializationException Start of structure or map found where not expected.");
}

TEST(Shape, CountsUtf16UnitsInStringsAndBytesInBlobs) {
  // Four units each; the first has eight bytes of UTF-8, the second twelve.
  EXPECT_TRUE(read_text(R"({"Records":[{"Data":"","PartitionKey":"😀😀"}]})"));
  EXPECT_TRUE(read_text(R"({"Records":[{"Data":"","PartitionKey":"각각각각"}]})"));
  EXPECT_FALSE(read_text(R"({"Records":[{"Data":"","PartitionKey":"😀😀a"}]})"));
}

TEST(Shape, FillsTheInputFromADocument) {
  const Outcome<Input> got = read_text(R"({
    "StreamName": "clicks", "Data": "YWI=", "Limit": 7.9, "Count": -1.5, "Force": "TRUE",
    "Timestamp": 1700000000.123, "Start": "LATEST", "TagKeys": ["a", "b"], "Tags": {"k": "v"},
    "Records": [{"Data": "", "PartitionKey": "p"}], "Ratio": 0.5, "Anything": [1, null],
    "StartingPosition": {"Type": "LATEST"}, "Unknown": {"a": [1]}, "Metrics": null})");
  ASSERT_TRUE(got) << got.error().message;
  EXPECT_EQ(got->stream_name, "clicks");
  EXPECT_EQ(got->data, "ab");
  EXPECT_EQ(got->limit, 7);
  EXPECT_EQ(got->count, -2);
  EXPECT_EQ(got->force, true);
  EXPECT_EQ(base::unix_ms(*got->timestamp), 1700000000123);
  EXPECT_EQ(got->start, Start::latest);
  EXPECT_EQ(got->tag_keys, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(got->tags, (Map<std::string>{{"k", "v"}}));
  EXPECT_EQ(got->records, (std::vector<Entry>{Entry{.data = "", .partition_key = "p"}}));
  EXPECT_EQ(got->ratio, 0.5);
  EXPECT_EQ(got->anything, *codec::parse_json("[1,null]"));
  EXPECT_EQ(got->starting_position->type, Start::latest);
  EXPECT_FALSE(got->metrics);
}

TEST(Shape, TakesTheLastOfRepeatedMembers) {
  const Outcome<Input> got = read_text(R"({"Limit":1,"Limit":2})");
  ASSERT_TRUE(got);
  EXPECT_EQ(got->limit, 2);
}

TEST(Shape, SaturatesWholeNumbersOfAnySize) {
  struct Row {
    std::string_view json;
    std::int64_t count;
  };
  const Row rows[] = {
      {R"({"Count":9223372036854775807})", INT64_MAX},
      {R"({"Count":1e400})", INT64_MAX},
      {R"({"Count":-1e400})", INT64_MIN},
      {R"({"Count":1e-400})", 0},
      {R"({"Count":-1e-400})", -1},
      {R"({"Count":1e3})", 1000},
      {R"({"Count":9223372036854775808})", INT64_MAX},
  };
  for (const Row& row : rows) {
    const Outcome<Input> got = read_text(row.json);
    ASSERT_TRUE(got) << row.json;
    EXPECT_EQ(got->count, row.count) << row.json;
  }
}

// A small body may not become a large answer or a large input.
TEST(Shape, BoundsWhatALongListCosts) {
  std::string json = R"({"Records":[)";
  for (int i = 0; i < 100'000; ++i) json += "{},";
  json += "{}]}";
  const Outcome<Input> got = read_text(json);
  ASSERT_FALSE(got);
  EXPECT_LT(got.error().message.size(), 400u << 10);
}

TEST(Shape, WritesMembersInTableOrderAndOmitsWhatIsAbsent) {
  Input input;
  input.limit = 5;
  input.stream_name = "a\"b";
  input.data = "ab";
  input.start = Start::latest;
  input.timestamp = base::WallTime(std::chrono::milliseconds(1700000000120));
  input.tags = Map<std::string>{{"k", "v"}};
  input.records = std::vector<Entry>{};
  input.force = false;
  std::string text;
  append_json(Input::shape(), &input, text);
  EXPECT_EQ(text, R"({"Records":[],"StreamName":"a\"b","Data":"YWI=","Limit":5,"Force":false,)"
                  R"("Timestamp":1700000000.12,"Start":"LATEST","Tags":{"k":"v"}})");
  EXPECT_EQ(codec::to_text(to_document(Input::shape(), &input)), text);
}

TEST(Shape, WritesTimesToTheMillisecond) {
  struct Row {
    std::int64_t us;
    std::string_view text;
  };
  const Row rows[] = {{1'700'000'000'123'999, "1700000000.123"},
                      {1'700'000'000'000'000, "1700000000"},
                      {5'000, "0.005"},
                      {-1'500'000, "-1.5"}};
  for (const Row& row : rows) {
    Position position{.type = Start::after,
                      .timestamp = base::WallTime(std::chrono::microseconds(row.us))};
    std::string text;
    append_json(Position::shape(), &position, text);
    EXPECT_EQ(text,
              R"({"Type":"AFTER_SEQUENCE_NUMBER","Timestamp":)" + std::string(row.text) + "}");
  }
}

// What callers in process are held to is what the network is held to.
TEST(Shape, ATypedInputSatisfiesItsShapeExactlyWhenItsDocumentDoes) {
  Input good;
  good.stream_name = "clicks";
  good.records = std::vector<Entry>{Entry{.data = "x", .partition_key = "p"}};
  good.tags = Map<std::string>{{"k", ""}};
  EXPECT_TRUE(satisfies(Input::shape(), &good));
  EXPECT_TRUE(explain(good));

  Input bad = good;
  bad.records->push_back({.data = "123456", .partition_key = ""});
  EXPECT_FALSE(satisfies(Input::shape(), &bad));
  const Outcome<void> why = explain(bad);
  ASSERT_FALSE(why);
  EXPECT_EQ(why.error().message,
            "2 validation errors detected: Value 'java.nio.HeapByteBuffer[pos=0 lim=6 cap=6]' at "
            "'records.2.member.data' failed to satisfy constraint: Member must have length less "
            "than or equal to 5; Value '' at 'records.2.member.partitionKey' failed to satisfy "
            "constraint: Member must have length greater than or equal to 1");

  bad = good;
  bad.tags->emplace_back("", "v");
  EXPECT_FALSE(satisfies(Input::shape(), &bad));
  EXPECT_FALSE(explain(bad));
}

}  // namespace
}  // namespace hyd::aws
