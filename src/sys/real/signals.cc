#include "sys/signals.h"

#include "base/check.h"
#include "sys/real/fd.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <thread>
#include <unistd.h>
#include <utility>

namespace hyd::sys {

// A thread that waits for signals on a descriptor: no handler, hence no global state and nothing
// that must be async-signal-safe.
struct Signals::State {
  State(Loop& at, base::Task task) : loop(at), first(std::move(task)) {}

  void watch() {
    std::array<pollfd, 2> waits{pollfd{.fd = signals.get(), .events = POLLIN, .revents = 0},
                                pollfd{.fd = end.get(), .events = POLLIN, .revents = 0}};
    while (true) {
      if (::poll(waits.data(), waits.size(), -1) < 0) {
        HYD_CHECK(errno == EINTR);
        continue;
      }
      if (waits[1].revents != 0) return;
      signalfd_siginfo info{};
      if (::read(signals.get(), &info, sizeof info) != static_cast<ssize_t>(sizeof info)) continue;
      if (first) {
        loop.post(std::exchange(first, base::Task()));
      } else {
        die_by(static_cast<int>(info.ssi_signo));
      }
    }
  }

  // So that the parent sees which signal it was.
  static void die_by(int signal) {
    struct sigaction action{};
    action.sa_handler = SIG_DFL;
    ::sigaction(signal, &action, nullptr);
    sigset_t only;
    sigemptyset(&only);
    sigaddset(&only, signal);
    ::pthread_sigmask(SIG_UNBLOCK, &only, nullptr);
    ::raise(signal);
    ::_exit(128 + signal);
  }

  Loop& loop;
  base::Task first;
  sigset_t watched{};
  Fd signals;
  Fd end;
  std::thread thread;
};

Signals::Signals(Loop& loop, base::Task first)
    : state_(std::make_unique<State>(loop, std::move(first))) {
  State& state = *state_;
  sigemptyset(&state.watched);
  sigaddset(&state.watched, SIGINT);
  sigaddset(&state.watched, SIGTERM);
  HYD_CHECK(::pthread_sigmask(SIG_BLOCK, &state.watched, nullptr) == 0);
  state.signals = Fd(::signalfd(-1, &state.watched, SFD_CLOEXEC | SFD_NONBLOCK));
  state.end = Fd(::eventfd(0, EFD_CLOEXEC));
  HYD_CHECK(state.signals && state.end);
  state.thread = std::thread([&state] { state.watch(); });
}

Signals::~Signals() {
  const std::uint64_t one = 1;
  HYD_CHECK(::write(state_->end.get(), &one, sizeof one) == static_cast<ssize_t>(sizeof one));
  state_->thread.join();
  ::pthread_sigmask(SIG_UNBLOCK, &state_->watched, nullptr);
}

}  // namespace hyd::sys
