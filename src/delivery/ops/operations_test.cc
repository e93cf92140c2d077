// The operations through the dispatcher, as stacks and the console call them.
#include "delivery/ops/operations.h"

#include "delivery/testing/delivery_fixture.h"

#include <gtest/gtest.h>

namespace hyd::delivery {
namespace {

class FirehoseTest : public DeliveryFixture {};

constexpr std::string_view kName = R"({"DeliveryStreamName":"d"})";

TEST_F(FirehoseTest, ADeliveryStreamIsMadeAndShownWithItsDefaults) {
  EXPECT_EQ(create("d"), R"({"DeliveryStreamARN":)"
                         R"("arn:aws:firehose:us-east-1:123456789012:deliverystream/d"})");
  const std::string both =
      R"("RoleARN":"arn:aws:iam::123456789012:role/r","BucketARN":"arn:aws:s3:::events",)"
      R"("BufferingHints":{"SizeInMBs":5,"IntervalInSeconds":300},)"
      R"("CompressionFormat":"UNCOMPRESSED",)"
      R"("EncryptionConfiguration":{"NoEncryptionConfig":"NoEncryption"},)"
      R"("CloudWatchLoggingOptions":{"Enabled":false})";
  const std::string expected =
      R"({"DeliveryStreamDescription":{"DeliveryStreamName":"d",)"
      R"("DeliveryStreamARN":"arn:aws:firehose:us-east-1:123456789012:deliverystream/d",)"
      R"("DeliveryStreamStatus":"ACTIVE","DeliveryStreamType":"KinesisStreamAsSource",)"
      R"("VersionId":"1","CreateTimestamp":1700000000,)"
      R"("Source":{"KinesisStreamSourceDescription":{)"
      R"("KinesisStreamARN":"arn:aws:kinesis:us-east-1:123456789012:stream/clicks",)"
      R"("RoleARN":"arn:aws:iam::123456789012:role/r","DeliveryStartTimestamp":1700000000}},)"
      R"("Destinations":[{"DestinationId":"destinationId-000000000001",)"
      R"("S3DestinationDescription":{)" +
      both + R"(},"ExtendedS3DestinationDescription":{)" + both +
      R"(,"ProcessingConfiguration":{"Enabled":false,"Processors":[]},)"
      R"("S3BackupMode":"Disabled","DataFormatConversionConfiguration":{"Enabled":false}}}],)"
      R"("HasMoreDestinations":false}})";
  EXPECT_EQ(ask("DescribeDeliveryStream", kName), expected);
  open();
  EXPECT_EQ(ask("DescribeDeliveryStream", kName), expected) << "also after a restart";
}

TEST_F(FirehoseTest, ThePlainS3ConfigurationWillDo) {
  EXPECT_TRUE(ask("CreateDeliveryStream",
                  R"({"DeliveryStreamName":"d","DeliveryStreamType":"KinesisStreamAsSource",)"
                  R"("KinesisStreamSourceConfiguration":{)"
                  R"("KinesisStreamARN":"arn:aws:kinesis:us-east-1:123456789012:stream/clicks",)"
                  R"("RoleARN":"arn:aws:iam::123456789012:role/r"},)"
                  R"("S3DestinationConfiguration":{"RoleARN":"arn:aws:iam::123456789012:role/r",)"
                  R"("BucketARN":"arn:aws:s3:::events","CompressionFormat":"GZIP"}})")
                  .starts_with(R"({"DeliveryStreamARN")"));
  const std::string shown = ask("DescribeDeliveryStream", kName);
  EXPECT_TRUE(shown.contains(R"("CompressionFormat":"GZIP")")) << shown;
}

TEST_F(FirehoseTest, NamesAreListedInOrderAndInPages) {
  for (const char* const name : {"c", "a", "b", "B"}) create(name);
  EXPECT_EQ(ask("ListDeliveryStreams", "{}"),
            R"({"DeliveryStreamNames":["B","a","b","c"],"HasMoreDeliveryStreams":false})");
  EXPECT_EQ(ask("ListDeliveryStreams", R"({"Limit":2})"),
            R"({"DeliveryStreamNames":["B","a"],"HasMoreDeliveryStreams":true})");
  EXPECT_EQ(ask("ListDeliveryStreams", R"({"ExclusiveStartDeliveryStreamName":"aa","Limit":2})"),
            R"({"DeliveryStreamNames":["b","c"],"HasMoreDeliveryStreams":false})");
  EXPECT_EQ(ask("ListDeliveryStreams", R"({"DeliveryStreamType":"DirectPut"})"),
            R"({"DeliveryStreamNames":[],"HasMoreDeliveryStreams":false})");
  call_.region = "eu-west-1";
  EXPECT_EQ(ask("ListDeliveryStreams", "{}"),
            R"({"DeliveryStreamNames":[],"HasMoreDeliveryStreams":false})");
}

TEST_F(FirehoseTest, ANameIsTakenOnceInARegion) {
  create("d");
  EXPECT_EQ(create("d"),
            "ResourceInUseException Firehose d under accountId 123456789012 already exists");
  EXPECT_EQ(ask("DeleteDeliveryStream", R"({"DeliveryStreamName":"x"})"),
            "ResourceNotFoundException Firehose x under account 123456789012 not found.");
}

TEST_F(FirehoseTest, TheModelsConstraintsComeFirstAndTogether) {
  EXPECT_EQ(create("d", R"(,"CompressionFormat":"LZ4","BufferingHints":{"SizeInMBs":129})"),
            "ValidationException 2 validation errors detected: Value '129' at "
            "'extendedS3DestinationConfiguration.bufferingHints.sizeInMBs' failed to satisfy "
            "constraint: Member must have value less than or equal to 128; Value 'LZ4' at "
            "'extendedS3DestinationConfiguration.compressionFormat' failed to satisfy constraint: "
            "Member must satisfy enum value set: [ZIP, HADOOP_SNAPPY, Snappy, GZIP, UNCOMPRESSED]");
}

TEST_F(FirehoseTest, WhatMakesNoSenseIsRefusedInWords) {
  struct Row {
    std::string_view members;
    std::string_view message;
  };
  for (const Row& row : std::initializer_list<Row>{
           {R"(,"BufferingHints":{"SizeInMBs":1})",
            "Both IntervalInSeconds and SizeInMBs must be specified, or neither."},
           {R"(,"Prefix":"!{timestamp:yyyy}/")",
            "ErrorOutputPrefix must be specified when Prefix contains expressions."},
           {R"(,"Prefix":"!{x}")", "Prefix: !{x}: unknown expression !{x}"},
           {R"(,"ErrorOutputPrefix":"!{timestamp:yyyy}")",
            "ErrorOutputPrefix must contain !{firehose:error-output-type} when it contains "
            "expressions."},
           {R"(,"Prefix":"!{partitionKeyFromQuery:k}/")",
            "Prefix: !{partitionKeyFromQuery:k}: dynamic partitioning is not available"},
           {R"(,"DynamicPartitioningConfiguration":{"Enabled":true})",
            "Dynamic partitioning is not available yet."},
           {R"(,"CompressionFormat":"Snappy")",
            "A CompressionFormat other than UNCOMPRESSED and GZIP is not available yet."},
           {R"(,"CustomTimeZone":"Europe/Berlin")",
            "A CustomTimeZone other than UTC is not available yet."},
           {R"(,"ProcessingConfiguration":{"Enabled":true,"Processors":[{"Type":"Lambda"}]})",
            "The processor Lambda is not available yet."},
           {R"(,"S3BackupMode":"Enabled")", "S3BackupMode Enabled is not available yet."},
       }) {
    EXPECT_EQ(create("d", row.members), "InvalidArgumentException " + std::string(row.message));
  }
  const std::string longest(1'000, 'p');
  EXPECT_EQ(create("d", R"(,"Prefix":")" + longest + R"(")"),
            "InvalidArgumentException The evaluated Prefix makes keys longer than 1024 bytes.");
  EXPECT_EQ(create("d", "", R"(,"SplunkDestinationConfiguration":{})"),
            "InvalidArgumentException Exactly one destination configuration is supported for a "
            "Firehose");
  EXPECT_EQ(create("d", "", R"(,"Tags":[{"Key":"hydrant:relaxed","Value":"true"}])"),
            "InvalidArgumentException There is no option hydrant:relaxed.");
}

TEST_F(FirehoseTest, SourcesThatCannotBeReadAreRefused) {
  EXPECT_EQ(ask("CreateDeliveryStream",
                R"({"DeliveryStreamName":"d","S3DestinationConfiguration":{)"
                R"("RoleARN":"arn:aws:iam::123456789012:role/r","BucketARN":"arn:aws:s3:::b"}})"),
            "InvalidArgumentException The DeliveryStreamType DirectPut is not available yet.");
  EXPECT_EQ(
      ask("CreateDeliveryStream",
          R"({"DeliveryStreamName":"d","S3DestinationConfiguration":{)"
          R"("RoleARN":"arn:aws:iam::123456789012:role/r","BucketARN":"arn:aws:s3:::b"},)"
          R"("KinesisStreamSourceConfiguration":{"RoleARN":"arn:aws:iam::123456789012:role/r",)"
          R"("KinesisStreamARN":"arn:aws:kinesis:us-east-1:123456789012:stream/clicks"}})"),
      "InvalidArgumentException KinesisSourceStreamConfig is only applicable for "
      "KinesisStreamAsSource stream type");
  sources_.set({});
  EXPECT_EQ(create("d"),
            "InvalidArgumentException The Kinesis stream "
            "arn:aws:kinesis:us-east-1:123456789012:stream/clicks does not exist.");
}

TEST_F(FirehoseTest, DelimitersAreUnderstoodHoweverOftenTheyWereEscaped) {
  for (const std::string_view written : {R"(\\n)", R"(\\\\n)"}) {
    const std::string name = "d" + std::to_string(written.size());
    create(name, R"(,"ProcessingConfiguration":{"Enabled":true,"Processors":[)"
                 R"({"Type":"AppendDelimiterToRecord","Parameters":[)"
                 R"({"ParameterName":"Delimiter","ParameterValue":")" +
                     std::string(written) + R"("}]}]})");
    const DeliveryStream* const stream =
        delivery_->find(loop_, {.region = "us-east-1", .name = name});
    ASSERT_NE(stream, nullptr) << written;
    EXPECT_EQ(plan_of(*stream)->delimiter, "\n") << written;
  }
  create("t", "", R"(,"Tags":[{"Key":"hydrant:newline","Value":"main"}])");
  EXPECT_EQ(plan_of(*delivery_->find(loop_, {.region = "us-east-1", .name = "t"}))->delimiter,
            "\n");
}

}  // namespace
}  // namespace hyd::delivery
