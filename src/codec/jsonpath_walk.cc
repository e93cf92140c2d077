// The walk of a path over a document.
#include "codec/jsonpath_internal.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace hyd::codec::jsonpath {

namespace {
constexpr std::uint32_t kDepthMax = 250;  // of documents that contain themselves
constexpr int kNoIndex = -1;
}  // namespace

void Evaluation::fail(Fault fault, std::string what) {
  if (stopped()) return;
  fault_ = fault;
  what_ = std::move(what);
}

class Walk {
 public:
  using Type = JsonTree::Type;
  using Fault = Evaluation::Fault;
  using Kind = Token::Kind;

  Walk(Evaluation& evaluation, const Path& path, bool require)
      : evaluation_(evaluation),
        tree_(evaluation.tree()),
        path_(path),
        require_(require),
        array_index_(path.tokens.size(), kNoIndex) {}

  void run(const JsonNode& start) {
    if (path_.tokens.empty()) {
      results_.push_back(start);
    } else {
      step(0, start);
    }
  }
  std::vector<JsonNode>& results() { return results_; }

 private:
  const Token& token(std::size_t i) const { return path_.tokens[i]; }
  bool leaf(std::size_t i) const { return i + 1 == path_.tokens.size(); }

  bool token_definite(std::size_t i) const {
    const Token& t = token(i);
    switch (t.kind) {
      case Kind::property: return t.names.size() == 1 || leaf(i);
      case Kind::index: return t.indexes.size() == 1;
      case Kind::function: return true;
      default: return false;
    }
  }
  bool upstream_definite(std::size_t i) const {
    for (std::size_t k = 0; k < i; ++k) {
      if (!token_definite(k)) return false;
    }
    return true;
  }

  bool enter() {
    if (!tree_.charge(1)) evaluation_.fail(Fault::exhausted, "the JSONPath takes too many steps");
    if (depth_ + evaluation_.depth() > kDepthMax) {
      evaluation_.fail(Fault::exhausted, "the document is nested too deep for a JSONPath");
    }
    return !evaluation_.stopped();
  }
  void missing(std::string what) { evaluation_.fail(Fault::missing, std::move(what)); }

  void step(std::size_t i, const JsonNode& model) {
    ++depth_;
    if (enter()) {
      switch (token(i).kind) {
        case Kind::property: property(i, model); break;
        case Kind::index:
          if (is_array(i, model)) {
            for (const std::int32_t index : token(i).indexes) item(i, model, index);
          }
          break;
        case Kind::slice:
          if (is_array(i, model)) slice(i, model);
          break;
        case Kind::wildcard: wildcard(i, model); break;
        case Kind::scan: scan(i + 1, model); break;
        case Kind::filter: filter(i, model); break;
        case Kind::function: function(i, model); break;
      }
    }
    --depth_;
  }

  void found(std::size_t i, const JsonNode& value) {
    if (leaf(i)) {
      results_.push_back(value);
    } else {
      step(i + 1, value);
    }
  }

  void property(std::size_t i, const JsonNode& model) {
    const std::vector<std::string>& names = token(i).names;
    if (tree_.type(model) != Type::object) {
      if (upstream_definite(i)) missing(fmt::format("no object has the member {}", names[0]));
      return;
    }
    if (names.size() == 1 || !leaf(i)) {
      for (const std::string& name : names) member(i, model, name);
      return;
    }
    const JsonNode merged = tree_.make_object();
    for (const std::string& name : names) {
      if (const std::optional<JsonNode> value = tree_.member(model, name)) {
        tree_.set_member(merged, name, *value);
      } else if (require_) {
        return missing(fmt::format("there is no member {}", name));
      }
    }
    results_.push_back(merged);
  }

  void member(std::size_t i, const JsonNode& model, std::string_view name) {
    const std::optional<JsonNode> value = tree_.member(model, name);
    if (!value) {
      const bool ignored =
          leaf(i) ? !require_ : (!upstream_definite(i) || !token_definite(i)) && !require_;
      if (!ignored) missing(fmt::format("there is no member {}", name));
      return;
    }
    member_found(i, *value);
  }

  // Behind `..` the last member counts only in the items whose number the token before it names: an
  // oddity of the dialect ("$..[0].a").
  void member_found(std::size_t i, const JsonNode& value) {
    if (!leaf(i)) return step(i + 1, value);
    const int index = array_index_[i];
    const std::size_t before = 1 + path_.appended;
    const bool named = i >= before && token(i - before).kind == Kind::index &&
                       token(i - before).indexes.size() == 1 &&
                       token(i - before).indexes[0] == index;
    const bool counts = index == kNoIndex || named;
    if (counts) results_.push_back(value);
  }

