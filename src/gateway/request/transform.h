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

// A larger body goes to a worker at once: reading it would hold up everyone else on the loop.
inline constexpr std::size_t kBodyBytesMaxOnLoop = 256 * 1024;

// Everything is lent until the work is done.
struct TransformWork {
  const vtl::Program* program = nullptr;  // null: the body passes through
  BodyChange change = BodyChange::as_text;
  vtl::Inputs inputs;         // with the body as it came
  bool must_be_json = false;  // a mapping looks into it
};

struct Transformed {
  enum class Kind : std::uint8_t {
    done,
    unchanged,   // the body is the one that came
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

Transformed transform(const TransformWork& work, vtl::Renderer& renderer, std::uint64_t steps_max);

}  // namespace hyd::gateway
