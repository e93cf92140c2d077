#include "sys/real/dir.h"

#include "base/check.h"
#include "sys/real/file_system.h"
#include "sys/real/lock_file.h"
#include "sys/real/names.h"
#include "sys/real/os_error.h"

#include <cerrno>
#include <cstdio>
#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>
#include <utility>

namespace hyd::sys {
namespace {

using base::Code;
using base::fail;
using base::Result;

constexpr int kFolder = O_RDONLY | O_DIRECTORY | O_CLOEXEC;

int open_at(int folder, const char* path, int flags) {
  int fd = -1;
  do {
    fd = ::openat(folder, path, flags, 0600);
  } while (fd < 0 && errno == EINTR);
  return fd;
}

// Walks `path` below `at`, making what is missing. A folder that gained a name is synced before the
// walk goes on, so no child is durable in a folder that is not. Returns the errno of what failed.
int make_folders(Fd at, std::string_view path) {
  while (!path.empty()) {
    const std::size_t slash = path.find('/');
    const std::string name(path.substr(0, slash));
    path = slash == std::string_view::npos ? std::string_view() : path.substr(slash + 1);
    if (name.empty()) continue;
    if (::mkdirat(at.get(), name.c_str(), 0700) == 0) {
      if (::fsync(at.get()) != 0) return errno;
    } else if (errno != EEXIST) {
      return errno;
    }
    Fd next(open_at(at.get(), name.c_str(), kFolder));
    if (!next) return errno;
    at = std::move(next);
  }
  return 0;
}

class RealDirLock final : public DirLock {
 public:
  explicit RealDirLock(std::shared_ptr<const LockFile> file) : file_(std::move(file)) {}
  ~RealDirLock() override { file_->unlock(); }

