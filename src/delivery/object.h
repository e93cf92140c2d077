// An object from its intent: a pure function of the log, the configuration and the intent, so that
// building again gives the same records in the same order.
#pragma once

#include "base/result.h"
#include "delivery/config.h"
#include "delivery/intent.h"
#include "delivery/merge.h"

#include <string>
#include <utility>
#include <vector>

namespace hyd::delivery {

struct Object {
  std::vector<std::string> pieces;  // of the body
  std::vector<std::pair<std::string, std::string>> headers;
};

// Blocks: for a worker. Code::corrupt: the records that the intent names cannot all be read; no
// shorter object is ever made.
base::Result<Object> build_object(const Intent& intent, const Plan& plan, Merge::Parts parts);

// Content type and encoding, and which records are inside (docs/formats/delivery.md).
std::vector<std::pair<std::string, std::string>> object_headers(const Intent& intent,
                                                                Compression compression);

}  // namespace hyd::delivery
