#include "delivery/prefix.h"

#include <cstddef>
#include <utility>

namespace hyd::delivery {

using base::Code;
using base::fail;
using base::Result;

namespace {

constexpr std::string_view kDefaultDate = "yyyy/MM/dd/HH/";
constexpr std::size_t kRandomLength = 11;  // observed

void append_random(base::Rng& rng, std::string& out) {
  constexpr std::string_view kAlphabet =
      "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
  for (std::size_t i = 0; i < kRandomLength; ++i) out += kAlphabet[rng.below(kAlphabet.size())];
}

}  // namespace

Result<void> Prefix::add(std::string_view expression, For what) {
  const std::size_t colon = expression.find(':');
  const std::string_view space = expression.substr(0, colon);
  const std::string_view value =
      colon == std::string_view::npos ? std::string_view() : expression.substr(colon + 1);
  if (space == "timestamp" && !value.empty()) {
    ASSIGN_OR_RETURN(DatePattern date, DatePattern::parse(value));
    parts_.push_back({.literal = {}, .date = std::move(date)});
    return {};
  }
  if (space == "firehose" && value == "random-string") {
    parts_.push_back({.literal = {}, .random = true});
    return {};
  }
  if (space == "firehose" && value == "error-output-type" && what == For::errors) {
    has_error_type_ = true;
    parts_.push_back({.literal = "processing-failed"});
    return {};
  }
  if ((space == "partitionKeyFromQuery" || space == "partitionKeyFromLambda") && !value.empty()) {
    return fail(Code::unsupported, "dynamic partitioning is not available");
  }
  return fail(Code::invalid, "unknown expression !{" + std::string(expression) + "}");
}

Result<Prefix> Prefix::parse(std::string_view text, For what) {
  Prefix prefix;
  while (!text.empty()) {
    const std::size_t start = text.find("!{");
    if (start != 0) prefix.parts_.push_back({.literal = std::string(text.substr(0, start))});
    if (start == std::string_view::npos) break;
    text.remove_prefix(start + 2);
    const std::size_t end = text.find('}');
    if (end == std::string_view::npos) return fail(Code::invalid, "an expression has no end: !{");
    if (auto added = prefix.add(text.substr(0, end), what); !added) {
      return std::move(added).error().within("!{" + std::string(text.substr(0, end)) + "}");
    }
    prefix.has_expressions_ = true;
    text.remove_prefix(end + 1);
  }
  if (!prefix.has_expressions_) {
    ASSIGN_OR_RETURN(DatePattern date, DatePattern::parse(kDefaultDate));
    prefix.parts_.push_back({.literal = {}, .date = std::move(date)});
  }
  return prefix;
}

std::string Prefix::evaluate(base::WallTime oldest, base::Rng& rng) const {
  std::string out;
  for (const Part& part : parts_) {
    out += part.literal;
    if (part.date) part.date->append(oldest, out);
    if (part.random) append_random(rng, out);
  }
  return out;
}

}  // namespace hyd::delivery
