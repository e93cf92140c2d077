// Renders a program: a pure function of the program, the inputs and the limits.
#pragma once

#include "codec/json.h"
#include "vtl/source.h"

#include <cstddef>
#include <cstdint>
#include <expected>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace hyd::vtl {

class Program;

struct NameValue {
  std::string_view name;
  std::string_view value;
};

// One member of $context. `$context.identity.sourceIp` is {"identity", "sourceIp", …}; members of
// $context itself have an empty `object`. A field of kind `object` only says where among its
// siblings an object stands; one that is not listed stands where its first member does.
struct ContextField {
  enum class Kind : std::uint8_t { text, number, boolean, null, object };
  std::string_view object;  // dotted: "identity.clientCert"
  std::string_view name;
  std::string_view value;
  Kind kind = Kind::text;
};

// What templates have written into $context.requestOverride and $context.responseOverride: objects
// as the template left them, or null when it has not touched them. They go from the request
// template to the response template of one call.
struct Overrides {
  codec::Json request;
  codec::Json response;
};

// Everything that a template can see. All bytes are lent for the render. `path`, `query` and
// `headers` are decoded and in the order received; of a repeated name the last one counts.
struct Inputs {
  std::string_view body;  // an empty one reads as {}
  std::span<const NameValue> path;
  std::span<const NameValue> query;
  std::span<const NameValue> headers;
  std::span<const ContextField> context;
  std::span<const NameValue> stage_variables;
  const Overrides* overrides = nullptr;
};

// AWS documents the first ("Amazon API Gateway quotas": 1,000 rounds of a #foreach); the others are
// ours, because a template may not hold up a server that many share.
inline constexpr std::uint32_t kLoopRoundsMax = 1'000;
inline constexpr std::size_t kOutputBytesMax = 20 * 1'000'000;
inline constexpr std::uint32_t kDepthMax = 200;
// On a loop thread, where a render should take a millisecond at most, and on a worker.
inline constexpr std::uint64_t kStepsMaxOnLoop = 50'000;
inline constexpr std::uint64_t kStepsMaxOnWorker = 50'000'000;
// What the values of one render may take; a body of 10 MB made of single digits needs half of it.
inline constexpr std::size_t kHeapBytesMax = 512u << 20;

struct Limits {
  std::size_t output_bytes_max = kOutputBytesMax;  // also of any one text on the way
  std::uint32_t loop_rounds_max = kLoopRoundsMax;  // later rounds are left out without an error
  std::uint32_t depth_max = kDepthMax;             // of values and #define blocks in each other
  std::uint64_t steps_max = kStepsMaxOnWorker;     // instructions, regex steps, blocks of bytes
  std::size_t heap_bytes_max = kHeapBytesMax;
};

struct Rendered {
  std::string output;  // UTF-8
  // Present when the template has read or written an override; else the ones given still hold.
  std::optional<Overrides> overrides;
  std::uint64_t steps = 0;
  std::uint32_t loops_cut = 0;  // loops that had more rounds than the limit
};

struct Failure {
  enum class Reason : std::uint8_t {
    template_error,  // the same inputs fail again
    steps,           // may succeed with more steps, on a worker
    too_large,       // output or memory
    too_deep,
  };
  Reason reason = Reason::template_error;
  Place place;
  std::string what;
};

// Keeps its memory between renders. One thread; programs may be shared with others.
class Renderer {
 public:
  Renderer();
  ~Renderer();
  Renderer(const Renderer&) = delete;
  Renderer& operator=(const Renderer&) = delete;

  [[nodiscard]] std::expected<Rendered, Failure> render(const Program& program,
                                                        const Inputs& inputs,
                                                        const Limits& limits = {});

 private:
  struct Memory;
  std::unique_ptr<Memory> memory_;
};

// For those who render once.
[[nodiscard]] std::expected<Rendered, Failure> render(const Program& program, const Inputs& inputs,
                                                      const Limits& limits = {});

}  // namespace hyd::vtl
