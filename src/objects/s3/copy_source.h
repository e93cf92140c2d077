// Where a copy comes from, as its request says.
#pragma once

#include "aws/call.h"
#include "aws/fault.h"
#include "net/http_parser.h"
#include "objects/s3/address.h"
#include "objects/s3/conditions.h"
#include "objects/s3_handler.h"

#include <optional>
#include <string_view>

namespace hyd::objects {

// x-amz-copy-source: "bucket/key" or "/bucket/key", percent-encoded, perhaps with
// "?versionId=null".
aws::Outcome<Address> read_source(std::string_view text);

// x-amz-copy-source-if-*.
ReadConditions source_conditions(const net::RequestHead& head);

// Who may write the target has been asked already; this asks about reading the source.
std::optional<aws::Fault> refuse_source(const S3Handler& handler, const aws::Call& call,
                                        const Address& source);

}  // namespace hyd::objects
