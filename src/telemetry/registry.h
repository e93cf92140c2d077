// Names for instruments, and their text for a scraper (Prometheus exposition format 0.0.4).
//
// A family is one name with one meaning; its series differ in tags, whose values come from closed
// lists (a Code, an operation, a lane), never from input. Several instruments under the same family
// and tags are one series, their sum: each loop registers its own struct.
//
// An object that `app` makes first, not a global. Any thread. An instrument is read until its
// Registration is destroyed, so a probe declares its registrations behind its instruments.
#pragma once

#include "base/mutex.h"
#include "telemetry/instruments.h"

#include <cstdint>
#include <functional>
#include <list>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace hyd::telemetry {

// `name` is hydrant_<room>_<thing>_<unit>, counters with _total behind it; `help` one sentence.
// Both are literals. Anything else is a bug and stops the program.
struct Family {
  std::string_view name;
  std::string_view help;
};

// ("code", "io"). Literals, in the same order wherever the family is used.
using Tags = std::vector<std::pair<std::string_view, std::string_view>>;

class Registry;

// Owns one name's hold on one instrument.
class [[nodiscard]] Registration {
 public:
  Registration() = default;
  Registration(Registration&& other) noexcept { *this = std::move(other); }
  Registration& operator=(Registration&& other) noexcept;
  ~Registration();

 private:
  friend class Registry;
  Registration(Registry* registry, std::uint64_t id) : registry_(registry), id_(id) {}
  Registry* registry_ = nullptr;  // outlives it: the registry is the first object made
  std::uint64_t id_ = 0;
};

class Registry {
 public:
  Registry() = default;
  ~Registry();  // no registration is left

  Registration add(const Family& family, Tags tags, const Counter& counter);
  Registration add(const Family& family, Tags tags, const LocalCounter& counter);
  Registration add(const Family& family, Tags tags, const Gauge& gauge);
  // All histograms of a family have the same buckets.
  Registration add(const Family& family, Tags tags, const Histogram& histogram);
  // A value worked out when asked for, on the asking thread; it neither blocks nor registers.
  Registration add(const Family& family, Tags tags, std::function<std::int64_t()> gauge);

  // Every family, sorted by name.
  std::string text() const;

 private:
  friend class Registration;
  enum class Kind : std::uint8_t { counter, gauge, histogram };
  using Source = std::variant<const Counter*, const LocalCounter*, const Gauge*, const Histogram*,
                              std::function<std::int64_t()>>;
  struct Entry {
    std::uint64_t id = 0;
    Tags tags;
    Source source;
  };
  struct Members {
    std::string_view help;
    Kind kind = Kind::counter;
    std::list<Entry> entries;
  };
  Registration add_source(const Family& family, Kind kind, Tags tags, Source source);
  void remove(std::uint64_t id);

  mutable base::Mutex mutex_;
  std::map<std::string_view, Members> families_ HYD_GUARDED_BY(mutex_);
  std::uint64_t last_id_ HYD_GUARDED_BY(mutex_) = 0;
};

}  // namespace hyd::telemetry
