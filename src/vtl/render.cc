#include "vtl/render.h"

#include "vtl/context.h"
#include "vtl/document.h"
#include "vtl/heap.h"
#include "vtl/program.h"
#include "vtl/render_memory.h"
#include "vtl/text.h"

#include <utility>

namespace hyd::vtl {

struct Renderer::Memory {
  Heap heap;
  RenderMemory memory;
};

Renderer::Renderer() : memory_(std::make_unique<Memory>()) {}
Renderer::~Renderer() = default;

std::expected<Rendered, Failure> Renderer::render(const Program& program, const Inputs& inputs,
                                                  const Limits& limits) {
  memory_->heap.reset();
  Run run(memory_->heap, inputs, limits, memory_->memory);
  Document document(run);
  run.set_document(document);
  Rendered rendered;
  rendered.output.reserve(inputs.body.size() * 2 + 256);
  Machine machine(program, run, memory_->memory.machine, rendered.output);
  if (machine.run_program() && machine.context() != nullptr) {
    rendered.overrides = read_overrides(run, *machine.context());
  }
  if (run.failed() && !run.stopped()) {
    Failure failure{run.reason(), machine.place(), run.what()};
    if (has_half(failure.what)) replace_halves(failure.what);
    return std::unexpected(std::move(failure));
  }
  if (has_half(rendered.output)) replace_halves(rendered.output);
  rendered.steps = limits.steps_max - run.steps_left();
  rendered.loops_cut = machine.loops_cut();
  return rendered;
}

std::expected<Rendered, Failure> render(const Program& program, const Inputs& inputs,
                                        const Limits& limits) {
  return Renderer().render(program, inputs, limits);
}

}  // namespace hyd::vtl
