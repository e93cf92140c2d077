#include "vtl/json_compact.h"

#include "codec/hex.h"
#include "vtl/arithmetic.h"
#include "vtl/rendering.h"
#include "vtl/text.h"

#include <algorithm>
#include <array>
#include <bit>
#include <vector>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace hyd::vtl {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Bytes that need a look: control characters, quotes and backslashes, and those that start a
// character which json-smart writes as an escape (U+007F, U+0080 to U+009F, U+2000 to U+20FF).
bool needs_look(unsigned char c) {
  return c < 0x20 || c == '"' || c == '\\' || c == 0x7F || c == 0xC2 || c == 0xE2;
}

// The first byte of [at, size) that needs a look, or size.
std::size_t skip_plain(const char* text, std::size_t at, std::size_t size) {
#if defined(__SSE2__)
  const __m128i control = _mm_set1_epi8(0x1F);
  const auto all = [](int c) { return _mm_set1_epi8(static_cast<char>(c)); };
  for (; at + 16 <= size; at += 16) {
    // SSE2 has no other way to load bytes than through a pointer to its own type.
    __m128i block;
    __builtin_memcpy(&block, text + at, sizeof block);
    __m128i hit = _mm_cmpeq_epi8(_mm_min_epu8(block, control), block);
    hit = _mm_or_si128(hit, _mm_cmpeq_epi8(block, all('"')));
    hit = _mm_or_si128(hit, _mm_cmpeq_epi8(block, all('\\')));
    hit = _mm_or_si128(hit, _mm_cmpeq_epi8(block, all(0x7F)));
    hit = _mm_or_si128(hit, _mm_cmpeq_epi8(block, all(0xC2)));
    hit = _mm_or_si128(hit, _mm_cmpeq_epi8(block, all(0xE2)));
    const auto mask = static_cast<unsigned>(_mm_movemask_epi8(hit));
    if (mask != 0) return at + static_cast<std::size_t>(std::countr_zero(mask));
  }
#endif
  while (at < size && !needs_look(static_cast<unsigned char>(text[at]))) ++at;
  return at;
}

class Compactor {
 public:
  Compactor(std::string_view text, std::uint32_t depth_max, std::string& out)
      : text_(text), depth_max_(depth_max), out_(out) {}

  bool run() {
    skip_space();
    if (peek() != '{' && peek() != '[') return false;
    // A loop with its own stack instead of recursion: `closers_` holds the open containers.
    bool value_done = false;
    do {
      if (!value_done) {
        if (!start_value(value_done)) return false;
      } else if (!continue_container(value_done)) {
        return false;
      }
    } while (!closers_.empty());
    return true;
  }

