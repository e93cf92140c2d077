// JSON 1.1 bodies: text to input and output to text, by the operation's own fast functions where it
// has them.
#pragma once

#include "aws/operation.h"

#include <string>
#include <string_view>

namespace hyd::aws {

// Reads `body` (lent) as the input of `operation`. A body that is no JSON object is a
// SerializationException without a text.
class JsonTextSource final : public InputSource {
 public:
  JsonTextSource(const Operation& operation, std::string_view body)
      : operation_(operation), body_(body) {}
  Outcome<void> fill(void* input) override;

 private:
  const Operation& operation_;
  std::string_view body_;
};

// Appends; nothing for an output without members.
void append_output_text(const Operation& operation, const void* output, std::string& out);

// Whether the fault is the one of a body that is no document: AWS finds it before it looks at the
// signature, and even before the operation's name.
bool is_unreadable_body(const Fault& fault);
Fault unreadable_body();

// Valid JSON, and an object.
bool is_json_object(std::string_view body);

}  // namespace hyd::aws
