// S3's operations on buckets as callers in this process have them: inputs, outputs and handlers;
// the rows are in table.cc. The wire (s3/) does the same through `buckets.h`.
#pragma once

#include "aws/call.h"
#include "aws/fault.h"
#include "aws/operation.h"
#include "aws/shape.h"
#include "objects/store.h"

#include <optional>
#include <string>
#include <vector>

namespace hyd::objects {

// The table "s3"; its service is the Store. Every row is closed to the network.
const aws::ServiceTable& s3_table();

struct BucketConfiguration {
  std::optional<std::string> location_constraint;
  static aws::Shape shape();
};
struct CreateBucketInput {
  std::string bucket;
  std::optional<BucketConfiguration> create_bucket_configuration;
  static aws::Shape shape();
};
struct CreateBucketOutput {
  std::string location;  // "/name"
  static aws::Shape shape();
};
// A bucket that is there already is a success.
void create_bucket(Store&, const aws::Call&, const CreateBucketInput&,
                   aws::Done<CreateBucketOutput>);

struct BucketInput {
  std::string bucket;
  static aws::Shape shape();
};
void delete_bucket(Store&, const aws::Call&, const BucketInput&, aws::Done<aws::Nothing>);

struct HeadBucketOutput {
  std::string bucket_region;
  static aws::Shape shape();
};
void head_bucket(Store&, const aws::Call&, const BucketInput&, aws::Done<HeadBucketOutput>);

struct Tag {
  std::string key;
  std::string value;
  static aws::Shape shape();
  friend bool operator==(const Tag&, const Tag&) = default;
};
struct Tagging {
  std::vector<Tag> tag_set;
  static aws::Shape shape();
};
struct PutBucketTaggingInput {
  std::string bucket;
  Tagging tagging;
  static aws::Shape shape();
};
void put_bucket_tagging(Store&, const aws::Call&, const PutBucketTaggingInput&,
                        aws::Done<aws::Nothing>);
void get_bucket_tagging(Store&, const aws::Call&, const BucketInput&, aws::Done<Tagging>);
void delete_bucket_tagging(Store&, const aws::Call&, const BucketInput&, aws::Done<aws::Nothing>);

}  // namespace hyd::objects