 private:
  char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  void skip_space() {
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c != ' ' && c != '\n' && c != '\t' && c != '\r') return;
      ++at_;
    }
  }

  // At the start of a value. `done` says whether it is complete; a container is not, unless empty.
  bool start_value(bool& done) {
    const char c = peek();
    done = true;
    switch (c) {
      case '{':
      case '[': {
        if (closers_.size() >= depth_max_) return false;
        const char closer = c == '{' ? '}' : ']';
        out_.push_back(c);
        ++at_;
        skip_space();
        if (peek() == closer) {
          ++at_;
          out_.push_back(closer);
          return true;
        }
        closers_.push_back({closer, keys_.size()});
        done = false;
        return c == '[' || read_key();
      }
      case '"': {
        bool escaped = false;
        return copy_string(escaped);
      }
      case 't': return copy_word("true");
      case 'f': return copy_word("false");
      case 'n': return copy_word("null");
      default: return copy_number();
    }
  }

  // Behind a value inside a container.
  bool continue_container(bool& done) {
    skip_space();
    const Open& open = closers_.back();
    const char c = peek();
    ++at_;
    if (c == ',') {
      out_.push_back(',');
      skip_space();
      done = false;
      return open.closer == ']' || read_key();
    }
    if (c != open.closer) return false;
    if (c == '}' && !keys_differ(open.keys)) return false;
    keys_.resize(open.keys);
    out_.push_back(c);
    closers_.pop_back();
    return true;
  }

  bool read_key() {
    const std::size_t start = at_ + 1;
    bool escaped = false;
    if (peek() != '"' || !copy_string(escaped) || escaped) return false;
    keys_.push_back(text_.substr(start, at_ - 1 - start));
    skip_space();
    if (peek() != ':') return false;
    ++at_;
    out_.push_back(':');
    skip_space();
    return true;
  }

  bool keys_differ(std::size_t from) {
    constexpr std::size_t kPairwiseMax = 12;
    const auto first = keys_.begin() + static_cast<std::ptrdiff_t>(from);
    if (keys_.size() - from > kPairwiseMax) {
      std::sort(first, keys_.end());
      return std::adjacent_find(first, keys_.end()) == keys_.end();
    }
    for (auto a = first; a != keys_.end(); ++a) {
      for (auto b = first; b != a; ++b) {
        if (a->size() == b->size() && *a == *b) return false;
      }
    }
    return true;
  }

  bool copy_word(std::string_view word) {
    if (!text_.substr(at_).starts_with(word)) return false;
    at_ += word.size();
    out_.append(word);
    return ends_scalar();
  }

  // What follows a word or number must separate it; the permissive reader would read on.
  bool ends_scalar() const {
    const char c = peek();
    return c == ',' || c == '}' || c == ']' || c == ' ' || c == '\n' || c == '\r' || c == '\t';
  }

  bool copy_number() {
    const std::size_t start = at_;
    if (peek() == '-') ++at_;
    const std::size_t whole = at_;
    while (is_digit(peek())) ++at_;
    const std::size_t digits = at_ - whole;
    if (digits == 0 || (digits > 1 && text_[whole] == '0')) return false;
    if (peek() != '.' && peek() != 'e' && peek() != 'E') {
      const std::string_view number = text_.substr(start, at_ - start);
      if (number == "-0") return false;
      out_.append(number);
      return ends_scalar();
    }
    if (peek() == '.') {
      ++at_;
      if (!is_digit(peek())) return false;
      while (is_digit(peek())) ++at_;
    }
    if (peek() == 'e' || peek() == 'E') {
      ++at_;
      if (peek() == '+' || peek() == '-') ++at_;
      if (!is_digit(peek())) return false;
      while (is_digit(peek())) ++at_;
    }
    constexpr std::size_t kDoubleCharacters = 18;
    const std::string_view number = text_.substr(start, at_ - start);
    if (number.size() > kDoubleCharacters) return false;
    const double value = parse_double(number);
    if (value - value != 0) return false;  // an infinity
    append_double(value, out_);
    return ends_scalar();
  }

  bool copy_string(bool& escaped) {
    ++at_;
    out_.push_back('"');
    while (true) {
      const std::size_t stop = skip_plain(text_.data(), at_, text_.size());
      out_.append(text_.data() + at_, stop - at_);
      at_ = stop;
      if (at_ == text_.size()) return false;
      const char c = text_[at_];
      if (c == '"') {
        ++at_;
        out_.push_back('"');
        return true;
      }
      if (c == '\\') {
        escaped = true;
        ++at_;
        if (!copy_escape()) return false;
      } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) {
        return false;
      } else {
        const std::size_t start = at_;
        const std::uint32_t point = next_point(text_, at_);
        append_point_escaped(point, text_.substr(start, at_ - start));
      }
    }
  }

  bool copy_escape() {
    const char c = peek();
    ++at_;
    switch (c) {
      case '"':
      case '\\':
      case 'b':
      case 'f':
      case 'n':
      case 'r':
      case 't':
        out_.push_back('\\');
        out_.push_back(c);
        return true;
      case '/': out_.push_back('/'); return true;
      case 'u': return copy_unicode();
      default: return false;
    }
  }

  bool copy_unicode() {
    std::uint32_t unit = 0;
    if (!hex4(unit)) return false;
    if (unit >= 0xDC00 && unit <= 0xDFFF) return false;
    if (unit >= 0xD800 && unit <= 0xDBFF) {
      std::uint32_t low = 0;
      if (!text_.substr(at_).starts_with("\\u")) return false;
      at_ += 2;
      if (!hex4(low) || low < 0xDC00 || low > 0xDFFF) return false;
      unit = 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00);
    }
    std::string character;
    append_point(unit, character);
    if (unit < 0x80) {
      // Quotes, control characters: as the writer would write them.
      std::string quoted;
      append_json_text(character, JsonSlash::plain, quoted);
      out_.append(quoted, 1, quoted.size() - 2);
      return true;
    }
    append_point_escaped(unit, character);
    return true;
  }

  void append_point_escaped(std::uint32_t point, std::string_view bytes) {
    if (!escapes_in_json(point)) {
      out_.append(bytes);
      return;
    }
    constexpr std::string_view kHex = "0123456789ABCDEF";
    out_.append("\\u");
    for (int shift = 12; shift >= 0; shift -= 4) out_.push_back(kHex[point >> shift & 15u]);
  }

  bool hex4(std::uint32_t& unit) {
    for (int i = 0; i < 4; ++i, ++at_) {
      const int digit = codec::hex_digit(peek());
      if (digit < 0) return false;
      unit = unit * 16 + static_cast<std::uint32_t>(digit);
    }
    return true;
  }

  struct Open {
    char closer;
    std::size_t keys;  // where its keys start in keys_
  };
  std::string_view text_;
  std::uint32_t depth_max_;
  std::string& out_;
  std::size_t at_ = 0;
  std::vector<Open> closers_;
  std::vector<std::string_view> keys_;
};

}  // namespace

bool append_compact_json(std::string_view text, std::uint32_t depth_max, std::string& out) {
  const std::size_t before = out.size();
  out.reserve(before + text.size());
  if (Compactor(text, depth_max, out).run()) return true;
  out.resize(before);
  return false;
}

}  // namespace hyd::vtl
