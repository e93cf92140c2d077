#include "net/http_parser.h"

#include "base/parse_int.h"
#include "net/characters.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <type_traits>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace hyd::net {
namespace {

constexpr bool is_host_char(char c) {
  return detail::is_letter_or_digit(c) || c == '-' || c == '.' || c == '_' || c == '~';
}

constexpr std::array<bool, 256> host_table() {
  std::array<bool, 256> table{};
  for (std::size_t i = 0; i < 128; ++i) table[i] = is_host_char(static_cast<char>(i));
  return table;
}
constexpr std::array<bool, 256> kHostChar = host_table();

// Four scans: for the end of a header name, of a header value, of a target and of a host name. Each
// takes 16 bytes at a step where the processor can and that many are left, and looks at the rest
// one by one. Bytes from `at` to `end` are readable.

#if defined(__SSE2__)

constexpr std::ptrdiff_t kStep = 16;

__m128i load(const char* at) { return _mm_loadu_si128(reinterpret_cast<const __m128i*>(at)); }
__m128i is(__m128i bytes, char c) { return _mm_cmpeq_epi8(bytes, _mm_set1_epi8(c)); }
__m128i either(__m128i a, __m128i b) { return _mm_or_si128(a, b); }

// Lanes with low <= byte <= low + span, unsigned.
__m128i in_range(__m128i bytes, char low, char span) {
  const __m128i from_low = _mm_sub_epi8(bytes, _mm_set1_epi8(low));
  return _mm_cmpeq_epi8(_mm_min_epu8(from_low, _mm_set1_epi8(span)), from_low);
}
__m128i at_most(__m128i bytes, char high) {
  return _mm_cmpeq_epi8(_mm_min_epu8(bytes, _mm_set1_epi8(high)), bytes);
}
__m128i letters_and_digits(__m128i bytes) {
  return either(in_range(either(bytes, _mm_set1_epi8(0x20)), 'a', 'z' - 'a'),
                in_range(bytes, '0', 9));
}

// The first byte whose lane `found` sets; null when there is none in whole steps, and `at` is then
// where they ended.
template <class Found>
const char* first(const char*& at, const char* end, Found&& found) {
  for (; end - at >= kStep; at += kStep) {
    const unsigned mask = static_cast<unsigned>(_mm_movemask_epi8(found(load(at))));
    if (mask != 0) return at + std::countr_zero(mask);
  }
  return nullptr;
}
__m128i none_of(__m128i lanes) { return _mm_cmpeq_epi8(lanes, _mm_setzero_si128()); }

const char* name_end(const char* at, const char* end) {
  // Nearly every name consists of these; the table below knows the others.
  const char* const found = first(at, end, [](__m128i bytes) {
    return none_of(either(letters_and_digits(bytes), either(is(bytes, '-'), is(bytes, '_'))));
  });
  if (found != nullptr) at = found;
  while (at != end && *at != ':' && is_token_char(*at)) ++at;
  return at;
}

const char* value_end(const char* at, const char* end) {
  const char* const found = first(at, end, [](__m128i bytes) {
    return _mm_andnot_si128(is(bytes, '\t'), either(at_most(bytes, 0x1f), is(bytes, 0x7f)));
  });
  if (found != nullptr) return found;
  while (at != end && (!is_control(*at) || *at == '\t')) ++at;
  return at;
}

const char* target_end(const char* at, const char* end) {
  const char* const found =
      first(at, end, [](__m128i bytes) { return either(at_most(bytes, ' '), is(bytes, 0x7f)); });
  if (found != nullptr) return found;
  while (at != end && *at != ' ' && !is_control(*at)) ++at;
  return at;
}

const char* host_end(const char* at, const char* end) {
  const char* const found = first(at, end, [](__m128i bytes) {
    return none_of(either(letters_and_digits(bytes), either(is(bytes, '-'), is(bytes, '.'))));
  });
  if (found != nullptr) at = found;
  while (at != end && kHostChar[static_cast<unsigned char>(*at)]) ++at;
  return at;
}

#else

const char* name_end(const char* at, const char* end) {
  while (at != end && *at != ':' && is_token_char(*at)) ++at;
  return at;
}
const char* value_end(const char* at, const char* end) {
  while (at != end && (!is_control(*at) || *at == '\t')) ++at;
  return at;
}
const char* target_end(const char* at, const char* end) {
  while (at != end && *at != ' ' && !is_control(*at)) ++at;
  return at;
}
const char* host_end(const char* at, const char* end) {
  while (at != end && kHostChar[static_cast<unsigned char>(*at)]) ++at;
  return at;
}

#endif

std::string_view between(const char* from, const char* to) {
  return {from, static_cast<std::size_t>(to - from)};
}

template <class Word>
Word word_at(const char* at) {
  Word word;
  std::memcpy(&word, at, sizeof word);
  return word;
}

// Whether the token `text` is `kName`, which is lower-case letters and '-', and as long as it: by
// words, with the bit set that makes a letter lower-case and leaves '-' alone. No other byte of a
// token becomes a letter or '-' by it.
template <std::size_t kSize>
bool is_named(std::string_view text, const char (&name)[kSize]) {
  constexpr std::size_t kLength = kSize - 1;
  using Word = std::conditional_t<(kLength < 8), std::uint32_t, std::uint64_t>;
  constexpr Word kLower = static_cast<Word>(0x2020202020202020ULL);
  static_assert(kLength >= sizeof(Word));
  Word different = 0;
  for (std::size_t i = 0; i < kLength; i += sizeof(Word)) {
    const std::size_t from = std::min(i, kLength - sizeof(Word));
    different |= (word_at<Word>(text.data() + from) | kLower) ^ word_at<Word>(name + from);
  }
  return different == 0;
}

// Whether a name of this length can be one that take_header knows: most headers stop here.
constexpr bool may_frame(std::size_t name_bytes) {
  constexpr unsigned kLengths = 1U << 4 | 1U << 6 | 1U << 10 | 1U << 14 | 1U << 17;
  return name_bytes < 32 && (kLengths >> name_bytes & 1) != 0;
}

bool is_port(std::string_view text) {
  if (text.size() > 5) return false;  // may be empty: RFC 3986, port = *DIGIT
  unsigned port = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return false;
    port = port * 10 + static_cast<unsigned>(c - '0');
  }
  return port <= 65535;
}

