// A handler that a test reads and steers: it notes what came and keeps the responders.
#pragma once

#include "net/handler.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hyd::net::testing {

class ScriptedSink;

class ScriptedHandler final : public Handler {
 public:
  struct Call {
    std::string line;  // "POST /path?query body"
    Request request;
    Responder respond;
  };

  BodyPlan plan(const RequestHead& head, const Peer&) override {
    planned.emplace_back(head.path);
    if (on_plan) return on_plan(head);
    return BodyPlan::buffer(body_bytes_max);
  }
  void handle(Request request, Responder respond) override {
    std::string line(request.head().method);
    line.append(" ").append(request.head().target);
    if (!request.body().empty()) line.append(" ").append(request.body());
    seen.push_back(line);
    if (answer_at_once) {
      Response response;
      response.body = "<" + std::string(request.head().target) + ">";
      return respond.send(std::move(response));
    }
    calls.push_back({std::move(line), std::move(request), std::move(respond)});
  }

  void answer(std::size_t call, std::string body) {
    Response response;
    response.body = std::move(body);
    calls[call].respond.send(std::move(response));
  }

  std::vector<std::string> planned;
  std::vector<std::string> seen;
  std::vector<Call> calls;  // not answered when `answer_at_once` is false
  bool answer_at_once = true;
  std::uint64_t body_bytes_max = 1000;
  std::function<BodyPlan(const RequestHead&)> on_plan;
};

// What a sink was told, kept outside of it since the server destroys it.
struct SinkLog {
  std::string bytes;
  std::string events;  // "start end", "start abort:cancelled gone" …
  bool pause_next = false;
  std::vector<Request> request;
  std::vector<Responder> respond;
};

class ScriptedSink final : public BodySink {
 public:
  explicit ScriptedSink(SinkLog& log) : log_(log) {}
  ~ScriptedSink() override { log_.events += " gone"; }
  void start(Request request, Responder respond) override {
    log_.events += "start";
    log_.request.push_back(std::move(request));
    log_.respond.push_back(std::move(respond));
  }
  Flow on_bytes(std::string_view bytes) override {
    log_.bytes += bytes;
    return std::exchange(log_.pause_next, false) ? Flow::pause : Flow::more;
  }
  void on_end() override { log_.events += " end"; }
  void on_abort(base::Code why) override { log_.events.append(" abort:").append(base::name(why)); }

 private:
  SinkLog& log_;
};

}  // namespace hyd::net::testing
