#include "net/http_parser.h"

#include "base/parse_int.h"
#include "net/characters.h"

#include <algorithm>
#include <bit>
#include <cstring>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace hyd::net {
namespace {

// Three scans, 16 bytes at a step where the processor can and that many are left: the end of a
// header name, of a header value and of a target. Each returns the first byte that ends it.

#if defined(__SSE2__)

constexpr std::ptrdiff_t kStep = 16;

__m128i load(const char* at) { return _mm_loadu_si128(reinterpret_cast<const __m128i*>(at)); }

// Lanes with low <= byte <= low + span, unsigned.
__m128i in_range(__m128i bytes, char low, char span) {
  const __m128i from_low = _mm_sub_epi8(bytes, _mm_set1_epi8(low));
  return _mm_cmpeq_epi8(_mm_min_epu8(from_low, _mm_set1_epi8(span)), from_low);
}

std::ptrdiff_t first(unsigned mask) { return std::countr_zero(mask); }
unsigned mask_of(__m128i lanes) { return static_cast<unsigned>(_mm_movemask_epi8(lanes)); }

// Letters, digits, '-' and '_': nearly every name consists of them; the table decides on the rest.
const char* skip_usual_name(const char* at, const char* end) {
  while (end - at >= kStep) {
    const __m128i bytes = load(at);
    const __m128i letters = in_range(_mm_or_si128(bytes, _mm_set1_epi8(0x20)), 'a', 'z' - 'a');
    const __m128i digits = in_range(bytes, '0', 9);
    const __m128i marks = _mm_or_si128(_mm_cmpeq_epi8(bytes, _mm_set1_epi8('-')),
                                       _mm_cmpeq_epi8(bytes, _mm_set1_epi8('_')));
    const unsigned others = mask_of(_mm_or_si128(_mm_or_si128(letters, digits), marks)) ^ 0xffffU;
    if (others != 0) return at + first(others);
    at += kStep;
  }
  return at;
}

const char* skip_plain_value(const char* at, const char* end) {
  while (end - at >= kStep) {
    const __m128i bytes = load(at);
    const __m128i controls =
        _mm_or_si128(in_range(bytes, 0, 0x1f), _mm_cmpeq_epi8(bytes, _mm_set1_epi8(0x7f)));
    const unsigned found =
        mask_of(_mm_andnot_si128(_mm_cmpeq_epi8(bytes, _mm_set1_epi8('\t')), controls));
    if (found != 0) return at + first(found);
    at += kStep;
  }
  return at;
}

const char* skip_plain_target(const char* at, const char* end) {
  while (end - at >= kStep) {
    const __m128i bytes = load(at);
    const unsigned found =
        mask_of(_mm_or_si128(in_range(bytes, 0, 0x20), _mm_cmpeq_epi8(bytes, _mm_set1_epi8(0x7f))));
    if (found != 0) return at + first(found);
    at += kStep;
  }
  return at;
}

#else

const char* skip_usual_name(const char* at, const char*) { return at; }
const char* skip_plain_value(const char* at, const char*) { return at; }
const char* skip_plain_target(const char* at, const char*) { return at; }

#endif

const char* name_end(const char* at, const char* end) {
  at = skip_usual_name(at, end);
  while (at != end && is_token_char(*at)) ++at;
  return at;
}

const char* value_end(const char* at, const char* end) {
  at = skip_plain_value(at, end);
  while (at != end && (!is_control(*at) || *at == '\t')) ++at;
  return at;
}

const char* target_end(const char* at, const char* end) {
  at = skip_plain_target(at, end);
  while (at != end && *at != ' ' && !is_control(*at)) ++at;
  return at;
}

std::string_view between(const char* from, const char* to) {
  return {from, static_cast<std::size_t>(to - from)};
}

// `name` is lower-case; `text` has the same length.
bool is_named(std::string_view text, std::string_view name) {
  return equal_ignoring_case(text, name);
}

bool is_port(std::string_view text) {
  if (text.empty()) return true;  // RFC 3986: port = *DIGIT
  if (text.size() > 5) return false;
  return base::parse_int<std::uint16_t>(text).has_value();
}

}  // namespace

bool is_host(std::string_view text) {
  if (text.starts_with('[')) {
    const std::size_t close = text.find(']');
    if (close == std::string_view::npos || close < 3) return false;
    const std::string_view address = text.substr(1, close - 1);
    if (address.find_first_not_of("0123456789abcdefABCDEF:.") != std::string_view::npos ||
        !address.contains(':')) {
      return false;
    }
    const std::string_view rest = text.substr(close + 1);
    return rest.empty() || (rest.front() == ':' && is_port(rest.substr(1)));
  }
  const std::size_t colon = text.find(':');
  const std::string_view name = text.substr(0, colon);
  if (name.empty() || name.size() > 255) return false;  // RFC 1035, section 2.3.4
  for (const char c : name) {
    if (!detail::is_letter_or_digit(c) && c != '-' && c != '.' && c != '_' && c != '~')
      return false;
  }
  return colon == std::string_view::npos || is_port(text.substr(colon + 1));
}

