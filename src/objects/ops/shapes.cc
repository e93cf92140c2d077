// Members as S3's service model (2006-03-01) has them. What a name may be is told by S3's own
// faults, not by constraints.
#include "aws/shape.h"
#include "objects/ops/operations.h"

namespace hyd::objects {
namespace {

using aws::list;
using aws::member;
using aws::Member;
using aws::Shape;
using aws::string;
using aws::structure;

constexpr aws::Spec kTag = structure();

}  // namespace

Shape BucketConfiguration::shape() {
  static constexpr Member kMembers[] = {
      member<&BucketConfiguration::location_constraint>("LocationConstraint", string()),
  };
  return kMembers;
}

Shape CreateBucketInput::shape() {
  static constexpr Member kMembers[] = {
      member<&CreateBucketInput::bucket>("Bucket", string().required()),
      member<&CreateBucketInput::create_bucket_configuration>("CreateBucketConfiguration",
                                                              structure()),
  };
  return kMembers;
}

Shape CreateBucketOutput::shape() {
  static constexpr Member kMembers[] = {
      member<&CreateBucketOutput::location>("Location", string()),
  };
  return kMembers;
}

Shape BucketInput::shape() {
  static constexpr Member kMembers[] = {
      member<&BucketInput::bucket>("Bucket", string().required()),
  };
  return kMembers;
}

Shape HeadBucketOutput::shape() {
  static constexpr Member kMembers[] = {
      member<&HeadBucketOutput::bucket_region>("BucketRegion", string()),
  };
  return kMembers;
}

Shape Tag::shape() {
  static constexpr Member kMembers[] = {
      member<&Tag::key>("Key", string().required()),
      member<&Tag::value>("Value", string().required()),
  };
  return kMembers;
}

Shape Tagging::shape() {
  static constexpr Member kMembers[] = {
      member<&Tagging::tag_set>("TagSet", list(kTag).required()),
  };
  return kMembers;
}

Shape PutBucketTaggingInput::shape() {
  static constexpr Member kMembers[] = {
      member<&PutBucketTaggingInput::bucket>("Bucket", string().required()),
      member<&PutBucketTaggingInput::tagging>("Tagging", structure().required()),
  };
  return kMembers;
}

}  // namespace hyd::objects
