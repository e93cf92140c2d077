#include "streams/ops/monitoring.h"

#include "streams/ops/find.h"
#include "streams/ops/words.h"

#include <cstdint>
#include <memory>
#include <utility>

namespace hyd::streams {
namespace {

constexpr std::uint8_t kAll = (1u << kMetricsCount) - 1;

std::uint8_t bits_of(const std::vector<MetricWord>& words) {
  unsigned bits = 0;
  for (const MetricWord word : words) {
    bits |= word == MetricWord::all ? kAll : 1u << std::to_underlying(word);
  }
  return static_cast<std::uint8_t>(bits);
}

std::vector<MetricWord> words_of(std::uint8_t bits) {
  std::vector<MetricWord> words;
  for (std::uint8_t i = 0; i < kMetricsCount; ++i) {
    if ((bits >> i & 1) != 0) words.push_back(static_cast<MetricWord>(i));
  }
  return words;
}

}  // namespace

void change_monitoring(Streams& streams, const aws::Call& call, const MonitoringChange& change,
                       aws::Done<MonitoringOutput> done) {
  auto before = std::make_shared<std::uint8_t>();
  streams.change(
      call, change.stream,
      {.decide = [&streams, bits = bits_of(change.words), on = change.on,
                  before](const Stream& now) -> Streams::NewSettings {
        if (aws::Outcome<void> active = must_be_active(streams, now); !active) {
          return std::move(active).error();
        }
        *before = now.settings.metrics;
        Settings next = now.settings;
        next.metrics = static_cast<std::uint8_t>(on ? next.metrics | bits : next.metrics & ~bits);
        return std::optional<Settings>(std::move(next));
      }},
      [before, done = std::move(done)](std::expected<StreamPtr, aws::Fault> changed) mutable {
        if (!changed) return done(std::unexpected(std::move(changed).error()));
        const Stream& stream = **changed;
        done(MonitoringOutput{.stream_name = stream.name,
                              .current_shard_level_metrics = words_of(*before),
                              .desired_shard_level_metrics = words_of(stream.settings.metrics),
                              .stream_arn = stream.arn});
      });
}

}  // namespace hyd::streams
