// Files and directories, real or simulated.
//
// A Dir is the data directory; every path is relative to it, '/'-separated, without "." or "..".
// Calls block: only workers, the catalog writer, the storage thread and the start of the program
// make them, never a loop. A File may be used from several threads at once when the byte ranges do
// not overlap.
//
// What survives: after `sync` returned success, the file's bytes and length survive power loss; its
// name does only after `sync_dir` of the folder that holds it. A failed sync is final for that
// file: what it holds is unknown and it is never retried on the same File.
#pragma once

#include "base/clock.h"
#include "base/result.h"
#include "base/units.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hyd::sys {

class File {
 public:
  virtual ~File() = default;
  // Fewer bytes than asked for only at the end of the file.
  virtual base::Result<std::size_t> read_at(std::uint64_t offset, std::span<char> out) = 0;
  // All of it, or an error after which any part may have been written.
  virtual base::Result<void> write_at(std::uint64_t offset, std::string_view bytes) = 0;
  virtual base::Result<void> sync() = 0;
  virtual base::Result<std::uint64_t> size() = 0;
  virtual base::Result<void> truncate(std::uint64_t size) = 0;
  // Takes blocks for [offset, offset + length) without changing the size. Code::exhausted: no
  // space.
  virtual base::Result<void> reserve(std::uint64_t offset, std::uint64_t length) = 0;
};

enum class Open : std::uint8_t {
  read,        // must exist
  read_write,  // must exist
  create,      // read_write, made when missing
  create_new,  // read_write, Code::conflict when it exists
};

enum class Caching : std::uint8_t {
  buffered,
  // Past the page cache where the file system can (else buffered): offsets, lengths and memory are
  // multiples of kBlockBytes. Journal slots are read and written this way only.
  direct,
};

// Held until destroyed, and by the kernel until the last write of the process has landed.
class DirLock {
 public:
  virtual ~DirLock() = default;
};

struct Space {
  base::ByteCount total;
  base::ByteCount free;
};

// What the file system is, for the honesty of level `power`.
struct FileSystem {
  std::string type;     // "ext4", "xfs", "tmpfs", …
  std::string options;  // mount options, comma-separated
  // Empty when a synced write there survives power loss as far as can be told; else why it does
  // not.
  std::string not_durable_because;
};

class Dir {
 public:
  virtual ~Dir() = default;
  virtual base::Result<std::unique_ptr<File>> open(std::string_view path, Open mode,
                                                   Caching caching = Caching::buffered) = 0;
  // Makes the folder and its missing parents, and syncs every folder that gained a name.
  virtual base::Result<void> make_dirs(std::string_view path) = 0;
  // Names in the folder, sorted by bytes. Code::not_found when there is no such folder.
  virtual base::Result<std::vector<std::string>> list(std::string_view path) = 0;
  virtual base::Result<bool> exists(std::string_view path) = 0;
  virtual base::Result<void> remove(std::string_view path) = 0;
  // Atomic; Code::conflict when `to` exists and `replace` is false.
  virtual base::Result<void> rename(std::string_view from, std::string_view to, bool replace) = 0;
  virtual base::Result<void> sync_dir(std::string_view path) = 0;
  virtual base::Result<Space> space() = 0;
  virtual base::Result<FileSystem> file_system() = 0;
  // Where it is, for messages.
  virtual std::string_view path() const = 0;

  // Takes the exclusive lock on `LOCK`, or says who has it. A holder that lives: Code::conflict at
  // once, naming its pid. A dead one whose last writes are still landing: waits until `deadline`
  // (Code::timed_out), calling `waiting` once with the reason.
  virtual base::Result<std::unique_ptr<DirLock>> lock(base::MonoTime deadline,
                                                      void (*waiting)(std::string_view why)) = 0;
};

}  // namespace hyd::sys
