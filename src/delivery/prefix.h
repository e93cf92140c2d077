// The text before an object's name: `Prefix` of an S3 destination, with its expressions.
//
//   !{timestamp:PATTERN}         a date of the object's oldest record (date_pattern.h)
//   !{firehose:random-string}    11 letters and digits, new for each occurrence
//   !{firehose:error-output-type}  only in ErrorOutputPrefix
//
// A text without any expression is followed by `yyyy/MM/dd/HH/`, glued on with no slash between
// (AWS documentation, "Understand custom prefixes for Amazon S3 objects"; observed).
#pragma once

#include "base/clock.h"
#include "base/result.h"
#include "base/rng.h"
#include "delivery/date_pattern.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hyd::delivery {

class Prefix {
 public:
  // Code::invalid names the expression; `unsupported`: one that needs dynamic partitioning.
  // `error_output_type` may be used only where failures are written.
  enum class For : std::uint8_t { objects, errors };
  static base::Result<Prefix> parse(std::string_view text, For what = For::objects);

  // `oldest` is the arrival of the oldest record. The random strings are drawn here, so the result
  // must be kept for an object that is built again.
  std::string evaluate(base::WallTime oldest, base::Rng& rng) const;

  bool has_expressions() const { return has_expressions_; }
  bool has_error_type() const { return has_error_type_; }

 private:
  struct Part {
    std::string literal;
    std::optional<DatePattern> date = std::nullopt;
    bool random = false;
  };
  base::Result<void> add(std::string_view expression, For what);

  std::vector<Part> parts_;
  bool has_expressions_ = false;
  bool has_error_type_ = false;
};

}  // namespace hyd::delivery
