// CopyObject: one transaction that gives the bytes of an object another name too; none is moved.
#include "codec/percent.h"
#include "codec/time_text.h"
#include "codec/xml.h"
#include "objects/faults.h"
#include "objects/names.h"
#include "objects/s3/conditions.h"
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

// "bucket/key" or "/bucket/key", percent-encoded, perhaps with "?versionId=null".
Outcome<Address> read_source(std::string_view text) {
  const auto wrong = [&] {
    return invalid_argument({"x-amz-copy-source", text},
                            "Copy Source must mention the source bucket and key: "
                            "sourcebucket/sourcekey");
  };
  std::string_view path = text;
  const std::size_t mark = path.rfind("?versionId=");
  if (mark != std::string_view::npos) {
    const std::string_view version = path.substr(path.find('=', mark) + 1);
    path = path.substr(0, mark);
    if (version != "null") return no_such_version({.key = path, .id = version});
  }
  const base::Result<std::string> decoded = codec::percent_decode(path);
  if (!decoded) return wrong();
  std::string_view rest = *decoded;
  if (rest.starts_with('/')) rest.remove_prefix(1);
  const std::size_t slash = rest.find('/');
  if (slash == std::string_view::npos) return wrong();
  Address source{.bucket = std::string(rest.substr(0, slash)),
                 .key = std::string(rest.substr(slash + 1))};
  if (!is_bucket_name(source.bucket) || !is_key(source.key)) return wrong();
  return source;
}

ReadConditions source_conditions(const net::RequestHead& head) {
  ReadConditions out;
  if (const auto value = head.find("x-amz-copy-source-if-match")) out.if_match = *value;
  if (const auto value = head.find("x-amz-copy-source-if-none-match")) out.if_none_match = *value;
  if (const auto value = head.find("x-amz-copy-source-if-modified-since")) {
    out.if_modified_since = codec::parse_http_date(*value);
  }
  if (const auto value = head.find("x-amz-copy-source-if-unmodified-since")) {
    out.if_unmodified_since = codec::parse_http_date(*value);
  }
  return out;
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
  // Who may write the target has been asked already.
  const aws::Authorizer& authorizer = handler.parts().authorizer;
  if (!authorizer.unrestricted(ask.caller.call)) {
    const std::string arn = "arn:aws:s3:::" + source->bucket + "/" + source->key;
    if (authorizer.refuse(ask.caller.call, "s3:GetObject", arn)) {
      return ask.reply.fail(access_denied());
    }
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