 private:
  const std::shared_ptr<const LockFile> file_;
};

// Without RENAME_NOREPLACE (some network and user-space file systems): a hard link is refused just
// as atomically when the name is taken.
int link_and_unlink(int folder, const char* from, const char* to) {
  if (::linkat(folder, from, folder, to, 0) != 0) return errno;
  return ::unlinkat(folder, from, 0) == 0 ? 0 : errno;
}

}  // namespace

std::string RealDir::checked(std::string_view path) {
  if (path.empty()) return ".";
  std::string_view rest = path;
  while (true) {
    const std::size_t slash = rest.find('/');
    const std::string_view name = rest.substr(0, slash);
    HYD_CHECK(!name.empty() && name != "." && name != "..");
    if (slash == std::string_view::npos) break;
    rest.remove_prefix(slash + 1);
  }
  HYD_CHECK(!path.contains('\0'));
  return std::string(path);
}

base::Error RealDir::error(int error, std::string_view doing, std::string_view path) const {
  std::string text(doing);
  text.append(" ").append(path_);
  if (!path.empty()) text.append("/").append(path);
  return os_error(error, text);
}

Result<Fd> RealDir::open_folder(std::string_view path) {
  Fd fd(open_at(fd_.get(), checked(path).c_str(), kFolder));
  if (!fd) return error(errno, "open folder", path);
  return fd;
}

Result<std::unique_ptr<RealFile>> RealDir::open_file(std::string_view path, Open mode,
                                                     Caching caching) {
  int flags = O_CLOEXEC;
  switch (mode) {
    case Open::read: flags |= O_RDONLY; break;
    case Open::read_write: flags |= O_RDWR; break;
    case Open::create: flags |= O_RDWR | O_CREAT; break;
    case Open::create_new: flags |= O_RDWR | O_CREAT | O_EXCL; break;
  }
  Fd fd(open_at(fd_.get(), checked(path).c_str(), flags));
  if (!fd) return error(errno, "open", path);
  std::shared_ptr<const LockFile> lock;
  {
    const base::Lock held(mutex_);
    lock = lock_.lock();
  }
  return std::make_unique<RealFile>(
      std::move(fd),
      RealFile::Options{
          .path = path_ + "/" + std::string(path), .caching = caching, .lock = std::move(lock)});
}

Result<std::unique_ptr<File>> RealDir::open(std::string_view path, Open mode, Caching caching) {
  ASSIGN_OR_RETURN(std::unique_ptr<File> file, open_file(path, mode, caching));
  return file;
}

Result<void> RealDir::make_dirs(std::string_view path) {
  ASSIGN_OR_RETURN(Fd root, open_folder(""));
  const int failed = path.empty() ? 0 : make_folders(std::move(root), checked(path));
  if (failed != 0) return error(failed, "make folder", path);
  return {};
}

Result<std::vector<std::string>> RealDir::list(std::string_view path) {
  ASSIGN_OR_RETURN(Fd folder, open_folder(path));
  DIR* const stream = ::fdopendir(folder.get());
  if (stream == nullptr) return error(errno, "list", path);
  static_cast<void>(folder.release());  // the stream's now
  auto names = read_names(stream);
  if (!names) return error(names.error(), "list", path);
  return *std::move(names);
}

Result<bool> RealDir::exists(std::string_view path) {
  struct stat info{};
  if (::fstatat(fd_.get(), checked(path).c_str(), &info, AT_SYMLINK_NOFOLLOW) == 0) return true;
  if (errno == ENOENT || errno == ENOTDIR) return false;
  return error(errno, "stat", path);
}

Result<void> RealDir::remove(std::string_view path) {
  const std::string name = checked(path);
  if (::unlinkat(fd_.get(), name.c_str(), 0) == 0) return {};
  if (errno == EISDIR && ::unlinkat(fd_.get(), name.c_str(), AT_REMOVEDIR) == 0) return {};
  return error(errno, "remove", path);
}

Result<void> RealDir::rename(std::string_view from, std::string_view to, bool replace) {
  const std::string source = checked(from);
  const std::string target = checked(to);
  int failed = 0;
  if (replace) {
    if (::renameat(fd_.get(), source.c_str(), fd_.get(), target.c_str()) != 0) failed = errno;
  } else if (::renameat2(fd_.get(), source.c_str(), fd_.get(), target.c_str(), RENAME_NOREPLACE) !=
             0) {
    failed = errno;
    if (failed == EINVAL || failed == ENOSYS || failed == ENOTSUP) {
      failed = link_and_unlink(fd_.get(), source.c_str(), target.c_str());
    }
  }
  if (failed != 0) return error(failed, "rename to '" + target + "'", from);
  return {};
}

Result<void> RealDir::sync_dir(std::string_view path) {
  ASSIGN_OR_RETURN(const Fd folder, open_folder(path));
  if (::fsync(folder.get()) != 0) return error(errno, "sync folder", path);
  return {};
}

Result<Space> RealDir::space() {
  struct statvfs info{};
  if (::fstatvfs(fd_.get(), &info) != 0) return error(errno, "statfs", "");
  const std::uint64_t block = info.f_frsize;
  return Space{.total = base::ByteCount(info.f_blocks * block),
               .free = base::ByteCount(info.f_bavail * block)};
}

Result<FileSystem> RealDir::file_system() {
  auto found = file_system_at(fd_.get());
  if (!found) return std::move(found.error()).within(path_);
  return found;
}

Result<std::unique_ptr<DirLock>> RealDir::lock(base::MonoTime deadline,
                                               void (*waiting)(std::string_view why)) {
  auto file = take_lock_file(
      {.folder = fd_.get(), .path = path_ + "/LOCK", .deadline = deadline, .waiting = waiting});
  if (!file) return std::unexpected(std::move(file.error()));
  {
    const base::Lock held(mutex_);
    lock_ = *file;
  }
  return std::make_unique<RealDirLock>(*std::move(file));
}

Result<std::unique_ptr<Dir>> open_real_dir(std::string_view path) {
  const std::string name(path);
  if (path.empty()) return fail(Code::invalid, "the data directory's path is empty");
  Fd fd(open_at(AT_FDCWD, name.c_str(), kFolder));
  if (!fd && errno == ENOENT) {
    Fd start(open_at(AT_FDCWD, path.front() == '/' ? "/" : ".", kFolder));
    if (!start) return os_error(errno, "open .");
    if (const int failed = make_folders(std::move(start), path); failed != 0) {
      return os_error(failed, "make folder " + name);
    }
    fd = Fd(open_at(AT_FDCWD, name.c_str(), kFolder));
  }
  if (!fd) return os_error(errno, "open folder " + name);
  return std::make_unique<RealDir>(std::move(fd), name);
}

}  // namespace hyd::sys
