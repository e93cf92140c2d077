// A disk that keeps exactly what it promised and loses the rest.
//
// It remembers two states of every file: what a reader sees, and what would survive a power cut;
// the difference is a list of changes that nobody has synced. Names work the same way: a created,
// renamed or removed name survives only after `sync_dir` of its folder. At a power cut each
// unsynced write lands whole, in part (whole 512-byte sectors, any of them) or not at all, drawn
// from the seed; unsynced changes of names land as a prefix of their order, as a journaling file
// system does.
//
// Alone it is a Dir for single-threaded unit tests: nothing waits, journal writes finish in `run`.
// Given a Baton (by SimRuntime) every call takes virtual time and hands the baton over.
// Belongs to one simulated process; `save` and `load` carry it over a kill.
#pragma once

#include "base/result.h"
#include "base/rng.h"
#include "base/task.h"
#include "sys/file.h"
#include "sys/journal_io.h"
#include "sys/shared_bytes.h"

#include <cstdint>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hyd::sys {

class SimDisk final : public Dir {
 public:
  explicit SimDisk(std::uint64_t seed = 1);
  ~SimDisk() override;

  // --- faults, set by tests
  // A write that needs more than this many bytes on the disk is refused (Code::exhausted).
  void set_capacity(std::uint64_t bytes) { capacity_ = bytes; }
  // Every nth journal write from now on fails with Code::io (0: none); it may have landed.
  void fail_journal_write(std::uint64_t nth) { fail_journal_in_ = nth; }
  // Syncs report success and keep nothing: proves that a test sees what it must see.
  void ignore_syncs(bool ignore) { ignore_syncs_ = ignore; }
  void flip_byte(std::string_view path, std::uint64_t offset);

  // --- ends of a process
  // Power is gone: what was not synced lands or not, by the seed. Open files are dead afterwards.
  void lose_power();
  // Same, but of the oldest write in flight exactly the first `landed` bytes are kept.
  void lose_power(std::size_t landed);
  // kill -9: the page cache survives, journal writes in flight may land later (`land_late`).
  void kill();
  // Lands each late write with probability `chance` percent; 100: all.
  void land_late(unsigned chance);
  bool late_writes() const { return !late_.empty(); }

  std::string save() const;
  static std::unique_ptr<SimDisk> load(std::string_view saved, std::uint64_t seed);

  // --- for single-threaded tests
  base::Result<std::unique_ptr<File>> create(std::string_view path, std::uint64_t size);
  std::string read_all(std::string_view path);
  // Finishes journal writes until none is in flight.
  void run();

  std::unique_ptr<JournalIo> make_journal(Durability durability);
  std::uint64_t bytes_used() const;

  // --- Dir
  base::Result<std::unique_ptr<File>> open(std::string_view path, Open mode,
                                           Caching caching = Caching::buffered) override;
  base::Result<void> make_dirs(std::string_view path) override;
  base::Result<std::vector<std::string>> list(std::string_view path) override;
  base::Result<bool> exists(std::string_view path) override;
  base::Result<void> remove(std::string_view path) override;
  base::Result<void> rename(std::string_view from, std::string_view to, bool replace) override;
  base::Result<void> sync_dir(std::string_view path) override;
  base::Result<Space> space() override;
  base::Result<FileSystem> file_system() override;
  std::string_view path() const override { return "sim"; }
  base::Result<std::unique_ptr<DirLock>> lock(base::MonoTime deadline,
                                              void (*waiting)(std::string_view why)) override;

  // How the simulation puts time into it. `pause` is called at every blocking call; `later` runs a
  // task after a drawn delay. Without them calls take no time.
  struct Timing {
    std::function<void()> pause;
    std::function<void(base::Task)> later;
  };
  void set_timing(Timing timing) { timing_ = std::move(timing); }
  base::Rng& rng() { return rng_; }

 private:
  friend class SimFile;
  friend class SimJournal;
  friend std::unique_ptr<File> open_sim_file(SimDisk& disk, std::uint64_t inode, bool writable);
  struct Change {  // a write of `bytes` at `offset`, or a new size when `bytes` is absent
    std::uint64_t offset = 0;
    std::optional<std::string> bytes;
  };
  struct Inode {
    std::string seen;
    std::string durable;
    std::vector<Change> unsynced;
    std::uint64_t reserved = 0;
  };
  struct NameChange {
    std::string folder;
    std::string name;
    std::uint64_t inode = 0;  // 0: the name goes away
    bool is_folder = false;
  };
  struct Flight {
    std::uint64_t inode = 0;
    std::uint64_t offset = 0;
    SharedBytes bytes;
    std::string saved_bytes;  // after `load`
    Durability durability = Durability::power;
    base::Done<void> done;
  };
  struct Name {
    std::uint64_t inode = 0;
    bool is_folder = false;
    friend bool operator==(const Name&, const Name&) = default;
  };
  using Names = std::map<std::string, Name, std::less<>>;  // full path -> what it names

  void pause() {
    if (timing_.pause) timing_.pause();
  }
  void change_name(std::string_view path, Name name);
  void apply(std::string& content, const Change& change, bool torn);
  void sync_inode(Inode& inode);
  base::Result<void> need_space(std::uint64_t more);
  void land(Flight& flight, bool durable);
  void finish(std::list<Flight>::iterator flight);
  void cut(std::optional<std::size_t> landed_of_oldest);
  std::string_view bytes_of(const Flight& flight) const;

  base::FastRng rng_;
  Timing timing_;
  std::map<std::uint64_t, std::shared_ptr<Inode>> inodes_;
  std::uint64_t next_inode_ = 1;
  Names seen_;
  Names durable_;
  std::vector<NameChange> unsynced_names_;
  std::list<Flight> flights_;
  std::vector<Flight> late_;
  std::uint64_t capacity_ = UINT64_MAX;
  std::uint64_t fail_journal_in_ = 0;
  bool ignore_syncs_ = false;
  std::uint64_t life_ = 0;  // open files of an older life are dead
};

}  // namespace hyd::sys