std::optional<std::string_view> RequestHead::find(std::string_view name) const {
  for (const Header& header : headers) {
    if (equal_ignoring_case(header.name, name)) return header.value;
  }
  return std::nullopt;
}

void RequestParser::reset() {
  // Only the memory of the headers is worth keeping, and only an ordinary request's.
  std::vector<Header> headers = std::move(head_.headers);
  headers.clear();
  if (headers.capacity() > kHeadersMax / 2) headers = {};
  *this = RequestParser();
  head_.headers = std::move(headers);
}

RequestParser::State RequestParser::parse(std::string_view bytes) {
  if (refusal_ != Refusal::none) return State::refused;
  if (have_end_) return State::complete;
  if (bytes.data() != base_) move_views(bytes.data());
  const char* const data_end = base_ + bytes.size();
  while (true) {
    const char* const at = base_ + line_;
    // A line that has not ended at `cap` is too long, whatever follows.
    const std::size_t line_cap = line_ + kLineBytesMax + 2;
    const char* const cap = base_ + std::min(line_cap, kHeadBytesMax);
    const char* const end = std::min(data_end, cap);
    const Line line = have_request_line_ ? parse_header(at, end) : parse_request_line(at, end);
    if (line == Line::refused) return State::refused;
    if (line == Line::more) {
      if (data_end <= cap) return State::more;
      const bool line_is_long = line_cap <= kHeadBytesMax;
      refuse(!line_is_long        ? Refusal::head_too_large
             : have_request_line_ ? Refusal::header_too_long
                                  : Refusal::line_too_long);
      return State::refused;
    }
    if (have_end_) return finish() == Line::done ? State::complete : State::refused;
  }
}

RequestParser::Line RequestParser::parse_request_line(const char* at, const char* end) {
  if (at == end) return Line::more;
  if (*at == '\r' && line_ == 0) {  // one empty line before a request is ignored (RFC 9112, 2.2)
    if (end - at < 2) return Line::more;
    if (at[1] != '\n') return refuse(Refusal::bare_cr_or_lf);
    line_ = 2;
    return Line::done;
  }
  const char* stop = at;
  while (stop != end && is_token_char(*stop)) ++stop;
  if (stop == end) return Line::more;
  if (*stop != ' ' || stop == at) return refuse(Refusal::bad_method);
  head_.method = between(at, stop);
  at = stop + 1;
  stop = target_end(at, end);
  if (stop == end) return Line::more;
  if (*stop == '\r' || *stop == '\n') return refuse(Refusal::bad_version);
  if (*stop != ' ' || stop == at) return refuse(Refusal::bad_target);
  head_.target = between(at, stop);
  return parse_version(stop + 1, end);
}

RequestParser::Line RequestParser::parse_version(const char* at, const char* end) {
  constexpr std::string_view kUsual = "HTTP/1.1\r\n";
  constexpr std::string_view kShape = "HTTP/0.0\r\n";
  const std::size_t have = std::min(static_cast<std::size_t>(end - at), kUsual.size());
  if (have < kUsual.size() || std::memcmp(at, kUsual.data(), kUsual.size()) != 0) {
    for (std::size_t i = 0; i < have; ++i) {
      const bool fits = kShape[i] == '0' ? at[i] >= '0' && at[i] <= '9' : at[i] == kShape[i];
      if (fits) continue;
      return refuse(i < 8 ? Refusal::bad_version : Refusal::bare_cr_or_lf);
    }
    if (have < kShape.size()) return Line::more;
    if (at[5] != '1' || at[7] > '1') return refuse(Refusal::unsupported_version);
    head_.minor_version = at[7] - '0';
  }
  if (split_target() == Line::refused) return Line::refused;
  have_request_line_ = true;
  line_ = static_cast<std::size_t>(at - base_) + kUsual.size();
  return Line::done;
}

RequestParser::Line RequestParser::split_target() {
  std::string_view path = head_.target;
  if (path.front() != '/') {
    if (path == "*" && head_.method == "OPTIONS") {
      head_.path = path;
      return Line::done;
    }
    // Absolute form, which every server must accept (RFC 9112, 3.2.2): http://host/path.
    const std::size_t scheme = path.find("://");
    if (scheme == std::string_view::npos) return refuse(Refusal::bad_target);
    const std::string_view name = path.substr(0, scheme);
    if (!equal_ignoring_case(name, "http") && !equal_ignoring_case(name, "https")) {
      return refuse(Refusal::bad_target);
    }
    path.remove_prefix(scheme + 3);
    const std::size_t slash = path.find_first_of("/?");
    authority_ = path.substr(0, slash);
    if (!is_host(authority_)) return refuse(Refusal::bad_target);
    path = slash == std::string_view::npos ? std::string_view() : path.substr(slash);
  }
  const std::size_t mark = path.find('?');
  head_.path = path.substr(0, mark);
  if (mark != std::string_view::npos) head_.query = path.substr(mark + 1);
  if (head_.path.contains('#') || head_.query.contains('#')) return refuse(Refusal::bad_target);
  return Line::done;
}

