// What a file asks for, compared with what its stack is: the steps from one to the other.
//
// A pure function but for the names that it makes up. All of a template's problems are found here,
// so that a file which cannot be applied changes nothing. Everything is resolved: ids are chosen
// before anything is made, so a property that refers to a resource which does not exist yet has its
// final value already.
//
// Order: resources behind what they refer to; deployments of APIs, and what refers to them, last,
// since a deployment freezes whatever is there; before them the removal of what they must not
// freeze; at the very end, when nothing can fail any more, all other removals.
#pragma once

#include "stacks/evaluate.h"
#include "stacks/record.h"
#include "stacks/resource.h"
#include "stacks/secrets.h"

#include <string>
#include <vector>

namespace hyd::stacks {

struct Planned {
  Run run;                         // without steps: no resource changes
  std::vector<std::string> lines;  // for the person: what is made, changed, ignored, kept
  std::vector<Problem> problems;   // not empty: the rest is meaningless
};

struct PlanInput {
  const Scope& scope;
  const StackPlace& place;
  Names& names;
  // Name, id, file, text and parameters of the stack that is wanted.
  Stack head;
  // As it is; null: there is none.
  const Stack* now = nullptr;
  const Secrets& secrets;
};

// A change of a type that cannot be changed yet is a problem at the line of the first member that
// differs. What refers to a resource with a problem is not compared: its ids are not known. Two
// rules are this program's own (docs/differences.md): a resource whose logical id alone changed
// stays, and a Deployment is made again, under its logical id, when what it freezes changed.
Planned plan(PlanInput input);

}  // namespace hyd::stacks
