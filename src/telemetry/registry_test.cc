#include "telemetry/registry.h"

#include <gtest/gtest.h>

namespace hyd::telemetry {
namespace {

constexpr Family kCommits{.name = "hydrant_log_commits_done_total",
                          .help = "Commits that are durable."};
constexpr Family kQueue{.name = "hydrant_catalog_queue_mutations",
                        .help = "Mutations that wait for the writer."};
constexpr Family kCommitSeconds{.name = "hydrant_log_commit_latency_seconds",
                                .help = "From the first byte to durable."};

// How often `line` stands in `text` as a whole line.
std::size_t lines_equal(const std::string& text, const std::string& line) {
  std::size_t found = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = text.find('\n', at);
    if (text.compare(at, end - at, line) == 0) ++found;
    at = end == std::string::npos ? text.size() : end + 1;
  }
  return found;
}

TEST(Registry, OneLoopsCounterAndAnotherLoopsAreOneSeries) {
  Registry registry;
  LocalCounter first;
  LocalCounter second;
  const Registration one = registry.add(kCommits, {{"code", "ok"}}, first);
  const Registration two = registry.add(kCommits, {{"code", "ok"}}, second);
  first.add(2);
  second.add(40);
  const std::string text = registry.text();
  EXPECT_EQ(lines_equal(text, "hydrant_log_commits_done_total{code=\"ok\"} 42"), 1u) << text;
  EXPECT_EQ(lines_equal(text, "# TYPE hydrant_log_commits_done_total counter"), 1u) << text;
  EXPECT_EQ(lines_equal(text, "# HELP hydrant_log_commits_done_total Commits that are durable."),
            1u)
      << text;
}

TEST(Registry, TagsKeepSeriesApart) {
  Registry registry;
  Counter good;
  Counter bad;
  const Registration one = registry.add(kCommits, {{"code", "ok"}}, good);
  const Registration two = registry.add(kCommits, {{"code", "io"}}, bad);
  good.add(7);
  const std::string text = registry.text();
  EXPECT_EQ(lines_equal(text, "hydrant_log_commits_done_total{code=\"ok\"} 7"), 1u) << text;
  EXPECT_EQ(lines_equal(text, "hydrant_log_commits_done_total{code=\"io\"} 0"), 1u) << text;
}

TEST(Registry, AGaugeIsWhatItWasSetToOrWhatItsFunctionSays) {
  Registry registry;
  Gauge gauge;
  gauge.set(5);
  gauge.add(-7);
  const Registration one = registry.add(kQueue, {{"lane", "object"}}, gauge);
  const Registration two = registry.add(kQueue, {{"lane", "control"}}, [] { return 3; });
  const std::string text = registry.text();
  EXPECT_EQ(lines_equal(text, "hydrant_catalog_queue_mutations{lane=\"object\"} -2"), 1u) << text;
  EXPECT_EQ(lines_equal(text, "hydrant_catalog_queue_mutations{lane=\"control\"} 3"), 1u) << text;
}

TEST(Registry, HistogramBucketsAreCumulativeAndShownInSeconds) {
  Registry registry;
  Histogram histogram(kSeconds);
  const Registration one = registry.add(kCommitSeconds, {}, histogram);
  histogram.record(std::chrono::microseconds(16));  // a bound belongs to its bucket
  histogram.record(std::chrono::microseconds(20));
  histogram.record(std::chrono::seconds(100));
  const std::string text = registry.text();
  const std::string name = "hydrant_log_commit_latency_seconds";
  EXPECT_EQ(lines_equal(text, name + "_bucket{le=\"1.6e-05\"} 1"), 1u) << text;
  EXPECT_EQ(lines_equal(text, name + "_bucket{le=\"+Inf\"} 3"), 1u) << text;
  EXPECT_EQ(lines_equal(text, name + "_count 3"), 1u) << text;
  EXPECT_TRUE(text.contains(name + "_sum 100.000036")) << text;
}

TEST(Registry, ForgetsAnInstrumentWithItsRegistration) {
  Registry registry;
  {
    Counter counter;
    const Registration one = registry.add(kCommits, {}, counter);
    EXPECT_FALSE(registry.text().empty());
  }
  EXPECT_EQ(registry.text(), "");
}

TEST(RegistryDeathTest, ANameOutsideTheHousePatternIsABug) {
  Registry registry;
  Counter counter;
  Gauge gauge;
  const Family no_total{.name = "hydrant_log_commits_done", .help = ""};
  const Family foreign{.name = "log_commits_done_total", .help = ""};
  const Family gauge_total{.name = "hydrant_log_queue_total", .help = ""};
  EXPECT_DEATH({ const auto one = registry.add(no_total, {}, counter); }, "well_named");
  EXPECT_DEATH({ const auto one = registry.add(foreign, {}, counter); }, "well_named");
  EXPECT_DEATH({ const auto one = registry.add(gauge_total, {}, gauge); }, "well_named");
}

}  // namespace
}  // namespace hyd::telemetry
