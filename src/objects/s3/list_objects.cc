// ListObjects, ListObjectsV2 and ListObjectVersions (of buckets without versions): a page of keys
// as each words it.
#include "base/parse_int.h"
#include "codec/percent.h"
#include "codec/time_text.h"
#include "objects/faults.h"
#include "objects/listing.h"
#include "objects/s3/documents.h"
#include "objects/s3/routes.h"
#include "objects/tables.h"

#include <algorithm>
#include <utility>

namespace hyd::objects {
namespace {

using aws::Outcome;

enum class Form : std::uint8_t { v1, v2, versions };

// What was asked, as it is echoed.
struct Asked {
  Form form = Form::v2;
  std::string bucket;
  std::string account;
  ListRequest request;
  bool url = false;  // encoding-type=url
  bool owner = false;
  std::optional<std::string> token = {};
  std::optional<std::string> start_after = {};
  std::string marker = {};  // v1 and versions
};

std::string text_of(const Ask& ask, std::string_view name) {
  const std::string* value = ask.parameter(name);
  return value != nullptr ? *value : std::string();
}

Outcome<void> read_page(const Ask& ask, Asked& into) {
  const std::string_view name = "max-keys";
  const std::string* text = ask.parameter(name);
  if (text == nullptr || text->empty()) return {};
  const auto number = base::parse_int<std::int64_t>(*text);
  if (!number)
    return invalid_argument({name, *text},
                            "Provided max-keys not an integer or within "
                            "integer range");
  if (*number < 0) {
    return invalid_argument({name, *text},
                            "Argument max-keys must be an integer between 0 and "
                            "2147483647");
  }
  into.request.most = std::min<std::size_t>(static_cast<std::size_t>(*number), kPageMax);
  return {};
}

Outcome<void> read_start(const Ask& ask, Asked& into) {
  if (into.form != Form::v2) {
    into.marker = text_of(ask, into.form == Form::v1 ? "marker" : "key-marker");
    if (!into.marker.empty()) into.request.after = Marker{.text = into.marker};
    if (into.form == Form::versions && into.marker.empty() &&
        !text_of(ask, "version-id-marker").empty()) {
      return invalid_argument({"version-id-marker", text_of(ask, "version-id-marker")},
                              "A version-id marker cannot be specified without a key marker.");
    }
    return {};
  }
  if (const std::string* text = ask.parameter("start-after")) into.start_after = *text;
  if (const std::string* text = ask.parameter("continuation-token")) into.token = *text;
  if (into.token && !into.token->empty()) {
    into.request.after = marker_of_token(*into.token);
    if (!into.request.after) {
      return invalid_argument({"continuation-token", *into.token},
                              "The continuation token provided is incorrect");
    }
  } else if (into.start_after && !into.start_after->empty()) {
    into.request.after = Marker{.text = *into.start_after};
  }
  return {};
}

Outcome<Asked> read_asked(const Ask& ask, Form form) {
  Asked asked{
      .form = form,
      .bucket = ask.address.bucket,
      .account = ask.caller.call.account,
      .request = {.prefix = text_of(ask, "prefix"), .delimiter = text_of(ask, "delimiter")}};
  asked.owner = form == Form::v1 || text_of(ask, "fetch-owner") == "true";
  const std::string encoding = text_of(ask, "encoding-type");
  asked.url = encoding == "url";
  if (!encoding.empty() && !asked.url) {
    return invalid_argument({"encoding-type", encoding},
                            "Invalid Encoding Method specified in "
                            "Request");
  }
  if (Outcome<void> read = read_page(ask, asked); !read) return std::move(read).error();
  if (Outcome<void> read = read_start(ask, asked); !read) return std::move(read).error();
  return asked;
}

base::Result<Outcome<Listing>> read_listing(Store& store, const Asked& asked) {
  ASSIGN_OR_RETURN(Store::Reading reader, store.read());
  ASSIGN_OR_RETURN(const catalog::Reader::Snapshot snapshot, reader->snapshot());
  ASSIGN_OR_RETURN(const std::optional<Bucket> bucket, find_bucket(*reader, asked.bucket));
  if (!bucket) return Outcome<Listing>(no_such_bucket(asked.bucket));
  ListRequest request = asked.request;
  request.bucket = bucket->id;
  ASSIGN_OR_RETURN(Listing listing, list(*reader, request));
  return Outcome<Listing>(std::move(listing));
}

class Document {
 public:
  Document(const Asked& asked, const Listing& listing, std::string& out)
      : asked_(asked), listing_(listing), xml_(out) {}

