#include "aws/testing/memory_net.h"

#include <algorithm>
#include <span>

namespace hyd::aws::testing {
namespace {

class MemorySocket final : public sys::Socket {
 public:
  MemorySocket(std::shared_ptr<MemoryPipe> pipe, sys::Loop& loop, sys::Endpoint peer)
      : pipe_(std::move(pipe)), loop_(loop), peer_(std::move(peer)) {}
  ~MemorySocket() override {
    pipe_->server_done = true;
    pipe_->readable = nullptr;
  }

  base::Result<Read> read_some(std::span<char> into) override {
    const std::size_t bytes = std::min(into.size(), pipe_->to_server.size());
    std::copy_n(pipe_->to_server.begin(), bytes, into.begin());
    pipe_->to_server.erase(0, bytes);
    return Read{.bytes = bytes, .end = pipe_->client_done && pipe_->to_server.empty()};
  }
  base::Result<std::size_t> write_some(std::span<const std::string_view> parts) override {
    std::size_t bytes = 0;
    for (const std::string_view part : parts) {
      pipe_->to_client += part;
      bytes += part.size();
    }
    return bytes;
  }
  void wait_readable(base::Task task) override {
    pipe_->readable = std::move(task);
    if (!pipe_->to_server.empty() || pipe_->client_done) wake(pipe_, loop_);
  }
  // There is always room.
  void wait_writable(base::Task task) override { loop_.post(std::move(task)); }
  void shutdown_write() override { pipe_->server_done = true; }
  const sys::Endpoint& peer() const override { return peer_; }
  std::unique_ptr<sys::Handoff> detach() override { return nullptr; }

  static void wake(const std::shared_ptr<MemoryPipe>& pipe, sys::Loop& loop) {
    loop.post([pipe] {
      if (base::Task task = std::exchange(pipe->readable, nullptr)) task();
    });
  }

 private:
  std::shared_ptr<MemoryPipe> pipe_;
  sys::Loop& loop_;
  sys::Endpoint peer_;
};

class MemoryListener final : public sys::Listener {
 public:
  explicit MemoryListener(sys::Endpoint local) : local_(std::move(local)) {}
  const sys::Endpoint& local() const override { return local_; }
  void close() override {}

 private:
  sys::Endpoint local_;
};

}  // namespace

void MemoryClient::send(std::string_view bytes) {
  pipe_->to_server += bytes;
  MemorySocket::wake(pipe_, loop_);
}

void MemoryClient::finish() {
  pipe_->client_done = true;
  MemorySocket::wake(pipe_, loop_);
}

MemoryClient MemoryNet::connect(sys::Endpoint from) {
  auto pipe = std::make_shared<MemoryPipe>();
  loop_.post([this, pipe, from = std::move(from)] {
    if (accept_) accept_(std::make_unique<MemorySocket>(pipe, loop_, from));
  });
  return MemoryClient(pipe, loop_);
}

base::Result<std::unique_ptr<sys::Listener>> MemoryNet::listen(const sys::Endpoint& at,
                                                               ListenOptions,
                                                               sys::OnAccept accept) {
  accept_ = std::move(accept);
  return std::make_unique<MemoryListener>(
      sys::Endpoint{.host = at.host, .port = at.port == 0 ? std::uint16_t{4566} : at.port});
}

}  // namespace hyd::aws::testing
