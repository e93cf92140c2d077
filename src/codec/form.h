// application/x-www-form-urlencoded bodies, as the Query protocol and web forms send them.
#pragma once

#include "base/result.h"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hyd::codec {

// Pairs in the order of arrival, names may repeat.
using Form = std::vector<std::pair<std::string, std::string>>;

struct FormLimits {
  std::size_t pairs_max = 10'000;
};

// Pieces between `&`, each cut at its first `=`; a piece without one has an empty value, an empty
// piece is none. Code::invalid: a bad escape; Code::exhausted: too many pairs.
base::Result<Form> parse_form(std::string_view text, FormLimits limits = {});

// The first value of that name, null when there is none.
const std::string* find(const Form& form, std::string_view name);

std::string to_text(const Form& form);

}  // namespace hyd::codec
