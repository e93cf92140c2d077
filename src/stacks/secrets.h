// Values of parameters with NoEcho: known, kept, never shown.
#pragma once

#include "codec/json.h"
#include "stacks/template.h"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace hyd::stacks {

// What stands for a value that is not shown, as in AWS's answers.
inline constexpr std::string_view kNotShown = "****";

class Secrets {
 public:
  // The values that `given` has for parameters that `tmpl` declares with NoEcho, and their
  // defaults.
  void add(const Template& tmpl, const std::map<std::string, std::string>& given);

  // `text` with every secret in it replaced.
  std::string masked(std::string text) const;
  // The same of every text in a document.
  codec::Json masked(codec::Json value) const;

 private:
  std::vector<std::string> values_;  // the longest first, since one may be part of another
};

}  // namespace hyd::stacks
