// Velocity as it is without API Gateway: its own defaults, for tests that were written for it.
//
// A null reference prints its source text, macros are on (from a library and inline), #evaluate,
// #parse and #include work, and loops have no limit of rounds. Stages never get here: they parse by
// program.h, which knows none of this.
#pragma once

#include "vtl/render.h"

#include <expected>
#include <optional>
#include <string>
#include <string_view>

namespace hyd::vtl {

// The folder that #parse and #include read from.
class TemplateFiles {
 public:
  virtual ~TemplateFiles() = default;
  // The text of a file, or nothing when there is none. `path` is relative, its parts are joined by
  // '/' and none of them is "." or "..": it cannot lead out of the folder. Symbolic links are the
  // reader's business.
  virtual std::optional<std::string> read(std::string_view path) = 0;
};

struct ClassicInputs {
  // One variable for each member of this object. Its arrays are plain lists.
  const codec::Json* variables = nullptr;
  TemplateFiles* files = nullptr;  // without it nothing is found
  std::string_view macros;         // the text of a macro library
};

struct ClassicFailure {
  std::string file;  // where `place` is; empty for the template itself, "macros" for the library
  Place place;
  std::string what;
};

inline constexpr Limits kClassicLimits = {.output_bytes_max = kOutputBytesMax,
                                          .loop_rounds_max = UINT32_MAX,
                                          .depth_max = kDepthMax,
                                          .steps_max = kStepsMaxOnWorker,
                                          .heap_bytes_max = kHeapBytesMax};

// Parses and renders.
[[nodiscard]] std::expected<Rendered, ClassicFailure> render_classic(
    std::string_view text, const ClassicInputs& inputs, const Limits& limits = kClassicLimits);

}  // namespace hyd::vtl