  bool is_array(std::size_t i, const JsonNode& model) {
    if (tree_.type(model) == Type::array) return true;
    if (upstream_definite(i)) missing("an index stands behind what is no array");
    return false;
  }

  void item(std::size_t i, const JsonNode& array, std::int64_t index) {
    const auto size = static_cast<std::int64_t>(tree_.size(array));
    const std::int64_t at = index < 0 ? size + index : index;
    if (at < 0 || at >= size || evaluation_.stopped()) return;
    found(i, tree_.item(array, static_cast<std::size_t>(at)));
    if (evaluation_.fault_ == Fault::out_of_range) evaluation_.fault_ = Fault::none;
  }

  void slice(std::size_t i, const JsonNode& array) {
    const Token& t = token(i);
    const auto size = static_cast<std::int64_t>(tree_.size(array));
    std::int64_t from = t.from.value_or(0);
    std::int64_t to = t.to.value_or(0);
    if (t.from && !t.to) {
      if (from < 0) from += size;
      from = std::max<std::int64_t>(0, from);
      to = size;
    } else if (!t.from) {
      if (to < 0) to += size;
      to = std::min(size, to);
    } else {
      to = std::min(size, to);
    }
    if (size == 0) return;
    // A negative start with an end counts back from the end for each index by itself.
    from = std::max(from, -size);
    for (std::int64_t k = from; k < to && !evaluation_.stopped(); ++k) item(i, array, k);
  }

  void wildcard(std::size_t i, const JsonNode& model) {
    if (tree_.type(model) == Type::object) {
      std::size_t cursor = 0;
      std::string_view name;
      JsonNode value;
      while (!evaluation_.stopped() && tree_.next_member(model, cursor, name, value)) {
        member_found(i, value);
      }
      return;
    }
    if (tree_.type(model) != Type::array) return;
    for (std::size_t k = 0; k < tree_.size(model) && !evaluation_.stopped(); ++k) {
      item(i, model, static_cast<std::int64_t>(k));
      // What is missing in one item is no failure of the whole, unless members are required.
      if (evaluation_.fault_ == Fault::missing && !require_) {
        evaluation_.fault_ = Fault::none;
      }
    }
  }

  // `i`: the token that `..` looks for.
  void scan(std::size_t i, const JsonNode& model) {
    ++depth_;
    if (enter() && i == path_.tokens.size()) {
      evaluation_.fail(Fault::invalid, "'..' stands before nothing");
    } else if (!evaluation_.stopped()) {
      if (tree_.type(model) == Type::object) {
        scan_object(i, model);
      } else if (tree_.type(model) == Type::array) {
        scan_array(i, model);
      }
    }
    --depth_;
  }

  void scan_object(std::size_t i, const JsonNode& model) {
    if (wanted(i, model)) step(i, model);
    std::size_t cursor = 0;
    std::string_view name;
    JsonNode value;
    while (!evaluation_.stopped() && tree_.next_member(model, cursor, name, value)) scan(i, value);
  }

  void scan_array(std::size_t i, const JsonNode& model) {
    const std::size_t size = tree_.size(model);
    if (wanted(i, model)) {
      if (leaf(i)) {
        step(i, model);
      } else {
        for (std::size_t k = 0; k < size && !evaluation_.stopped(); ++k) {
          array_index_[i + 1] = static_cast<int>(k);
          step(i + 1, tree_.item(model, k));
        }
      }
    }
    for (std::size_t k = 0; k < size && !evaluation_.stopped(); ++k) scan(i, tree_.item(model, k));
  }

  bool wanted(std::size_t i, const JsonNode& model) {
    const Token& t = token(i);
    switch (t.kind) {
      case Kind::property:
        if (tree_.type(model) != Type::object) return false;
        if (!token_definite(i)) return true;
        return std::all_of(t.names.begin(), t.names.end(), [&](const std::string& name) {
          return tree_.member(model, name).has_value();
        });
      case Kind::index:
      case Kind::slice: return tree_.type(model) == Type::array;
      case Kind::wildcard: return true;
      case Kind::filter: return accepts(i, model);
      case Kind::scan:
      case Kind::function: return false;
    }
    return false;
  }

