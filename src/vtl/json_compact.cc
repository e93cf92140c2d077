#include "vtl/json_compact.h"

#include "codec/hex.h"
#include "codec/utf8.h"
#include "vtl/arithmetic.h"
#include "vtl/rendering.h"
#include "vtl/text.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
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

// One bit of 64, the same for equal keys and most often another for others.
std::uint64_t mark_of(std::string_view key) {
  if (key.empty()) return 1;
  const auto first = static_cast<unsigned char>(key.front());
  const auto last = static_cast<unsigned char>(key.back());
  return std::uint64_t{1} << ((first * 5u + last * 3u + key.size()) & 63u);
}

// How much longer than its source a piece can become: two bytes of U+0080 to an escape of six,
// "1e6" to "1000000.0". Blocks of 16 bytes are written whole, so that some room is left behind the
// end.
constexpr std::size_t kGrowth = 3;
constexpr std::size_t kSlack = 64;

class Compactor {
 public:
  // `out` has room for kGrowth times the text, and kSlack.
  Compactor(std::string_view text, std::uint32_t depth_max, CompactMemory& memory, char* out)
      : text_(text), depth_max_(depth_max), open_(memory.open), keys_(memory.keys), out_(out) {
    open_.clear();
    keys_.clear();
  }

  // The end of what was written; null when this is not for the fast road.
  char* run() {
    skip_space();
    if (peek() != '{' && peek() != '[') return nullptr;
    // A loop with its own stack instead of recursion: `open_` holds the open containers.
    bool value_done = false;
    do {
      if (!value_done) {
        if (!start_value(value_done)) return nullptr;
      } else if (!continue_container(value_done)) {
        return nullptr;
      }
    } while (!open_.empty());
    return out_;
  }

 private:
  void put(char c) { *out_++ = c; }
  void put(std::string_view bytes) {
    std::memcpy(out_, bytes.data(), bytes.size());
    out_ += bytes.size();
  }
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
        if (open_.size() >= depth_max_) return false;
        const char closer = c == '{' ? '}' : ']';
        put(c);
        ++at_;
        skip_space();
        if (peek() == closer) {
          ++at_;
          put(closer);
          return true;
        }
        open_.push_back({closer, keys_.size()});
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
    const CompactMemory::Open open = open_.back();
    const char c = peek();
    ++at_;
    if (c == ',') {
      put(',');
      skip_space();
      done = false;
      return open.closer == ']' || read_key();
    }
    if (c != open.closer) return false;
    if (c == '}' && !keys_differ(open.keys)) return false;
    keys_.resize(open.keys);
    put(c);
    open_.pop_back();
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
    put(':');
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
    // Only a key whose mark was seen before can be one of those before it.
    std::uint64_t seen = 0;
    for (auto a = first; a != keys_.end(); ++a) {
      const std::uint64_t mark = mark_of(*a);
      if ((seen & mark) != 0 && std::find(first, a, *a) != a) return false;
      seen |= mark;
    }
    return true;
  }

  bool copy_word(std::string_view word) {
    if (!text_.substr(at_).starts_with(word)) return false;
    at_ += word.size();
    put(word);
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
      put(number);
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
    number_.clear();
    append_double(value, number_);
    put(number_);
    return ends_scalar();
  }

  bool copy_string(bool& escaped) {
    ++at_;
    put('"');
    while (true) {
      copy_plain();
      if (at_ == text_.size()) return false;
      const char c = text_[at_];
      if (c == '"') {
        ++at_;
        put('"');
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
        put_point(point, text_.substr(start, at_ - start));
      }
    }
  }

  // Up to the next byte that needs a look. Whole blocks are copied before they are looked at: what
  // is too much is written over.
  void copy_plain() {
    const char* const text = text_.data();
    const std::size_t size = text_.size();
#if defined(__SSE2__)
    const __m128i control = _mm_set1_epi8(0x1F);
    const auto all = [](int c) { return _mm_set1_epi8(static_cast<char>(c)); };
    while (at_ + 16 <= size) {
      __m128i block;
      std::memcpy(&block, text + at_, sizeof block);
      std::memcpy(out_, &block, sizeof block);
      __m128i hit = _mm_cmpeq_epi8(_mm_min_epu8(block, control), block);
      hit = _mm_or_si128(hit, _mm_cmpeq_epi8(block, all('"')));
      hit = _mm_or_si128(hit, _mm_cmpeq_epi8(block, all('\\')));
      hit = _mm_or_si128(hit, _mm_cmpeq_epi8(block, all(0x7F)));
      hit = _mm_or_si128(hit, _mm_cmpeq_epi8(block, all(0xC2)));
      hit = _mm_or_si128(hit, _mm_cmpeq_epi8(block, all(0xE2)));
      const auto mask = static_cast<unsigned>(_mm_movemask_epi8(hit));
      const auto count = mask == 0 ? 16u : static_cast<unsigned>(std::countr_zero(mask));
      at_ += count;
      out_ += count;
      if (mask != 0) return;
    }
#endif
    while (at_ < size && !needs_look(static_cast<unsigned char>(text[at_]))) put(text[at_++]);
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
        put('\\');
        put(c);
        return true;
      case '/': put('/'); return true;
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
    codec::append_utf8(unit, character);
    if (unit < 0x80) {
      // Quotes, control characters: as the writer would write them.
      std::string quoted;
      append_json_text(character, JsonSlash::plain, quoted);
      put(std::string_view(quoted).substr(1, quoted.size() - 2));
      return true;
    }
    put_point(unit, character);
    return true;
  }

  void put_point(std::uint32_t point, std::string_view bytes) {
    if (!escapes_in_json(point)) {
      put(bytes);
      return;
    }
    constexpr std::string_view kHex = "0123456789ABCDEF";
    put(std::string_view("\\u"));
    for (int shift = 12; shift >= 0; shift -= 4) put(kHex[point >> shift & 15u]);
  }

  bool hex4(std::uint32_t& unit) {
    for (int i = 0; i < 4; ++i, ++at_) {
      const int digit = codec::hex_digit(peek());
      if (digit < 0) return false;
      unit = unit * 16 + static_cast<std::uint32_t>(digit);
    }
    return true;
  }

  std::string_view text_;
  std::uint32_t depth_max_;
  std::vector<CompactMemory::Open>& open_;
  std::vector<std::string_view>& keys_;
  char* out_;
  std::size_t at_ = 0;
  std::string number_;
};

}  // namespace

bool append_compact_json(std::string_view text, std::uint32_t depth_max, CompactMemory& memory,
                         std::string& out) {
  const std::size_t before = out.size();
  bool compacted = false;
  out.resize_and_overwrite(
      before + text.size() * kGrowth + kSlack, [&](char* bytes, std::size_t) -> std::size_t {
        char* const end = Compactor(text, depth_max, memory, bytes + before).run();
        compacted = end != nullptr;
        return compacted ? static_cast<std::size_t>(end - bytes) : before;
      });
  return compacted;
}

}  // namespace hyd::vtl
