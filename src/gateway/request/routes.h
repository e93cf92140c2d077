// From a verb and a path to a method: a trie over the segments of all resource paths.
//
// At each level a literal segment goes before {name}, and {name} before {name+}; the verb takes
// part, so that a resource without a method for it is stepped back from (AWS documentation, "Choose
// an endpoint type and set up API Gateway resources"; observed: with POST on /test and ANY on
// /{proxy+}, OPTIONS /test goes to the latter). A node of the trie is looked at no more than once,
// which bounds the stepping back.
//
// Immutable once filled; any thread. Lends the texts that it was filled with.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace hyd::gateway {

// A path parameter as it stood in the path: still percent-encoded.
struct PathValue {
  std::string_view name;
  std::string_view raw;
};

class Routes {
 public:
  using Target = std::uint32_t;

  Routes() : nodes_(1) {}

  // `path` is a resource's: "/", "/v1/{stream-name}", "/{proxy+}". `verb` may be "ANY", which
  // stands for the seven verbs of API Gateway where the resource has no method of their own.
  void add(std::string_view path, std::string_view verb, Target target);

  // `path` is what follows the stage, not decoded; empty reads as "/". Slashes at its beginning
  // count as one, one at its end does not count. Appends the values of the path's parameters.
  std::optional<Target> find(std::string_view verb, std::string_view path,
                             std::vector<PathValue>& values) const;

 private:
  static constexpr std::size_t kVerbs = 7;
  static constexpr Target kNone = UINT32_MAX;

  struct Node {
    Node() { targets.fill(kNone); }
    std::vector<std::pair<std::string_view, std::uint32_t>> literals;  // sorted; child nodes
    std::vector<std::uint32_t> parameters;                             // child nodes of {name}
    std::vector<std::uint32_t> greedy;                                 // child nodes of {name+}
    std::string_view variable;                                         // without braces and plus
    std::array<Target, kVerbs> targets;
    Target any = kNone;
  };
  struct Search;

  static std::size_t verb_index(std::string_view verb);  // kVerbs: none of the seven
  std::uint32_t child(std::uint32_t parent, std::string_view part);
  std::uint32_t variable_child(std::uint32_t parent, std::string_view name, bool is_greedy);
  std::uint32_t literal_child(const Node& node, std::string_view segment) const;
  Target target(const Node& node, std::size_t verb) const;
  bool walk(Search& search, std::uint32_t at, std::string_view rest, bool ended) const;

  std::vector<Node> nodes_;  // the first is the root
};

}  // namespace hyd::gateway
