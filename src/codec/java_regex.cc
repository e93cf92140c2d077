#include "codec/java_regex.h"

#include "codec/java_regex_translate.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <fmt/core.h>
#include <pcre2.h>

#include <algorithm>
#include <array>
#include <map>
#include <utility>

namespace hyd::codec {
namespace {

struct FreeCode {
  void operator()(pcre2_code* code) const { pcre2_code_free(code); }
};
struct FreeData {
  void operator()(pcre2_match_data* data) const { pcre2_match_data_free(data); }
};
struct FreeContext {
  void operator()(pcre2_match_context* context) const { pcre2_match_context_free(context); }
};

PCRE2_SPTR bytes(std::string_view text) { return reinterpret_cast<PCRE2_SPTR>(text.data()); }

// The text that a pattern stands for: no special characters, or escaped punctuation.
std::optional<std::string> plain_text(std::string_view pattern) {
  constexpr std::string_view kSpecial = ".$|()[{^?*+\\";
  std::string text;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    char c = pattern[i];
    if (c == '\\') {
      if (++i == pattern.size()) return std::nullopt;
      c = pattern[i];
      const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
      if (letter || (c >= '0' && c <= '9')) return std::nullopt;
    } else if (kSpecial.find(c) != std::string_view::npos) {
      return std::nullopt;
    }
    text.push_back(c);
  }
  return text;
}

// Lone surrogate halves are no UTF-8; in their place stands U+FFFD, which has as many bytes.
std::string clean(std::string_view subject) {
  std::string out;
  for (std::size_t i = subject.find('\xED'); i != std::string_view::npos;
       i = subject.find('\xED', i + 1)) {
    if (i + 2 >= subject.size() || static_cast<unsigned char>(subject[i + 1]) < 0xA0) continue;
    if (out.empty()) out = std::string(subject);
    out.replace(i, 3, "\xEF\xBF\xBD");
  }
  return out;
}

}  // namespace

struct JavaRegex::Compiled {
  std::unique_ptr<pcre2_code, FreeCode> code;  // null when `literal` is all of it
  std::optional<std::string> literal;
  std::map<std::string, int, std::less<>> names;
  int groups = 0;
};

struct JavaRegex::Matcher::State {
  std::unique_ptr<pcre2_match_data, FreeData> data;
  std::unique_ptr<pcre2_match_context, FreeContext> context;
};

JavaRegex::JavaRegex(std::unique_ptr<const Compiled> compiled) : compiled_(std::move(compiled)) {}
JavaRegex::JavaRegex(JavaRegex&&) noexcept = default;
JavaRegex& JavaRegex::operator=(JavaRegex&&) noexcept = default;
JavaRegex::~JavaRegex() = default;

base::Result<JavaRegex> JavaRegex::compile(std::string_view pattern, Flags flags) {
  auto compiled = std::make_unique<Compiled>();
  if (!flags.ignore_case && !flags.comments) compiled->literal = plain_text(pattern);
  if (compiled->literal) return JavaRegex(std::move(compiled));

  ASSIGN_OR_RETURN(TranslatedRegex translated, translate_regex(pattern, flags));
  int error = 0;
  PCRE2_SIZE where = 0;
  compiled->code.reset(pcre2_compile(bytes(translated.pattern), translated.pattern.size(),
                                     PCRE2_UTF | PCRE2_DOTALL | PCRE2_DOLLAR_ENDONLY, &error,
                                     &where, nullptr));
  if (compiled->code == nullptr) {
    std::array<PCRE2_UCHAR, 120> message{};
    pcre2_get_error_message(error, message.data(), message.size());
    return base::fail(base::Code::unsupported,
                      fmt::format("regular expression {}: {}", pattern,
                                  reinterpret_cast<const char*>(message.data())));
  }
  compiled->names = std::move(translated.names);
  compiled->groups = translated.groups;
  return JavaRegex(std::move(compiled));
}

std::optional<std::string_view> JavaRegex::literal() const {
  if (!compiled_->literal) return std::nullopt;
  return *compiled_->literal;
}

