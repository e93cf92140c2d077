// The rules of the linter: one row each.
#pragma once

#include "vtl/tools/subject.h"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hyd::vtl {

struct RuleRow;

// Takes what a rule has found.
class Findings {
 public:
  Findings(const RuleRow& row, std::vector<Finding>& out) : row_(row), out_(out) {}
  void add(Range range, std::string what, std::string mended);

 private:
  const RuleRow& row_;
  std::vector<Finding>& out_;
};

struct RuleRow {
  std::string_view name;
  void (*check)(const Subject& subject, Findings& findings);
  std::string_view why;      // one or two sentences: how it bites
  std::string_view example;  // a template with one finding
  std::string_view mended;   // the same without
};

std::span<const RuleRow> rules();

}  // namespace hyd::vtl
