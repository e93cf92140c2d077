#include "objects/listing.h"

#include "codec/base64.h"
#include "objects/tables.h"

#include <algorithm>
#include <utility>

namespace hyd::objects {
namespace {

constexpr std::string_view kTokenKey = "1k";
constexpr std::string_view kTokenPrefix = "1p";
constexpr std::size_t kFirstBatch = 32;  // rows read ahead where the next may roll up

struct Position {
  std::string from;
  bool included = true;
};

// Where the page begins; nothing when nothing can be there.
std::optional<Position> first_position(const ListRequest& request) {
  Position position{.from = request.prefix, .included = true};
  if (!request.after) return position;
  std::string_view below = request.after->text;
  bool is_prefix = request.after->is_prefix;
  // A key below a rolled-up prefix stands for all of it.
  if (const auto rolled = rolled_up(below, request); rolled && below.starts_with(request.prefix)) {
    below = *rolled;
    is_prefix = true;
  }
  Position behind{.from = std::string(below), .included = false};
  if (is_prefix) {
    std::optional<std::string> next = successor(below);
    if (!next) return std::nullopt;
    behind = {.from = *std::move(next), .included = true};
  }
  return behind.from < position.from ? position : behind;
}

}  // namespace

std::string to_token(const Marker& marker) {
  std::string text(marker.is_prefix ? kTokenPrefix : kTokenKey);
  text += marker.text;
  return codec::base64_encode(text);
}

std::optional<Marker> marker_of_token(std::string_view token) {
  const base::Result<std::string> text = codec::base64_decode(token);
  if (!text || text->size() < kTokenKey.size()) return std::nullopt;
  const std::string_view kind = std::string_view(*text).substr(0, kTokenKey.size());
  if (kind != kTokenKey && kind != kTokenPrefix) return std::nullopt;
  return Marker{.text = text->substr(kTokenKey.size()), .is_prefix = kind == kTokenPrefix};
}

std::optional<std::string> successor(std::string_view prefix) {
  std::string next(prefix);
  while (!next.empty() && static_cast<unsigned char>(next.back()) == 0xFF) next.pop_back();
  if (next.empty()) return std::nullopt;
  next.back() = static_cast<char>(static_cast<unsigned char>(next.back()) + 1);
  return next;
}

std::optional<std::string_view> rolled_up(std::string_view key, const ListRequest& request) {
  if (request.delimiter.empty()) return std::nullopt;
  const std::size_t at = key.find(request.delimiter, request.prefix.size());
  if (at == std::string_view::npos) return std::nullopt;
  return key.substr(0, at + request.delimiter.size());
}

base::Result<Listing> list(catalog::Queryable& from, const ListRequest& request) {
  Listing page;
  std::optional<Position> at = first_position(request);
  if (request.most == 0) return page;
  std::size_t count = 0;
  std::size_t batch = request.delimiter.empty() ? request.most + 1 : kFirstBatch;
  Marker last;
  while (at) {
    ASSIGN_OR_RETURN(std::vector<Object> rows, read_objects(from, {.bucket = request.bucket,
                                                                   .from = at->from,
                                                                   .from_included = at->included,
                                                                   .most = batch}));
    const bool at_the_end = rows.size() < batch;
    bool skipped = false;
    for (Object& row : rows) {
      if (!row.key.starts_with(request.prefix)) return page;
      if (count == request.most) {
        page.next = std::move(last);
        return page;
      }
      ++count;
      if (const auto rolled = rolled_up(row.key, request)) {
        last = {.text = std::string(*rolled), .is_prefix = true};
        page.prefixes.push_back(last.text);
        std::optional<std::string> next = successor(last.text);
        at = next ? std::optional<Position>({.from = *std::move(next), .included = true})
                  : std::nullopt;
        skipped = true;
        break;
      }
      last = {.text = row.key, .is_prefix = false};
      at = Position{.from = row.key, .included = false};
      page.objects.push_back(std::move(row));
    }
    if (at_the_end && !skipped) return page;
    batch = skipped ? kFirstBatch : std::min(2 * batch, kPageMax + 1);
  }
  return page;
}

}  // namespace hyd::objects
