#include "aws/canonical.h"

#include "codec/percent.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace hyd::aws {
namespace {

bool is_blank(char c) { return c == ' ' || c == '\t'; }
// Calls `use` with each piece between the separators, empty ones too.
template <class Use>
void split(std::string_view text, char separator, Use use) {
  while (true) {
    const std::size_t end = text.find(separator);
    use(text.substr(0, end));
    if (end == std::string_view::npos) return;
    text.remove_prefix(end + 1);
  }
}

void append_segments_once(std::string_view path, std::string& out) {
  bool first = true;
  split(path, '/', [&](std::string_view segment) {
    if (!first) out += '/';
    first = false;
    codec::append_percent_encoded(codec::percent_decode_loose(segment), out);
  });
}

std::string without_dots(std::string_view path) {
  std::vector<std::string_view> kept;
  split(path, '/', [&](std::string_view segment) {
    if (segment.empty() || segment == ".") return;
    if (segment != "..") return kept.push_back(segment);
    if (!kept.empty()) kept.pop_back();
  });
  std::string out;
  for (const std::string_view segment : kept) {
    out += '/';
    out += segment;
  }
  if (path.ends_with('/') || out.empty()) out += '/';
  return out;
}

}  // namespace

void append_canonical_path(std::string_view path, PathRule rule, std::string& out) {
  if (path.empty() || path == "/") {
    out += '/';
    return;
  }
  switch (rule) {
    case PathRule::once: return append_segments_once(path, out);
    case PathRule::twice:
      return codec::append_percent_encoded(without_dots(path), out, codec::Slash::keep);
    case PathRule::raw: out += path; return;
  }
}

void append_canonical_query(std::string_view query, QueryRule rule, std::string& out) {
  if (query.empty()) return;
  const auto recode = [&](std::string_view text) {
    return codec::percent_encode(rule.plus_is_space ? codec::form_decode_loose(text)
                                                    : codec::percent_decode_loose(text));
  };
  std::vector<std::pair<std::string, std::string>> pairs;
  split(query, '&', [&](std::string_view pair) {
    if (pair.empty()) return;
    const std::size_t equals = pair.find('=');
    std::string name = recode(pair.substr(0, equals));
    if (rule.drop_signature && name == "X-Amz-Signature") return;
    pairs.emplace_back(std::move(name), equals == std::string_view::npos
                                            ? std::string()
                                            : recode(pair.substr(equals + 1)));
  });
  std::ranges::sort(pairs);
  bool first = true;
  for (const auto& [name, value] : pairs) {
    if (!first) out += '&';
    first = false;
    out += name;
    out += '=';
    out += value;
  }
}

void append_canonical_value(std::string_view value, std::string& out) {
  if (!value.contains(' ') && !value.contains('\t')) {
    out += value;
    return;
  }
  std::size_t start = 0;
  bool gap = false;  // blanks have been passed since something was copied
  bool copied = false;
  for (std::size_t i = 0; i <= value.size(); ++i) {
    const bool blank = i < value.size() && is_blank(value[i]);
    if (i < value.size() && !blank) continue;
    if (i > start) {
      if (copied && gap) out += ' ';
      out.append(value, start, i - start);
      copied = true;
      gap = false;
    }
    gap = gap || blank;
    start = i + 1;
  }
}

bool append_canonical_header(std::span<const HeaderView> headers, std::string_view name,
                             std::string& out) {
  bool found = false;
  for (const HeaderView& header : headers) {
    if (!equal_ignoring_case(header.name, name)) continue;
    if (found) out += ',';
    append_canonical_value(header.value, out);
    found = true;
  }
  return found;
}

}  // namespace hyd::aws
