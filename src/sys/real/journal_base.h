// What both roads of the journal share: the order in which writes begin, the bound on those in
// flight, what a completion means, and the delay that tests add. Owner: the loop.
#pragma once

#include "sys/loop.h"
#include "sys/real/file.h"
#include "sys/real/journal.h"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <string_view>

namespace hyd::sys {

class JournalBase : public JournalIo {
 public:
  struct Options {
    RealLoop& loop;  // outlives this
    Durability durability;
    JournalSettings settings;
    bool io_uring;  // for `road`
  };
  static constexpr std::size_t kInFlightMax = 16;  // beyond it writes wait their turn here

  // At `power` slots are written past the page cache where the file system can. At `process` they
  // are written into it: done there is what survives a killed process, and does not wait for the
  // device.
  base::Result<std::shared_ptr<File>> open_slot(Dir& dir, std::string_view path) override;
  // After `stop`, `done` is told `cancelled` at once.
  void write(std::shared_ptr<File> slot, std::uint64_t offset, SharedBytes bytes,
             base::Done<void> done) override;
  // Exact once a slot was opened: until then the file system has not been asked for O_DIRECT.
  std::string_view road() const override;
  // Writes what is queued too.
  void stop() override;

 protected:
  struct Write {
    std::shared_ptr<RealFile> slot;
    std::uint64_t offset = 0;
    SharedBytes bytes;
    std::size_t written = 0;
    base::Done<void> done;

    std::string_view rest() const { return bytes.view().substr(written); }
    std::uint64_t rest_offset() const { return offset + written; }
  };
  enum class Next : std::uint8_t { finished, again, failed };

  explicit JournalBase(Options options) : options_(options) {}

  // Submits what is left of `write`; never calls `complete` before it has returned.
  virtual void begin(std::unique_ptr<Write> write) = 0;
  // Blocks until at least one write in flight has been given to `complete`.
  virtual void wait_for_some() = 0;
  void complete(std::unique_ptr<Write> write, int error);

  // What the kernel's answer to one submission means: bytes written, or minus an errno. Any thread.
  // For `failed`, error_of is the errno.
  Next take_result(Write& write, std::int64_t result);
  static int error_of(std::int64_t result);
  // For pwritev2 and for a submission entry.
  int flags() const;
  RealLoop& loop() { return options_.loop; }
  bool stopped() const { return stopped_; }

 private:
  void begin_queued();
  void tell(base::Done<void> done, base::Result<void> result);

  const Options options_;
  std::deque<std::unique_ptr<Write>> queue_;
  std::size_t in_flight_ = 0;
  struct Delayed {
    TimerId timer = 0;
    base::Done<void> done;
    base::Result<void> result;
  };
  std::map<std::uint64_t, Delayed> delayed_;  // in the order of completion
  std::uint64_t last_delayed_ = 0;
  bool stopped_ = false;
  std::atomic<bool> buffered_{false};  // some slot is written through the page cache; any thread
};

}  // namespace hyd::sys
