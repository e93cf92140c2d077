#include "gateway/request/answer.h"

#include "codec/json.h"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <utility>

namespace hyd::gateway {
namespace {

constexpr std::string_view kRequestId = "x-amzn-RequestId";
constexpr std::string_view kExtendedId = "x-amz-apigw-id";
constexpr std::string_view kErrorType = "x-amzn-ErrorType";
constexpr std::string_view kContentType = "Content-Type";
constexpr std::string_view kJson = "application/json";

bool is_written_elsewhere(std::string_view name) {
  return equal_ignoring_case(name, kContentType) || equal_ignoring_case(name, kRequestId) ||
         equal_ignoring_case(name, kExtendedId) || equal_ignoring_case(name, kErrorType);
}

bool is_name_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '-' || c == '.';
}

std::optional<std::string_view> look_up(std::string_view name, RequestView& view,
                                        const ErrorView& error) {
  const auto behind = [&name](std::string_view prefix) {
    if (!name.starts_with(prefix)) return false;
    name.remove_prefix(prefix.size());
    return true;
  };
  if (behind("context.")) {
    if (name == "error.message") return error.message;
    if (name == "error.messageString") return error.message_json;
    if (name == "error.responseType") return error.type;
    return view.context_value(name);
  }
  if (behind("stageVariables.")) return find_last(view.stage_variables(), name);
  if (behind("method.request.header.")) return find_last(view.headers(), name);
  if (behind("method.request.querystring.")) return find_last(view.query(), name);
  if (behind("method.request.path.")) return find_last(view.path(), name);
  return std::nullopt;
}

bool is_known(std::string_view name) {
  return name.starts_with("context.") || name.starts_with("stageVariables.") ||
         name.starts_with("method.request.");
}

}  // namespace

void HeaderLines::set(std::string name, std::string value) {
  for (Line& line : lines_) {
    if (!equal_ignoring_case(line.name, name)) continue;
    line = {.name = std::move(name), .value = std::move(value)};
    return;
  }
  lines_.push_back({.name = std::move(name), .value = std::move(value)});
}

const std::string* HeaderLines::find(std::string_view name) const {
  const auto at = std::ranges::find_if(
      lines_, [&](const Line& line) { return equal_ignoring_case(line.name, name); });
  return at == lines_.end() ? nullptr : &at->value;
}

void HeaderLines::write(net::Response& response) const {
  for (const Line& line : lines_) {
    if (!is_written_elsewhere(line.name)) response.add(line.name, line.value);
  }
}

void add_ids(net::Response& response, const RequestIds& ids) {
  response.add(kRequestId, ids.request());
  response.add(kExtendedId, ids.extended());
}

void add_content_type(net::Response& response, std::string_view type) {
  if (type.empty() || type == kJson) {
    response.fixed_headers = "Content-Type: application/json\r\n";
  } else {
    response.add(kContentType, type);
  }
}

net::Response failure_answer(const FailureAnswer& about) {
  const GatewayFailureRow& row = row_of(about.failure);
  net::Response response;
  response.status = row.status;
  response.headers.reserve(192);
  const CompiledGatewayResponse* custom =
      about.stage == nullptr ? nullptr
                             : &about.stage->gateway_responses[std::to_underlying(about.failure)];
  if (custom == nullptr || !custom->customised || about.view == nullptr) {
    if (custom != nullptr) response.status = custom->status;
    add_content_type(response, kJson);
    add_ids(response, about.ids);
    response.add(kErrorType, row.error_type);
    response.body = row.body;
    return response;
  }

  response.status = custom->status;
  HeaderLines lines;
  std::string value;
  for (const MappedHeader& header : custom->headers) {
    if (header.source.read({.request = *about.view}, value)) lines.set(header.name, value);
  }
  std::string_view type = kJson;
  const auto* chosen = choose_by_accept(
      std::span<const CompiledGatewayResponse::Template>(custom->templates), about.view->accept());
  if (chosen != nullptr) {
    type = chosen->media_type;
    std::string quoted;
    codec::append_quoted(row.message, quoted);
    response.body = substitute(chosen->text, *about.view,
                               {.message = row.message, .message_json = quoted, .type = row.type});
  } else {
    response.body = row.body;
  }
  const std::string* mapped = lines.find(kContentType);
  add_content_type(response, mapped != nullptr ? *mapped : type);
  add_ids(response, about.ids);
  response.add(kErrorType, row.error_type);
  lines.write(response);
  return response;
}

std::string substitute(std::string_view text, RequestView& view, const ErrorView& error) {
  std::string out;
  out.reserve(text.size());
  while (true) {
    const std::size_t dollar = text.find('$');
    out.append(text.substr(0, dollar));
    if (dollar == std::string_view::npos) return out;
    text.remove_prefix(dollar);
    const bool braces = text.substr(1).starts_with('{');
    std::string_view name = text.substr(braces ? 2 : 1);
    const auto* const end = std::ranges::find_if_not(name, is_name_character);
    name = name.substr(0, static_cast<std::size_t>(end - name.begin()));
    while (!braces && name.ends_with('.')) name.remove_suffix(1);  // the end of a sentence
    std::size_t used = 1 + name.size();
    const bool closed = braces && text.substr(2 + name.size()).starts_with('}');
    if (closed) used = name.size() + 3;
    if (!is_known(name) || braces != closed) {
      out.push_back('$');
      text.remove_prefix(1);
      continue;
    }
    out.append(look_up(name, view, error).value_or(""));
    text.remove_prefix(used);
  }
}

}  // namespace hyd::gateway
