#include "telemetry/log.h"

#include <spdlog/logger.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/stdout_sinks.h>

#include <chrono>
#include <memory>
#include <string>

namespace hyd::telemetry {
namespace {

spdlog::level::level_enum spdlog_level(Level level) {
  switch (level) {
    case Level::debug: return spdlog::level::debug;
    case Level::info: return spdlog::level::info;
    case Level::warning: return spdlog::level::warn;
    case Level::error: return spdlog::level::err;
  }
  return spdlog::level::err;
}

// Outside spdlog's global registry, and never asking its clock: every line brings its time.
class StderrSink final : public LogSink {
 public:
  StderrSink() : logger_("hydrant", std::make_shared<spdlog::sinks::stderr_sink_mt>()) {
    logger_.set_level(spdlog::level::trace);  // LogHub has decided already
    logger_.set_formatter(std::make_unique<spdlog::pattern_formatter>(
        "%Y-%m-%dT%H:%M:%S.%fZ %v", spdlog::pattern_time_type::utc));
  }

  void write(const LogLine& line) override {
    std::string text(name(line.level));
    text += ' ';
    text += line.room;
    text += ": ";
    text += text_of(line);
    logger_.log(std::chrono::time_point_cast<spdlog::log_clock::duration>(line.time),
                spdlog::source_loc{}, spdlog_level(line.level), spdlog::string_view_t(text));
  }

 private:
  spdlog::logger logger_;
};

}  // namespace

std::unique_ptr<LogSink> make_stderr_sink() { return std::make_unique<StderrSink>(); }

}  // namespace hyd::telemetry
