#include "sys/fail_points.h"

#include "base/parse_int.h"

namespace hyd::sys {

using base::Code;
using base::fail;
using base::Result;

Result<void> FailPoints::arm(std::string_view spec) {
  std::vector<Point> points;
  while (!spec.empty()) {
    const std::size_t comma = spec.find(',');
    const std::string_view part = spec.substr(0, comma);
    spec = comma == std::string_view::npos ? std::string_view() : spec.substr(comma + 1);
    const std::size_t first = part.find(':');
    const std::size_t last = part.rfind(':');
    if (first == std::string_view::npos || first == last || first == 0) {
      return fail(Code::invalid,
                  "fail point '" + std::string(part) + "': expected name:nth:action");
    }
    const auto nth = base::parse_int<std::uint64_t>(part.substr(first + 1, last - first - 1));
    if (!nth || *nth == 0) {
      return fail(Code::invalid,
                  "fail point '" + std::string(part) + "': nth must be a number from 1");
    }
    Point point{.name = std::string(part.substr(0, first)), .nth = *nth};
    std::string_view action = part.substr(last + 1);
    if (action == "kill") {
      point.action = Action::kill;
    } else if (action == "stop") {
      point.action = Action::stop;
    } else if (action == "error") {
      point.action = Action::error;
    } else if (action.starts_with("delay")) {
      point.action = Action::delay;
      action.remove_prefix(5);
      point.delay = std::chrono::milliseconds(100);
      if (!action.empty()) {
        const auto ms =
            action.front() == '=' ? base::parse_int<std::uint32_t>(action.substr(1)) : std::nullopt;
        if (!ms) {
          return fail(Code::invalid,
                      "fail point '" + std::string(part) + "': expected delay or delay=MS");
        }
        point.delay = std::chrono::milliseconds(*ms);
      }
    } else {
      return fail(Code::invalid, "fail point '" + std::string(part) +
                                     "': action must be kill, stop, error or delay[=ms]");
    }
    points.push_back(std::move(point));
  }
  const base::Lock lock(mutex_);
  points_ = std::move(points);
  armed_.store(!points_.empty(), std::memory_order_relaxed);
  return {};
}

Result<void> FailPoints::pass_armed(std::string_view name) {
  Action action{};
  std::chrono::milliseconds delay{0};
  bool hit = false;
  {
    const base::Lock lock(mutex_);
    for (Point& point : points_) {
      if (point.name != name || ++point.passed != point.nth) continue;
      hit = true;
      action = point.action;
      delay = point.delay;
    }
  }
  if (!hit) return {};
  switch (action) {
    case Action::kill: actions_.kill(); break;
    case Action::stop: actions_.stop(); break;
    case Action::delay: actions_.delay(delay); break;
    case Action::error: return fail(Code::io, "fail point " + std::string(name));
  }
  return {};
}

}  // namespace hyd::sys
