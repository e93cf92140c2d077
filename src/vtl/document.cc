#include "vtl/document.h"

#include "vtl/json_compact.h"
#include "vtl/json_reader.h"
#include "vtl/objects.h"
#include "vtl/render_memory.h"
#include "vtl/rendering.h"
#include "vtl/value_tree.h"

namespace hyd::vtl {

std::string_view Document::text() {
  if (has_text_) return text_;
  has_text_ = true;
  text_ = run_.inputs().body;
  if (text_.empty()) text_ = "{}";
  const Value body = run_.input_text(text_);
  text_ = body.is_text() ? body.text() : std::string_view();
  return text_;
}

Value Document::root() {
  if (has_root_) return root_;
  const std::string_view body = text();
  if (!run_.charge_bytes(body.size())) return Value();
  root_ = read_json(run_, body);
  has_root_ = true;
  if (!run_.failed() && root_.is_null()) run_.fail("the body is the JSON null");
  return root_;
}

Value Document::find(const codec::JsonPath& path) {
  const Value body = root();
  if (run_.failed() || path.whole()) return body;
  if (const std::optional<std::string_view> name = path.single_name()) {
    return body.kind() == Kind::map ? get(run_, *body.map(), Value(*name)) : Value();
  }
  ValueTree tree(run_);
  const base::Result<codec::JsonNode> found = path.find(tree, ValueTree::node(body));
  if (found) return ValueTree::value(*found);
  switch (found.error().code) {
    case base::Code::not_found: return Value();
    case base::Code::exhausted: return run_.fail(Failure::Reason::steps, found.error().what);
    default: return run_.fail(found.error().what);
  }
}

void Document::append_json(const codec::JsonPath& path, std::string& out) {
  // The whole of a body that nobody has looked into needs no values.
  if (path.whole() && !has_root_) {
    const std::string_view body = text();
    if (!run_.charge_bytes(body.size())) return;
    if (append_compact_json(body, run_.limits().depth_max, run_.memory().compact, out)) return;
  }
  const Value body = root();
  if (run_.failed()) return;
  Value found = body;
  if (!path.whole()) {
    if (const std::optional<std::string_view> name = path.single_name()) {
      const Entry* const entry =
          body.kind() == Kind::map ? vtl::find(run_, *body.map(), *name) : nullptr;
      if (entry == nullptr) {
        out.append("\"\"");
        return;
      }
      found = entry->value;
    } else {
      ValueTree tree(run_);
      const base::Result<codec::JsonNode> node = path.find(tree, ValueTree::node(body));
      if (!node && node.error().code == base::Code::not_found) {
        out.append("\"\"");
        return;
      }
      if (!node) {
        const bool steps = node.error().code == base::Code::exhausted;
        run_.fail(steps ? Failure::Reason::steps : Failure::Reason::template_error,
                  node.error().what);
        return;
      }
      found = ValueTree::value(*node);
    }
  }
  vtl::append_json(run_, found, JsonSlash::plain, out);
}

}  // namespace hyd::vtl
