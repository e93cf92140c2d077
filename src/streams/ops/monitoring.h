// What EnableEnhancedMonitoring and DisableEnhancedMonitoring share.
#pragma once

#include "streams/ops/stream_settings.h"

#include <vector>

namespace hyd::streams {

struct MonitoringChange {
  StreamPtr stream;
  std::vector<MetricWord> words;
  bool on = false;
};
// `done` is told what was switched on before and what is now.
void change_monitoring(Streams& streams, const aws::Call& call, const MonitoringChange& change,
                       aws::Done<MonitoringOutput> done);

}  // namespace hyd::streams
