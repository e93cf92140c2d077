// The body of a request as templates see it: raw text, values, and JSON again.
#pragma once

#include "codec/jsonpath.h"
#include "vtl/run.h"
#include "vtl/value.h"

#include <string>
#include <string_view>

namespace hyd::vtl {

// Read at most once, and only when someone asks for a part of it. The values are shared and can be
// changed: what a template puts into them, $input.json shows.
class Document {
 public:
  explicit Document(Run& run) : run_(run) {}

  // The body; {} when it is empty; malformed UTF-8 replaced as Java replaces it.
  std::string_view text();
  // The value of the whole body. Fails when it is no JSON in the permissive sense.
  Value root();
  // What $input.path and $input.json find. A missing path is null.
  Value find(const codec::JsonPath& path);
  // Appends the JSON of what the path finds, `""` when it is missing.
  void append_json(const codec::JsonPath& path, std::string& out);

 private:
  Run& run_;
  std::string_view text_;
  Value root_;
  bool has_text_ = false;
  bool has_root_ = false;
};

}  // namespace hyd::vtl
