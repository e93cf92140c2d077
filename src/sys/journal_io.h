// The journal's writes: several in flight, each durable when its `done` reports success.
//
// Belongs to one loop; `write` is called and `done` runs there. Writes finish in any order; after a
// crash each that was in flight is on disk whole, in part or not at all, and a write of a killed
// process may still land later (the data directory's lock is held until it has).
#pragma once

#include "base/result.h"
#include "base/task.h"
#include "sys/file.h"
#include "sys/shared_bytes.h"

#include <cstdint>
#include <memory>
#include <string_view>

namespace hyd::sys {

enum class Durability : std::uint8_t {
  power,    // done = on the medium (RWF_DSYNC)
  process,  // done = handed to the kernel; survives kill -9, not power loss
};

class JournalIo {
 public:
  virtual ~JournalIo() = default;

  // Opens an existing slot for writing by this engine. Blocking: workers and starts only.
  virtual base::Result<std::shared_ptr<File>> open_slot(Dir& dir, std::string_view path) = 0;

  // `bytes` and `offset` are whole blocks. The bytes are lent and must never be touched again.
  virtual void write(std::shared_ptr<File> slot, std::uint64_t offset, SharedBytes bytes,
                     base::Done<void> done) = 0;

  // Which road writes take, for the start's output: "io_uring + O_DIRECT + DSYNC", …
  virtual std::string_view road() const = 0;

  // Waits for what is in flight; no write is accepted afterwards. Owner's thread.
  virtual void stop() = 0;
};

}  // namespace hyd::sys
