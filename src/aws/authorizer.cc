#include "aws/authorizer.h"

namespace hyd::aws {

bool RootOnly::unrestricted(const Call& call) const {
  const Principal& who = *call.principal;
  return who.type == Principal::Type::service ||
         (who.type == Principal::Type::root && who.account == call.account);
}

std::optional<Fault> RootOnly::refuse(const Call& call, std::string_view action,
                                      std::string_view resource) const {
  if (unrestricted(call)) return std::nullopt;
  return access_denied(not_authorized_text(*call.principal, action, resource));
}

std::string not_authorized_text(const Principal& principal, std::string_view action,
                                std::string_view resource) {
  std::string text = "User: ";
  text += principal.arn.empty() ? std::string_view("anonymous") : principal.arn;
  text += " is not authorized to perform: ";
  text += action;
  text += " on resource: ";
  text += resource;
  text += " because no identity-based policy allows the ";
  text += action;
  text += " action";
  return text;
}

}  // namespace hyd::aws
