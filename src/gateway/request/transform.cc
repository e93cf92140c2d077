#include "gateway/request/transform.h"

#include "gateway/request/parameter_source.h"

#include <utility>

namespace hyd::gateway {

Transformed transform(const TransformWork& work, vtl::Renderer& renderer, std::uint64_t steps_max) {
  Transformed out;
  if (work.must_be_json && MappedBody(work.inputs.body).broken()) {
    out.kind = Transformed::Kind::not_json;
    return out;
  }
  vtl::Inputs inputs = work.inputs;
  std::string other;  // the body that the template sees, where it is not the one that came
  if (work.program == nullptr || work.change != BodyChange::as_text) {
    std::optional<std::string> body = changed(work.inputs.body, work.change);
    // What base64 has become is bytes too.
    const bool bytes = work.change == BodyChange::as_bytes || work.change == BodyChange::to_bytes;
    if (!body || (work.program != nullptr && bytes)) {
      out.kind = Transformed::Kind::not_usable;
      return out;
    }
    if (work.program == nullptr) {
      out.body = *std::move(body);
      return out;
    }
    other = *std::move(body);
    inputs.body = other;
  }
  vtl::Limits limits;
  limits.steps_max = steps_max;
  auto rendered = renderer.render(*work.program, inputs, limits);
  if (!rendered) {
    out.kind = Transformed::Kind::failed;
    out.failure = std::move(rendered).error();
    return out;
  }
  out.body = std::move(rendered->output);
  out.overrides = std::move(rendered->overrides);
  out.loops_cut = rendered->loops_cut;
  return out;
}

}  // namespace hyd::gateway
