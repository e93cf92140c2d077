// One row: a CloudFormation type, what a template may say about it, and how it is made, changed and
// removed by calling operations.
//
// A type only builds requests and reads answers. Which of its resources are touched, in which
// order, what is durable when and what happens after a failure is the engine's (plan.h, run.h).
//
// What a row's functions are called with is resolved and typed (Record::properties), and names and
// ids are chosen before. They are harmless when repeated: `create` again makes the same resource
// again or finds it, `remove` of what is not there succeeds, `update` leads to `after` from
// anywhere between the two.
#pragma once

#include "aws/fault.h"
#include "base/rng.h"
#include "codec/json.h"
#include "stacks/client.h"
#include "stacks/parameters.h"
#include "stacks/record.h"
#include "stacks/typing.h"

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hyd::stacks {

struct Work {
  Client& client;
  const StackPlace& place;
  // An earlier life may have begun or done it: that something is there already is then no conflict.
  bool repeat = false;
};

// Chooses what nobody gave a name: as AWS does, random enough never to meet a former one.
class Names {
 public:
  explicit Names(base::Rng& rng) : rng_(rng) {}
  // `size` of a-z and 0-9.
  std::string id(std::size_t size);

  struct Of {
    std::string_view stack;
    std::string_view logical_id;
    std::size_t size_max;
    bool lower_case = false;
  };
  // "STACK-LOGICALID-RANDOM" with the first two cut to fit.
  std::string name(const Of& of);

 private:
  std::string random(std::size_t size, std::string_view alphabet);
  base::Rng& rng_;
};

// Something in a resource's properties that no type check finds.
struct Objection {
  std::vector<std::string_view> path;  // below Properties; empty: the resource itself
  std::string what;
};

struct ResourceType {
  std::string_view name;  // "AWS::Kinesis::Stream"
  std::string_view doc;   // one sentence
  std::span<const Property> properties;
  // Properties whose change makes a new resource in place of the old one.
  std::span<const std::string_view> replace = {};
  // Properties that can be given but not changed.
  std::span<const std::string_view> fixed = {};
  // The attributes that GetAtt knows.
  std::span<const std::string_view> attributes = {};

  // Accepted and recorded; nothing is made of it here. Said to the person once.
  bool inert = false;
  // It is part of what a deployment of its API (property RestApiId, or itself) freezes.
  bool defines_api = false;
  // It is removed before anything is frozen, else the new deployment would still have it; and made
  // again when the run is undone. All others are removed when nothing can fail any more.
  bool removed_early = false;
  // It is such a deployment: made when all that it freezes is there, and again when that changed.
  bool freezes_api = false;

  // Chooses `physical_id` and `chosen` of a new record, from its properties.
  void (*choose)(Names& names, const StackPlace& place, Record& record) = nullptr;
  // What its service knows it by beside the physical id ("API/parent/part"): two resources of one
  // such key cannot be there at once, so one that only changed its logical id is still the same.
  std::string (*key)(const Record& record) = nullptr;
  // The value of one of `attributes`.
  std::string (*attribute)(const StackPlace& place, const Record& record,
                           std::string_view name) = nullptr;
  std::vector<Objection> (*check)(const codec::Json& properties) = nullptr;
  // Whether something of this name is there already, asked before a run is recorded. Only for types
  // whose names a template may give.
  aws::Outcome<bool> (*taken)(const Work& work, const Record& record) = nullptr;
  // The fault of `create` that says the same.
  std::string_view taken_fault = {};

  aws::Outcome<void> (*create)(const Work& work, const Record& record) = nullptr;
  // Null: nothing of it can be changed yet, nor can it leave its stack.
  aws::Outcome<void> (*update)(const Work& work, const Record& before,
                               const Record& after) = nullptr;
  aws::Outcome<void> (*remove)(const Work& work, const Record& record) = nullptr;
};

// Null: there is none of that name.
const ResourceType* find_type(std::string_view name);
std::vector<std::string_view> type_names();

}  // namespace hyd::stacks
