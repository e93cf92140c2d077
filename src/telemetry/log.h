// Log lines: one sentence, then fields. Never one per record at info; what a client sent wrong is
// never above debug.
//
//   log.warning("A checkpoint failed and will be tried again.", {{"bytes", wal}, {"reason", why}});
//
// The sentence is a literal: the same event has the same sentence, and what differs is in fields.
// That is also how repeats are recognised: of one sentence at warning or error, a room gets
// kRepeatsMax lines in each kRepeatWindow; the rest are counted, and the next line that passes
// carries the field `repeated`.
#pragma once

#include "base/clock.h"
#include "base/mutex.h"

#include <chrono>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace hyd::telemetry {

enum class Level : std::uint8_t { debug, info, warning, error };

std::string_view name(Level level);

struct Field {
  Field(std::string_view k, std::string_view v) : key(k), value(v) {}
  Field(std::string_view k, const char* v) : key(k), value(v) {}
  Field(std::string_view k, std::string v) : key(k), value(std::move(v)) {}
  Field(std::string_view k, std::same_as<bool> auto v) : key(k), value(v ? "true" : "false") {}
  template <std::integral T>
    requires(!std::same_as<T, bool>)
  Field(std::string_view k, T v) : key(k), value(std::to_string(v)) {}

  std::string_view key;  // a literal
  std::string value;
};

// One line on its way out. Borrows everything for the length of the call.
struct LogLine {
  base::WallTime time;
  Level level = Level::info;
  std::string_view room;
  std::string_view sentence;
  std::span<const Field> fields;
  std::uint64_t repeated = 0;  // lines of this sentence that were left out before it
};

// `sentence key=value key="value with spaces"`: one line whatever the values hold, since control
// bytes and quotes are escaped.
std::string text_of(const LogLine& line);

class LogSink {
 public:
  virtual ~LogSink() = default;
  virtual void write(const LogLine& line) = 0;  // any thread, several at once
};

// Standard error: `2026-01-31T12:00:00.000000Z warning catalog: <text_of>`.
std::unique_ptr<LogSink> make_stderr_sink();

class Logger;

// The process's log: made by `app`, outlives every Logger. Any thread.
class LogHub {
 public:
  static constexpr std::uint64_t kRepeatsMax = 5;
  static constexpr std::chrono::seconds kRepeatWindow{10};
  static constexpr std::size_t kSentencesMax = 512;  // watched for repeats; beyond it none are cut

  // `clock` and `sink` outlive it. Lines below `least` are dropped.
  LogHub(base::Clock& clock, LogSink& sink, Level least = Level::info)
      : clock_(clock), sink_(sink), least_(least) {}

  // `room` is a literal.
  Logger logger(std::string_view room);

 private:
  friend class Logger;
  struct Repeats {
    base::MonoTime window_end;
    std::uint64_t passed = 0;
    std::uint64_t cut = 0;
  };
  void write(Level level, std::string_view room, std::string_view sentence,
             std::span<const Field> fields);
  // True when the line may pass; `repeated` is then what was cut before it.
  bool admit(std::string_view room, std::string_view sentence, base::MonoTime now,
             std::uint64_t& repeated);

  base::Clock& clock_;
  LogSink& sink_;
  const Level least_;
  base::Mutex mutex_;
  // Keys are literals.
  std::map<std::pair<std::string_view, std::string_view>, Repeats> repeats_ HYD_GUARDED_BY(mutex_);
};

// One room's way to the log: a value, copied freely. Any thread.
class Logger {
 public:
  using Fields = std::initializer_list<Field>;

  void debug(std::string_view sentence, Fields fields = {}) const {
    write(Level::debug, sentence, fields);
  }
  void info(std::string_view sentence, Fields fields = {}) const {
    write(Level::info, sentence, fields);
  }
  void warning(std::string_view sentence, Fields fields = {}) const {
    write(Level::warning, sentence, fields);
  }
  void error(std::string_view sentence, Fields fields = {}) const {
    write(Level::error, sentence, fields);
  }

 private:
  friend class LogHub;
  Logger(LogHub& hub, std::string_view room) : hub_(&hub), room_(room) {}
  void write(Level level, std::string_view sentence, Fields fields) const {
    hub_->write(level, room_, sentence, {fields.begin(), fields.size()});
  }

  LogHub* hub_;
  std::string_view room_;
};

}  // namespace hyd::telemetry
