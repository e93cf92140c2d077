// What the operations on consumers share.
#pragma once

#include "streams/ops/find.h"
#include "streams/ops/resources.h"

namespace hyd::streams {

// The consumer that a call names by its ARN, by its stream's ARN and its name, or by all three.
aws::Outcome<Resource> find_consumer(const Streams& streams, const aws::Call& call,
                                     const ConsumerInput& input);
ConsumerOutput consumer_output(const Consumer& consumer);

}  // namespace hyd::streams