int JavaRegex::group(std::string_view name) const {
  const auto known = compiled_->names.find(name);
  return known == compiled_->names.end() ? -1 : known->second;
}

std::size_t JavaRegex::group_count() const { return static_cast<std::size_t>(compiled_->groups); }

base::Result<bool> JavaRegex::matches(std::string_view subject, RegexBudget& budget) const {
  if (compiled_->literal) return subject == *compiled_->literal;
  return Matcher(*this, subject, budget).run(0, true);
}

JavaRegex::Matcher::Matcher(const JavaRegex& regex, std::string_view subject, RegexBudget& budget)
    : regex_(regex), subject_(subject), budget_(budget) {
  groups_.resize(regex.group_count() + 1);
  if (regex.compiled_->code == nullptr) return;
  cleaned_ = clean(subject);
  if (!cleaned_.empty()) subject_ = cleaned_;
  state_ = std::make_unique<State>();
  state_->data.reset(pcre2_match_data_create_from_pattern(regex.compiled_->code.get(), nullptr));
  state_->context.reset(pcre2_match_context_create(nullptr));
}

JavaRegex::Matcher::~Matcher() = default;

base::Result<bool> JavaRegex::Matcher::find(std::size_t from) {
  if (from > subject_.size()) return false;
  if (state_ != nullptr) return run(from, false);
  const std::string& text = *regex_.compiled_->literal;
  const std::size_t at = subject_.find(text, from);
  const std::size_t looked = (at == std::string_view::npos ? subject_.size() : at) - from;
  constexpr std::size_t kBytesPerStep = 256;
  const std::uint64_t cost = looked / kBytesPerStep;
  if (cost > budget_.steps) return base::fail(base::Code::exhausted, "too much text to search");
  budget_.steps -= cost;
  if (at == std::string_view::npos) return false;
  groups_[0] = {at, at + text.size(), true};
  return true;
}

// The engine can be told how many steps it may take but does not say how many it took. So it starts
// with few and gets four times as many each time they do not suffice: what is charged is at most
// four times what was used, and all attempts together cost little more than the last.
base::Result<bool> JavaRegex::Matcher::run(std::size_t from, bool whole) {
  constexpr std::uint64_t kFirstLimit = 64;
  constexpr std::uint64_t kLimitMax = UINT32_MAX;
  constexpr std::uint32_t kHeapKibMax = 64 * 1024;
  pcre2_set_heap_limit(state_->context.get(), kHeapKibMax);
  const std::uint32_t options =
      PCRE2_NO_UTF_CHECK | (whole ? PCRE2_ANCHORED | PCRE2_ENDANCHORED : 0u);
  std::uint64_t limit = std::min(kFirstLimit, budget_.steps);
  while (true) {
    pcre2_set_match_limit(state_->context.get(), static_cast<std::uint32_t>(limit));
    const int count = pcre2_match(regex_.compiled_->code.get(), bytes(subject_), subject_.size(),
                                  from, options, state_->data.get(), state_->context.get());
    if (count == PCRE2_ERROR_MATCHLIMIT && limit < std::min(budget_.steps, kLimitMax)) {
      limit = std::min({limit * 4, budget_.steps, kLimitMax});
      continue;
    }
    if (count < 0 && count != PCRE2_ERROR_NOMATCH) {
      budget_.steps = 0;
      return base::fail(base::Code::exhausted, "the regular expression takes too many steps");
    }
    budget_.steps -= std::min(budget_.steps, limit == kFirstLimit ? 1 : limit);
    if (count == PCRE2_ERROR_NOMATCH) return false;
    const PCRE2_SIZE* const ends = pcre2_get_ovector_pointer(state_->data.get());
    for (std::size_t i = 0; i < groups_.size(); ++i) {
      const bool set = static_cast<int>(i) < count && ends[2 * i] != PCRE2_UNSET;
      groups_[i] = set ? Span{ends[2 * i], ends[2 * i + 1], true} : Span{};
    }
    return true;
  }
}

}  // namespace hyd::codec