  bool accepts(std::size_t i, const JsonNode& model) {
    Evaluation inner(tree_, evaluation_.root(), evaluation_.depth() + depth_);
    const bool accepted = enter() && matches(*token(i).filter, inner, model);
    if (inner.fault() == Fault::exhausted || inner.fault() == Fault::broken) {
      evaluation_.fail(inner.fault(), inner.what());
    }
    return accepted && inner.fault() == Fault::none;
  }

  void filter(std::size_t i, const JsonNode& model) {
    if (tree_.type(model) == Type::object) {
      if (accepts(i, model)) found(i, model);
    } else if (tree_.type(model) == Type::array) {
      for (std::size_t k = 0; k < tree_.size(model) && !evaluation_.stopped(); ++k) {
        if (accepts(i, tree_.item(model, k))) item(i, model, static_cast<std::int64_t>(k));
      }
    } else if (upstream_definite(i)) {
      evaluation_.fail(Fault::invalid, "a filter stands behind what is no object or array");
    }
  }

  void function(std::size_t i, const JsonNode& model) {
    // Paths among the arguments are read first, whether or not the function wants them.
    for (const Parameter& parameter : token(i).parameters) {
      if (parameter.path != nullptr && !argument(parameter)) return;
    }
    const std::optional<JsonNode> result = call(token(i), model);
    if (!result) return;
    results_.push_back(*result);
    if (!leaf(i)) step(i + 1, *result);
  }

  std::optional<JsonNode> call(const Token& t, const JsonNode& model) {
    if (t.function == "length" || t.function == "size") return length(t, model);
    if (t.function == "concat") return concat(t, model);
    if (t.function == "append") return append(t, model);
    if (t.function == "keys") {
      return tree_.type(model) == Type::object ? tree_.make_names(model) : tree_.make_null();
    }
    if (t.function == "first" || t.function == "last" || t.function == "index") {
      return nth(t, model);
    }
    constexpr std::string_view kAggregates[] = {"avg", "stddev", "sum", "min", "max"};
    if (std::find(std::begin(kAggregates), std::end(kAggregates), t.function) ==
        std::end(kAggregates)) {
      evaluation_.fail(Fault::invalid, fmt::format("there is no function {}()", t.function));
      return std::nullopt;
    }
    return aggregate(t, model);
  }

  std::optional<JsonNode> argument(const Parameter& parameter) {
    if (parameter.path != nullptr) {
      const std::optional<JsonNode> value =
          evaluation_.value(*parameter.path, evaluation_.root(), false);
      if (!value && !evaluation_.stopped()) missing("the argument of a function is missing");
      return value;
    }
    const std::optional<JsonNode> value = tree_.read(parameter.json);
    if (!value) evaluation_.fail(Fault::invalid, "the argument of a function is no JSON");
    return value;
  }

  // The items of arrays, other values themselves.
  std::vector<JsonNode> arguments(const Token& t) {
    std::vector<JsonNode> values;
    for (const Parameter& parameter : t.parameters) {
      const std::optional<JsonNode> value = argument(parameter);
      if (!value) break;
      if (tree_.type(*value) == Type::array) {
        for (std::size_t k = 0; k < tree_.size(*value); ++k)
          values.push_back(tree_.item(*value, k));
      } else {
        values.push_back(*value);
      }
    }
    return values;
  }

  std::optional<JsonNode> length(const Token& t, const JsonNode& model) {
    if (!t.parameters.empty() && t.parameters[0].path != nullptr) {
      // The path's own items are counted: it is read with a wildcard at its end.
      Path path = *t.parameters[0].path;
      if (!path.tokens.empty() && path.tokens.back().kind != Kind::function) {
        path.tokens.emplace_back().kind = Kind::wildcard;
        path.appended =
            1;  // and it counts as definite as before: then the last item is what it finds
      }
      const std::optional<JsonNode> inner = evaluation_.value(path, model, false);
      if (evaluation_.stopped()) return std::nullopt;
      if (!inner) {
        missing("the argument of a function has no items");
        return std::nullopt;
      }
      if (tree_.type(*inner) == Type::array) return count(*inner);
    }
    if (tree_.type(model) == Type::array || tree_.type(model) == Type::object) return count(model);
    return tree_.make_null();
  }
  JsonNode count(const JsonNode& container) {
    return tree_.make_integer(static_cast<std::int32_t>(tree_.size(container)));
  }

