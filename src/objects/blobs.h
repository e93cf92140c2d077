// The files that hold objects' bytes: written once, never changed, named by a random id.
//
//   tmp/blob-<id>  ->  blobs/<2 digits>/<next 2 digits>/<id>
//
// One promise: when Writer::finish reports success, file and name survive kill -9 and power loss.
// Before that nothing is under blobs/, so what stands there is whole. A crash in between leaves a
// file that no row names; the store's start knows its id (store.h).
//
// Every call blocks: workers only, any number of them at once, one Writer each.
#pragma once

#include "base/mutex.h"
#include "base/result.h"
#include "base/task.h"
#include "base/uid.h"
#include "sys/file.h"
#include "sys/runtime.h"

#include <bitset>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace hyd::objects {

inline constexpr std::string_view kBlobFolder = "blobs";
inline constexpr std::string_view kLostFolder = "lost";
inline constexpr std::string_view kTmpFolder = "tmp";
inline constexpr std::string_view kTmpPrefix = "blob-";

// "blobs/0a/1b/0a1b…".
std::string blob_path(const base::Uid& id);

class Blobs {
 public:
  // Both outlive it.
  Blobs(sys::Runtime& runtime, sys::Dir& dir) : runtime_(runtime), dir_(dir) {}

  // Makes the folders, and removes what a killed process was still writing.
  base::Result<void> prepare();

  // One file on its way. Destroyed without `finish` it leaves nothing, and `abandoned` is told when
  // that is certain: the id may then be used for another file.
  class Writer {
   public:
    Writer(Blobs& blobs, const base::Uid& id, std::unique_ptr<sys::File> file,
           base::Task abandoned);
    Writer(const Writer&) = delete;
    Writer& operator=(const Writer&) = delete;
    ~Writer();

    // Code::exhausted: no space; Writer is then good for nothing. Syncs now and then, so that no
    // call waits for more than kSyncBytes to reach the disk.
    base::Result<void> append(std::string_view bytes);
    base::Result<void> finish();
    std::uint64_t size() const { return size_; }
    const base::Uid& id() const { return id_; }

   private:
    Blobs& blobs_;
    const base::Uid id_;
    std::unique_ptr<sys::File> file_;
    std::uint64_t size_ = 0;
    std::uint64_t synced_ = 0;
    bool finished_ = false;
    base::Task abandoned_;
  };
  // `id` was drawn for this file alone. `bytes` is how many are expected, 0 when not known: from
  // 1 MiB on their space is taken at once, so that a full disk refuses early.
  base::Result<std::unique_ptr<Writer>> write(const base::Uid& id, std::uint64_t bytes,
                                              base::Task abandoned = nullptr);

  // Good until it is let go of, also when the blob is removed meanwhile.
  base::Result<std::shared_ptr<sys::File>> open(const base::Uid& id);
  // Gone for good when it returns: no power cut brings it back. No error when it is not there.
  base::Result<void> remove(const base::Uid& id);
  // To lost/, under its id. False when it was not there.
  base::Result<bool> lose(const base::Uid& id);

  // The blobs of one of kSlices slices: those whose ids begin with that byte. Names that are no ids
  // are passed over.
  static constexpr std::size_t kSlices = 256;
  base::Result<std::vector<base::Uid>> list(std::uint8_t slice);

 private:
  base::Result<void> make_folder(const base::Uid& id);
  base::Result<void> put_in_place(const base::Uid& id);

  sys::Runtime& runtime_;
  sys::Dir& dir_;
  static constexpr std::uint64_t kSyncBytes = 64 << 20;
  static constexpr std::size_t kFolders = 65'536;

  base::Mutex mutex_;
  // Folders that this process knows to be durable, with the names that lead to them.
  std::bitset<kFolders> durable_ HYD_GUARDED_BY(mutex_);
};

}  // namespace hyd::objects
