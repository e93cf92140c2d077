// The data directory, by its descriptor: a rename of the directory itself changes nothing.
#pragma once

#include "base/mutex.h"
#include "base/result.h"
#include "sys/file.h"
#include "sys/real/fd.h"
#include "sys/real/file.h"

#include <memory>
#include <string>
#include <string_view>

namespace hyd::sys {

// Paths are relative to the directory; "" is the directory itself (list, sync_dir, exists). Any
// thread.
class RealDir final : public Dir {
 public:
  RealDir(Fd fd, std::string path) : fd_(std::move(fd)), path_(std::move(path)) {}

  base::Result<std::unique_ptr<File>> open(std::string_view path, Open mode,
                                           Caching caching) override;
  base::Result<void> make_dirs(std::string_view path) override;
  base::Result<std::vector<std::string>> list(std::string_view path) override;
  base::Result<bool> exists(std::string_view path) override;
  base::Result<void> remove(std::string_view path) override;
  base::Result<void> rename(std::string_view from, std::string_view to, bool replace) override;
  base::Result<void> sync_dir(std::string_view path) override;
  base::Result<Space> space() override;
  base::Result<FileSystem> file_system() override;
  std::string_view path() const override { return path_; }
  base::Result<std::unique_ptr<DirLock>> lock(base::MonoTime deadline,
                                              void (*waiting)(std::string_view why)) override;

  // `open` with the type that the journal needs: the file knows the lock that is held by then.
  base::Result<std::unique_ptr<RealFile>> open_file(std::string_view path, Open mode,
                                                    Caching caching);

 private:
  // The path as the kernel takes it. A path that leaves the directory is a bug of ours.
  static std::string checked(std::string_view path);
  base::Error error(int error, std::string_view doing, std::string_view path) const;
  base::Result<Fd> open_folder(std::string_view path);

  const Fd fd_;
  const std::string path_;
  base::Mutex mutex_;
  std::weak_ptr<const LockFile> lock_ HYD_GUARDED_BY(mutex_);
};

// Made with mode 0700, and its missing parents too, each name synced.
base::Result<std::unique_ptr<Dir>> open_real_dir(std::string_view path);

}  // namespace hyd::sys
