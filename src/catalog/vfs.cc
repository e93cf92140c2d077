#include "catalog/vfs.h"

#include "base/check.h"
#include "base/mutex.h"
#include "base/rng.h"
#include "catalog/vfs_locks.h"

#include <fmt/core.h>
#include <sqlite3.h>

#include <algorithm>
#include <chrono>
#include <cstring>
#include <map>
#include <span>
#include <string_view>
#include <utility>

namespace hyd::catalog {

using base::Code;
using base::Error;
using base::Result;

struct VfsState {
  VfsState(sys::Runtime& the_runtime, sys::Dir& the_dir)
      : runtime(the_runtime), dir(the_dir), rng(the_runtime.entropy().next()) {}

  sys::Runtime& runtime;
  sys::Dir& dir;
  sqlite3_vfs vfs{};
  std::string name;

  base::Mutex mutex;  // never held over a call of `sys`
  base::FastRng rng HYD_GUARDED_BY(mutex);
  std::map<std::string, std::weak_ptr<FileLocks>, std::less<>> locks HYD_GUARDED_BY(mutex);
  std::optional<Error> sync_failure HYD_GUARDED_BY(mutex);
  std::string last_failure HYD_GUARDED_BY(mutex);
  std::size_t open_files HYD_GUARDED_BY(mutex) = 0;
  bool names_synced HYD_GUARDED_BY(mutex) = false;  // those that a former process left

