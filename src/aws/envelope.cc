#include "aws/envelope.h"

#include "aws/canonical.h"
#include "aws/fault_wire.h"
#include "aws/json_text.h"
#include "base/check.h"
#include "codec/json.h"

#include <utility>

namespace hyd::aws {
namespace {

constexpr std::string_view kJsonType = "application/x-amz-json-1.1";

class JsonEnvelope final : public Envelope {
 public:
  std::string_view type_line() const override {
    return "Content-Type: application/x-amz-json-1.1\r\n";
  }
  bool readable(std::string_view body) const override { return is_json_object(body); }
  void run(const Dispatcher& dispatcher, const Dispatcher::Target& target, const Call& call,
           std::string_view body, RawDone done) const override {
    JsonTextSource source(*target.operation, body);
    dispatcher.run(target, call, source, std::move(done));
  }
  void append_output(const Operation& operation, const void* output,
                     std::string& out) const override {
    append_output_text(operation, output, out);
  }
  net::Response fault(const Fault& fault) const override {
    return fault_response(fault, {.protocol = Protocol::json_1_1});
  }
};

const JsonEnvelope kJson;

// RFC 8949: a text string of less than 256 bytes.
void append_cbor_text(std::string_view text, std::string& out) {
  HYD_CHECK(text.size() < 256);
  if (text.size() < 24) {
    out += static_cast<char>(0x60 + text.size());
  } else {
    out += '\x78';
    out += static_cast<char>(text.size());
  }
  out += text;
}

}  // namespace

std::string_view media_type(std::string_view content_type) {
  content_type = content_type.substr(0, content_type.find(';'));
  const auto blank = [](char c) { return c == ' ' || c == '\t'; };
  while (!content_type.empty() && blank(content_type.front())) content_type.remove_prefix(1);
  while (!content_type.empty() && blank(content_type.back())) content_type.remove_suffix(1);
  return content_type;
}

const Envelope* envelope_of(std::string_view content_type) {
  if (content_type == kJsonType) return &kJson;
  return equal_ignoring_case(media_type(content_type), kJsonType) ? &kJson : nullptr;
}

net::Response cbor_fault(const Fault& fault) {
  net::Response response;
  response.status = static_cast<std::uint16_t>(fault.status);
  response.fixed_headers = "Content-Type: application/x-amz-cbor-1.1\r\n";
  response.body = "\xbf";  // a map of any length
  append_cbor_text("__type", response.body);
  append_cbor_text(fault.name, response.body);
  response.body += '\xff';
  return response;
}

}  // namespace hyd::aws
