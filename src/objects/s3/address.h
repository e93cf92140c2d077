// Which bucket and key a request means: in the path, or the bucket in the host's name ("Virtual
// hosting of buckets", Amazon S3 User Guide).
#pragma once

#include "aws/fault.h"
#include "net/http_parser.h"

#include <string>
#include <string_view>

namespace hyd::objects {

struct Address {
  std::string bucket;  // empty: the service itself
  std::string key;     // empty: the bucket
};

// The path is cut at the first '/' behind the bucket and each side decoded alone: nothing is
// collapsed, resolved or stripped. Faults: InvalidBucketName, KeyTooLongError, InvalidURI.
aws::Outcome<Address> address_of(const net::RequestHead& head);

// The bucket that a Host names, lower case; empty when the path names it. Bases are localhost,
// s3.localhost, s3.REGION.localhost, s3.amazonaws.com, s3.REGION.amazonaws.com and
// s3-REGION.amazonaws.com.
std::string bucket_of_host(std::string_view host);

}  // namespace hyd::objects
