#include "streams/ops/specs.h"

#include <algorithm>
#include <cstddef>

namespace hyd::streams::specs {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// `0` or up to `digits_max` digits, the first of which is not 0.
bool is_whole(std::string_view text, std::size_t digits_max) {
  if (text == "0") return true;
  return !text.empty() && text.size() <= digits_max && text.front() != '0' &&
         std::ranges::all_of(text, is_digit);
}

bool is_visible(char c) {
  return c != ' ' && c != '\t' && c != '\n' && c != '\v' && c != '\f' && c != '\r';
}

// What stands behind "arn:aws.*:kinesis:" at the first place where it can; nothing when it does not
// begin so.
std::string_view behind_service(std::string_view text) {
  constexpr std::string_view kHead = "arn:aws";
  constexpr std::string_view kService = ":kinesis:";
  if (!text.starts_with(kHead)) return {};
  const std::size_t service = text.find(kService, kHead.size());
  return service == std::string_view::npos ? std::string_view()
                                           : text.substr(service + kService.size());
}

// ".*:\d{12}:" ends at `at`.
bool account_ends_at(std::string_view text, std::size_t at) {
  constexpr std::size_t kDigits = 12;
  return at >= kDigits + 2 && text[at - 1] == ':' && text[at - kDigits - 2] == ':' &&
         std::ranges::all_of(text.substr(at - kDigits - 1, kDigits), is_digit);
}

// Whether some "stream/" stands right behind an account (or, `loose`, anywhere behind one) and what
// follows it is good.
template <class Good>
bool has_stream(std::string_view text, bool loose, Good good) {
  constexpr std::string_view kStream = "stream/";
  const std::string_view rest = behind_service(text);
  bool account = false;
  std::size_t seen = 0;
  for (std::size_t at = rest.find(kStream); at != std::string_view::npos;
       at = rest.find(kStream, at + 1)) {
    if (!loose) account = false;
    for (std::size_t i = loose ? seen : at; i <= at && !account; ++i) {
      account = account_ends_at(rest, i);
    }
    seen = at;
    if (account && good(rest.substr(at + kStream.size()))) return true;
  }
  return false;
}

bool is_visible_text(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, is_visible);
}

// NAME/consumer/NAME:DIGITS
bool is_consumer_tail(std::string_view text) {
  constexpr std::string_view kConsumer = "/consumer/";
  const std::size_t consumer = text.find(kConsumer);
  const std::size_t colon = text.rfind(':');
  if (consumer == std::string_view::npos || colon == std::string_view::npos) return false;
  const std::size_t name = consumer + kConsumer.size();
  if (colon < name) return false;
  const std::string_view second = text.substr(colon + 1);
  return is_name(text.substr(0, consumer)) && is_name(text.substr(name, colon - name)) &&
         !second.empty() && std::ranges::all_of(second, is_digit);
}

}  // namespace

bool is_name(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c) || c == '_' ||
           c == '.' || c == '-';
  });
}

bool is_hash_key(std::string_view text) { return is_whole(text, 39); }
bool is_sequence(std::string_view text) { return is_whole(text, 129); }

bool is_stream_arn(std::string_view text) { return has_stream(text, false, is_visible_text); }
bool is_resource_arn(std::string_view text) { return has_stream(text, true, is_visible_text); }
bool is_consumer_arn(std::string_view text) { return has_stream(text, true, is_consumer_tail); }

}  // namespace hyd::streams::specs