  std::optional<JsonNode> concat(const Token& t, const JsonNode& model) {
    std::string text;
    if (tree_.type(model) == Type::array) {
      for (std::size_t k = 0; k < tree_.size(model); ++k) {
        const JsonNode value = tree_.item(model, k);
        if (tree_.type(value) == Type::string) text.append(tree_.string(value));
      }
    }
    for (const JsonNode& value : arguments(t)) {
      switch (tree_.type(value)) {
        case Type::string: text.append(tree_.string(value)); break;
        case Type::number: text.append(tree_.number_text(value)); break;
        case Type::boolean: text.append(tree_.boolean(value) ? "true" : "false"); break;
        case Type::null: break;
        default: text.append(tree_.text(value)); break;
      }
    }
    if (evaluation_.stopped()) return std::nullopt;
    return tree_.make_string(text);
  }

  std::optional<JsonNode> append(const Token& t, const JsonNode& model) {
    for (const Parameter& parameter : t.parameters) {
      const std::optional<JsonNode> value = argument(parameter);
      if (!value) return std::nullopt;
      if (tree_.type(model) == Type::array) tree_.append(model, *value);
    }
    return model;
  }

  std::optional<JsonNode> nth(const Token& t, const JsonNode& model) {
    std::int64_t index = t.function == "last" ? -1 : 0;
    if (t.function == "index") {
      const std::vector<JsonNode> values = arguments(t);
      if (values.empty() || tree_.type(values[0]) != Type::number) {
        evaluation_.fail(Fault::invalid, "index() needs a number");
        return std::nullopt;
      }
      index = static_cast<std::int64_t>(tree_.number(values[0]));
    }
    const bool array = tree_.type(model) == Type::array;
    const auto size = array ? static_cast<std::int64_t>(tree_.size(model)) : 0;
    const std::int64_t at = index >= 0 ? index : size + index;
    // The dialect does not take the first item by a negative index.
    if (!array || (index < 0 && at <= 0)) {
      evaluation_.fail(Fault::broken, fmt::format("{}() of too few items", t.function));
      return std::nullopt;
    }
    if (at >= size) {
      evaluation_.fail(Fault::out_of_range, fmt::format("{}() of too few items", t.function));
      return std::nullopt;
    }
    return tree_.item(model, static_cast<std::size_t>(at));
  }

  std::optional<JsonNode> aggregate(const Token& t, const JsonNode& model) {
    std::vector<double> numbers;
    const auto add = [&](const JsonNode& value) {
      if (tree_.type(value) == Type::number) numbers.push_back(tree_.number(value));
    };
    if (tree_.type(model) == Type::array) {
      for (std::size_t k = 0; k < tree_.size(model); ++k) add(tree_.item(model, k));
    }
    for (const JsonNode& value : arguments(t)) add(value);
    if (evaluation_.stopped()) return std::nullopt;
    if (numbers.empty()) {
      evaluation_.fail(Fault::invalid, fmt::format("{}() of no numbers", t.function));
      return std::nullopt;
    }
    double sum = 0;
    double squares = 0;
    double least = std::numeric_limits<double>::max();
    double most =
        std::numeric_limits<double>::denorm_min();  // Double.MIN_VALUE, the dialect's start
    for (const double number : numbers) {
      sum += number;
      squares += number * number;
      least = std::min(least, number);
      most = std::max(most, number);
    }
    const auto count = static_cast<double>(numbers.size());
    if (t.function == "sum") return tree_.make_double(sum);
    if (t.function == "avg") return tree_.make_double(sum / count);
    if (t.function == "min") return tree_.make_double(least);
    if (t.function == "max") return tree_.make_double(most);
    return tree_.make_double(std::sqrt(squares / count - sum * sum / count / count));
  }

  Evaluation& evaluation_;
  JsonTree& tree_;
  const Path& path_;
  bool require_;
  std::vector<int> array_index_;  // of the tokens behind `..`: the item they were reached by
  std::vector<JsonNode> results_;
  std::uint32_t depth_ = 0;
};

std::optional<JsonNode> Evaluation::value(const Path& path, const JsonNode& item, bool require) {
  if (depth_ > kDepthMax) {
    fail(Fault::exhausted, "the document is nested too deep for a JSONPath");
    return std::nullopt;
  }
  ++depth_;
  Walk walk(*this, path, require);
  walk.run(item);
  --depth_;
  if (fault_ == Fault::missing) {
    fault_ = Fault::none;
    return std::nullopt;
  }
  if (stopped()) return std::nullopt;
  if (!path.definite) return tree_.make_array(walk.results());
  if (walk.results().empty()) return std::nullopt;
  return walk.results().back();
}

}  // namespace hyd::codec::jsonpath