  void write() {
    const bool versions = asked_.form == Form::versions;
    xml_.declaration();
    xml_.open(versions ? "ListVersionsResult" : "ListBucketResult", {{"xmlns", kXmlNamespace}});
    xml_.element("Name", asked_.bucket);
    full_element(xml_, "Prefix", encoded(asked_.request.prefix));
    switch (asked_.form) {
      case Form::v1: write_v1(); break;
      case Form::v2: write_v2(); break;
      case Form::versions: write_versions(); break;
    }
    xml_.element("MaxKeys", std::to_string(asked_.request.most));
    if (!asked_.request.delimiter.empty()) {
      xml_.element("Delimiter", encoded(asked_.request.delimiter));
    }
    if (asked_.url) xml_.element("EncodingType", "url");
    xml_.flag("IsTruncated", listing_.next.has_value());
    for (const Object& object : listing_.objects) write_object(object);
    for (const std::string& prefix : listing_.prefixes) {
      xml_.open("CommonPrefixes");
      xml_.element("Prefix", encoded(prefix));
      xml_.close();
    }
    xml_.close();
  }

 private:
  std::string encoded(std::string_view text) const {
    return asked_.url ? codec::percent_encode(text, codec::Slash::keep) : std::string(text);
  }

  void write_v1() {
    full_element(xml_, "Marker", encoded(asked_.marker));
    // Without a delimiter the client goes on from the last key.
    if (listing_.next && !asked_.request.delimiter.empty()) {
      xml_.element("NextMarker", encoded(listing_.next->text));
    }
  }

  void write_v2() {
    if (asked_.start_after) full_element(xml_, "StartAfter", encoded(*asked_.start_after));
    if (asked_.token) full_element(xml_, "ContinuationToken", *asked_.token);
    if (listing_.next) xml_.element("NextContinuationToken", to_token(*listing_.next));
    xml_.element("KeyCount", std::to_string(listing_.objects.size() + listing_.prefixes.size()));
  }

  void write_versions() {
    full_element(xml_, "KeyMarker", encoded(asked_.marker));
    full_element(xml_, "VersionIdMarker", "");
    if (!listing_.next) return;
    xml_.element("NextKeyMarker", encoded(listing_.next->text));
    if (!listing_.next->is_prefix) xml_.element("NextVersionIdMarker", "null");
  }

  void write_object(const Object& object) {
    const bool versions = asked_.form == Form::versions;
    xml_.open(versions ? "Version" : "Contents");
    xml_.element("Key", encoded(object.key));
    if (versions) {
      xml_.element("VersionId", "null");
      xml_.flag("IsLatest", true);
    }
    xml_.element("LastModified", codec::iso_millis(object.modified));
    xml_.element("ETag", quoted(object.etag));
    if (!object.checksum.algorithm.empty()) {
      xml_.element("ChecksumAlgorithm", object.checksum.algorithm);
      xml_.element("ChecksumType",
                   object.checksum.value.contains('-') ? "COMPOSITE" : "FULL_OBJECT");
    }
    xml_.element("Size", std::to_string(object.size));
    xml_.element("StorageClass", "STANDARD");
    if (asked_.owner || versions) write_owner(xml_, asked_.account);
    xml_.close();
  }

  const Asked& asked_;
  const Listing& listing_;
  codec::XmlWriter xml_;
};

void answer_listing(S3Handler& handler, Ask ask, Form form) {
  Outcome<Asked> asked = read_asked(ask, form);
  if (!asked) return ask.reply.fail(std::move(asked).error());
  handler.on_worker<std::string>(
      [&store = handler.store(), asked = *std::move(asked)]() -> Outcome<std::string> {
        base::Result<Outcome<Listing>> listing = read_listing(store, asked);
        if (!listing) return fault_of(std::move(listing).error());
        if (!*listing) return std::move(*listing).error();
        std::string text;
        Document(asked, **listing, text).write();
        return text;
      },
      [reply = std::move(ask.reply)](Outcome<std::string> text) mutable {
        if (!text) return reply.fail(std::move(text).error());
        net::Response response = xml_response();
        response.body = *std::move(text);
        reply.send(std::move(response));
      });
}

}  // namespace

void list_objects(S3Handler& handler, Ask ask) {
  const Form form = text_of(ask, "list-type") == "2" ? Form::v2 : Form::v1;
  answer_listing(handler, std::move(ask), form);
}

void list_object_versions(S3Handler& handler, Ask ask) {
  answer_listing(handler, std::move(ask), Form::versions);
}

}  // namespace hyd::objects
