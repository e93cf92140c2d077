// The state of one render that its functions share: memory, budget, inputs and the first failure.
//
// A function that fails calls fail() and returns anything; the machine stops behind it. One thread.
#pragma once

#include "vtl/heap.h"
#include "vtl/render.h"
#include "vtl/value.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace hyd::vtl {

class Document;
struct RenderMemory;

// Renders what #define has stored; the machine does.
class BlockRenderer {
 public:
  virtual ~BlockRenderer() = default;
  // False when the block is too deep in itself: it then has no text, and null instead.
  virtual bool render_block(Block& block, std::string& out) = 0;
};

class Run {
 public:
  Run(Heap& heap, const Inputs& inputs, const Limits& limits, RenderMemory& memory)
      : heap_(heap),
        inputs_(inputs),
        limits_(limits),
        memory_(memory),
        steps_left_(limits.steps_max) {}

  Heap& heap() { return heap_; }
  const Inputs& inputs() const { return inputs_; }
  const Limits& limits() const { return limits_; }
  RenderMemory& memory() { return memory_; }
  Document& document() { return *document_; }
  void set_document(Document& document) { document_ = &document; }
  void set_blocks(BlockRenderer& blocks) { blocks_ = &blocks; }
  BlockRenderer& blocks() { return *blocks_; }

  // True when nothing more may be done: something failed, or #stop was met.
  // What $input.params() has returned; null before.
  Map*& params() { return params_; }

  bool failed() const { return failed_; }
  bool stopped() const { return stopped_; }
  void stop() { failed_ = stopped_ = true; }
  Failure::Reason reason() const { return reason_; }
  const std::string& what() const { return what_; }
  // The first one counts. Returns null, for functions to return.
  Value fail(std::string_view what) { return fail(Failure::Reason::template_error, what); }
  Value fail(Failure::Reason reason, std::string_view what);

  // Takes steps from the budget; false, and failed, when there are not enough.
  bool charge(std::uint64_t steps) {
    if (steps <= steps_left_) {
      steps_left_ -= steps;
      return true;
    }
    steps_left_ = 0;
    fail(Failure::Reason::steps, "the template takes too many steps");
    return false;
  }
  // Work on bytes: a step for each 256.
  bool charge_bytes(std::size_t bytes) { return charge(bytes / kBytesPerStep); }
  std::uint64_t steps_left() const { return steps_left_; }

  // Bytes of the inputs as text: what is no UTF-8 becomes U+FFFD.
  Value input_text(std::string_view bytes);
  // A text of this render; fails when it is longer than the output may be or memory is used up.
  Value make_text(std::string_view text);
  // Whether another `bytes` may be put on the heap; fails when not.
  bool reserve(std::size_t bytes);
  bool text_fits(std::size_t bytes) {
    if (bytes <= limits_.output_bytes_max) return true;
    fail(Failure::Reason::too_large, "the text grows beyond the limit");
    return false;
  }

 private:
  static constexpr std::size_t kBytesPerStep = 256;

  Heap& heap_;
  const Inputs& inputs_;
  const Limits& limits_;
  RenderMemory& memory_;
  Document* document_ = nullptr;
  BlockRenderer* blocks_ = nullptr;
  std::uint64_t steps_left_;
  Map* params_ = nullptr;
  bool failed_ = false;
  bool stopped_ = false;
  Failure::Reason reason_ = Failure::Reason::template_error;
  std::string what_;
};

}  // namespace hyd::vtl
