// A file of the real file system, and how errors name it.
#pragma once

#include "base/result.h"
#include "sys/file.h"
#include "sys/real/fd.h"

#include <atomic>
#include <memory>
#include <string>
#include <string_view>

namespace hyd::sys {

class LockFile;

class RealFile final : public File {
 public:
  struct Options {
    std::string path;  // for messages
    Caching caching = Caching::buffered;
    // The lock of the directory, when it is held: the journal's ring keeps it (journal.h).
    std::shared_ptr<const LockFile> lock;
  };
  RealFile(Fd fd, Options options);

  base::Result<std::size_t> read_at(std::uint64_t offset, std::span<char> out) override;
  base::Result<void> write_at(std::uint64_t offset, std::string_view bytes) override;
  base::Result<void> sync() override;
  base::Result<std::uint64_t> size() override;
  base::Result<void> truncate(std::uint64_t size) override;
  base::Result<void> reserve(std::uint64_t offset, std::uint64_t length) override;

  int fd() const { return fd_.get(); }
  const std::string& path() const { return path_; }
  const std::shared_ptr<const LockFile>& lock() const { return lock_; }
  // Whether reads and writes pass the page cache by. Any thread.
  bool direct() const { return direct_.load(std::memory_order_relaxed); }
  // For a file system that takes the flag and then refuses the writes.
  void give_up_direct();

 private:
  base::Error error(int error, std::string_view doing) const;
  // A contract of direct files, checked on every file system so that tests on tmpfs find it too.
  void check_blocks(std::uint64_t offset, std::size_t length, const void* memory) const;

  const Fd fd_;
  const std::string path_;
  const bool asked_direct_;
  const std::shared_ptr<const LockFile> lock_;
  std::atomic<bool> direct_{false};
  std::atomic<bool> sync_failed_{false};
};

}  // namespace hyd::sys
