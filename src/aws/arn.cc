#include "aws/arn.h"

#include "aws/region.h"

#include <array>
#include <cstddef>

namespace hyd::aws {

std::optional<Arn> Arn::parse(std::string_view text) {
  std::array<std::string_view, 5> head;  // "arn" and the four parts before the resource
  for (std::string_view& part : head) {
    const std::size_t colon = text.find(':');
    if (colon == std::string_view::npos) return std::nullopt;
    part = text.substr(0, colon);
    text.remove_prefix(colon + 1);
  }
  if (head[0] != "arn" || head[1].empty() || head[2].empty() || text.empty()) return std::nullopt;
  return Arn{.partition = std::string(head[1]),
             .service = std::string(head[2]),
             .region = std::string(head[3]),
             .account = std::string(head[4]),
             .resource = std::string(text)};
}

std::string Arn::text() const {
  std::string out = "arn:";
  for (const std::string* part : {&partition, &service, &region, &account}) {
    out += *part;
    out += ':';
  }
  return out + resource;
}

std::string make_arn(const ArnParts& parts) {
  return Arn{.partition = std::string(partition_of(parts.region)),
             .service = std::string(parts.service),
             .region = std::string(parts.region),
             .account = std::string(parts.account),
             .resource = std::string(parts.resource)}
      .text();
}

}  // namespace hyd::aws
