// For tests: stages behind the real HTTP server on connections without a kernel, and a fake service
// behind them.
#pragma once

#include "aws/testing/memory_net.h"
#include "aws/testing/test_call.h"
#include "aws/testing/test_loop.h"
#include "aws/testing/wire.h"
#include "base/check.h"
#include "gateway/request/testing/fake_kinesis.h"
#include "gateway/request/testing/stage_builder.h"
#include "gateway/stage_handler.h"
#include "net/server.h"
#include "sys/real_runtime.h"
#include "sys/workers.h"
#include "telemetry/log.h"

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hyd::gateway::testing {

// Lines as "level sentence key=value …", in the order of writing.
class KeptLines final : public telemetry::LogSink {
 public:
  void write(const telemetry::LogLine& line) override {
    lines.push_back(std::string(telemetry::name(line.level)) + " " + telemetry::text_of(line));
  }
  std::vector<std::string> lines;
};

class StageServer {
 public:
  StageServer() {
    dispatcher_.add(fake_kinesis_table(), kinesis);
    handler_ = std::make_unique<StageHandler>(
        StageHandlerParts{.loop = net_,
                          .clock = clock,
                          .dispatcher = dispatcher_,
                          .workers = *workers_,
                          .served = [this]() -> const Served& { return served_; },
                          .account = aws::testing::kTestAccount,
                          .seed = 7,
                          .log = hub_.logger("gateway")});
    server_ = std::make_unique<net::HttpServer>(net_, clock, *handler_, net::ServerOptions{});
    started_ = server_->listen({.host = "127.0.0.1", .port = 8080}, {}).has_value();
  }
  ~StageServer() {
    server_.reset();
    loop.run_pending();
  }

  bool started() const { return started_; }
  void serve(std::vector<ServedStage> stages) { served_ = served(std::move(stages)); }
  void serve(const StageBuilder& api) { serve({api.build(dispatcher_)}); }
  const aws::Dispatcher& dispatcher() const { return dispatcher_; }
  StageHandler& handler() { return *handler_; }

  // Everything on the loop, what workers do for it included.
  void settle() {
    loop.run_pending();
    const std::unique_ptr<sys::Semaphore> reached = runtime_->make_semaphore();
    base::Task mark = [&reached] { reached->release(); };
    if (workers_->submit(mark)) reached->acquire(base::MonoTime::never());
    loop.run_pending();
  }

  // One request on a connection of its own; Host and Content-Length are added.
  aws::testing::WireAnswer call(std::string_view method, std::string_view target,
                                std::string_view body = {},
                                std::vector<std::pair<std::string, std::string>> headers = {}) {
    std::string bytes = std::string(method) + " " + std::string(target) + " HTTP/1.1\r\n";
    bool host = false;
    for (const auto& [name, value] : headers) {
      bytes.append(name).append(": ").append(value).append("\r\n");
      host |= name == "Host";
    }
    if (!host) bytes += "Host: 127.0.0.1:8080\r\n";
    if (!body.empty()) bytes += "Content-Length: " + std::to_string(body.size()) + "\r\n";
    bytes.append("\r\n").append(body);
    return raw(bytes);
  }
  aws::testing::WireAnswer raw(std::string_view bytes) {
    aws::testing::MemoryClient client = connect();
    client.send(bytes);
    settle();
    std::string received = client.take_received();
    client.finish();
    loop.run_pending();
    return aws::testing::take_answer(received).value_or(aws::testing::WireAnswer{});
  }
  aws::testing::MemoryClient connect() {
    return net_.connect({.host = "203.0.113.9", .port = 50000});
  }

  aws::testing::TestLoop loop;
  aws::testing::TestClock clock;
  FakeKinesis kinesis;
  KeptLines log;

 private:
  static std::unique_ptr<sys::Runtime> make_runtime() {
    auto made = sys::make_real_runtime();
    HYD_CHECK(made.has_value());
    return *std::move(made);
  }

  std::unique_ptr<sys::Runtime> runtime_ = make_runtime();
  std::unique_ptr<sys::Workers> workers_ = std::make_unique<sys::Workers>(
      *runtime_, sys::Workers::Options{.name = "test", .threads = 1, .queue_max = 16});
  telemetry::LogHub hub_{clock, log, telemetry::Level::debug};
  aws::testing::MemoryNet net_{loop};
  aws::RootOnly authorizer_;
  aws::Dispatcher dispatcher_{authorizer_};
  Served served_;
  std::unique_ptr<StageHandler> handler_;
  std::unique_ptr<net::HttpServer> server_;
  bool started_ = false;
};

}  // namespace hyd::gateway::testing
