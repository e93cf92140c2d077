// What a stack is, and what a run is about to do to it, as values that the catalog keeps.
//
// Everything is resolved before anything is done: ids and names are chosen when the plan is made,
// so that a step is (what there was, what there shall be) and can be repeated or turned around
// without the template.
#pragma once

#include "base/check.h"
#include "codec/json.h"
#include "stacks/node.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hyd::stacks {

// One resource that a stack owns, or shall own.
struct Record {
  std::string logical_id;
  std::string type;
  std::string physical_id;  // the name or id in its service
  // Further ids that were chosen with it: RootResourceId of an API.
  std::map<std::string, std::string, std::less<>> chosen = {};
  codec::Json properties;  // resolved and typed, without those that have no effect here
  Mark mark;               // where the file declared it
  // It lives on when it leaves the stack, or when another takes its place.
  bool retain = false;
  bool retain_replaced = false;
  friend bool operator==(const Record&, const Record&) = default;
};

struct OutputRecord {
  std::string name;
  std::string value;
  std::string description = {};
  friend bool operator==(const OutputRecord&, const OutputRecord&) = default;
};

struct Stack {
  std::string name;
  std::string id;    // "arn:aws:cloudformation:REGION:ACCOUNT:stack/NAME/UUID"
  std::string file;  // as it was named; for messages
  std::string text;  // the template, byte for byte
  std::map<std::string, std::string> parameters = {};  // as they were given, now or earlier
  std::vector<Record> resources = {};                  // in the order in which they are made
  std::vector<OutputRecord> outputs = {};
  friend bool operator==(const Stack&, const Stack&) = default;

  // Null when the stack has none of that name.
  const Record* find(std::string_view logical_id) const;
};

// One change of one resource. Only `after`: it is made; only `before`: it is removed; both: it is
// changed in place. A replacement is two steps: the new one is made early, the old one removed
// late.
struct Step {
  std::optional<Record> before;
  std::optional<Record> after;
  const Record& record() const {
    if (after) return *after;
    HYD_CHECK(before.has_value());
    return *before;
  }
  friend bool operator==(const Step&, const Step&) = default;
};

// Steps in progress. Until `keep` of them are done a failure undoes them; from there on the stack
// is what `after` says and only what was replaced is cleared away.
struct Run {
  enum class Phase : std::uint8_t { forward, undoing, cleaning };
  Stack after;
  std::vector<Step> steps;
  std::size_t keep = 0;  // the steps from here on remove what the new state does not need
  Phase phase = Phase::forward;
  // Forward and cleaning: the steps before it are done. Undoing: those from it on are undone.
  std::size_t position = 0;
  std::string cause = {};  // why it is being undone
  friend bool operator==(const Run&, const Run&) = default;
};

// Equal whatever the order of an object's members.
bool same(const codec::Json& a, const codec::Json& b);

}  // namespace hyd::stacks
