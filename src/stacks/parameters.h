// The values that a template's parameters have in one operation, and the pseudo parameters.
//
// Types and constraints as in the AWS documentation, "Parameters": a Number is checked as one and
// used as the text that was given; lists become lists of texts.
#pragma once

#include "stacks/node.h"
#include "stacks/template.h"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace hyd::stacks {

inline constexpr std::size_t kParameterBytesMax = 4096;  // AWS: of one value

// Values by name; a scalar or a list of scalars.
using Values = std::map<std::string, Node, std::less<>>;

struct BoundParameters {
  Values values;
  // What was given, now or earlier, for parameters that the template has: `previous` of the next
  // time.
  std::map<std::string, std::string> given;
  std::vector<std::string> kept;  // names of those that were given earlier, in the file's order
  std::vector<Problem> problems;
};

// `given` as text, as clients send them. What is not given keeps what was given the time before
// (`previous`); what never was has its default, as the template has it now. The parameter types of
// SSM take the name of a stored value: /cdk-bootstrap/ANY/version is known (30), others are used as
// they are.
BoundParameters bind_parameters(const Template& tmpl,
                                const std::map<std::string, std::string>& given,
                                const std::map<std::string, std::string>& previous = {});

// Of `given`, those that the template does not have; bind_parameters finds them too.
std::vector<Problem> unknown_parameters(const Template& tmpl,
                                        const std::map<std::string, std::string>& given);

// Where and what the stack is.
struct StackPlace {
  std::string account;  // 12 digits
  std::string region;
  std::string stack_name;
  std::string stack_id;  // an ARN
};

// AWS::AccountId and its like. AWS::NoValue is none of them: it is no value.
Values pseudo_parameters(const StackPlace& place);

}  // namespace hyd::stacks
