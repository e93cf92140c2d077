// The request that a template is tried on, put together from flags and files.
#pragma once

#include "base/result.h"
#include "base/units.h"
#include "cli/vtl_options.h"
#include "vtl/sample_request.h"

#include <string>

namespace hyd::cli {

// Above API Gateway's 10 MB, so that a body of exactly the limit can be tried.
inline constexpr base::ByteCount kSampleMax = base::mib(16);
inline constexpr base::ByteCount kTemplateMax = base::mib(1);  // the parser's own limit is lower

struct Sample {
  vtl::SampleRequest request;
  std::optional<std::string> body;  // instead of the request's: any bytes
  // Lends both; they stay where they are.
  vtl::Inputs inputs() const {
    vtl::Inputs inputs = request.inputs();
    if (body) inputs.body = *body;
    return inputs;
  }
};

// Of a request file exactly the members that it has; flags are laid over it.
base::Result<Sample> read_sample(const RequestOptions& options);
// A request file alone.
base::Result<Sample> read_request_file(const std::string& path);

}  // namespace hyd::cli
