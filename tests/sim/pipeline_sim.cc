// The whole program on a simulated machine: from POST to object, through kills and power cuts.
//
//   hydrant_sim --seeds A..B
//
// One seed is a chain of lives of the program with the example pipeline on one simulated disk.
// Clients post over a network that is slow and cuts connections; each life but the last ends by a
// kill at a drawn step or at a named point, and half of them by a power cut that loses what nobody
// had synced. In a quarter of the seeds the stream is deleted and made again all the while. What
// clients were told is a ledger that survives. The last life delivers everything;
// then the laws are checked on the objects that a client downloads:
//   * every event that was answered 200 is in exactly one object, once;
//   * an event that was refused is in none, one of unknown outcome in at most one;
//   * the events of a shard stand in the order of their sequence numbers.
// A failing seed is printed with the command that repeats it.
// With seed 1 the simulation itself is tested too: on a disk that ignores syncs events that were
// answered must be missed within a few seeds.
#include "base/parse_int.h"
#include "sys/output.h"
#include "tests/sim/pipeline.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace {

struct Seeds {
  std::uint64_t first = 1;
  std::uint64_t last = 1;
};

std::optional<Seeds> parse_seeds(std::string_view text) {
  const std::size_t dots = text.find("..");
  const auto first = hyd::base::parse_int<std::uint64_t>(text.substr(0, dots));
  if (!first) return std::nullopt;
  if (dots == std::string_view::npos) return Seeds{*first, *first};
  const auto last = hyd::base::parse_int<std::uint64_t>(text.substr(dots + 2));
  if (!last || *last < *first) return std::nullopt;
  return Seeds{*first, *last};
}

// The seed at which it was seen; nothing when it was not.
std::optional<std::uint64_t> sees_lost_syncs() {
  constexpr std::uint64_t kSeedsMax = 40;
  hyd::sim::Totals uncounted;
  for (std::uint64_t seed = 1; seed <= kSeedsMax; ++seed) {
    for (const std::string& problem :
         hyd::sim::run_pipeline(seed, uncounted, {.ignores_syncs = true})) {
      if (problem.ends_with("is in no object")) return seed;
    }
  }
  return std::nullopt;
}

}  // namespace

int main(int count, char** words) {
  std::optional<Seeds> seeds;
  if (count == 3 && std::string_view(words[1]) == "--seeds") seeds = parse_seeds(words[2]);
  if (!seeds) {
    hyd::sys::print_error_line("usage: hydrant_sim --seeds A..B");
    return 2;
  }
  std::uint64_t failed = 0;
  hyd::sim::Totals totals;
  for (std::uint64_t seed = seeds->first; seed <= seeds->last; ++seed) {
    const auto problems = hyd::sim::run_pipeline(seed, totals);
    if (problems.empty()) continue;
    ++failed;
    hyd::sys::print_line(
        fmt::format("seed {} fails; to repeat: {} --seeds {}", seed, words[0], seed));
    for (const std::string& problem : problems) hyd::sys::print_line("  " + problem);
  }
  hyd::sys::print_line(
      fmt::format("{} lives of {} steps, {} killed, {} events acknowledged, {} of unknown outcome, "
                  "{} objects",
                  totals.lives, totals.steps / std::max<std::uint64_t>(totals.lives, 1),
                  totals.killed, totals.accepted, totals.unknown, totals.objects));
  std::uint64_t all = seeds->last - seeds->first + 1;
  if (seeds->first == 1) {
    const std::optional<std::uint64_t> seen = sees_lost_syncs();
    hyd::sys::print_line(seen ? fmt::format("a disk that ignores syncs is seen at seed {}", *seen)
                              : "a disk that ignores syncs is not seen");
    ++all;
    if (!seen) ++failed;
  }
  hyd::sys::print_line(fmt::format("{} passed, {} failed", all - failed, failed));
  return failed == 0 ? 0 : 1;
}
