// The Query protocol of IAM, STS and CloudFormation: form parameters in, XML out.
//
//   Action=CreateRole&Version=2010-05-08&RoleName=r&Tags.member.1.Key=k&Tags.member.1.Value=v
//   <CreateRoleResponse xmlns="…"><CreateRoleResult>…</CreateRoleResult>
//   <ResponseMetadata><RequestId>…</RequestId></ResponseMetadata></CreateRoleResponse>
//
// Lists are `Name.member.N`, maps `Name.entry.N.key` and `.value`, structures `Name.Member`.
#pragma once

#include "aws/operation.h"
#include "codec/form.h"

#include <string>
#include <string_view>

namespace hyd::aws {

// Reads form parameters (lent) as an input. Numbers beside 1, 2, 3 … only order a list's items.
class FormSource final : public InputSource {
 public:
  FormSource(const Operation& operation, const codec::Form& form)
      : operation_(operation), form_(form) {}
  FormSource(const Operation&, codec::Form&&) = delete;
  Outcome<void> fill(void* input) override;

 private:
  const Operation& operation_;
  const codec::Form& form_;
};

struct QueryAnswer {
  std::string_view action;  // "CreateRole"
  std::string_view xml_namespace;
  std::string_view request_id;
};
// The whole answer to a call that succeeded.
std::string query_text(const QueryAnswer& answer, Shape shape, const void* output);

}  // namespace hyd::aws
