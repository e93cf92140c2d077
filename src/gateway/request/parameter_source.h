// Where a mapped parameter comes from: "method.request.header.X-Id",
// "integration.response.body.id", "context.identity.sourceIp", "stageVariables.env", "'literal'"
// (AWS documentation, "Parameter mapping for REST APIs in API Gateway").
//
// Parsed once with its stage; any thread. Lends the text that it was parsed from.
#pragma once

#include "base/result.h"
#include "codec/json.h"
#include "codec/jsonpath.h"
#include "gateway/request/request_view.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hyd::gateway {

// A body that mappings look into: parsed when the first one asks, and not again.
class MappedBody {
 public:
  explicit MappedBody(std::string_view text) : text_(text) {}  // lent

  std::string_view text() const { return text_; }
  // Null when it is no JSON.
  const codec::Json* json();
  // It begins like a container and does not parse.
  bool broken();

 private:
  std::string_view text_;
  std::optional<codec::Json> json_;
  bool parsed_ = false;
};

// What a backend has answered, as far as mappings can see it.
struct BackendHeaders {
  std::string_view request_id;
  std::string_view content_type;
  std::size_t content_length = 0;
};

struct SourceInputs {
  RequestView& request;
  MappedBody* body = nullptr;               // of the side that the source is read on
  const BackendHeaders* backend = nullptr;  // null: there is none on this side
};

class ParameterSource {
 public:
  enum class From : std::uint8_t {
    path,
    query,
    header,
    every_query,
    every_header,
    body,
    backend_header,
    stage_variable,
    context,
    literal,
  };
  // Which sources there are: `request` has method.request.*, `response` has integration.response.*.
  enum class Side : std::uint8_t { request, response };

  // Code::invalid: no source of that side.
  static base::Result<ParameterSource> parse(std::string_view text, Side side);

  From from() const { return from_; }
  bool reads_body() const { return from_ == From::body; }
  // The value of a literal is the same for every request.
  std::string_view name() const { return name_; }

  // False when the source is missing: the parameter is then left out. Overwrites `out`.
  bool read(const SourceInputs& inputs, std::string& out) const;

 private:
  bool read_body(MappedBody* body, std::string& out) const;
  static bool join(std::span<const vtl::NameValue> values, std::string_view name, std::string& out);

  From from_ = From::literal;
  std::string_view name_;
  std::optional<codec::JsonPath> path_;  // into the body; without it all of it
};

}  // namespace hyd::gateway
