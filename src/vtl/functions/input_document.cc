// The body by JSONPath.
#include "codec/jsonpath.h"
#include "vtl/document.h"
#include "vtl/functions/arguments.h"
#include "vtl/functions/rows.h"
#include "vtl/render_memory.h"

#include <optional>
#include <string>

namespace hyd::vtl::fn {
namespace {

// The path of the first argument; a null one, and the run has failed, when it is malformed.
class PathArgument {
 public:
  explicit PathArgument(const Call& call) {
    if (call.prepared.path != nullptr) {
      path_ = call.prepared.path.get();
      return;
    }
    const Value& text = argument(call, 0);
    if (text.is_null()) null_argument(call);
    if (!text.is_text() || !call.run.charge(1)) return;
    base::Result<codec::JsonPath> compiled = codec::JsonPath::compile(text.text());
    if (!compiled) {
      call.run.fail(compiled.error().what);
      return;
    }
    own_.emplace(*std::move(compiled));
    path_ = &*own_;
  }
  const codec::JsonPath* get() const { return path_; }

 private:
  std::optional<codec::JsonPath> own_;
  const codec::JsonPath* path_ = nullptr;
};

}  // namespace

Value input_json(const Call& call) {
  const PathArgument path(call);
  if (path.get() == nullptr) return Value();
  std::string& json = call.run.memory().buffer;
  call.run.document().append_json(*path.get(), json);
  const Value text = call.run.failed() ? Value() : call.run.make_text(json);
  json.clear();
  return text;
}

Value input_path(const Call& call) {
  const PathArgument path(call);
  return path.get() == nullptr ? Value() : call.run.document().find(*path.get());
}

}  // namespace hyd::vtl::fn
