// Members and constraints as Kinesis's service model (2013-12-02) has them, without StreamId.
#include "aws/shape.h"
#include "streams/ops/resources.h"
#include "streams/ops/specs.h"

namespace hyd::streams {

using namespace specs;
using aws::member;
using aws::Member;
using aws::Shape;

Shape ResourceInput::shape() {
  using T = ResourceInput;
  static constexpr Member kMembers[] = {
      member<&T::resource_arn>("ResourceARN", kResourceArn.required()),
  };
  return kMembers;
}

Shape TagResourceInput::shape() {
  using T = TagResourceInput;
  static constexpr Member kMembers[] = {
      member<&T::tags>("Tags", kTags.required()),
      member<&T::resource_arn>("ResourceARN", kResourceArn.required()),
  };
  return kMembers;
}

Shape UntagResourceInput::shape() {
  using T = UntagResourceInput;
  static constexpr Member kMembers[] = {
      member<&T::tag_keys>("TagKeys", kTagKeys.required()),
      member<&T::resource_arn>("ResourceARN", kResourceArn.required()),
  };
  return kMembers;
}

Shape ListTagsForResourceOutput::shape() {
  using T = ListTagsForResourceOutput;
  static constexpr Member kMembers[] = {
      member<&T::tags>("Tags", aws::list(kStructure)),
  };
  return kMembers;
}

Shape PutResourcePolicyInput::shape() {
  using T = PutResourcePolicyInput;
  static constexpr Member kMembers[] = {
      member<&T::resource_arn>("ResourceARN", kResourceArn.required()),
      member<&T::policy>("Policy", string().required()),
  };
  return kMembers;
}

Shape ResourcePolicyOutput::shape() {
  using T = ResourcePolicyOutput;
  static constexpr Member kMembers[] = {
      member<&T::policy>("Policy", string().required()),
  };
  return kMembers;
}

Shape ConsumerOutput::shape() {
  using T = ConsumerOutput;
  static constexpr Member kMembers[] = {
      member<&T::consumer_name>("ConsumerName", kName.required()),
      member<&T::consumer_arn>("ConsumerARN", kConsumerArn.required()),
      member<&T::consumer_status>("ConsumerStatus", string().required().one_of(kConsumerWords)),
      member<&T::consumer_creation_timestamp>("ConsumerCreationTimestamp",
                                              aws::timestamp().required()),
  };
  return kMembers;
}

Shape RegisterStreamConsumerInput::shape() {
  using T = RegisterStreamConsumerInput;
  static constexpr Member kMembers[] = {
      member<&T::stream_arn>("StreamARN", kArn.required()),
      member<&T::consumer_name>("ConsumerName", kName.required()),
      member<&T::tags>("Tags", kTags),
  };
  return kMembers;
}

Shape RegisterStreamConsumerOutput::shape() {
  using T = RegisterStreamConsumerOutput;
  static constexpr Member kMembers[] = {
      member<&T::consumer>("Consumer", structure().required()),
  };
  return kMembers;
}

Shape ConsumerInput::shape() {
  using T = ConsumerInput;
  static constexpr Member kMembers[] = {
      member<&T::stream_arn>("StreamARN", kArn),
      member<&T::consumer_name>("ConsumerName", kName),
      member<&T::consumer_arn>("ConsumerARN", kConsumerArn),
  };
  return kMembers;
}

Shape ConsumerDescription::shape() {
  using T = ConsumerDescription;
  static constexpr Member kMembers[] = {
      member<&T::consumer_name>("ConsumerName", kName.required()),
      member<&T::consumer_arn>("ConsumerARN", kConsumerArn.required()),
      member<&T::consumer_status>("ConsumerStatus", string().required().one_of(kConsumerWords)),
      member<&T::consumer_creation_timestamp>("ConsumerCreationTimestamp",
                                              aws::timestamp().required()),
      member<&T::stream_arn>("StreamARN", kArn.required()),
  };
  return kMembers;
}

Shape DescribeStreamConsumerOutput::shape() {
  using T = DescribeStreamConsumerOutput;
  static constexpr Member kMembers[] = {
      member<&T::consumer_description>("ConsumerDescription", structure().required()),
  };
  return kMembers;
}

Shape ListStreamConsumersInput::shape() {
  using T = ListStreamConsumersInput;
  static constexpr Member kMembers[] = {
      member<&T::stream_arn>("StreamARN", kArn.required()),
      member<&T::next_token>("NextToken", kNextToken),
      member<&T::max_results>("MaxResults", kLimit),
      member<&T::stream_creation_timestamp>("StreamCreationTimestamp", aws::timestamp()),
  };
  return kMembers;
}

Shape ListStreamConsumersOutput::shape() {
  using T = ListStreamConsumersOutput;
  static constexpr Member kMembers[] = {
      member<&T::consumers>("Consumers", aws::list(kStructure)),
      member<&T::next_token>("NextToken", kNextToken),
  };
  return kMembers;
}

}  // namespace hyd::streams