  // Remembers `error` for messages and gives back what SQLite shall see.
  int failed(const Error& error, int otherwise) {
    const base::Lock lock(mutex);
    last_failure = error.what;
    return error.code == Code::exhausted ? SQLITE_FULL : otherwise;
  }
  int sync_failed(Error error, int code) {
    const base::Lock lock(mutex);
    last_failure = error.what;
    if (!sync_failure) sync_failure = std::move(error);
    return code;
  }
  bool has_failed() {
    const base::Lock lock(mutex);
    return sync_failure.has_value();
  }
  // Makes what happened to names durable.
  int sync_folder(int code) {
    if (has_failed()) return code;
    if (auto synced = dir.sync_dir(""); !synced) {
      return sync_failed(std::move(synced).error().within("sync of the data directory"), code);
    }
    const base::Lock lock(mutex);
    names_synced = true;
    return SQLITE_OK;
  }
  bool names_are_synced() {
    const base::Lock lock(mutex);
    return names_synced;
  }
};

namespace {

// What one connection has open.
struct OpenFile {
  VfsState* state = nullptr;
  std::string path;
  std::unique_ptr<sys::File> file;
  std::shared_ptr<FileLocks> locks;
  FileLocks::Held held;
};

// SQLite allocates this and calls it sqlite3_file.
struct Handle {
  sqlite3_file base;
  OpenFile* open;  // owned; made by xOpen, destroyed by xClose
};

OpenFile& open_of(sqlite3_file* file) { return *reinterpret_cast<Handle*>(file)->open; }
VfsState& state_of(sqlite3_vfs* vfs) { return *static_cast<VfsState*>(vfs->pAppData); }

int x_close(sqlite3_file* file) {
  auto* handle = reinterpret_cast<Handle*>(file);
  const std::unique_ptr<OpenFile> open(std::exchange(handle->open, nullptr));
  file->pMethods = nullptr;
  open->locks->let_go(open->held);
  const base::Lock lock(open->state->mutex);
  --open->state->open_files;
  return SQLITE_OK;
}

int x_read(sqlite3_file* file, void* out, int size, sqlite3_int64 offset) {
  OpenFile& open = open_of(file);
  const std::span<char> bytes(static_cast<char*>(out), static_cast<std::size_t>(size));
  const auto got = open.file->read_at(static_cast<std::uint64_t>(offset), bytes);
  if (!got) return open.state->failed(got.error(), SQLITE_IOERR_READ);
  if (*got == bytes.size()) return SQLITE_OK;
  std::ranges::fill(bytes.subspan(*got), '\0');  // SQLite's contract for the part behind the end
  return SQLITE_IOERR_SHORT_READ;
}

int x_write(sqlite3_file* file, const void* bytes, int size, sqlite3_int64 offset) {
  OpenFile& open = open_of(file);
  const auto done = open.file->write_at(
      static_cast<std::uint64_t>(offset),
      std::string_view(static_cast<const char*>(bytes), static_cast<std::size_t>(size)));
  return done ? SQLITE_OK : open.state->failed(done.error(), SQLITE_IOERR_WRITE);
}

int x_truncate(sqlite3_file* file, sqlite3_int64 size) {
  OpenFile& open = open_of(file);
  const auto done = open.file->truncate(static_cast<std::uint64_t>(size));
  return done ? SQLITE_OK : open.state->failed(done.error(), SQLITE_IOERR_TRUNCATE);
}

int x_sync(sqlite3_file* file, int) {
  OpenFile& open = open_of(file);
  if (open.state->has_failed()) return SQLITE_IOERR_FSYNC;
  auto done = open.file->sync();
  if (done) return SQLITE_OK;
  return open.state->sync_failed(std::move(done).error().within("sync of " + open.path),
                                 SQLITE_IOERR_FSYNC);
}

int x_file_size(sqlite3_file* file, sqlite3_int64* out) {
  OpenFile& open = open_of(file);
  const auto size = open.file->size();
  if (!size) return open.state->failed(size.error(), SQLITE_IOERR_FSTAT);
  *out = static_cast<sqlite3_int64>(*size);
  return SQLITE_OK;
}

int x_lock(sqlite3_file* file, int level) {
  OpenFile& open = open_of(file);
  return open.locks->lock(open.held, level) ? SQLITE_OK : SQLITE_BUSY;
}

int x_unlock(sqlite3_file* file, int level) {
  OpenFile& open = open_of(file);
  open.locks->unlock(open.held, level);
  return SQLITE_OK;
}

int x_check_reserved_lock(sqlite3_file* file, int* out) {
  *out = open_of(file).locks->reserved() ? 1 : 0;
  return SQLITE_OK;
}

int x_file_control(sqlite3_file*, int op, void* arg) {
  if (op != SQLITE_FCNTL_PERSIST_WAL) return SQLITE_NOTFOUND;
  *static_cast<int*>(arg) = 1;  // the WAL and its blocks are kept, always
  return SQLITE_OK;
}

int x_sector_size(sqlite3_file*) { return 4096; }

// As SQLite's own VFS says by default: a write torn by a power cut leaves the bytes beside it
// alone.
int x_device_characteristics(sqlite3_file*) { return SQLITE_IOCAP_POWERSAFE_OVERWRITE; }

int x_shm_map(sqlite3_file* file, int region, int size, int extend, void volatile** out) {
  *out = open_of(file).locks->region({.index = static_cast<std::size_t>(region),
                                      .size = static_cast<std::size_t>(size),
                                      .make = extend != 0});
  return SQLITE_OK;
}

int x_shm_lock(sqlite3_file* file, int first, int count, int flags) {
  OpenFile& open = open_of(file);
  const bool exclusive = (flags & SQLITE_SHM_EXCLUSIVE) != 0;
  const FileLocks::Slots slots{.first = static_cast<unsigned>(first),
                               .count = static_cast<unsigned>(count)};
  if ((flags & SQLITE_SHM_UNLOCK) != 0) {
    open.locks->unlock_slots(open.held, slots);
    return SQLITE_OK;
  }
  return open.locks->lock_slots(open.held, slots, exclusive) ? SQLITE_OK : SQLITE_BUSY;
}

void x_shm_barrier(sqlite3_file* file) { open_of(file).locks->barrier(); }

int x_shm_unmap(sqlite3_file* file, int) {
  OpenFile& open = open_of(file);
  open.locks->unlock_slots(open.held, {.first = 0, .count = FileLocks::kSlots});
  return SQLITE_OK;  // the memory goes with the last connection
}

constexpr sqlite3_io_methods kMethods{
    .iVersion = 2,  // shared memory, no mapped pages
    .xClose = x_close,
    .xRead = x_read,
    .xWrite = x_write,
    .xTruncate = x_truncate,
    .xSync = x_sync,
    .xFileSize = x_file_size,
    .xLock = x_lock,
    .xUnlock = x_unlock,
    .xCheckReservedLock = x_check_reserved_lock,
    .xFileControl = x_file_control,
    .xSectorSize = x_sector_size,
    .xDeviceCharacteristics = x_device_characteristics,
    .xShmMap = x_shm_map,
    .xShmLock = x_shm_lock,
    .xShmBarrier = x_shm_barrier,
    .xShmUnmap = x_shm_unmap,
    .xFetch = nullptr,
    .xUnfetch = nullptr,
};

int x_open(sqlite3_vfs* vfs, const char* name, sqlite3_file* file, int flags, int* out_flags) {
  VfsState& state = state_of(vfs);
  file->pMethods = nullptr;
  if (name == nullptr) return SQLITE_CANTOPEN;  // a temporary file: there are none
  const bool may_create = (flags & SQLITE_OPEN_CREATE) != 0;
  const bool read_only = (flags & SQLITE_OPEN_READONLY) != 0;

  bool created = false;
  auto opened = state.dir.open(name, read_only ? sys::Open::read : sys::Open::read_write);
  if (!opened && opened.error().code == Code::not_found && may_create) {
    created = true;
    opened = state.dir.open(name, sys::Open::create);
  }
  if (!opened) return state.failed(opened.error(), SQLITE_CANTOPEN);
  // A process that was killed between making a name and syncing it left a name that a power cut
  // takes away, and one that it had removed may come back: so the first open syncs the folder too.
  if (created || !state.names_are_synced()) {
    if (const int code = state.sync_folder(SQLITE_IOERR_DIR_FSYNC); code != SQLITE_OK) return code;
  }

  auto open = std::make_unique<OpenFile>();
  open->state = &state;
  open->path = name;
  open->file = *std::move(opened);
  {
    const base::Lock lock(state.mutex);
    std::weak_ptr<FileLocks>& known = state.locks[open->path];
    open->locks = known.lock();
    if (open->locks == nullptr) {
      open->locks = std::make_shared<FileLocks>();
      known = open->locks;
    }
    ++state.open_files;
  }
  reinterpret_cast<Handle*>(file)->open = open.release();
  file->pMethods = &kMethods;
  if (out_flags != nullptr) *out_flags = flags;
  return SQLITE_OK;
}

// SQLite asks for the folder's sync only at synchronous=EXTRA; a rollback journal that came back
// with a power cut would undo a commit.
int x_delete(sqlite3_vfs* vfs, const char* name, int) {
  VfsState& state = state_of(vfs);
  if (const auto done = state.dir.remove(name); !done) {
    return done.error().code == Code::not_found ? SQLITE_IOERR_DELETE_NOENT
                                                : state.failed(done.error(), SQLITE_IOERR_DELETE);
  }
  return state.sync_folder(SQLITE_IOERR_DIR_FSYNC);
}

int x_access(sqlite3_vfs* vfs, const char* name, int, int* out) {
  VfsState& state = state_of(vfs);
  const auto exists = state.dir.exists(name);
  if (!exists) return state.failed(exists.error(), SQLITE_IOERR_ACCESS);
  *out = *exists ? 1 : 0;
  return SQLITE_OK;
}

int x_full_pathname(sqlite3_vfs*, const char* name, int size, char* out) {
  const std::size_t length = std::strlen(name);
  if (length + 1 > static_cast<std::size_t>(size)) return SQLITE_CANTOPEN;
  std::memcpy(out, name, length + 1);
  return SQLITE_OK;
}

int x_randomness(sqlite3_vfs* vfs, int size, char* out) {
  VfsState& state = state_of(vfs);
  const base::Lock lock(state.mutex);
  state.rng.fill({out, static_cast<std::size_t>(size)});
  return size;
}

// SQLite waits only where two connections meet in the WAL's index; the wait lets the other one go
// on.
int x_sleep(sqlite3_vfs* vfs, int microseconds) {
  VfsState& state = state_of(vfs);
  state.runtime.sleep_until(state.runtime.clock().mono() + std::chrono::microseconds(microseconds));
  return microseconds;
}

// Milliseconds since noon of November 24th, 4714 BC, as SQLite counts.
int x_current_time_ms(sqlite3_vfs* vfs, sqlite3_int64* out) {
  constexpr std::int64_t kUnixEpoch = 210'866'760'000'000;
  *out = kUnixEpoch + base::unix_ms(state_of(vfs).runtime.clock().wall());
  return SQLITE_OK;
}

int x_current_time(sqlite3_vfs* vfs, double* out) {
  sqlite3_int64 ms = 0;
  x_current_time_ms(vfs, &ms);
  *out = static_cast<double>(ms) / 86'400'000.0;
  return SQLITE_OK;
}

int x_get_last_error(sqlite3_vfs*, int, char*) { return 0; }

}  // namespace

Vfs::Vfs(sys::Runtime& runtime, sys::Dir& dir) : state_(std::make_unique<VfsState>(runtime, dir)) {
  VfsState& state = *state_;
  state.name = fmt::format("hydrant-{}", static_cast<const void*>(state_.get()));
  state.vfs = sqlite3_vfs{
      .iVersion = 2,
      .szOsFile = sizeof(Handle),
      .mxPathname = 512,
      .pNext = nullptr,
      .zName = state.name.c_str(),
      .pAppData = state_.get(),
      .xOpen = x_open,
      .xDelete = x_delete,
      .xAccess = x_access,
      .xFullPathname = x_full_pathname,
      .xDlOpen = nullptr,  // extensions are not loaded
      .xDlError = nullptr,
      .xDlSym = nullptr,
      .xDlClose = nullptr,
      .xRandomness = x_randomness,
      .xSleep = x_sleep,
      .xCurrentTime = x_current_time,
      .xGetLastError = x_get_last_error,
      .xCurrentTimeInt64 = x_current_time_ms,
      .xSetSystemCall = nullptr,
      .xGetSystemCall = nullptr,
      .xNextSystemCall = nullptr,
  };
  HYD_CHECK(sqlite3_vfs_register(&state.vfs, 0) == SQLITE_OK);
}

Vfs::~Vfs() {
  sqlite3_vfs_unregister(&state_->vfs);
  const base::Lock lock(state_->mutex);
  HYD_CHECK(state_->open_files == 0);
}

const char* Vfs::name() const { return state_->name.c_str(); }

std::optional<Error> Vfs::failed_sync() const {
  const base::Lock lock(state_->mutex);
  return state_->sync_failure;
}

std::string Vfs::last_failure() const {
  const base::Lock lock(state_->mutex);
  return state_->last_failure;
}

}  // namespace hyd::catalog