std::optional<std::uint64_t> parse_length(std::string_view text) {
  if (text.empty() || text.size() > 19) return base::parse_int<std::uint64_t>(text);
  std::uint64_t length = 0;  // 19 digits always fit
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    length = length * 10 + static_cast<std::uint64_t>(c - '0');
  }
  return length;
}

bool is_bracketed_host(std::string_view text) {
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

// Bytes up to `readable_end` may be looked at, though only `text` counts.
bool is_host_within(std::string_view text, const char* readable_end) {
  if (text.empty()) return false;
  if (text.front() == '[') return is_bracketed_host(text);
  const char* const end = text.data() + text.size();
  const char* const stop = std::min(host_end(text.data(), readable_end), end);
  const std::size_t name_bytes = static_cast<std::size_t>(stop - text.data());
  if (name_bytes == 0 || name_bytes > 255) return false;  // RFC 1035, section 2.3.4
  return stop == end || (*stop == ':' && is_port(between(stop + 1, end)));
}

}  // namespace

bool is_host(std::string_view text) { return is_host_within(text, text.data() + text.size()); }

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
  if (headers.capacity() > kHeadersMax / 2) std::vector<Header>().swap(headers);
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
    const Line line = have_request_line_ ? parse_headers(at, end) : parse_request_line(at, end);
    if (line == Line::done && !have_end_) continue;
    if (line == Line::done) return finish() == Line::done ? State::complete : State::refused;
    if (line == Line::refused) return State::refused;
    if (data_end <= cap) return State::more;
    // The lines before this one may have used up the room under an older cap.
    if (base_ + line_ != at) continue;
    const bool line_is_long = line_cap <= kHeadBytesMax;
    refuse(!line_is_long        ? Refusal::head_too_large
           : have_request_line_ ? Refusal::header_too_long
                                : Refusal::line_too_long);
    return State::refused;
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
  if (head_.headers.capacity() == 0) head_.headers.reserve(16);
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

