// A definition as JSON text, for the catalog: the members are those of the service's own objects.
#pragma once

#include "base/result.h"
#include "gateway/definition.h"

#include <string>
#include <string_view>

namespace hyd::gateway {

// Equal definitions have equal texts: a snapshot is named by its text's hash.
std::string definition_text(const Definition& definition);

// Exactly what was written. Code::corrupt: this is no such text, or its tree of resources is none
// (every parent there, one root, nothing cyclic).
base::Result<Definition> parse_definition(std::string_view text);

// Stage variables and tags.
std::string text_map_text(const TextMap& map);
base::Result<TextMap> parse_text_map(std::string_view text);

}  // namespace hyd::gateway
