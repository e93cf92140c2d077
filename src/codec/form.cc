#include "codec/form.h"

#include "codec/percent.h"

namespace hyd::codec {

base::Result<Form> parse_form(std::string_view text, FormLimits limits) {
  Form form;
  while (!text.empty()) {
    const std::size_t end = text.find('&');
    const std::string_view piece = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (piece.empty()) continue;
    if (form.size() == limits.pairs_max) {
      return base::fail(base::Code::exhausted, "form: too many pairs");
    }
    const std::size_t equals = piece.find('=');
    ASSIGN_OR_RETURN(std::string name, form_decode(piece.substr(0, equals)));
    std::string value;
    if (equals != std::string_view::npos) {
      ASSIGN_OR_RETURN(value, form_decode(piece.substr(equals + 1)));
    }
    form.emplace_back(std::move(name), std::move(value));
  }
  return form;
}

const std::string* find(const Form& form, std::string_view name) {
  for (const auto& [key, value] : form) {
    if (key == name) return &value;
  }
  return nullptr;
}

std::string to_text(const Form& form) {
  std::string out;
  for (const auto& [name, value] : form) {
    if (!out.empty()) out += '&';
    out += form_encode(name);
    out += '=';
    out += form_encode(value);
  }
  return out;
}

}  // namespace hyd::codec
