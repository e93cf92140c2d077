#include "aws/json_text.h"

#include "aws/shape.h"
#include "codec/json.h"

namespace hyd::aws {
namespace {

// The deepest document that any service model describes stays far below.
constexpr std::size_t kDepthMax = 64;

}  // namespace

Outcome<void> JsonTextSource::fill(void* input) {
  if (operation_.fast_read != nullptr && operation_.fast_read(body_, input) &&
      satisfies(operation_.input(), input)) {
    return {};
  }
  base::Result<codec::Json> document = codec::parse_json(body_, {.depth_max = kDepthMax});
  if (!document || document->if_object() == nullptr) return unreadable_body();
  if (operation_.fast_read != nullptr) {
    for (const Member& member : operation_.input()) member.type->clear(member.field(input));
  }
  return read_into(operation_.input(), *document, input);
}

void append_output_text(const Operation& operation, const void* output, std::string& out) {
  if (operation.fast_write != nullptr) return operation.fast_write(output, out);
  const Shape shape = operation.output();
  if (!shape.empty()) append_json(shape, output, out);
}

bool is_json_object(std::string_view body) {
  const base::Result<codec::Json> document = codec::parse_json(body, {.depth_max = kDepthMax});
  return document && document->if_object() != nullptr;
}

Fault unreadable_body() { return serialization({}); }

bool is_unreadable_body(const Fault& fault) { return fault == unreadable_body(); }

}  // namespace hyd::aws
