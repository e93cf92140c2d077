#include "gateway/request/parameter_source.h"

#include "codec/json_tree.h"

#include <algorithm>
#include <utility>

namespace hyd::gateway {
namespace {

using From = ParameterSource::From;
using Side = ParameterSource::Side;

struct Prefix {
  std::string_view text;
  From from;
  Side side;
};
constexpr Prefix kPrefixes[] = {
    {"method.request.path.", From::path, Side::request},
    {"method.request.querystring.", From::query, Side::request},
    {"method.request.header.", From::header, Side::request},
    {"method.request.multivaluequerystring.", From::every_query, Side::request},
    {"method.request.multivalueheader.", From::every_header, Side::request},
    {"integration.response.header.", From::backend_header, Side::response},
    {"integration.response.multivalueheader.", From::backend_header, Side::response},
};

// How much of a body a path may look at.
constexpr std::uint64_t kPathStepsMax = 1'000'000;

bool is_name(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '_' || c == '$' || c == '-';
  });
}

base::Error no_source(std::string_view text) {
  return {base::Code::invalid, "no source of a parameter: " + std::string(text)};
}

}  // namespace

const codec::Json* MappedBody::json() {
  if (!parsed_) {
    parsed_ = true;
    if (auto parsed = codec::parse_json(text_)) json_ = *std::move(parsed);
  }
  return json_ ? &*json_ : nullptr;
}

bool MappedBody::broken() {
  const std::size_t first = text_.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return false;
  return (text_[first] == '{' || text_[first] == '[') && json() == nullptr;
}

base::Result<ParameterSource> ParameterSource::parse(std::string_view text, Side side) {
  ParameterSource source;
  if (text.size() >= 2 && text.starts_with('\'') && text.ends_with('\'')) {
    source.name_ = text.substr(1, text.size() - 2);
    return source;
  }
  for (const Prefix& prefix : kPrefixes) {
    if (prefix.side != side || !text.starts_with(prefix.text)) continue;
    source.from_ = prefix.from;
    source.name_ = text.substr(prefix.text.size());
    if (!is_name(source.name_)) return no_source(text);
    return source;
  }
  const std::string_view body =
      side == Side::request ? "method.request.body" : "integration.response.body";
  if (text.starts_with(body)) {
    source.from_ = From::body;
    std::string_view path = text.substr(body.size());
    if (path.empty()) return source;
    if (path.starts_with('.')) {
      path.remove_prefix(1);
    } else if (!path.starts_with('[')) {
      return no_source(text);
    }
    const bool index = path.starts_with('[');
    auto compiled = codec::JsonPath::compile((index ? "$" : "$.") + std::string(path));
    if (!compiled) return std::move(compiled).error().within(text);
    source.path_ = *std::move(compiled);
    return source;
  }
  constexpr std::string_view kVariable = "stageVariables.";
  constexpr std::string_view kContext = "context.";
  if (text.starts_with(kVariable)) {
    source.from_ = From::stage_variable;
    source.name_ = text.substr(kVariable.size());
  } else if (text.starts_with(kContext)) {
    source.from_ = From::context;
    source.name_ = text.substr(kContext.size());
  }
  if (source.from_ == From::literal || !is_name(source.name_)) return no_source(text);
  return source;
}

bool ParameterSource::read(const SourceInputs& inputs, std::string& out) const {
  const auto take = [&out](std::optional<std::string_view> value) {
    if (!value) return false;
    out = *value;
    return true;
  };
  RequestView& request = inputs.request;
  switch (from_) {
    case From::literal: return take(name_);
    case From::path: return take(find_last(request.path(), name_));
    case From::query: return take(find_last(request.query(), name_));
    case From::header: return take(find_last(request.headers(), name_));
    case From::every_query: return join(request.query(), name_, out);
    case From::every_header: return join(request.headers(), name_, out);
    case From::stage_variable: return take(find_last(request.stage_variables(), name_));
    case From::context: return take(request.context_value(name_));
    case From::body: return read_body(inputs.body, out);
    case From::backend_header: break;
  }
  if (inputs.backend == nullptr) return false;
  if (equal_ignoring_case(name_, "x-amzn-RequestId")) return take(inputs.backend->request_id);
  if (equal_ignoring_case(name_, "Content-Type")) return take(inputs.backend->content_type);
  if (equal_ignoring_case(name_, "Content-Length")) {
    return take(std::to_string(inputs.backend->content_length));
  }
  return false;
}

bool ParameterSource::join(std::span<const vtl::NameValue> values, std::string_view name,
                           std::string& out) {
  bool found = false;
  for (const vtl::NameValue& value : values) {
    if (value.name != name) continue;
    if (!found) {
      out = value.value;
    } else {
      out.append(",").append(value.value);
    }
    found = true;
  }
  return found;
}

bool ParameterSource::read_body(MappedBody* body, std::string& out) const {
  if (body == nullptr) return false;
  if (!path_) {
    out = body->text();
    return true;
  }
  const codec::Json* const json = body->json();
  if (json == nullptr) return false;
  codec::JsonValueTree tree(kPathStepsMax);
  const auto found = path_->find(tree, codec::JsonValueTree::node(*json));
  if (!found) return false;
  const codec::Json& value = codec::JsonValueTree::value(*found);
  if (value.is_null()) return false;
  if (const std::string* text = value.if_string()) {
    out = *text;
  } else {
    out = codec::to_text(value);
  }
  return true;
}

}  // namespace hyd::gateway
