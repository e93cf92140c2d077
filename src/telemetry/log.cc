#include "telemetry/log.h"

#include <fmt/core.h>

#include <algorithm>

namespace hyd::telemetry {
namespace {

// Bare when it cannot be mistaken for anything else; else quoted, one line, printable.
void append_value(std::string& out, std::string_view value) {
  const auto plain = [](char c) {
    return c > ' ' && c != '"' && c != '=' && c != '\\' && c != '\x7f';
  };
  if (!value.empty() && std::ranges::all_of(value, [&](char c) { return plain(c) || c < 0; })) {
    out += value;
    return;
  }
  out += '"';
  for (const char c : value) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (c == '\n') {
      out += "\\n";
    } else if (byte < 0x20 || byte == 0x7f) {
      out += fmt::format("\\x{:02x}", byte);
    } else {
      out += c;
    }
  }
  out += '"';
}

}  // namespace

std::string_view name(Level level) {
  switch (level) {
    case Level::debug: return "debug";
    case Level::info: return "info";
    case Level::warning: return "warning";
    case Level::error: return "error";
  }
  return "unknown";
}

std::string text_of(const LogLine& line) {
  std::string out(line.sentence);
  for (const Field& field : line.fields) {
    out += ' ';
    out += field.key;
    out += '=';
    append_value(out, field.value);
  }
  if (line.repeated != 0) out += fmt::format(" repeated={}", line.repeated);
  return out;
}

Logger LogHub::logger(std::string_view room) { return Logger(*this, room); }

void LogHub::write(Level level, std::string_view room, std::string_view sentence,
                   std::span<const Field> fields) {
  if (level < least_) return;
  std::uint64_t repeated = 0;
  const base::MonoTime now = clock_.mono();
  if (level >= Level::warning && !admit(room, sentence, now, repeated)) return;
  sink_.write({.time = clock_.wall(),
               .level = level,
               .room = room,
               .sentence = sentence,
               .fields = fields,
               .repeated = repeated});
}

bool LogHub::admit(std::string_view room, std::string_view sentence, base::MonoTime now,
                   std::uint64_t& repeated) {
  const base::Lock lock(mutex_);
  const std::pair key(room, sentence);
  auto at = repeats_.find(key);
  if (at == repeats_.end()) {
    if (repeats_.size() >= kSentencesMax) return true;
    at = repeats_.emplace(key, Repeats{.window_end = now + kRepeatWindow}).first;
  }
  Repeats& seen = at->second;
  if (now >= seen.window_end) {
    seen.window_end = now + kRepeatWindow;
    seen.passed = 0;
  }
  if (seen.passed >= kRepeatsMax) {
    ++seen.cut;
    return false;
  }
  ++seen.passed;
  repeated = std::exchange(seen.cut, 0);
  return true;
}

}  // namespace hyd::telemetry
