// PutObject while its body arrives.
#pragma once

#include "net/handler.h"
#include "objects/s3/put_request.h"
#include "objects/s3_handler.h"

#include <memory>

namespace hyd::objects {

// What an upload takes of the memory for bodies before its first byte.
std::uint64_t upload_room(const PutRequest& request);

std::unique_ptr<net::BodySink> put_object_sink(S3Handler& handler, PutRequest request,
                                               aws::RequestId id);

}  // namespace hyd::objects
