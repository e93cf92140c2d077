// The pure part of a request's way: a body becomes another one, by a program or as it is. On the
// loop when that is quick, else on a worker, with the same result.
#pragma once

#include "gateway/request/content_handling.h"
#include "vtl/program.h"
#include "vtl/render.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hyd::gateway {

// The largest body of a request (AWS documentation, "Amazon API Gateway quotas").
inline constexpr std::size_t kBodyBytesMax = 10'485'760;

// A larger body goes to a worker at once: reading it would hold up everyone else on the loop.
inline constexpr std::size_t kBodyBytesMaxOnLoop = 256 * 1024;

// How a body was packed (Content-Encoding), where the API unpacks at all.
enum class Packing : std::uint8_t { none, gzip, deflate };

// Everything is lent until the work is done.
struct TransformWork {
  Packing packing = Packing::none;
  const vtl::Program* program = nullptr;  // null: the body passes through
  BodyChange change = BodyChange::as_text;
  vtl::Inputs inputs;         // with the body as it came
  bool must_be_json = false;  // a mapping looks into it
};

struct Transformed {
  enum class Kind : std::uint8_t {
    done,
    unchanged,   // the body is the one that came
    too_much,    // more was packed into the body than the limit
    not_packed,  // it is not packed as it says
    not_json,    // it begins like JSON and is none
    not_usable,  // a template on bytes, or bytes that are no base64
    failed,      // the template; see `failure`
  };
  Kind kind = Kind::done;
  std::string body;
  std::optional<vtl::Overrides> overrides;
  vtl::Failure failure;
  std::uint32_t loops_cut = 0;
};

struct TransformLimits {
  std::uint64_t steps_max = 0;
  std::size_t unpacked_bytes_max = 0;
};
inline constexpr TransformLimits kLimitsOnLoop{.steps_max = vtl::kStepsMaxOnLoop,
                                               .unpacked_bytes_max = kBodyBytesMaxOnLoop};
inline constexpr TransformLimits kLimitsOnWorker{.steps_max = vtl::kStepsMaxOnWorker,
                                                 .unpacked_bytes_max = kBodyBytesMax};

Transformed transform(const TransformWork& work, vtl::Renderer& renderer,
                      const TransformLimits& limits);

// True when the limits of a loop were too small, so that a worker may do it.
bool may_succeed_on_worker(const Transformed& transformed);

}  // namespace hyd::gateway
