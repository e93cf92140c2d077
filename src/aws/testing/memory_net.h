// Connections without a kernel, for tests of what stands behind an HttpServer: bytes go in as a
// client would send them and come out as it would see them.
//
// Stands in front of another loop, to which it passes everything but `listen`. One thread.
#pragma once

#include "sys/loop.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace hyd::aws::testing {

// Shared by a client and the socket that serves it.
struct MemoryPipe {
  std::string to_server;
  std::string to_client;
  bool client_done = false;  // sends no more
  bool server_done = false;  // the socket is closed, or said that it writes no more
  base::Task readable;
};

class MemoryClient {
 public:
  explicit MemoryClient(std::shared_ptr<MemoryPipe> pipe, sys::Loop& loop)
      : pipe_(std::move(pipe)), loop_(loop) {}
  void send(std::string_view bytes);
  void finish();  // the client's side is closed
  const std::string& received() const { return pipe_->to_client; }
  std::string take_received() { return std::exchange(pipe_->to_client, {}); }
  bool closed() const { return pipe_->server_done; }

 private:
  std::shared_ptr<MemoryPipe> pipe_;
  sys::Loop& loop_;
};

class MemoryNet final : public sys::Loop {
 public:
  explicit MemoryNet(sys::Loop& loop) : loop_(loop) {}

  // A connection to what listens here.
  MemoryClient connect(sys::Endpoint from = {.host = "127.0.0.1", .port = 50000});

  void post(base::Task task) override { loop_.post(std::move(task)); }
  sys::TimerId after(std::chrono::nanoseconds delay, base::Task task) override {
    return loop_.after(delay, std::move(task));
  }
  void cancel(sys::TimerId timer) override { loop_.cancel(timer); }
  void at_turn_end(base::Task task) override { loop_.at_turn_end(std::move(task)); }
  base::Result<std::unique_ptr<sys::Listener>> listen(const sys::Endpoint& at,
                                                      ListenOptions options,
                                                      sys::OnAccept accept) override;
  std::unique_ptr<sys::Socket> adopt(std::unique_ptr<sys::Handoff>) override { return nullptr; }
  void run() override { loop_.run(); }
  void stop() override { loop_.stop(); }
  bool here() const override { return loop_.here(); }
  std::size_t index() const override { return loop_.index(); }

 private:
  sys::Loop& loop_;
  sys::OnAccept accept_;
};

}  // namespace hyd::aws::testing
