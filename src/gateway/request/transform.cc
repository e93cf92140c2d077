#include "gateway/request/transform.h"

#include "base/units.h"
#include "codec/gzip.h"
#include "gateway/request/parameter_source.h"

#include <utility>

namespace hyd::gateway {

Transformed transform(const TransformWork& work, vtl::Renderer& renderer,
                      const TransformLimits& limits) {
  Transformed out;
  vtl::Inputs inputs = work.inputs;
  std::string unpacked;
  if (work.packing != Packing::none) {
    auto plain = codec::decompress(
        inputs.body, base::ByteCount(limits.unpacked_bytes_max),
        work.packing == Packing::gzip ? codec::Wrapping::gzip : codec::Wrapping::zlib);
    if (!plain) {
      out.kind = plain.error().code == base::Code::exhausted ? Transformed::Kind::too_much
                                                             : Transformed::Kind::not_packed;
      return out;
    }
    unpacked = *std::move(plain);
    inputs.body = unpacked;
  }
  if (work.must_be_json && MappedBody(inputs.body).broken()) {
    out.kind = Transformed::Kind::not_json;
    return out;
  }
  std::string other;  // the body that the template sees, where it is not the one that came
  if (work.program == nullptr || work.change != BodyChange::as_text) {
    std::optional<std::string> body = changed(inputs.body, work.change);
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
  auto rendered =
      renderer.render(*work.program, inputs, vtl::Limits{.steps_max = limits.steps_max});
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

bool may_succeed_on_worker(const Transformed& transformed) {
  if (transformed.kind == Transformed::Kind::too_much) return true;
  return transformed.kind == Transformed::Kind::failed &&
         transformed.failure.reason == vtl::Failure::Reason::steps;
}

}  // namespace hyd::gateway
