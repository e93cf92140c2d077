#include "gateway/request/request_view.h"

#include "aws/envelope.h"
#include "aws/request_id.h"
#include "aws/route.h"
#include "base/check.h"
#include "codec/hex.h"
#include "codec/percent.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <iterator>

namespace hyd::gateway {
namespace {

using Kind = vtl::ContextField::Kind;

constexpr char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

// Nobody behind the gateway sees these (AWS documentation, "Amazon API Gateway important notes").
// Those that the gateway writes itself are left out here and added at the end.
enum class HeaderUse : std::uint8_t {
  shown,
  hidden,
  forwarded_for,
  replaced,
  trace_id,
  content_type,
  content_encoding,
  accept,
  user_agent
};

struct NamedUse {
  std::string_view name;  // in lower case
  HeaderUse use;
};
constexpr NamedUse kUses[] = {
    {"connection", HeaderUse::hidden},
    {"content-length", HeaderUse::hidden},
    {"content-md5", HeaderUse::hidden},
    {"expect", HeaderUse::hidden},
    {"max-forwards", HeaderUse::hidden},
    {"proxy-authenticate", HeaderUse::hidden},
    {"server", HeaderUse::hidden},
    {"te", HeaderUse::hidden},
    {"transfer-encoding", HeaderUse::hidden},
    {"trailer", HeaderUse::hidden},
    {"upgrade", HeaderUse::hidden},
    {"www-authenticate", HeaderUse::hidden},
    {"x-forwarded-for", HeaderUse::forwarded_for},
    {"x-forwarded-port", HeaderUse::replaced},
    {"x-forwarded-proto", HeaderUse::replaced},
    {"x-amzn-trace-id", HeaderUse::trace_id},
    {"content-type", HeaderUse::content_type},
    {"content-encoding", HeaderUse::content_encoding},
    {"accept", HeaderUse::accept},
    {"user-agent", HeaderUse::user_agent},
};

// The lengths of those names: most other headers are told apart by theirs.
constexpr std::uint64_t kLengths = [] {
  std::uint64_t lengths = 0;
  for (const NamedUse& one : kUses) lengths |= std::uint64_t{1} << one.name.size();
  return lengths;
}();

HeaderUse use_of(std::string_view name) {
  if (name.size() > 63 || (kLengths >> name.size() & 1) == 0) return HeaderUse::shown;
  for (const NamedUse& one : kUses) {
    if (one.name.size() == name.size() && equal_ignoring_case(one.name, name)) return one.use;
  }
  return HeaderUse::shown;
}

bool is_uuid(std::string_view text) {
  if (text.size() != kRequestIdChars) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    const char c = lower(text[i]);
    const bool digit = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
    if (dash ? c != '-' : !digit) return false;
  }
  return true;
}

std::string_view trimmed(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

// Whether a field `Root=` is in "Root=1-…;Parent=…;Sampled=1".
bool has_root(std::string_view trace) {
  while (!trace.empty()) {
    const std::size_t end = std::min(trace.find(';'), trace.size());
    if (trimmed(trace.substr(0, end)).starts_with("Root=")) return true;
    trace.remove_prefix(std::min(end + 1, trace.size()));
  }
  return false;
}

void put_hex(std::uint64_t value, char* at, std::size_t digits) {
  for (std::size_t i = digits; i-- > 0; value >>= 4) at[i] = "0123456789abcdef"[value & 15];
}

// "22/Nov/2024:02:59:00 +0000".
void write_request_time(base::WallTime time, std::array<char, 26>& out) {
  constexpr std::string_view kMonths = "JanFebMarAprMayJunJulAugSepOctNovDec";
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(std::chrono::floor<std::chrono::seconds>(time - day));
  const auto month = static_cast<unsigned>(date.month());
  fmt::format_to_n(out.data(), out.size(), "{:02}/{}/{:04}:{:02}:{:02}:{:02} +0000",
                   static_cast<unsigned>(date.day()), kMonths.substr(3uz * (month - 1), 3),
                   static_cast<int>(date.year()), clock.hours().count(), clock.minutes().count(),
                   clock.seconds().count());
}

}  // namespace

bool equal_ignoring_case(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, [](char x, char y) { return lower(x) == lower(y); });
}

std::optional<std::string_view> find_last(std::span<const vtl::NameValue> values,
                                          std::string_view name) {
  for (std::size_t i = values.size(); i > 0; --i) {
    if (values[i - 1].name == name) return values[i - 1].value;
  }
  return std::nullopt;
}

void forget_text(std::string& text) {
  constexpr std::size_t kKeptBytes = 4096;
  if (text.capacity() > kKeptBytes) std::string().swap(text);  // assigning would keep it
  text.clear();
}

