#include "aws/testing/wire.h"

#include "aws/route.h"
#include "aws/sigv4_sign.h"
#include "aws/testing/test_call.h"
#include "base/check.h"
#include "base/parse_int.h"
#include "codec/hash.h"

#include <algorithm>
#include <cstddef>

namespace hyd::aws::testing {
namespace {

constexpr char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool same_name(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, [](char x, char y) { return lower(x) == lower(y); });
}

bool has(const WireRequest& request, std::string_view name) {
  return std::ranges::any_of(request.headers,
                             [&](const auto& header) { return same_name(header.first, name); });
}

std::string_view cut(std::string_view& text, std::string_view mark) {
  const std::size_t at = text.find(mark);
  const std::string_view left = text.substr(0, at);
  text.remove_prefix(at == std::string_view::npos ? text.size() : at + mark.size());
  return left;
}

// A chunked body, put together; nothing when its end is missing. `rest` is what follows it.
std::optional<std::string> unchunked(std::string_view& rest) {
  std::string body;
  while (true) {
    const std::size_t end = rest.find("\r\n");
    if (end == std::string_view::npos) return std::nullopt;
    std::size_t size = 0;
    for (const char c : rest.substr(0, end)) {
      if (c == ';') break;
      const char digit = lower(c);
      size = size * 16 + static_cast<std::size_t>(digit >= 'a' ? digit - 'a' + 10 : digit - '0');
    }
    if (rest.size() < end + 2 + size + 2) return std::nullopt;
    body += rest.substr(end + 2, size);
    rest.remove_prefix(end + 2 + size + 2);
    if (size == 0) return body;
  }
}

}  // namespace

const std::string* WireAnswer::header(std::string_view name) const {
  for (const auto& [key, value] : headers) {
    if (same_name(key, name)) return &value;
  }
  return nullptr;
}

std::optional<WireAnswer> take_answer(std::string& bytes) {
  std::string_view rest = bytes;
  const std::size_t end = rest.find("\r\n\r\n");
  if (end == std::string_view::npos) return std::nullopt;
  std::string_view head = rest.substr(0, end + 2);
  rest.remove_prefix(end + 4);

  WireAnswer answer;
  std::string_view status_line = cut(head, "\r\n");
  cut(status_line, " ");
  answer.status = base::parse_int<int>(cut(status_line, " ")).value_or(0);
  while (!head.empty()) {
    std::string_view line = cut(head, "\r\n");
    const std::string_view name = cut(line, ":");
    while (line.starts_with(' ')) line.remove_prefix(1);
    answer.headers.emplace_back(name, line);
  }
  if (const std::string* length = answer.header("content-length")) {
    const auto size = base::parse_int<std::size_t>(*length).value_or(0);
    if (rest.size() < size) return std::nullopt;
    answer.body = rest.substr(0, size);
    rest.remove_prefix(size);
  } else if (answer.header("transfer-encoding") != nullptr) {
    std::optional<std::string> body = unchunked(rest);
    if (!body) return std::nullopt;
    answer.body = std::move(*body);
  }
  bytes = std::string(rest);
  return answer;
}

WireServer::OneKey::OneKey() {
  key_.id = kKeyId;
  key_.secret = kSecret;
  key_.principal = root_principal();
}

WireServer::WireServer(WireServerParts parts)
    : parts_(std::move(parts)),
      net_(parts_.loop),
      authenticator_(keys_, parts_.clock),
      front_door_({.loop = net_,
                   .clock = parts_.clock,
                   .dispatcher = parts_.dispatcher,
                   .authenticator = authenticator_,
                   .account = kTestAccount,
                   .seed = 1,
                   .s3 = parts_.s3,
                   .api_gateway = parts_.api_gateway,
                   .stages = parts_.stages,
                   .console = parts_.console,
                   .metrics = parts_.metrics}),
      server_(std::make_unique<net::HttpServer>(
          net_, parts_.clock, front_door_, net::ServerOptions{.body_memory = parts_.body_memory})) {
  HYD_CHECK(server_->listen({.host = "127.0.0.1", .port = 4566}, {}).has_value());
}

WireServer::~WireServer() {
  server_.reset();
  parts_.pump();
}

WireAnswer WireServer::raw(std::string_view bytes, sys::Endpoint from) {
  MemoryClient client = net_.connect(std::move(from));
  client.send(bytes);
  parts_.pump();
  std::string received = client.take_received();
  client.finish();
  parts_.pump();
  return take_answer(received).value_or(WireAnswer{});
}

WireAnswer WireServer::call(WireRequest request) { return raw(bytes_of(std::move(request))); }

WireAnswer WireServer::json(std::string_view target, std::string_view body) {
  WireRequest request{.headers = {{"Content-Type", "application/x-amz-json-1.1"},
                                  {"X-Amz-Target", std::string(target)}},
                      .body = std::string(body)};
  request.service = service_of(request);
  return call(std::move(request));
}

std::string WireServer::bytes_of(WireRequest request) const {
  if (!has(request, "host")) request.headers.emplace_back("Host", "127.0.0.1:4566");
  if (!request.service.empty() && !has(request, "authorization")) {
    const std::string_view target = request.target;
    const std::size_t mark = target.find('?');
    std::vector<HeaderView> views;
    for (const auto& [name, value] : request.headers) views.push_back({name, value});
    const std::string hash = codec::sha256(request.body).hex();
    const auto added = sign(
        {.method = request.method,
         .path = target.substr(0, mark),
         .query = mark == std::string_view::npos ? std::string_view() : target.substr(mark + 1),
         .headers = views,
         .payload_hash = hash},
        {.key_id = kKeyId, .secret = kSecret, .region = request.region, .service = request.service},
        parts_.clock.wall());
    request.headers.insert(request.headers.end(), added.begin(), added.end());
  }
  if (!request.body.empty() && !has(request, "content-length") &&
      !has(request, "transfer-encoding")) {
    request.headers.emplace_back("Content-Length", std::to_string(request.body.size()));
  }
  std::string bytes = request.method + " " + request.target + " HTTP/1.1\r\n";
  for (const auto& [name, value] : request.headers) bytes += name + ": " + value + "\r\n";
  return bytes + "\r\n" + request.body;
}

std::string WireServer::service_of(const WireRequest& request) const {
  for (const auto& [name, value] : request.headers) {
    if (!same_name(name, "x-amz-target")) continue;
    for (const ServiceTable* table : parts_.dispatcher.tables()) {
      if (!table->target.empty() && value.starts_with(table->target)) {
        return std::string(table->name);
      }
    }
  }
  for (const ServiceTable* table : parts_.dispatcher.tables()) {
    if (table->protocol == Protocol::query &&
        request.body.contains("Version=" + std::string(table->version))) {
      return std::string(table->name);
    }
  }
  if (is_stage_path(request.target)) return {};
  if (request.target.starts_with("/restapis") || request.target.starts_with("/apikeys") ||
      request.target.starts_with("/usageplans")) {
    return "apigateway";
  }
  return request.target == "/" ? std::string() : "s3";
}

}  // namespace hyd::aws::testing
