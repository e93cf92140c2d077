// What takes regular expressions: Java's, also where a template's author thinks of plain text.
#include "codec/java_regex.h"
#include "vtl/functions/arguments.h"
#include "vtl/functions/rows.h"
#include "vtl/objects.h"
#include "vtl/render_memory.h"
#include "vtl/text.h"

#include <fmt/core.h>

#include <string>

namespace hyd::vtl::fn {
namespace {

using codec::JavaRegex;

bool text_or_null(const Value& value) { return value.is_text() || value.is_null(); }

// The expression of the first argument. Null when it is no text, or none (then the run has failed).
// Callers look at the classes of the other arguments first: a call that no method takes does
// nothing.
const JavaRegex* regex_of(const Call& call) {
  const Value& pattern = argument(call, 0);
  if (pattern.is_null()) null_argument(call);
  if (!pattern.is_text()) return nullptr;
  if (call.prepared.regex != nullptr) return call.prepared.regex.get();
  return call.run.memory().regexes.get(call.run, pattern.text());
}

// Searches from left to right as Matcher.find does: behind an empty match it goes on one character
// further. What it costs is charged.
class Search {
 public:
  Search(Run& run, const JavaRegex& regex, std::string_view subject)
      : run_(run),
        subject_(subject),
        budget_{run.steps_left()},
        matcher_(regex, subject, budget_) {}

  bool next() {
    if (ended_ || run_.failed()) return false;
    const std::uint64_t before = budget_.steps;
    const base::Result<bool> found = matcher_.find(from_);
    run_.charge(before - budget_.steps + 1);
    budget_.steps = run_.steps_left();
    if (!found) {
      run_.fail(Failure::Reason::steps, found.error().what);
      return false;
    }
    if (!*found) return false;
    from_ = match().end;
    if (match().begin == match().end) {
      ended_ = from_ >= subject_.size();
      if (!ended_) next_point(subject_, from_);
    }
    return true;
  }
  const JavaRegex::Span& match() const { return matcher_.groups()[0]; }
  const std::vector<JavaRegex::Span>& groups() const { return matcher_.groups(); }

