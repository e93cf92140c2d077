// One seed of the pipeline's simulation; what it does and checks stands in pipeline_sim.cc.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace hyd::sim {

// Over all seeds, so that a reader sees that something was tested.
struct Totals {
  std::uint64_t lives = 0;
  std::uint64_t killed = 0;  // of the lives; the others came to their end
  std::uint64_t steps = 0;
  std::uint64_t accepted = 0;
  std::uint64_t unknown = 0;
  std::uint64_t objects = 0;
};

// What the machine does against the rules, for tests of the simulation itself.
struct Machine {
  bool ignores_syncs = false;
};

// What is wrong, a sentence each; nothing when every law held.
std::vector<std::string> run_pipeline(std::uint64_t seed, Totals& totals,
                                      const Machine& machine = {});

}  // namespace hyd::sim