RequestParser::Line RequestParser::parse_header(const char* at, const char* end) {
  if (at == end) return Line::more;
  if (*at == '\r') {
    if (end - at < 2) return Line::more;
    if (at[1] != '\n') return refuse(Refusal::bare_cr_or_lf);
    line_ += 2;
    have_end_ = true;
    return Line::done;
  }
  const char* const colon = name_end(at, end);
  if (colon == end) return Line::more;
  if (*colon != ':' || colon == at) {
    if (*colon == '\n' && colon == at) return refuse(Refusal::bare_cr_or_lf);
    const bool space = *colon == ' ' || *colon == '\t';
    if (!space) return refuse(Refusal::bad_header_name);
    return refuse(colon == at ? Refusal::folded_header : Refusal::space_before_colon);
  }
  const char* from = colon + 1;
  while (from != end && (*from == ' ' || *from == '\t')) ++from;
  const char* const stop = value_end(from, end);
  if (stop == end) return Line::more;
  if (*stop != '\r') {
    return refuse(*stop == '\n' ? Refusal::bare_cr_or_lf : Refusal::bad_header_value);
  }
  if (end - stop < 2) return Line::more;
  if (stop[1] != '\n') return refuse(Refusal::bare_cr_or_lf);
  const char* to = stop;
  while (to != from && (to[-1] == ' ' || to[-1] == '\t')) --to;
  line_ = static_cast<std::size_t>(stop + 2 - base_);
  return take_header({.name = between(at, colon), .value = between(from, to)});
}

RequestParser::Line RequestParser::take_header(Header header) {
  if (head_.headers.size() == kHeadersMax) return refuse(Refusal::too_many_headers);
  if (head_.headers.capacity() == 0) head_.headers.reserve(16);
  head_.headers.push_back(header);
  const std::string_view name = header.name;
  const std::string_view value = header.value;
  switch (name.size()) {
    case 4:
      if (is_named(name, "host")) return take_host(value);
      break;
    case 6:
      if (is_named(name, "expect") && head_.minor_version != 0) {
        if (!equal_ignoring_case(value, "100-continue")) return refuse(Refusal::bad_expectation);
        head_.expect_continue = true;
      }
      break;
    case 10:
      if (is_named(name, "connection")) return take_connection(value);
      break;
    case 14:
      if (is_named(name, "content-length")) {
        if (head_.content_length) return refuse(Refusal::repeated_length);
        head_.content_length = base::parse_int<std::uint64_t>(value);
        if (!head_.content_length) return refuse(Refusal::bad_length);
      }
      break;
    case 17:
      if (is_named(name, "transfer-encoding")) {
        if (saw_encoding_ || value != "chunked") return refuse(Refusal::bad_encoding);
        saw_encoding_ = true;
      }
      break;
    default: break;
  }
  return Line::done;
}

RequestParser::Line RequestParser::take_host(std::string_view value) {
  if (!head_.host.empty()) return refuse(Refusal::repeated_host);
  if (!is_host(value)) return refuse(Refusal::bad_host);
  head_.host = value;
  return Line::done;
}

RequestParser::Line RequestParser::take_connection(std::string_view value) {
  while (!value.empty()) {
    const std::size_t comma = std::min(value.find(','), value.size());
    const std::string_view option = trim_spaces(value.substr(0, comma));
    if (equal_ignoring_case(option, "close")) saw_close_ = true;
    if (equal_ignoring_case(option, "keep-alive")) saw_keep_alive_ = true;
    value.remove_prefix(std::min(comma + 1, value.size()));
  }
  return Line::done;
}

RequestParser::Line RequestParser::finish() {
  if (head_.host.empty() && head_.minor_version != 0) return refuse(Refusal::missing_host);
  if (head_.path.empty()) head_.path = "/";  // http://host, not in the buffer
  if (!authority_.empty()) {
    if (head_.host.empty()) head_.host = authority_;
    if (!equal_ignoring_case(authority_, head_.host)) return refuse(Refusal::other_host);
  }
  if (saw_encoding_) {
    if (head_.content_length) return refuse(Refusal::length_and_encoding);
    if (head_.minor_version == 0) return refuse(Refusal::encoding_in_http10);
    head_.chunked = true;
  }
  head_.keep_alive = !saw_close_ && (head_.minor_version != 0 || saw_keep_alive_);
  if (!head_.has_body()) head_.expect_continue = false;
  return Line::done;
}

void RequestParser::move_views(const char* to) {
  const char* const from = base_;
  base_ = to;
  if (!have_request_line_) return;  // the request line is parsed again from its start
  const auto move = [from, to](std::string_view& view) {
    if (view.data() != nullptr) view = {to + (view.data() - from), view.size()};
  };
  move(head_.method);
  move(head_.target);
  move(head_.path);
  move(head_.query);
  move(head_.host);
  move(authority_);
  for (Header& header : head_.headers) {
    move(header.name);
    move(header.value);
  }
}

}  // namespace hyd::net
