#include "net/response.h"

#include "net/characters.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstring>

namespace hyd::net {
namespace {

bool has_no_body(std::uint16_t status) { return status < 200 || status == 204 || status == 304; }

// `length` counts only where the bytes are not here to be counted.
std::uint64_t whole_length(const Response& response, bool to_head) {
  const std::uint64_t here = response.body.size() + response.shared.size();
  const bool told = response.source || to_head || response.status == 304;
  return told ? response.length.value_or(here) : here;
}

// False for what surely has no CR, LF or NUL: eight bytes are looked at together. A byte below 14
// becomes one with its highest bit set when 14 is taken from it (and so may the byte above it).
bool may_split(std::string_view text) {
  constexpr std::uint64_t kEach = 0x0101010101010101;
  std::uint64_t below = 0;
  for (; text.size() >= 8; text.remove_prefix(8)) {
    std::uint64_t word = 0;
    std::memcpy(&word, text.data(), 8);
    below |= (word - kEach * 14) & ~word;
  }
  bool found = (below & kEach * 0x80) != 0;
  for (const char c : text) found |= static_cast<unsigned char>(c) < 14;
  return found;
}

void put_two_digits(char* at, unsigned value) {
  at[0] = static_cast<char>('0' + value / 10);
  at[1] = static_cast<char>('0' + value % 10);
}

}  // namespace

bool Response::add(std::string_view name, std::string_view value) {
  if (!is_token(name)) return false;
  headers.append(name).append(": ");
  const std::size_t from = headers.size();
  headers.append(value);
  if (may_split(value)) {
    const auto splits = [](char c) { return c == '\r' || c == '\n' || c == '\0'; };
    std::replace_if(headers.begin() + static_cast<std::ptrdiff_t>(from), headers.end(), splits,
                    ' ');
  }
  headers.append("\r\n");
  return true;
}

Response Response::text(std::uint16_t status, std::string_view sentence) {
  Response response;
  response.status = status;
  response.fixed_headers = "Content-Type: text/plain\r\n";
  response.body.reserve(sentence.size() + 1);
  response.body.append(sentence).append("\n");
  return response;
}

std::string_view status_line(std::uint16_t status) {
  switch (status) {
    case 100: return "HTTP/1.1 100 Continue\r\n";
    case 200: return "HTTP/1.1 200 OK\r\n";
    case 201: return "HTTP/1.1 201 Created\r\n";
    case 202: return "HTTP/1.1 202 Accepted\r\n";
    case 204: return "HTTP/1.1 204 No Content\r\n";
    case 206: return "HTTP/1.1 206 Partial Content\r\n";
    case 301: return "HTTP/1.1 301 Moved Permanently\r\n";
    case 302: return "HTTP/1.1 302 Found\r\n";
    case 303: return "HTTP/1.1 303 See Other\r\n";
    case 304: return "HTTP/1.1 304 Not Modified\r\n";
    case 307: return "HTTP/1.1 307 Temporary Redirect\r\n";
    case 308: return "HTTP/1.1 308 Permanent Redirect\r\n";
    case 400: return "HTTP/1.1 400 Bad Request\r\n";
    case 401: return "HTTP/1.1 401 Unauthorized\r\n";
    case 403: return "HTTP/1.1 403 Forbidden\r\n";
    case 404: return "HTTP/1.1 404 Not Found\r\n";
    case 405: return "HTTP/1.1 405 Method Not Allowed\r\n";
    case 408: return "HTTP/1.1 408 Request Timeout\r\n";
    case 409: return "HTTP/1.1 409 Conflict\r\n";
    case 411: return "HTTP/1.1 411 Length Required\r\n";
    case 412: return "HTTP/1.1 412 Precondition Failed\r\n";
    case 413: return "HTTP/1.1 413 Content Too Large\r\n";
    case 414: return "HTTP/1.1 414 URI Too Long\r\n";
    case 415: return "HTTP/1.1 415 Unsupported Media Type\r\n";
    case 416: return "HTTP/1.1 416 Range Not Satisfiable\r\n";
    case 417: return "HTTP/1.1 417 Expectation Failed\r\n";
    case 422: return "HTTP/1.1 422 Unprocessable Content\r\n";
    case 429: return "HTTP/1.1 429 Too Many Requests\r\n";
    case 431: return "HTTP/1.1 431 Request Header Fields Too Large\r\n";
    case 500: return "HTTP/1.1 500 Internal Server Error\r\n";
    case 501: return "HTTP/1.1 501 Not Implemented\r\n";
    case 502: return "HTTP/1.1 502 Bad Gateway\r\n";
    case 503: return "HTTP/1.1 503 Service Unavailable\r\n";
    case 504: return "HTTP/1.1 504 Gateway Timeout\r\n";
    case 505: return "HTTP/1.1 505 HTTP Version Not Supported\r\n";
    default: return {};
  }
}

void DateLine::set(base::WallTime now) {
  const std::int64_t second = base::unix_seconds(now);
  if (second == second_) return;
  second_ = second;
  constexpr std::string_view kDays = "SunMonTueWedThuFriSat";
  constexpr std::string_view kMonths = "JanFebMarAprMayJunJulAugSepOctNovDec";
  constexpr std::string_view kShape = "Date: ddd, DD mmm YYYY HH:MM:SS GMT\r\n";
  const auto day = std::chrono::floor<std::chrono::days>(now);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss time(std::chrono::floor<std::chrono::seconds>(now - day));
  const std::size_t weekday = std::chrono::weekday(day).c_encoding();
  const unsigned month = static_cast<unsigned>(date.month());
  const unsigned year = static_cast<unsigned>(static_cast<int>(date.year()));
  char* const line = line_.data();
  kShape.copy(line, kShape.size());
  kDays.copy(line + 6, 3, 3 * weekday);
  put_two_digits(line + 11, static_cast<unsigned>(date.day()));
  kMonths.copy(line + 14, 3, 3uz * (month - 1));
  put_two_digits(line + 18, year / 100 % 100);
  put_two_digits(line + 20, year % 100);
  put_two_digits(line + 23, static_cast<unsigned>(time.hours().count()));
  put_two_digits(line + 26, static_cast<unsigned>(time.minutes().count()));
  put_two_digits(line + 29, static_cast<unsigned>(time.seconds().count()));
}

std::uint64_t body_bytes(const Response& response, bool to_head) {
  return to_head || has_no_body(response.status) ? 0 : whole_length(response, to_head);
}

void append_head(std::string& out, const Response& response, const WriteOptions& options) {
  constexpr std::string_view kClose = "Connection: close\r\n";
  constexpr std::string_view kKeepAlive = "Connection: keep-alive\r\n";
  constexpr std::string_view kLength = "Content-Length: ";
  const std::string_view line = status_line(response.status);
  const std::string_view connection = options.close               ? kClose
                                      : options.http10_keep_alive ? kKeepAlive
                                                                  : std::string_view();
  // RFC 9110, section 8.6: never with 1xx and 204; with 304 only the length that a 200 would have.
  const bool says_length =
      has_no_body(response.status) ? response.status == 304 && response.length.has_value() : true;
  constexpr std::size_t kUnnamedStatusBytesMax = 32;
  constexpr std::size_t kDigitsMax = 20;
  const std::size_t before = out.size();
  const std::size_t most = before + line.size() + kUnnamedStatusBytesMax +
                           options.date_line.size() + response.fixed_headers.size() +
                           response.headers.size() + connection.size() + kLength.size() +
                           kDigitsMax + 4;
  // Grows as push_back would: resize_and_overwrite alone takes exactly what is asked for.
  if (most > out.capacity()) out.reserve(std::max(most, 2 * out.capacity()));
  out.resize_and_overwrite(most, [&](char* start, std::size_t) {
    char* at = start + before;
    const auto put = [&at](std::string_view text) {
      std::memcpy(at, text.data(), text.size());
      at += text.size();
    };
    const auto put_decimal = [&at](std::uint64_t value) {
      at = std::to_chars(at, at + kDigitsMax, value).ptr;
    };
    if (!line.empty()) {
      put(line);
    } else {
      put("HTTP/1.1 ");
      put_decimal(response.status);
      put(" \r\n");
    }
    if (!options.date_line.empty()) put(options.date_line);
    if (!response.fixed_headers.empty()) put(response.fixed_headers);
    if (!response.headers.empty()) put(response.headers);
    if (!connection.empty()) put(connection);
    if (says_length) {
      put(kLength);
      put_decimal(whole_length(response, options.to_head));
      put("\r\n");
    }
    put("\r\n");
    return static_cast<std::size_t>(at - start);
  });
}

}  // namespace hyd::net
