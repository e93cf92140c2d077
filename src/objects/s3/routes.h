// Which operation a request is: by method, by what it addresses, and by the sub-resource in its
// query.
#pragma once

#include "aws/fault.h"
#include "codec/form.h"
#include "net/http_parser.h"
#include "objects/s3_handler.h"

#include <cstdint>
#include <string_view>

namespace hyd::objects {

enum class Level : std::uint8_t { service, bucket, object };

struct Route {
  std::string_view method;
  Level level;
  std::string_view sub;         // the sub-resource, empty: none
  std::string_view permission;  // the IAM action
  void (*serve)(S3Handler& handler, Ask ask);
};

// Faults: NotImplemented for what S3 has and this does not, MethodNotAllowed for the rest.
aws::Outcome<const Route*> find_route(const net::RequestHead& head, Level level,
                                      const codec::Form& query);

// The sub-resource that the query names, with or without a value; empty when it names none.
std::string_view sub_resource(const codec::Form& query);

// A body that goes to a stream: PutObject's.
bool streams_body(const Route& route);

// --- the operations, one file a family
void list_buckets(S3Handler& handler, Ask ask);
void create_bucket_call(S3Handler& handler, Ask ask);
void head_bucket_call(S3Handler& handler, Ask ask);
void delete_bucket_call(S3Handler& handler, Ask ask);
void get_bucket_location(S3Handler& handler, Ask ask);
void get_setting(S3Handler& handler, Ask ask);  // those that are the same for every bucket
void put_tagging(S3Handler& handler, Ask ask);
void get_tagging(S3Handler& handler, Ask ask);
void delete_tagging(S3Handler& handler, Ask ask);
void get_object_tagging(S3Handler& handler, Ask ask);
void get_bucket_acl(S3Handler& handler, Ask ask);
void put_acl(S3Handler& handler, Ask ask);
void list_objects(S3Handler& handler, Ask ask);  // both versions
void list_object_versions(S3Handler& handler, Ask ask);
void delete_objects(S3Handler& handler, Ask ask);
void put_object(S3Handler& handler, Ask ask);  // without a body; else s3/put_object.h
void copy_object(S3Handler& handler, Ask ask);
void copy_part(S3Handler& handler, Ask ask);
void create_upload(S3Handler& handler, Ask ask);
void complete_upload_call(S3Handler& handler, Ask ask);
void abort_upload(S3Handler& handler, Ask ask);
void list_parts(S3Handler& handler, Ask ask);
void list_uploads(S3Handler& handler, Ask ask);
void get_object(S3Handler& handler, Ask ask);  // HEAD too
void delete_object(S3Handler& handler, Ask ask);

}  // namespace hyd::objects
