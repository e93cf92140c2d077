// CopyObject: one transaction that gives the bytes of an object another name too; none is moved.
#include "codec/time_text.h"
#include "codec/xml.h"
#include "objects/faults.h"
#include "objects/s3/conditions.h"
#include "objects/s3/copy_source.h"
#include "objects/s3/documents.h"
#include "objects/s3/put_request.h"
#include "objects/s3/routes.h"
#include "objects/tables.h"

#include <memory>
#include <utility>

namespace hyd::objects {
namespace {

using aws::Fault;
using aws::Outcome;
using Refusal = std::optional<Fault>;

struct Copying {
  Store& store;
  Address source;
  Address target;
  ReadConditions source_conditions;
  WriteConditions conditions;
  bool replace = false;  // the headers of the request, not those of the source
  Headers headers = {};
  Object made = {};

  base::Result<Refusal> run(catalog::Transaction& in);
};

base::Result<Refusal> Copying::run(catalog::Transaction& in) {
  ASSIGN_OR_RETURN(const std::optional<Bucket> from, find_bucket(in, source.bucket));
  if (!from) return Refusal(no_such_bucket(source.bucket));
  ASSIGN_OR_RETURN(const std::optional<Bucket> to, find_bucket(in, target.bucket));
  if (!to) return Refusal(no_such_bucket(target.bucket));
  ASSIGN_OR_RETURN(const std::optional<Object> found,
                   find_object(in, {.bucket = from->id, .key = source.key}));
  if (!found) return Refusal(no_such_key(source.key));
  const ReadDecision decision = decide(source_conditions, *found, store.now());
  if (decision.verdict != ReadVerdict::go_on) {
    return Refusal(precondition_failed(decision.failed_condition));
  }
  ASSIGN_OR_RETURN(const std::optional<Object> old,
                   find_object(in, {.bucket = to->id, .key = target.key}));
  if (auto fault = refuse_write(conditions, old ? &*old : nullptr, target.key)) {
    return Refusal(std::move(fault));
  }
  made = *found;
  made.key = target.key;
  made.modified = store.now();
  made.token = {};
  if (replace) made.headers = headers;
  RETURN_IF_ERROR(copy_bytes(in, made));
  if (old) {
    RETURN_IF_ERROR(erase_object(in, to->id, *old));
    store.expect_garbage();
  }
  RETURN_IF_ERROR(insert_object(in, to->id, made));
  return Refusal();
}

std::string copied_document(const Object& object) {
  std::string text;
  codec::XmlWriter xml(text);
  xml.declaration();
  xml.open("CopyObjectResult", {{"xmlns", kXmlNamespace}});
  xml.element("LastModified", codec::iso_millis(object.modified));
  xml.element("ETag", quoted(object.etag));
  xml.close();
  return text;
}

}  // namespace

void copy_object(S3Handler& handler, Ask ask) {
  const net::RequestHead& head = ask.head();
  if (auto fault = unsupported_header(head)) return ask.reply.fail(*std::move(fault));
  Outcome<Address> source = read_source(head.find("x-amz-copy-source").value_or(""));
  if (!source) return ask.reply.fail(std::move(source).error());
  const std::string_view directive = head.find("x-amz-metadata-directive").value_or("COPY");
  if (directive != "COPY" && directive != "REPLACE") {
    return ask.reply.fail(
        invalid_argument({"x-amz-metadata-directive", directive}, "Unknown metadata directive."));
  }
  const bool replace = directive == "REPLACE";
  if (!replace && source->bucket == ask.address.bucket && source->key == ask.address.key) {
    return ask.reply.fail(invalid_request(
        "This copy request is illegal because it is trying to copy an object to itself without "
        "changing the object's metadata, storage class, website redirect location or encryption "
        "attributes."));
  }
  if (auto fault = refuse_source(handler, ask.caller.call, *source)) {
    return ask.reply.fail(*std::move(fault));
  }
  Outcome<WriteConditions> conditions = WriteConditions::from(head);
  if (!conditions) return ask.reply.fail(std::move(conditions).error());
  Outcome<Headers> headers = stored_headers(head);
  if (!headers) return ask.reply.fail(std::move(headers).error());
  auto copying = std::make_shared<Copying>(Copying{.store = handler.store(),
                                                   .source = *std::move(source),
                                                   .target = ask.address,
                                                   .source_conditions = source_conditions(head),
                                                   .conditions = *std::move(conditions),
                                                   .replace = replace,
                                                   .headers = *std::move(headers)});
  handler.change(
      catalog::Lane::object, [copying](catalog::Transaction& in) { return copying->run(in); },
      [&handler, copying, reply = std::move(ask.reply)](Refusal fault) mutable {
        if (fault) return reply.fail(*std::move(fault));
        net::Response response = xml_response();
        response.body = copied_document(copying->made);
        reply.send(std::move(response));
        handler.tidy();
      });
}

}  // namespace hyd::objects
