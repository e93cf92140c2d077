// The fast reader takes what is plain, and finds in it what the generic one finds.
#include "streams/ops/fast_put.h"

#include "aws/shape.h"
#include "codec/json.h"

#include <gtest/gtest.h>

#include <string>

namespace hyd::streams {
namespace {

struct Row {
  std::string_view body;
  bool taken;
};

// Taken or not; what is taken must be what the document says.
template <class Input>
bool takes(bool (*read)(std::string_view, Input&), std::string_view body) {
  Input fast;
  if (!read(body, fast)) return false;
  const auto document = codec::parse_json(body);
  EXPECT_TRUE(document) << body;
  if (!document) return true;
  const aws::Outcome<Input> generic = aws::read<Input>(*document);
  EXPECT_EQ(generic.has_value(), aws::satisfies(Input::shape(), &fast)) << body;
  if (generic) {
    EXPECT_EQ(codec::to_text(aws::to_document(Input::shape(), &*generic)),
              codec::to_text(aws::to_document(Input::shape(), &fast)));
  }
  return true;
}

TEST(FastPut, TakesPlainRecordsOnly) {
  const Row rows[] = {
      {R"({"StreamName":"s","Data":"aGVsbG8=","PartitionKey":"k"})", true},
      {R"( { "Data" : "" , "PartitionKey" : "a b~" ,"StreamARN":"arn" } )", true},
      {R"({"Data":"YQ==","PartitionKey":"k","ExplicitHashKey":"1","Data":"Yg=="})", true},
      {R"({"Data":"","PartitionKey":"","StreamName":"s"})", true},
      {R"({"StreamName":"s","PartitionKey":"k"})", false},
      {R"({"Data":"aGVsbG8","PartitionKey":"k"})", false},
      {R"({"Data":"aGVsbG9=","PartitionKey":"k"})", false},
      {R"({"Data":"","PartitionKey":"\u0041"})", false},
      {R"({"Data":"","PartitionKey":"ü"})", false},
      {R"({"Data":"","PartitionKey":null})", false},
      {R"({"Data":"","PartitionKey":1})", false},
      {R"({"Data":"","PartitionKey":"k","StreamId":"x"})", false},
      {R"({"Data":"","PartitionKey":"k",})", false},
      {R"({"Data":"","PartitionKey":"k"} x)", false},
      {R"({"Data":"","PartitionKey":"k")", false},
      {R"({"Data":"a\/bb","PartitionKey":"k"})", false},
      {"{\"Data\":\"\",\"PartitionKey\":\"a\nb\"}", false},
      {R"(["Data"])", false},
      {"", false},
      {"{}", false},
  };
  for (const Row& row : rows) {
    EXPECT_EQ(takes(&read_put_record, row.body), row.taken) << row.body;
  }
}

TEST(FastPut, TakesPlainBatchesOnly) {
  std::string many = R"({"StreamName":"s","Records":[)";
  for (int i = 0; i < 501; ++i) {
    many += std::string(i == 0 ? "" : ",") + R"({"Data":"","PartitionKey":"k"})";
  }
  many += "]}";
  const Row rows[] = {
      {R"({"StreamName":"s","Records":[{"Data":"YQ==","PartitionKey":"k"}]})", true},
      {R"({"Records":[{"PartitionKey":"k","Data":""},{"Data":"","PartitionKey":"l",)"
       R"("ExplicitHashKey":"00"}],"StreamName":"s"})",
       true},
      {R"({"Records":[{"Data":"","PartitionKey":"k"}],"Records":[{"Data":"YQ==",)"
       R"("PartitionKey":"l"}]})",
       true},
      {R"({"StreamName":"s","Records":[]})", false},
      {R"({"Records":[{"PartitionKey":"k"}]})", false},
      {R"({"Records":[null]})", false},
      {R"({"Records":{"Data":"","PartitionKey":"k"}})", false},
      {R"({"Records":[{"Data":"","PartitionKey":"k"},]})", false},
      {many, false},
  };
  for (const Row& row : rows) {
    EXPECT_EQ(takes(&read_put_records, row.body), row.taken) << row.body;
  }
}

TEST(FastPut, WritesWhatTheShapeWrites) {
  const PutRecordsOutput output{
      .failed_record_count = 1,
      .records = {{.sequence_number = "496", .shard_id = "shardId-000000000001"},
                  {.error_code = "Slow", .error_message = "\"down\""},
                  {.sequence_number = "497", .shard_id = "shardId-000000000000"}},
      .encryption_type = EncryptionWord::kms};
  std::string fast = "x";
  write_put_records(output, fast);
  std::string generic = "x";
  aws::append_json(PutRecordsOutput::shape(), &output, generic);
  EXPECT_EQ(fast, generic);
}

}  // namespace
}  // namespace hyd::streams