std::string media_type_of(std::string_view content_type) {
  std::string type(aws::media_type(content_type));
  std::ranges::transform(type, type.begin(), lower);
  return type;
}

RequestIds RequestIds::make(const net::RequestHead& head, base::Rng& rng) {
  RequestIds ids;
  const std::string_view sent = head.find("x-amzn-requestid").value_or("");
  if (is_uuid(sent)) {
    std::ranges::transform(sent, ids.request_text.begin(), lower);
  } else {
    std::ranges::copy(aws::RequestId::random(rng).text(), ids.request_text.begin());
  }
  constexpr std::string_view kAlphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  // 15 characters of six bits each, ten of them from each draw.
  std::uint64_t bits = rng.next();
  for (std::size_t i = 0; i < kExtendedIdChars - 1; ++i) {
    if (i == 10) bits = rng.next();
    ids.extended_text[i] = kAlphabet[bits & 63];
    bits >>= 6;
  }
  ids.extended_text[kExtendedIdChars - 1] = '=';
  return ids;
}

void RequestView::read(const Arrival& arrival, const RequestIds& ids, base::Rng& rng) {
  ids_ = &ids;
  time_ = arrival.time;
  verb_ = arrival.verb;
  rest_ = arrival.rest;
  host_ = aws::host_without_port(arrival.head.host);
  source_ip_ = arrival.peer.remote.host;
  minor_version_ = arrival.head.minor_version;
  // What is decoded never grows; the port is all that is added.
  constexpr std::size_t kPortDigitsMax = 5;
  kept_.reserve(arrival.head.query.size() + arrival.rest.size() + kPortDigitsMax);
  read_headers(arrival, rng);
  read_query(arrival.head.query);
}

void RequestView::read_headers(const Arrival& arrival, base::Rng& rng) {
  std::string_view trace;
  headers_.reserve(arrival.head.headers.size() + 4);
  for (const net::Header& header : arrival.head.headers) {
    const HeaderUse use = use_of(header.name);
    switch (use) {
      case HeaderUse::hidden:
      case HeaderUse::replaced: continue;
      case HeaderUse::forwarded_for: forwarded_for_.append(header.value).append(", "); continue;
      case HeaderUse::trace_id: trace = header.value; continue;
      case HeaderUse::content_type: content_type_ = header.value; break;
      case HeaderUse::content_encoding: content_encoding_ = header.value; break;
      case HeaderUse::accept: accept_ = header.value; break;
      case HeaderUse::user_agent:
        user_agent_ = header.value;
        has_user_agent_ = true;
        break;
      case HeaderUse::shown: break;
    }
    headers_.push_back({.name = header.name, .value = header.value});
  }
  make_trace_id(trace, arrival.time, rng);
  forwarded_for_.append(source_ip_);
  headers_.push_back({.name = "X-Forwarded-For", .value = forwarded_for_});
  headers_.push_back(
      {.name = "X-Forwarded-Port", .value = keep(std::to_string(arrival.peer.local_port))});
  headers_.push_back({.name = "X-Forwarded-Proto", .value = "http"});
  headers_.push_back({.name = "X-Amzn-Trace-Id", .value = trace_id_});
  media_type_ = aws::media_type(content_type_.empty() ? "application/json" : content_type_);
  std::ranges::transform(media_type_, media_type_.begin(), lower);
}

// Root=1-<8 digits of the second>-<24 random digits>. What a client says beside the root is kept.
void RequestView::make_trace_id(std::string_view sent, base::WallTime now, base::Rng& rng) {
  if (has_root(sent)) {
    trace_id_ = sent;
    return;
  }
  const auto second = static_cast<std::uint32_t>(base::unix_seconds(now));
  const std::uint64_t high = rng.next();
  const auto low = static_cast<std::uint32_t>(rng.next());
  trace_id_ = "Root=1-00000000-000000000000000000000000";
  char* const digits = trace_id_.data();
  put_hex(second, digits + 7, 8);
  put_hex(high, digits + 16, 16);
  put_hex(low, digits + 32, 8);
  if (sent.contains('=')) trace_id_.append(";").append(sent);
}

// Pairs between `&` or `;`; a name without `=` has the empty value.
void RequestView::read_query(std::string_view query) {
  while (!query.empty()) {
    const std::size_t end = std::min(query.find_first_of("&;"), query.size());
    const std::string_view pair = query.substr(0, end);
    query.remove_prefix(std::min(end + 1, query.size()));
    if (pair.empty()) continue;
    const std::size_t equals = std::min(pair.find('='), pair.size());
    const std::string_view value = pair.substr(std::min(equals + 1, pair.size()));
    query_.push_back({.name = decode(pair.substr(0, equals), true), .value = decode(value, true)});
  }
}