// Takes header lines until the empty one or `end`.
RequestParser::Line RequestParser::parse_headers(const char* at, const char* end) {
  while (at != end) {
    if (*at == '\r') {
      if (end - at < 2) return Line::more;
      if (at[1] != '\n') return refuse(Refusal::bare_cr_or_lf);
      line_ += 2;
      have_end_ = true;
      return Line::done;
    }
    const char* const colon = name_end(at, end);
    if (colon == end) return Line::more;
    if (*colon != ':' || colon == at) return refuse_name(at, colon);
    const char* from = colon + 1;
    if (from != end && *from == ' ') ++from;
    while (from != end && (*from == ' ' || *from == '\t')) ++from;
    const char* const stop = value_end(from, end);
    if (stop == end) return Line::more;
    if (*stop != '\r') {
      return refuse(*stop == '\n' ? Refusal::bare_cr_or_lf : Refusal::bad_header_value);
    }
    if (end - stop < 2) return Line::more;
    if (stop[1] != '\n') return refuse(Refusal::bare_cr_or_lf);
    const char* to = stop;
    while (to != from && static_cast<unsigned char>(to[-1]) <= ' ') --to;  // space or tab
    if (head_.headers.size() == kHeadersMax) return refuse(Refusal::too_many_headers);
    const Header& header = head_.headers.emplace_back(between(at, colon), between(from, to));
    if (may_frame(header.name.size()) && take_header(header, end) == Line::refused) {
      return Line::refused;
    }
    at = stop + 2;
    line_ = static_cast<std::size_t>(at - base_);
  }
  return Line::more;
}

RequestParser::Line RequestParser::refuse_name(const char* line, const char* stop) {
  if (*stop == '\n' && stop == line) return refuse(Refusal::bare_cr_or_lf);
  if (*stop != ' ' && *stop != '\t') return refuse(Refusal::bad_header_name);
  return refuse(stop == line ? Refusal::folded_header : Refusal::space_before_colon);
}

// What the headers that frame the message mean. The length of a name is the cheapest first test;
// the work is in functions of its own, so that the headers that mean nothing here stay cheap.
RequestParser::Line RequestParser::take_header(const Header& header, const char* end) {
  switch (header.name.size()) {
    case 4: return is_named(header.name, "host") ? take_host(header.value, end) : Line::done;
    case 6: return is_named(header.name, "expect") ? take_expect(header.value) : Line::done;
    case 10:
      if (is_named(header.name, "connection")) take_connection(header.value);
      return Line::done;
    case 14:
      return is_named(header.name, "content-length") ? take_length(header.value) : Line::done;
    case 17:
      if (!is_named(header.name, "transfer-encoding")) return Line::done;
      if (saw_encoding_ || header.value != "chunked") return refuse(Refusal::bad_encoding);
      saw_encoding_ = true;
      return Line::done;
    default: return Line::done;
  }
}

RequestParser::Line RequestParser::take_expect(std::string_view value) {
  if (head_.minor_version == 0) return Line::done;  // HTTP/1.0 knows no expectations
  if (!equal_ignoring_case(value, "100-continue")) return refuse(Refusal::bad_expectation);
  head_.expect_continue = true;
  return Line::done;
}

RequestParser::Line RequestParser::take_length(std::string_view value) {
  if (head_.content_length) return refuse(Refusal::repeated_length);
  head_.content_length = parse_length(value);
  return head_.content_length ? Line::done : refuse(Refusal::bad_length);
}

RequestParser::Line RequestParser::take_host(std::string_view value, const char* end) {
  if (!head_.host.empty()) return refuse(Refusal::repeated_host);
  if (!is_host_within(value, end)) return refuse(Refusal::bad_host);
  head_.host = value;
  return Line::done;
}

void RequestParser::take_connection(std::string_view value) {
  while (!value.empty()) {
    const std::size_t comma = std::min(value.find(','), value.size());
    const std::string_view option = trim_spaces(value.substr(0, comma));
    if (equal_ignoring_case(option, "close")) saw_close_ = true;
    if (equal_ignoring_case(option, "keep-alive")) saw_keep_alive_ = true;
    value.remove_prefix(std::min(comma + 1, value.size()));
  }
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
