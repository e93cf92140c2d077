// One REST API with its deployments and stages, as a value: what a change edits and loops are
// shown.
#pragma once

#include "base/clock.h"
#include "gateway/definition.h"

#include <map>
#include <memory>
#include <string>
#include <string_view>

namespace hyd::gateway {

struct Deployment {
  std::string id;
  std::string description;
  base::WallTime created;
  std::string snapshot;  // names the frozen definition: the SHA-256 of its text, in hexadecimal
  friend bool operator==(const Deployment&, const Deployment&) = default;
};

struct Api {
  std::string id;
  std::string name;
  std::string description;
  std::string version;
  std::string endpoint_type = "EDGE";  // kept and shown; all are served alike
  TextMap tags;
  base::WallTime created;
  Definition definition;  // being edited; what is served is frozen in deployments
  std::map<std::string, Deployment, std::less<>> deployments;  // by id
  std::map<std::string, Stage, std::less<>> stages;            // by name
  // The frozen definitions that stages use, by snapshot; those of other deployments stay on disk.
  std::map<std::string, std::shared_ptr<const Definition>, std::less<>> frozen;

  // The one resource without a parent; every API has it.
  const Resource& root() const;
  // "/" for the root, "/v1/{name}" below it.
  std::string path_of(const Resource& resource) const;
  // Names the definition as it is now for a deployment; `frozen` holds it until the change is kept.
  std::string freeze();
};

}  // namespace hyd::gateway
