#include "sys/real/journal_base.h"

#include "base/check.h"
#include "sys/real/dir.h"
#include "sys/real/loop.h"
#include "sys/real/os_error.h"

#include <cerrno>
#include <string>
#include <sys/uio.h>
#include <utility>

namespace hyd::sys {

using base::Code;
using base::fail;
using base::Result;

Result<std::shared_ptr<File>> JournalBase::open_slot(Dir& dir, std::string_view path) {
  auto* const real = dynamic_cast<RealDir*>(&dir);
  HYD_CHECK(real != nullptr);
  const bool past_cache = options_.durability == Durability::power;
  ASSIGN_OR_RETURN(
      std::shared_ptr<RealFile> slot,
      real->open_file(path, Open::read_write, past_cache ? Caching::direct : Caching::buffered));
  if (!slot->direct()) buffered_ = true;
  return slot;
}

void JournalBase::write(std::shared_ptr<File> slot, std::uint64_t offset, SharedBytes bytes,
                        base::Done<void> done) {
  HYD_CHECK(offset % kBlockBytes == 0 && bytes.size() % kBlockBytes == 0 && bytes.size() > 0);
  if (stopped_) return done(fail(Code::cancelled, "the journal has stopped"));
  auto real = std::dynamic_pointer_cast<RealFile>(std::move(slot));
  HYD_CHECK(real != nullptr);
  queue_.push_back(std::make_unique<Write>(Write{.slot = std::move(real),
                                                 .offset = offset,
                                                 .bytes = std::move(bytes),
                                                 .done = std::move(done)}));
  begin_queued();
}

void JournalBase::begin_queued() {
  while (in_flight_ < kInFlightMax && !queue_.empty()) {
    std::unique_ptr<Write> next = std::move(queue_.front());
    queue_.pop_front();
    ++in_flight_;
    begin(std::move(next));
  }
}

JournalBase::Next JournalBase::take_result(Write& write, std::int64_t result) {
  if (result > 0) {
    write.written += static_cast<std::size_t>(result);
    return write.rest().empty() ? Next::finished : Next::again;
  }
  if (result == -EINTR || result == -EAGAIN) return Next::again;
  if (result == -EINVAL && write.slot->direct()) {
    write.slot->give_up_direct();
    buffered_ = true;
    return Next::again;
  }
  return Next::failed;
}

// A write that took nothing and gave no reason would be asked for ever.
int JournalBase::error_of(std::int64_t result) {
  return result < 0 ? static_cast<int>(-result) : EIO;
}

void JournalBase::complete(std::unique_ptr<Write> write, int error) {
  HYD_CHECK(in_flight_ > 0);
  --in_flight_;
  begin_queued();
  Result<void> result;
  if (error != 0) result = os_error(error, "write " + write->slot->path());
  tell(std::move(write->done), std::move(result));
}

void JournalBase::tell(base::Done<void> done, Result<void> result) {
  if (options_.settings.added_delay.count() == 0 || stopped_) return done(std::move(result));
  const std::uint64_t number = ++last_delayed_;
  const TimerId timer = loop().after(options_.settings.added_delay, [this, number] {
    auto node = delayed_.extract(number);
    if (node) node.mapped().done(std::move(node.mapped().result));
  });
  delayed_.emplace(number,
                   Delayed{.timer = timer, .done = std::move(done), .result = std::move(result)});
}

void JournalBase::stop() {
  stopped_ = true;
  while (in_flight_ > 0 || !queue_.empty()) {
    begin_queued();
    wait_for_some();
  }
  while (!delayed_.empty()) {
    auto node = delayed_.extract(delayed_.begin());
    loop().cancel(node.mapped().timer);
    node.mapped().done(std::move(node.mapped().result));
  }
}

int JournalBase::flags() const { return options_.durability == Durability::power ? RWF_DSYNC : 0; }

std::string_view JournalBase::road() const {
  const bool ring = options_.io_uring;
  if (options_.durability == Durability::process) {
    return ring ? "io_uring + buffered, written, synced once a second"
                : "threads + buffered, written, synced once a second";
  }
  if (buffered_) return ring ? "io_uring + buffered + DSYNC" : "threads + buffered + DSYNC";
  return ring ? "io_uring + O_DIRECT + DSYNC" : "threads + O_DIRECT + DSYNC";
}

std::unique_ptr<JournalIo> make_real_journal_io(RealLoop& loop, Durability durability,
                                                JournalSettings settings) {
  if (!settings.without_io_uring) {
    if (auto ring = make_uring_journal(loop, durability, settings)) return ring;
  }
  return make_threads_journal(loop, durability, settings);
}

}  // namespace hyd::sys
