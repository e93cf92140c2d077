// What a stage adds to every request, for templates that are tried without one: the gateway's
// headers and $context. Always the same values, so that the same command prints the same bytes.
#pragma once

#include "codec/json.h"

namespace hyd::vtl {

// In the form of sample_request.h, without a body.
codec::Json usual_request();

}  // namespace hyd::vtl
