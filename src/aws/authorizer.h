// May this principal do that? Asked once for each call, after the signature and before the handler.
#pragma once

#include "aws/call.h"
#include "aws/fault.h"

#include <optional>
#include <string>
#include <string_view>

namespace hyd::aws {

// Called on every loop at once: implementations decide from snapshots, without locks.
class Authorizer {
 public:
  virtual ~Authorizer() = default;

  // True when no policy could forbid this principal anything here, so that the resource need not
  // even be worked out: the account's root, a part of this process.
  virtual bool unrestricted(const Call& call) const = 0;

  // Nothing: allowed. `resource` is an ARN, or "*" for operations that have none.
  virtual std::optional<Fault> refuse(const Call& call, std::string_view action,
                                      std::string_view resource) const = 0;
};

// The account's root and the process's own parts may do everything, nobody else anything: what
// holds while there are no policies.
class RootOnly final : public Authorizer {
 public:
  bool unrestricted(const Call& call) const override;
  std::optional<Fault> refuse(const Call& call, std::string_view action,
                              std::string_view resource) const override;
};

// "User: ARN is not authorized to perform: ACTION on resource: RESOURCE because no identity-based
// policy allows the ACTION action".
std::string not_authorized_text(const Principal& principal, std::string_view action,
                                std::string_view resource);

}  // namespace hyd::aws