void RequestView::set_path(std::span<const PathValue> values) {
  path_.clear();
  path_.reserve(values.size());
  for (const PathValue& value : values) {
    path_.push_back({.name = value.name, .value = decode(value.raw, false)});
  }
}

void RequestView::reset() {
  forget_request();
  stage_variables_.clear();
  for (std::string* text :
       {&kept_, &trace_id_, &forwarded_for_, &media_type_, &path_in_context_, &epoch_}) {
    forget_text(*text);
  }
  stage_ = {};
  ids_ = nullptr;
  has_user_agent_ = false;
}

void RequestView::forget_request() {
  headers_.clear();
  query_.clear();
  path_.clear();
  context_.clear();
  verb_ = rest_ = host_ = source_ip_ = user_agent_ = {};
  content_type_ = accept_ = content_encoding_ = {};
}

std::string_view RequestView::keep(std::string_view text) {
  HYD_CHECK(kept_.size() + text.size() <= kept_.capacity());
  const std::size_t from = kept_.size();
  kept_.append(text);
  return std::string_view(kept_).substr(from);
}

std::string_view RequestView::decode(std::string_view text, bool plus_is_space) {
  if (text.find_first_of(plus_is_space ? "%+" : "%") == std::string_view::npos) return text;
  return keep(plus_is_space ? codec::form_decode_loose(text) : codec::percent_decode_loose(text));
}

std::span<const vtl::NameValue> RequestView::stage_variables() {
  if (stage_variables_.empty()) {
    for (const auto& [name, value] : stage_.stage->variables) {
      stage_variables_.push_back({.name = name, .value = value});
    }
  }
  return stage_variables_;
}

std::span<const vtl::ContextField> RequestView::context() {
  if (context_.empty()) make_context();
  return context_;
}

void RequestView::make_context() {
  write_request_time(time_, request_time_);
  epoch_ = std::to_string(base::unix_ms(time_));
  path_in_context_.assign("/").append(stage_.stage->stage).append(rest_);
  const auto text = [&](std::string_view name, std::string_view value) {
    context_.push_back({.object = {}, .name = name, .value = value, .kind = Kind::text});
  };
  const auto object = [&](std::string_view of, std::string_view name) {
    context_.push_back({.object = of, .name = name, .value = {}, .kind = Kind::object});
  };
  const auto unknown = [&](std::string_view name) {
    context_.push_back({.object = "identity", .name = name, .value = {}, .kind = Kind::null});
  };
  context_.reserve(34);
  text("resourceId", stage_.resource_id);
  text("resourcePath", stage_.resource_path);
  text("httpMethod", verb_);
  text("extendedRequestId", ids_->extended());
  text("requestTime", {request_time_.data(), request_time_.size()});
  text("path", path_in_context_);
  text("accountId", stage_.account);
  text("protocol", minor_version_ == 0 ? "HTTP/1.0" : "HTTP/1.1");
  object("", "requestOverride");
  object("requestOverride", "path");
  object("requestOverride", "header");
  object("requestOverride", "querystring");
  text("stage", stage_.stage->stage);
  text("domainPrefix", host_.substr(0, host_.find('.')));
  context_.push_back(
      {.object = {}, .name = "requestTimeEpoch", .value = epoch_, .kind = Kind::number});
  text("requestId", ids_->request());
  object("", "identity");
  unknown("cognitoIdentityPoolId");
  unknown("accountId");
  unknown("cognitoIdentityId");
  unknown("caller");
  context_.push_back(
      {.object = "identity", .name = "sourceIp", .value = source_ip_, .kind = Kind::text});
  unknown("principalOrgId");
  unknown("accessKey");
  unknown("cognitoAuthenticationType");
  unknown("cognitoAuthenticationProvider");
  unknown("userArn");
  context_.push_back({.object = "identity",
                      .name = "userAgent",
                      .value = user_agent_,
                      .kind = has_user_agent_ ? Kind::text : Kind::null});
  unknown("user");
  text("domainName", host_);
  text("deploymentId", stage_.stage->deployment_id);
  object("", "responseOverride");
  object("responseOverride", "header");
  text("apiId", stage_.stage->api_id);
}

std::optional<std::string_view> RequestView::context_value(std::string_view dotted) {
  const std::size_t dot = dotted.rfind('.');
  const std::string_view of = dot == std::string_view::npos ? "" : dotted.substr(0, dot);
  const std::string_view name = dot == std::string_view::npos ? dotted : dotted.substr(dot + 1);
  for (const vtl::ContextField& field : context()) {
    if (field.object != of || field.name != name) continue;
    if (field.kind == Kind::object || field.kind == Kind::null) return std::nullopt;
    return field.value;
  }
  return std::nullopt;
}

}  // namespace hyd::gateway