 private:
  Run& run_;
  std::string_view subject_;
  codec::RegexBudget budget_;
  JavaRegex::Matcher matcher_;
  std::size_t from_ = 0;
  bool ended_ = false;
};

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Matcher.appendReplacement: $n and ${name} are groups, a backslash takes the next character as it
// is. False, and the run has failed, when the replacement is malformed.
bool append_replacement(const Call& call, const JavaRegex& regex, const Search& search,
                        std::string_view replacement, std::string& out) {
  const std::string_view subject = call.self.text();
  const auto refuse = [&](std::string_view what) {
    call.run.fail(fmt::format("the replacement {} is malformed: {}", replacement, what));
    return false;
  };
  for (std::size_t i = 0; i < replacement.size();) {
    const char c = replacement[i];
    if (c == '\\') {
      if (++i == replacement.size()) return refuse("a backslash at its end");
      out.push_back(replacement[i++]);
      continue;
    }
    if (c != '$') {
      out.push_back(c);
      ++i;
      continue;
    }
    if (++i == replacement.size()) return refuse("a '$' at its end");
    std::size_t group = 0;
    if (replacement[i] == '{') {
      const std::size_t close = replacement.find('}', i);
      if (close == std::string_view::npos) return refuse("a '}' is missing");
      const int known = regex.group(replacement.substr(i + 1, close - i - 1));
      if (known < 0) return refuse("there is no group of that name");
      group = static_cast<std::size_t>(known);
      i = close + 1;
    } else {
      if (!is_digit(replacement[i])) return refuse("a group's number is expected behind '$'");
      group = static_cast<std::size_t>(replacement[i++] - '0');
      if (group > regex.group_count()) return refuse("there is no group of that number");
      while (i < replacement.size() && is_digit(replacement[i])) {
        const std::size_t longer = group * 10 + static_cast<std::size_t>(replacement[i] - '0');
        if (longer > regex.group_count()) break;
        group = longer;
        ++i;
      }
    }
    const JavaRegex::Span& span = search.groups()[group];
    if (span.matched) out.append(subject.substr(span.begin, span.end - span.begin));
  }
  return true;
}

// What an empty expression matches: the places before and behind each UTF-16 unit.
Value between_units(const Call& call, std::string_view piece) {
  const std::string_view text = call.self.text();
  std::string out;
  for (std::size_t at = 0; at < text.size() && call.run.text_fits(out.size());) {
    const std::size_t start = at;
    const bool pair = next_point(text, at) >= 0x10000;
    for (std::size_t unit = 0; unit < (pair ? 2u : 1u); ++unit) {
      append_joined(piece, out);
      append_unit(unit_at(text.substr(start, at - start), unit), out);
    }
  }
  append_joined(piece, out);
  return call.run.make_text(out);
}

// Each UTF-16 unit by itself.
Value split_units(const Call& call, List& parts) {
  const std::string_view text = call.self.text();
  for (std::size_t at = 0; at < text.size() && call.run.charge(1);) {
    const std::size_t start = at;
    const bool pair = next_point(text, at) >= 0x10000;
    const std::string_view character = text.substr(start, at - start);
    if (!pair) append(call.run, parts, Value(character));
    for (std::size_t unit = 0; pair && unit < 2; ++unit) {
      std::string half;
      append_unit(unit_at(character, unit), half);
      append(call.run, parts, call.run.make_text(half));
    }
  }
  if (text.empty()) append(call.run, parts, call.self);
  return Value(&parts);
}

Value replace(const Call& call, bool all) {
  const Value& replacement = argument(call, 1);
  if (!text_or_null(argument(call, 0)) || !text_or_null(replacement)) return Value();
  const JavaRegex* const regex = regex_of(call);
  if (regex == nullptr) return Value();
  const std::string_view subject = call.self.text();
  // Java looks at it once there is something to replace, replaceFirst at once.
  if (replacement.is_null() && !all) return null_argument(call);
  Search search(call.run, *regex, subject);
  std::string out;
  std::size_t done = 0;
  bool any = false;
  while (search.next()) {
    any = true;
    if (replacement.is_null()) return null_argument(call);
    if (all && regex->literal() == "") {
      return append_replacement(call, *regex, search, replacement.text(), out)
                 ? between_units(call, out)
                 : Value();
    }
    out.append(subject.substr(done, search.match().begin - done));
    done = search.match().end;
    if (!append_replacement(call, *regex, search, replacement.text(), out)) return Value();
    if (!call.run.text_fits(out.size())) return Value();
    if (!all) break;
  }
  if (call.run.failed()) return Value();
  if (!any) return call.self;
  out.append(subject.substr(done));
  return call.run.make_text(out);
}

void drop_empty_ends(List& parts) {
  while (parts.size > 0 && parts.items[parts.size - 1].text().empty()) --parts.size;
}

// The common case: no expression at all, no limit.
Value split_at(const Call& call, std::string_view separator, List& parts) {
  const std::string_view subject = call.self.text();
  if (!call.run.charge_bytes(subject.size())) return Value();
  std::size_t done = 0;
  std::size_t at = subject.find(separator);
  if (at == std::string_view::npos) {
    append(call.run, parts, call.self);
    return Value(&parts);
  }
  for (; at != std::string_view::npos; at = subject.find(separator, done)) {
    append(call.run, parts, Value(subject.substr(done, at - done)));
    done = at + separator.size();
    if (!call.run.charge(1)) return Value();
  }
  append(call.run, parts, Value(subject.substr(done)));
  drop_empty_ends(parts);
  return Value(&parts);
}

}  // namespace

Value text_matches(const Call& call) {
  const JavaRegex* const regex = regex_of(call);
  if (regex == nullptr) return Value();
  codec::RegexBudget budget{call.run.steps_left()};
  const base::Result<bool> matched = regex->matches(call.self.text(), budget);
  call.run.charge(call.run.steps_left() - budget.steps);
  if (!matched) return call.run.fail(Failure::Reason::steps, matched.error().what);
  return Value(*matched);
}

Value text_replace_all(const Call& call) { return replace(call, true); }
Value text_replace_first(const Call& call) { return replace(call, false); }

// The parts are pieces of the text itself. Without a limit, empty parts at the end are dropped.
Value text_split(const Call& call) {
  std::int32_t limit = 0;
  if (call.arguments.size() == 2) {
    if (!argument(call, 1).is_integer()) return Value();
    limit = argument(call, 1).integer();
  }
  const JavaRegex* const regex = regex_of(call);
  if (regex == nullptr) return Value();
  const std::string_view subject = call.self.text();
  List* const parts = new_list(call.run, List::Form::array);
  if (const auto literal = regex->literal(); literal && limit == 0) {
    return literal->empty() ? split_units(call, *parts) : split_at(call, *literal, *parts);
  }
  Search search(call.run, *regex, subject);
  std::size_t done = 0;
  bool any = false;
  const auto full = [&] {
    return limit > 0 && parts->size + 1 >= static_cast<std::uint32_t>(limit);
  };
  while (!full() && search.next()) {
    const JavaRegex::Span match = search.match();
    if (done == 0 && match.begin == 0 && match.end == 0) continue;  // no empty part in front
    append(call.run, *parts, Value(subject.substr(done, match.begin - done)));
    done = match.end;
    any = true;
  }
  if (!any) {
    append(call.run, *parts, call.self);
    return Value(parts);
  }
  append(call.run, *parts, Value(subject.substr(done)));
  if (limit == 0) drop_empty_ends(*parts);
  return Value(parts);
}

}  // namespace hyd::vtl::fn
