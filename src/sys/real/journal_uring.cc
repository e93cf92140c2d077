#include "base/check.h"
#include "sys/real/journal_base.h"
#include "sys/real/lock_file.h"
#include "sys/real/loop.h"

#include <asio/io_context.hpp>
#include <asio/posix/stream_descriptor.hpp>
#include <liburing.h>

#include <cerrno>
#include <chrono>
#include <cstdint>
#include <sys/eventfd.h>
#include <system_error>
#include <unistd.h>
#include <utility>
#include <vector>

namespace hyd::sys {
namespace {

// Submitting fails for want of memory only; what is in the ring is submitted with the next try.
constexpr std::chrono::milliseconds kSubmitAgain{1};

class UringJournal final : public JournalBase {
 public:
  explicit UringJournal(Options options)
      : JournalBase(options), watch_(std::make_shared<Watch>(options.loop.context())) {
    watch_->owner = this;
  }
  ~UringJournal() override {
    stop();
    watch_->owner = nullptr;
    if (retry_ != 0) loop().cancel(retry_);
    if (!made_) return;
    // Before the ring, whose end is the kernel's and takes its time: the next to lock this
    // directory shall not have to wait for it after an orderly stop.
    ::io_uring_unregister_files(&ring_);
    ::io_uring_queue_exit(&ring_);
  }

  // False where this kernel, or the sandbox, has no io_uring that can do all that follows.
  bool open() {
    if (::io_uring_queue_init(2 * kInFlightMax, &ring_, 0) != 0) return false;
    made_ = true;
    io_uring_probe* const probe = ::io_uring_get_probe_ring(&ring_);
    const bool writes = probe != nullptr && ::io_uring_opcode_supported(probe, IORING_OP_WRITE);
    if (probe != nullptr) ::io_uring_free_probe(probe);
    const int none = -1;  // one place, for the lock
    if (!writes || ::io_uring_register_files(&ring_, &none, 1) != 0) return false;
    const int event = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (event < 0) return false;
    std::error_code failed;
    watch_->event.assign(event, failed);
    if (failed) {
      ::close(event);
      return false;
    }
    if (::io_uring_register_eventfd(&ring_, event) != 0) return false;
    watch(watch_);
    return true;
  }

 private:
  // What the pending wait for the eventfd shares with the journal, so that either may go first.
  struct Watch {
    explicit Watch(asio::io_context& context) : event(context) {}
    asio::posix::stream_descriptor event;
    UringJournal* owner = nullptr;
  };

  static void watch(const std::shared_ptr<Watch>& watched) {
    watched->event.async_wait(
        asio::posix::descriptor_base::wait_read, [watched](std::error_code error) {
          if (error || watched->owner == nullptr) return;
          std::uint64_t count = 0;
          static_cast<void>(::read(watched->event.native_handle(), &count, sizeof count));
          watched->owner->reap();
          if (watched->owner != nullptr) watch(watched);
        });
  }

  void begin(std::unique_ptr<Write> write) override {
    keep_lock(*write);
    io_uring_sqe* const sqe = ::io_uring_get_sqe(&ring_);
    HYD_CHECK(sqe != nullptr);  // the ring has more entries than may be in flight
    const std::string_view rest = write->rest();
    ::io_uring_prep_write(sqe, write->slot->fd(), rest.data(), static_cast<unsigned>(rest.size()),
                          write->rest_offset());
    sqe->rw_flags = flags();
    ::io_uring_sqe_set_data(sqe, write.release());  // the ring's until its completion
    submit();
  }

  void submit() {
    if (::io_uring_submit(&ring_) >= 0 || stopped() || retry_ != 0) return;
    retry_ = loop().after(kSubmitAgain, [this] {
      retry_ = 0;
      submit();
    });
  }

  void wait_for_some() override {
    const int result = ::io_uring_submit_and_wait(&ring_, 1);
    HYD_CHECK(result >= 0 || result == -EINTR || result == -EAGAIN || result == -EBUSY);
    reap();
  }

  // The ring keeps the lock from before the first write on. An error here would let a second server
  // in beside late writes, and there is no reason for one.
  void keep_lock(const Write& write) {
    const std::shared_ptr<const LockFile>& lock = write.slot->lock();
    if (lock == nullptr || lock == kept_lock_) return;
    const int fd = lock->fd();
    HYD_CHECK(::io_uring_register_files_update(&ring_, 0, &fd, 1) == 1);
    kept_lock_ = lock;
  }

  struct Completion {
    std::unique_ptr<Write> write;
    std::int64_t result = 0;
  };

  void reap() {
    std::vector<Completion> completions = std::move(reaped_);
    io_uring_cqe* cqe = nullptr;
    while (::io_uring_peek_cqe(&ring_, &cqe) == 0) {
      completions.push_back(
          {.write = std::unique_ptr<Write>(static_cast<Write*>(::io_uring_cqe_get_data(cqe))),
           .result = cqe->res});
      ::io_uring_cqe_seen(&ring_, cqe);
    }
    for (auto& [write, result] : completions) {
      switch (take_result(*write, result)) {
        case Next::finished: complete(std::move(write), 0); break;
        case Next::failed: complete(std::move(write), error_of(result)); break;
        case Next::again: begin(std::move(write)); break;
      }
    }
    completions.clear();
    reaped_ = std::move(completions);
  }

  io_uring ring_{};
  bool made_ = false;
  std::shared_ptr<const LockFile> kept_lock_;
  std::shared_ptr<Watch> watch_;
  TimerId retry_ = 0;
  std::vector<Completion> reaped_;  // reap's, kept for its memory
};

}  // namespace

std::unique_ptr<JournalIo> make_uring_journal(RealLoop& loop, Durability durability,
                                              JournalSettings settings) {
  auto journal = std::make_unique<UringJournal>(UringJournal::Options{
      .loop = loop, .durability = durability, .settings = settings, .io_uring = true});
  if (!journal->open()) return nullptr;
  return journal;
}

}  // namespace hyd::sys
