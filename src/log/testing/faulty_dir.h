// A directory in which some bytes of some files cannot be read, as on a device with bad sectors.
#pragma once

#include "base/check.h"
#include "sys/file.h"

#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hyd::log {

class FaultyDir final : public sys::Dir {
 public:
  explicit FaultyDir(sys::Dir& below) : below_(below) {}

  // Reads that touch [from, to) of the file fail with Code::io.
  void unreadable(const std::string& path, std::uint64_t from, std::uint64_t to) {
    bad_[path].emplace_back(from, to);
  }

  base::Result<std::unique_ptr<sys::File>> open(std::string_view path, sys::Open mode,
                                                sys::Caching caching) override {
    ASSIGN_OR_RETURN(auto file, below_.open(path, mode, caching));
    const auto bad = bad_.find(path);
    if (bad == bad_.end()) return file;
    return std::make_unique<BadFile>(std::move(file), bad->second);
  }
  base::Result<void> make_dirs(std::string_view path) override { return below_.make_dirs(path); }
  base::Result<std::vector<std::string>> list(std::string_view path) override {
    return below_.list(path);
  }
  base::Result<bool> exists(std::string_view path) override { return below_.exists(path); }
  base::Result<void> remove(std::string_view path) override { return below_.remove(path); }
  base::Result<void> rename(std::string_view from, std::string_view to, bool replace) override {
    return below_.rename(from, to, replace);
  }
  base::Result<void> sync_dir(std::string_view path) override { return below_.sync_dir(path); }
  base::Result<sys::Space> space() override { return below_.space(); }
  base::Result<sys::FileSystem> file_system() override { return below_.file_system(); }
  std::string_view path() const override { return below_.path(); }
  base::Result<std::unique_ptr<sys::DirLock>> lock(base::MonoTime deadline,
                                                   void (*waiting)(std::string_view why)) override {
    return below_.lock(deadline, waiting);
  }

 private:
  using Ranges = std::vector<std::pair<std::uint64_t, std::uint64_t>>;

  class BadFile final : public sys::File {
   public:
    BadFile(std::unique_ptr<sys::File> below, Ranges bad)
        : below_(std::move(below)), bad_(std::move(bad)) {}
    base::Result<std::size_t> read_at(std::uint64_t offset, std::span<char> out) override {
      for (const auto& [from, to] : bad_) {
        if (offset < to && from < offset + out.size()) {
          return base::fail(base::Code::io, "a bad sector");
        }
      }
      return below_->read_at(offset, out);
    }
    base::Result<void> write_at(std::uint64_t offset, std::string_view bytes) override {
      return below_->write_at(offset, bytes);
    }
    base::Result<void> sync() override { return below_->sync(); }
    base::Result<std::uint64_t> size() override { return below_->size(); }
    base::Result<void> truncate(std::uint64_t size) override { return below_->truncate(size); }
    base::Result<void> reserve(std::uint64_t offset, std::uint64_t length) override {
      return below_->reserve(offset, length);
    }

   private:
    std::unique_ptr<sys::File> below_;
    Ranges bad_;
  };

  sys::Dir& below_;
  std::map<std::string, Ranges, std::less<>> bad_;
};

}  // namespace hyd::log
