#include "sys/sim/sim_disk.h"

#include "base/check.h"

#include <algorithm>
#include <cstring>

namespace hyd::sys {

using base::Code;
using base::fail;
using base::Result;

namespace {

constexpr std::size_t kSectorBytes = 512;  // what a disk writes whole or not at all

std::string_view folder_of(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? std::string_view() : path.substr(0, slash);
}

void put(std::string& content, std::uint64_t offset, std::string_view bytes) {
  const std::size_t end = static_cast<std::size_t>(offset) + bytes.size();
  if (content.size() < end) content.resize(end, '\0');
  std::memcpy(content.data() + offset, bytes.data(), bytes.size());
}

}  // namespace

// An open file; dead (every call fails) once its process has ended.
class SimFile final : public File {
 public:
  SimFile(SimDisk& disk, std::shared_ptr<SimDisk::Inode> inode, std::uint64_t number, bool writable)
      : disk_(disk),
        inode_(std::move(inode)),
        number_(number),
        life_(disk.life_),
        writable_(writable) {}

  Result<std::size_t> read_at(std::uint64_t offset, std::span<char> out) override {
    RETURN_IF_ERROR(begin());
    const std::string& content = inode_->seen;
    if (offset >= content.size()) return std::size_t{0};
    const std::size_t n = std::min<std::size_t>(out.size(), content.size() - offset);
    std::memcpy(out.data(), content.data() + offset, n);
    return n;
  }

  Result<void> write_at(std::uint64_t offset, std::string_view bytes) override {
    RETURN_IF_ERROR(begin());
    if (!writable_) return fail(Code::io, "write: the file is open for reading");
    const std::uint64_t end = offset + bytes.size();
    const std::uint64_t had = std::max<std::uint64_t>(inode_->seen.size(), inode_->reserved);
    if (end > had) RETURN_IF_ERROR(disk_.need_space(end - had));
    put(inode_->seen, offset, bytes);
    inode_->unsynced.push_back({.offset = offset, .bytes = std::string(bytes)});
    return {};
  }

  Result<void> sync() override {
    RETURN_IF_ERROR(begin());
    disk_.sync_inode(*inode_);
    return {};
  }

  Result<std::uint64_t> size() override {
    RETURN_IF_ERROR(begin());
    return inode_->seen.size();
  }

  Result<void> truncate(std::uint64_t size) override {
    RETURN_IF_ERROR(begin());
    inode_->seen.resize(size, '\0');
    inode_->unsynced.push_back({.offset = size, .bytes = std::nullopt});
    return {};
  }

  Result<void> reserve(std::uint64_t offset, std::uint64_t length) override {
    RETURN_IF_ERROR(begin());
    const std::uint64_t had = std::max<std::uint64_t>(inode_->seen.size(), inode_->reserved);
    if (offset + length > had) RETURN_IF_ERROR(disk_.need_space(offset + length - had));
    inode_->reserved = std::max(inode_->reserved, offset + length);
    return {};
  }

  std::uint64_t number() const { return number_; }

 private:
  Result<void> begin() {
    disk_.pause();
    if (life_ != disk_.life_) return fail(Code::io, "the simulated process has ended");
    return {};
  }

  SimDisk& disk_;
  std::shared_ptr<SimDisk::Inode> inode_;
  std::uint64_t number_;
  std::uint64_t life_;
  bool writable_;
};

class SimJournal final : public JournalIo {
 public:
  SimJournal(SimDisk& disk, Durability durability) : disk_(disk), durability_(durability) {}

  Result<std::shared_ptr<File>> open_slot(Dir& dir, std::string_view path) override {
    ASSIGN_OR_RETURN(auto file, dir.open(path, Open::read_write, Caching::direct));
    return std::shared_ptr<File>(std::move(file));
  }

  void write(std::shared_ptr<File> slot, std::uint64_t offset, SharedBytes bytes,
             base::Done<void> done) override {
    HYD_CHECK(offset % kBlockBytes == 0 && bytes.size() % kBlockBytes == 0);
    const auto number = static_cast<SimFile&>(*slot).number();
    disk_.flights_.push_back({.inode = number,
                              .offset = offset,
                              .bytes = std::move(bytes),
                              .saved_bytes = {},
                              .durability = durability_,
                              .done = std::move(done)});
    if (!disk_.timing_.later) return;
    const auto flight = std::prev(disk_.flights_.end());
    disk_.timing_.later([this, flight] { disk_.finish(flight); });
  }

