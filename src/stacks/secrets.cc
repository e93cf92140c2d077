#include "stacks/secrets.h"

#include <algorithm>
#include <functional>
#include <utility>

namespace hyd::stacks {

using codec::Json;

void Secrets::add(const Template& tmpl, const std::map<std::string, std::string>& given) {
  const auto keep = [&](const std::string& value) {
    if (!value.empty()) values_.push_back(value);
  };
  for (const ParameterDeclaration& one : tmpl.parameters) {
    if (!one.no_echo) continue;
    if (one.default_text) keep(*one.default_text);
    if (const auto found = given.find(one.name); found != given.end()) keep(found->second);
  }
  std::ranges::sort(values_, std::greater<>(), &std::string::size);
}

std::string Secrets::masked(std::string text) const {
  for (const std::string& value : values_) {
    for (std::size_t at = 0; (at = text.find(value, at)) != std::string::npos;) {
      text.replace(at, value.size(), kNotShown);
      at += kNotShown.size();
    }
  }
  return text;
}

Json Secrets::masked(Json value) const {
  if (const std::string* const text = value.if_string()) return masked(*text);
  if (const Json::Number* const number = value.if_number()) {
    // A number that is a secret is shown as none.
    std::string text = masked(number->text);
    return text == number->text ? std::move(value) : Json(std::move(text));
  }
  if (Json::Array* const items = value.if_array()) {
    for (Json& item : *items) item = masked(std::move(item));
  }
  if (Json::Object* const members = value.if_object()) {
    for (auto& [name, member] : *members) member = masked(std::move(member));
  }
  return value;
}

}  // namespace hyd::stacks
