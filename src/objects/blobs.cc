#include "objects/blobs.h"

#include "codec/hex.h"

#include <array>
#include <utility>

namespace hyd::objects {

using base::Code;
using base::Result;
using base::Uid;

namespace {

constexpr std::uint64_t kReserveFrom = 1 << 20;

std::string tmp_path(const Uid& id) {
  return std::string(kTmpFolder) + "/" + std::string(kTmpPrefix) + id.hex();
}

// Number `n` as four hexadecimal digits with a slash in the middle.
std::string folder_path(std::size_t n) {
  const std::array<char, 2> bytes = {static_cast<char>(n >> 8), static_cast<char>(n & 0xff)};
  const std::string digits = codec::hex({bytes.data(), bytes.size()});
  return std::string(kBlobFolder) + "/" + digits.substr(0, 2) + "/" + digits.substr(2);
}

std::size_t folder_of(const Uid& id) {
  return static_cast<std::size_t>(id.bytes()[0]) << 8 | id.bytes()[1];
}

}  // namespace

std::string blob_path(const Uid& id) { return folder_path(folder_of(id)) + "/" + id.hex(); }

Result<void> Blobs::prepare() {
  for (const std::string_view folder : {kBlobFolder, kTmpFolder, kLostFolder}) {
    RETURN_IF_ERROR(dir_.make_dirs(folder));
  }
  ASSIGN_OR_RETURN(const std::vector<std::string> names, dir_.list(kTmpFolder));
  for (const std::string& name : names) {
    if (!name.starts_with(kTmpPrefix)) continue;
    RETURN_IF_ERROR(dir_.remove(std::string(kTmpFolder) + "/" + name));
  }
  return {};
}

Result<std::unique_ptr<Blobs::Writer>> Blobs::write(const Uid& id, std::uint64_t bytes,
                                                    base::Task abandoned) {
  ASSIGN_OR_RETURN(std::unique_ptr<sys::File> file, dir_.open(tmp_path(id), sys::Open::create_new));
  auto writer = std::make_unique<Writer>(*this, id, std::move(file), std::move(abandoned));
  if (bytes >= kReserveFrom) {
    ASSIGN_OR_RETURN(const std::unique_ptr<sys::File> same,
                     dir_.open(tmp_path(id), sys::Open::read_write));
    // Some file systems take no space ahead; what matters is the one that has none.
    if (auto taken = same->reserve(0, bytes); !taken && taken.error().code == Code::exhausted) {
      return std::unexpected(std::move(taken).error());
    }
  }
  return writer;
}

Blobs::Writer::Writer(Blobs& blobs, const Uid& id, std::unique_ptr<sys::File> file,
                      base::Task abandoned)
    : blobs_(blobs), id_(id), file_(std::move(file)), abandoned_(std::move(abandoned)) {}

Blobs::Writer::~Writer() {
  if (finished_) return;
  file_ = nullptr;
  // Whatever stays behind is removed by the next start, which knows the id.
  if (blobs_.dir_.remove(tmp_path(id_)) && abandoned_) abandoned_();
}

Result<void> Blobs::Writer::append(std::string_view bytes) {
  RETURN_IF_ERROR(file_->write_at(size_, bytes));
  size_ += bytes.size();
  if (size_ - synced_ >= kSyncBytes) {
    RETURN_IF_ERROR(file_->sync());
    synced_ = size_;
  }
  return {};
}

Result<void> Blobs::Writer::finish() {
  RETURN_IF_ERROR(file_->sync());
  RETURN_IF_ERROR(blobs_.runtime_.fail_points().pass("objects.blob.written"));
  RETURN_IF_ERROR(blobs_.make_folder(id_));
  RETURN_IF_ERROR(blobs_.dir_.rename(tmp_path(id_), blob_path(id_), false));
  finished_ = true;
  file_ = nullptr;
  if (auto placed = blobs_.put_in_place(id_); !placed) {
    if (blobs_.remove(id_) && abandoned_) abandoned_();
    return placed;
  }
  return {};
}

Result<void> Blobs::put_in_place(const Uid& id) {
  RETURN_IF_ERROR(runtime_.fail_points().pass("objects.blob.linked"));
  return dir_.sync_dir(folder_path(folder_of(id)));
}

// A folder that is there may not be durable yet: another worker, or a killed process, has just made
// it. So each is synced once a process, with the folder above.
Result<void> Blobs::make_folder(const Uid& id) {
  const std::size_t folder = folder_of(id);
  {
    const base::Lock lock(mutex_);
    if (durable_[folder]) return {};
  }
  const std::string path = folder_path(folder);
  RETURN_IF_ERROR(dir_.make_dirs(path));
  RETURN_IF_ERROR(dir_.sync_dir(path.substr(0, path.rfind('/'))));
  RETURN_IF_ERROR(dir_.sync_dir(kBlobFolder));
  const base::Lock lock(mutex_);
  durable_[folder] = true;
  return {};
}

Result<std::shared_ptr<sys::File>> Blobs::open(const Uid& id) {
  ASSIGN_OR_RETURN(std::unique_ptr<sys::File> file, dir_.open(blob_path(id), sys::Open::read));
  return std::shared_ptr<sys::File>(std::move(file));
}

Result<void> Blobs::remove(const Uid& id) {
  auto removed = dir_.remove(blob_path(id));
  if (!removed && removed.error().code == Code::not_found) return {};
  RETURN_IF_ERROR(removed);
  return dir_.sync_dir(folder_path(folder_of(id)));
}

Result<bool> Blobs::lose(const Uid& id) {
  const std::string to = std::string(kLostFolder) + "/" + id.hex();
  auto moved = dir_.rename(blob_path(id), to, true);
  if (!moved && moved.error().code == Code::not_found) return false;
  if (!moved) return std::unexpected(std::move(moved).error());
  RETURN_IF_ERROR(dir_.sync_dir(kLostFolder));
  return true;
}

Result<std::vector<Uid>> Blobs::list(std::uint8_t slice) {
  std::vector<Uid> ids;
  const std::string outer = folder_path(static_cast<std::size_t>(slice) << 8).substr(0, 8);
  auto folders = dir_.list(outer);
  if (!folders && folders.error().code == Code::not_found) return ids;
  if (!folders) return std::unexpected(std::move(folders).error());
  for (const std::string& folder : *folders) {
    std::string path = outer;
    path.append("/").append(folder);
    ASSIGN_OR_RETURN(const std::vector<std::string> names, dir_.list(path));
    for (const std::string& name : names) {
      if (const std::optional<Uid> id = Uid::parse(name)) ids.push_back(*id);
    }
  }
  return ids;
}

}  // namespace hyd::objects