  std::string_view road() const override { return "simulated"; }
  void stop() override {}

 private:
  SimDisk& disk_;
  Durability durability_;
};

std::unique_ptr<File> open_sim_file(SimDisk& disk, std::uint64_t inode, bool writable) {
  return std::make_unique<SimFile>(disk, disk.inodes_.at(inode), inode, writable);
}

SimDisk::SimDisk(std::uint64_t seed) : rng_(seed) {}
SimDisk::~SimDisk() = default;

std::string_view SimDisk::bytes_of(const Flight& flight) const {
  return flight.bytes.size() > 0 ? flight.bytes.view() : std::string_view(flight.saved_bytes);
}

Result<void> SimDisk::need_space(std::uint64_t more) {
  if (more > capacity_ || bytes_used() > capacity_ - more) {
    return fail(Code::exhausted, "no space left on the simulated disk");
  }
  return {};
}

std::uint64_t SimDisk::bytes_used() const {
  std::uint64_t used = 0;
  for (const auto& [path, name] : seen_) {
    if (name.is_folder) continue;
    const Inode& inode = *inodes_.at(name.inode);
    used += std::max<std::uint64_t>(inode.seen.size(), inode.reserved);
  }
  return used;
}

void SimDisk::apply(std::string& content, const Change& change, bool torn) {
  if (!change.bytes) {
    content.resize(change.offset, '\0');
    return;
  }
  if (!torn) {
    put(content, change.offset, *change.bytes);
    return;
  }
  // Whole sectors of the write, any of them.
  const std::string& bytes = *change.bytes;
  std::uint64_t at = change.offset;
  std::size_t from = 0;
  while (from < bytes.size()) {
    const std::size_t room = kSectorBytes - static_cast<std::size_t>(at % kSectorBytes);
    const std::size_t n = std::min(room, bytes.size() - from);
    if (rng_.below(2) == 0) put(content, at, std::string_view(bytes).substr(from, n));
    at += n;
    from += n;
  }
}

void SimDisk::sync_inode(Inode& inode) {
  if (ignore_syncs_) return;
  // Only what has changed: a database of some hundred KiB is synced at each transaction.
  const bool resized =
      std::ranges::any_of(inode.unsynced, [](const Change& change) { return !change.bytes; });
  if (resized) {
    inode.durable = inode.seen;
  } else {
    inode.durable.resize(inode.seen.size(), '\0');
    for (const Change& change : inode.unsynced) {
      const auto at = static_cast<std::size_t>(change.offset);
      put(inode.durable, change.offset,
          std::string_view(inode.seen).substr(at, change.bytes->size()));
    }
  }
  inode.unsynced.clear();
}

// A journal write reaches the disk; `durable`: synced too.
void SimDisk::land(Flight& flight, bool durable) {
  const auto found = inodes_.find(flight.inode);
  if (found == inodes_.end()) return;
  Inode& inode = *found->second;
  const std::string_view bytes = bytes_of(flight);
  put(inode.seen, flight.offset, bytes);
  if (durable && !ignore_syncs_) {
    put(inode.durable, flight.offset, bytes);
  } else {
    inode.unsynced.push_back({.offset = flight.offset, .bytes = std::string(bytes)});
  }
}

void SimDisk::finish(std::list<Flight>::iterator flight) {
  Flight done = std::move(*flight);
  flights_.erase(flight);
  if (fail_journal_in_ > 0 && --fail_journal_in_ == 0) {
    if (rng_.below(2) == 0) land(done, rng_.below(2) == 0);
    done.done(fail(Code::io, "simulated write error"));
    return;
  }
  land(done, done.durability == Durability::power);
  done.done({});
}

void SimDisk::run() {
  while (!flights_.empty()) finish(flights_.begin());
}

std::unique_ptr<JournalIo> SimDisk::make_journal(Durability durability) {
  return std::make_unique<SimJournal>(*this, durability);
}

void SimDisk::cut(std::optional<std::size_t> landed_of_oldest) {
  ++life_;
  for (Flight& flight : flights_) {
    const auto found = inodes_.find(flight.inode);
    if (found == inodes_.end()) continue;
    const std::string_view bytes = bytes_of(flight);
    if (landed_of_oldest) {
      put(found->second->durable, flight.offset, bytes.substr(0, *landed_of_oldest));
      break;
    }
    const std::uint64_t fate = rng_.below(3);
    if (fate == 0) continue;
    apply(found->second->durable, {.offset = flight.offset, .bytes = std::string(bytes)},
          fate == 2);
  }
  flights_.clear();
  late_.clear();
  // Names: a prefix of the unsynced changes.
  const std::size_t kept = rng_.below(unsynced_names_.size() + 1);
  for (std::size_t i = 0; i < kept; ++i) {
    const NameChange& change = unsynced_names_[i];
    const std::string full =
        change.folder.empty() ? change.name : change.folder + "/" + change.name;
    if (change.inode == 0 && !change.is_folder) {
      durable_.erase(full);
    } else {
      durable_[full] = Name{change.inode, change.is_folder};
    }
  }
  unsynced_names_.clear();
  // A name whose folder is gone is gone.
  for (auto it = durable_.begin(); it != durable_.end();) {
    const std::string_view folder = folder_of(it->first);
    it = folder.empty() || durable_.contains(folder) ? std::next(it) : durable_.erase(it);
  }
  seen_ = durable_;
  for (auto& [number, inode] : inodes_) {
    for (const Change& change : inode->unsynced) {
      const std::uint64_t fate = rng_.below(3);
      if (fate == 0) continue;
      apply(inode->durable, change, fate == 2);
    }
    inode->unsynced.clear();
    inode->seen = inode->durable;
  }
  std::erase_if(inodes_, [&](const auto& entry) {
    return std::none_of(seen_.begin(), seen_.end(),
                        [&](const auto& name) { return name.second.inode == entry.first; });
  });
}

void SimDisk::lose_power() { cut(std::nullopt); }
void SimDisk::lose_power(std::size_t landed) { cut(landed); }

void SimDisk::kill() {
  ++life_;
  for (Flight& flight : flights_) {
    flight.done = nullptr;
    const std::uint64_t fate = rng_.below(3);
    if (fate == 0) {
      land(flight, rng_.below(2) == 0);
    } else if (fate == 1) {
      late_.push_back(std::move(flight));
    }
  }
  flights_.clear();
}

void SimDisk::land_late(unsigned chance) {
  std::vector<Flight> still;
  for (Flight& flight : late_) {
    if (rng_.below(100) < chance) {
      land(flight, rng_.below(10) < 7);
    } else {
      still.push_back(std::move(flight));
    }
  }
  late_ = std::move(still);
}

void SimDisk::flip_byte(std::string_view path, std::uint64_t offset) {
  const auto found = seen_.find(path);
  HYD_CHECK(found != seen_.end());
  Inode& inode = *inodes_.at(found->second.inode);
  HYD_CHECK(offset < inode.seen.size());
  inode.seen[offset] = static_cast<char>(inode.seen[offset] ^ 0x40);
  if (offset < inode.durable.size()) inode.durable[offset] = inode.seen[offset];
}

Result<std::unique_ptr<File>> SimDisk::create(std::string_view path, std::uint64_t size) {
  RETURN_IF_ERROR(make_dirs(folder_of(path)));
  ASSIGN_OR_RETURN(auto file, open(path, Open::create));
  RETURN_IF_ERROR(file->truncate(size));
  RETURN_IF_ERROR(file->sync());
  RETURN_IF_ERROR(sync_dir(folder_of(path)));
  return std::unique_ptr<File>(std::move(file));
}

std::string SimDisk::read_all(std::string_view path) {
  const auto found = seen_.find(path);
  return found == seen_.end() ? std::string() : inodes_.at(found->second.inode)->seen;
}

}  // namespace hyd::sys
