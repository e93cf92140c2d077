// The patch operations of API Gateway: how one definition becomes another. Internal to
// stacks/resources.
#pragma once

#include "codec/json.h"

#include <string_view>
#include <utility>

namespace hyd::stacks {

class Patch {
 public:
  void replace(std::string_view path, std::string_view value) { add("replace", path, value); }
  void add(std::string_view path, std::string_view value) { add("add", path, value); }
  void remove(std::string_view path);

  // The property as text, when it differs; removed when `after` has it no more.
  void scalar(std::string_view path, std::string_view property, const codec::Json& before,
              const codec::Json& after);
  // The same for each entry of a map of texts, at "PATH/KEY".
  void entries(std::string_view path, std::string_view property, const codec::Json& before,
               const codec::Json& after);
  // The same for a list of texts, each of which is a key: "/binaryMediaTypes/image~1png".
  void members(std::string_view path, std::string_view property, const codec::Json& before,
               const codec::Json& after);

  bool empty() const { return operations_.empty(); }
  codec::Json::Array take() { return std::move(operations_); }

 private:
  void add(std::string_view op, std::string_view path, std::string_view value);
  codec::Json::Array operations_;
};

}  // namespace hyd::stacks
