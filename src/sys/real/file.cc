#include "sys/real/file.h"

#include "base/check.h"
#include "sys/real/os_error.h"
#include "sys/shared_bytes.h"

#include <cerrno>
#include <cstdint>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace hyd::sys {
namespace {

using base::Code;
using base::fail;
using base::Result;

bool set_direct(int fd, bool on) {
  const int flags = ::fcntl(fd, F_GETFL);
  if (flags < 0) return false;
  return ::fcntl(fd, F_SETFL, on ? flags | O_DIRECT : flags & ~O_DIRECT) == 0;
}

// The flag is set on the open file, not passed to open: a file system that refuses it would leave
// behind the empty file that it has just created. Kernels from 6.1 say what alignment they want;
// others are asked by a read, which a file that is only empty answers with no bytes.
bool turn_on_direct(int fd) {
  if (!set_direct(fd, true)) return false;
#ifdef STATX_DIOALIGN
  struct statx info{};
  if (::statx(fd, "", AT_EMPTY_PATH, STATX_DIOALIGN, &info) == 0 &&
      (info.stx_mask & STATX_DIOALIGN) != 0) {
    const bool fits = info.stx_dio_offset_align != 0 && info.stx_dio_offset_align <= kBlockBytes &&
                      info.stx_dio_mem_align <= kBlockBytes;
    if (!fits) set_direct(fd, false);
    return fits;
  }
#endif
  bool taken = true;
  static_cast<void>(SharedBytes::make(kBlockBytes, [&](std::span<char> block) {
    taken = ::pread(fd, block.data(), block.size(), 0) >= 0 || errno != EINVAL;
  }));
  if (!taken) set_direct(fd, false);
  return taken;
}

}  // namespace

RealFile::RealFile(Fd fd, Options options)
    : fd_(std::move(fd)),
      path_(std::move(options.path)),
      asked_direct_(options.caching == Caching::direct),
      lock_(std::move(options.lock)) {
  if (asked_direct_) direct_ = turn_on_direct(fd_.get());
}

base::Error RealFile::error(int error, std::string_view doing) const {
  return os_error(error, std::string(doing) + " " + path_);
}

void RealFile::check_blocks(std::uint64_t offset, std::size_t length, const void* memory) const {
  if (!asked_direct_) return;
  HYD_CHECK(offset % kBlockBytes == 0 && length % kBlockBytes == 0);
  HYD_CHECK(reinterpret_cast<std::uintptr_t>(memory) % kBlockBytes == 0);
}

void RealFile::give_up_direct() {
  set_direct(fd_.get(), false);
  direct_ = false;
}

Result<std::size_t> RealFile::read_at(std::uint64_t offset, std::span<char> out) {
  check_blocks(offset, out.size(), out.data());
  std::size_t done = 0;
  while (done < out.size()) {
    const ssize_t n =
        ::pread(fd_.get(), out.data() + done, out.size() - done, static_cast<off_t>(offset + done));
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return error(errno, "read");
    done += static_cast<std::size_t>(n);
    // A direct read that stops inside a block has met the end, and must not go on from there.
    if (n == 0 || (direct() && done % kBlockBytes != 0)) break;
  }
  return done;
}

Result<void> RealFile::write_at(std::uint64_t offset, std::string_view bytes) {
  check_blocks(offset, bytes.size(), bytes.data());
  while (!bytes.empty()) {
    const ssize_t n = ::pwrite(fd_.get(), bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (n < 0 && errno == EINTR) continue;
    if (n < 0 && errno == EINVAL && direct()) {
      give_up_direct();
      continue;
    }
    if (n < 0) return error(errno, "write");
    if (n == 0) return error(EIO, "write");
    offset += static_cast<std::uint64_t>(n);
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  return {};
}

// Never retried: after a failure the kernel has marked the lost pages clean, and a second fdatasync
// would report success for bytes that are gone.
Result<void> RealFile::sync() {
  if (sync_failed_.load()) return fail(Code::io, "sync " + path_ + ": an earlier sync failed");
  int result = 0;
  do {
    result = ::fdatasync(fd_.get());
  } while (result != 0 && errno == EINTR);
  if (result == 0) return {};
  sync_failed_ = true;
  return error(errno, "sync");
}

Result<std::uint64_t> RealFile::size() {
  struct stat info{};
  if (::fstat(fd_.get(), &info) != 0) return error(errno, "stat");
  return static_cast<std::uint64_t>(info.st_size);
}

Result<void> RealFile::truncate(std::uint64_t size) {
  int result = 0;
  do {
    result = ::ftruncate(fd_.get(), static_cast<off_t>(size));
  } while (result != 0 && errno == EINTR);
  if (result != 0) return error(errno, "truncate");
  return {};
}

Result<void> RealFile::reserve(std::uint64_t offset, std::uint64_t length) {
  int result = 0;
  do {
    result = ::fallocate(fd_.get(), FALLOC_FL_KEEP_SIZE, static_cast<off_t>(offset),
                         static_cast<off_t>(length));
  } while (result != 0 && errno == EINTR);
  if (result == 0) return {};
  if (errno == EOPNOTSUPP) {
    return fail(Code::unsupported, "reserve " + path_ + ": the file system cannot");
  }
  return error(errno, "reserve");
}

}  // namespace hyd::sys
