#include "telemetry/registry.h"

#include "base/check.h"

#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

#include <algorithm>
#include <cstddef>
#include <limits>
#include <type_traits>

namespace hyd::telemetry {
namespace {

// hydrant_<room>_<thing>_<unit>: lower-case words joined by single underscores, at least four.
bool well_named(std::string_view name, bool counter) {
  constexpr std::string_view kPrefix = "hydrant_";
  if (!name.starts_with(kPrefix) || name.ends_with('_') || name.contains("__")) return false;
  if (counter != name.ends_with("_total")) return false;
  const auto fits = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  };
  return std::ranges::all_of(name, fits) && std::ranges::count(name, '_') >= 3;
}

std::vector<prometheus::ClientMetric::Label> labels_of(const Tags& tags) {
  std::vector<prometheus::ClientMetric::Label> out;
  for (const auto& [name, value] : tags) {
    out.push_back({.name = std::string(name), .value = std::string(value)});
  }
  return out;
}

void add_to(prometheus::ClientMetric::Histogram& out, const Histogram& histogram) {
  const Buckets& buckets = histogram.buckets();
  if (out.bucket.empty()) {
    for (std::size_t i = 0; i < buckets.count; ++i) {
      out.bucket.push_back(
          {.upper_bound = static_cast<double>(buckets.bounds[i]) * buckets.shown_per_recorded});
    }
    out.bucket.push_back({.upper_bound = std::numeric_limits<double>::infinity()});
  }
  HYD_CHECK(out.bucket.size() == buckets.count + 1);
  std::uint64_t so_far = 0;
  for (std::size_t i = 0; i <= buckets.count; ++i) {
    so_far += histogram.count_in(i);
    out.bucket[i].cumulative_count += so_far;
  }
  out.sample_count += so_far;
  out.sample_sum += static_cast<double>(histogram.sum()) * buckets.shown_per_recorded;
}

}  // namespace

Registration& Registration::operator=(Registration&& other) noexcept {
  if (this != &other) {
    if (registry_ != nullptr) registry_->remove(id_);
    registry_ = std::exchange(other.registry_, nullptr);
    id_ = other.id_;
  }
  return *this;
}

Registration::~Registration() {
  if (registry_ != nullptr) registry_->remove(id_);
}

Registry::~Registry() {
  const base::Lock lock(mutex_);
  HYD_CHECK(families_.empty());
}

Registration Registry::add(const Family& family, Tags tags, const Counter& counter) {
  return add_source(family, Kind::counter, std::move(tags), &counter);
}

Registration Registry::add(const Family& family, Tags tags, const LocalCounter& counter) {
  return add_source(family, Kind::counter, std::move(tags), &counter);
}

Registration Registry::add(const Family& family, Tags tags, const Gauge& gauge) {
  return add_source(family, Kind::gauge, std::move(tags), &gauge);
}

Registration Registry::add(const Family& family, Tags tags, const Histogram& histogram) {
  return add_source(family, Kind::histogram, std::move(tags), &histogram);
}

Registration Registry::add(const Family& family, Tags tags, std::function<std::int64_t()> gauge) {
  return add_source(family, Kind::gauge, std::move(tags), std::move(gauge));
}

Registration Registry::add_source(const Family& family, Kind kind, Tags tags, Source source) {
  HYD_CHECK(well_named(family.name, kind == Kind::counter));
  const base::Lock lock(mutex_);
  const auto [at, is_new] = families_.try_emplace(family.name);
  Members& members = at->second;
  if (is_new) {
    members.help = family.help;
    members.kind = kind;
  }
  HYD_CHECK(members.kind == kind);  // one name has one meaning
  members.entries.push_back({++last_id_, std::move(tags), std::move(source)});
  return Registration(this, last_id_);
}

void Registry::remove(std::uint64_t id) {
  const base::Lock lock(mutex_);
  for (auto at = families_.begin(); at != families_.end(); ++at) {
    std::list<Entry>& entries = at->second.entries;
    if (std::erase_if(entries, [id](const Entry& entry) { return entry.id == id; }) != 0) {
      if (entries.empty()) families_.erase(at);
      return;
    }
  }
}

std::string Registry::text() const {
  std::vector<prometheus::MetricFamily> out;
  const base::Lock lock(mutex_);
  for (const auto& [name, members] : families_) {
    prometheus::MetricFamily& family = out.emplace_back();
    family.name = std::string(name);
    family.help = std::string(members.help);
    family.type = members.kind == Kind::counter ? prometheus::MetricType::Counter
                  : members.kind == Kind::gauge ? prometheus::MetricType::Gauge
                                                : prometheus::MetricType::Histogram;
    std::map<Tags, prometheus::ClientMetric> series;
    for (const Entry& entry : members.entries) {
      prometheus::ClientMetric& sum = series[entry.tags];
      std::visit(
          [&sum](const auto& source) {
            using T = std::decay_t<decltype(source)>;
            if constexpr (std::is_same_v<T, const Histogram*>) {
              add_to(sum.histogram, *source);
            } else if constexpr (std::is_same_v<T, const Gauge*>) {
              sum.gauge.value += static_cast<double>(source->value());
            } else if constexpr (std::is_same_v<T, std::function<std::int64_t()>>) {
              sum.gauge.value += static_cast<double>(source());
            } else {
              sum.counter.value += static_cast<double>(source->value());
            }
          },
          entry.source);
    }
    for (auto& [tags, metric] : series) {
      metric.label = labels_of(tags);
      family.metric.push_back(std::move(metric));
    }
  }
  return prometheus::TextSerializer().Serialize(out);
}

}  // namespace hyd::telemetry
