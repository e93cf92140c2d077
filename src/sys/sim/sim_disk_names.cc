// Names on the simulated disk: folders, renames, and what of them a power cut leaves; and how the
// whole disk is carried from one simulated process to the next.
#include "base/check.h"
#include "sys/sim/sim_disk.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace hyd::sys {

using base::Code;
using base::fail;
using base::Result;

// Defined beside SimFile; opens an inode.
std::unique_ptr<File> open_sim_file(SimDisk& disk, std::uint64_t inode, bool writable);

namespace {

std::string_view folder_of(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? std::string_view() : path.substr(0, slash);
}

std::string_view name_of(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

Result<void> missing(std::string_view path) {
  return fail(Code::not_found, std::string(path) + ": no such file or folder");
}

// Saved form: numbers as 8 bytes, texts as length and bytes.
void put_number(std::string& out, std::uint64_t n) {
  out.append(reinterpret_cast<const char*>(&n), sizeof n);
}
void put_text(std::string& out, std::string_view text) {
  put_number(out, text.size());
  out.append(text);
}
std::uint64_t take_number(std::string_view& in) {
  HYD_CHECK(in.size() >= 8);
  std::uint64_t n = 0;
  std::memcpy(&n, in.data(), sizeof n);
  in.remove_prefix(sizeof n);
  return n;
}
std::string take_text(std::string_view& in) {
  const std::uint64_t n = take_number(in);
  HYD_CHECK(in.size() >= n);
  std::string text(in.substr(0, n));
  in.remove_prefix(n);
  return text;
}

// The content of a file: its size and those of its blocks that are not all zeros, since files are
// filled ahead.
constexpr std::size_t kContentBlock = 4096;

void put_content(std::string& out, std::string_view content) {
  static constexpr std::array<char, kContentBlock> kZeros{};
  put_number(out, content.size());
  for (std::size_t at = 0; at < content.size(); at += kContentBlock) {
    const std::string_view block = content.substr(at, kContentBlock);
    if (std::memcmp(block.data(), kZeros.data(), block.size()) == 0) continue;
    put_number(out, at);
    out.append(block);
  }
  put_number(out, UINT64_MAX);
}

std::string take_content(std::string_view& in) {
  std::string content(static_cast<std::size_t>(take_number(in)), '\0');
  for (std::uint64_t at = take_number(in); at != UINT64_MAX; at = take_number(in)) {
    HYD_CHECK(at < content.size());
    const std::size_t bytes = std::min<std::size_t>(kContentBlock, content.size() - at);
    HYD_CHECK(in.size() >= bytes);
    std::memcpy(content.data() + at, in.data(), bytes);
    in.remove_prefix(bytes);
  }
  return content;
}

}  // namespace

void SimDisk::change_name(std::string_view path, Name name) {
  unsynced_names_.push_back({.folder = std::string(folder_of(path)),
                             .name = std::string(name_of(path)),
                             .inode = name.inode,
                             .is_folder = name.is_folder});
  if (name.inode == 0 && !name.is_folder) {
    seen_.erase(std::string(path));
  } else {
    seen_[std::string(path)] = name;
  }
}

Result<std::unique_ptr<File>> SimDisk::open(std::string_view path, Open mode, Caching) {
  pause();
  const std::string_view folder = folder_of(path);
  if (!folder.empty() && !seen_.contains(folder)) {
    return std::unexpected(missing(folder).error());
  }
  auto found = seen_.find(path);
  if (found == seen_.end()) {
    if (mode == Open::read || mode == Open::read_write) {
      return std::unexpected(missing(path).error());
    }
    const std::uint64_t number = next_inode_++;
    inodes_[number] = std::make_shared<Inode>();
    change_name(path, Name{number, false});
    found = seen_.find(path);
  } else if (mode == Open::create_new) {
    return fail(Code::conflict, std::string(path) + ": exists");
  }
  if (found->second.is_folder) return fail(Code::io, std::string(path) + ": is a folder");
  return open_sim_file(*this, found->second.inode, mode != Open::read);
}

Result<void> SimDisk::make_dirs(std::string_view path) {
  pause();
  for (std::size_t end = 0; end != std::string_view::npos && !path.empty();) {
    end = path.find('/', end == 0 ? 0 : end + 1);
    const std::string_view folder = path.substr(0, end);
    if (seen_.contains(folder)) continue;
    change_name(folder, Name{0, true});
    RETURN_IF_ERROR(sync_dir(folder_of(folder)));
  }
  return {};
}

Result<std::vector<std::string>> SimDisk::list(std::string_view path) {
  pause();
  if (!path.empty() && !seen_.contains(path)) return std::unexpected(missing(path).error());
  std::vector<std::string> names;
  for (const auto& [full, name] : seen_) {
    if (folder_of(full) == path) names.emplace_back(name_of(full));
  }
  std::sort(names.begin(), names.end());
  return names;
}

Result<bool> SimDisk::exists(std::string_view path) {
  pause();
  return seen_.contains(path);
}

Result<void> SimDisk::remove(std::string_view path) {
  pause();
  if (!seen_.contains(path)) return missing(path);
  change_name(path, Name{});
  return {};
}

Result<void> SimDisk::rename(std::string_view from, std::string_view to, bool replace) {
  pause();
  const auto found = seen_.find(from);
  if (found == seen_.end()) return missing(from);
  if (!replace && seen_.contains(to)) return fail(Code::conflict, std::string(to) + ": exists");
  const Name name = found->second;
  // One change in the file system's journal: the new name first, so that a cut between the two
  // leaves both rather than none.
  change_name(to, name);
  change_name(from, Name{});
  return {};
}

Result<void> SimDisk::sync_dir(std::string_view path) {
  pause();
  if (ignore_syncs_) return {};
  // A journaling file system commits every earlier change of names with it.
  for (const NameChange& change : unsynced_names_) {
    const std::string full =
        change.folder.empty() ? change.name : change.folder + "/" + change.name;
    if (change.inode == 0 && !change.is_folder) {
      durable_.erase(full);
    } else {
      durable_[full] = Name{change.inode, change.is_folder};
    }
  }
  unsynced_names_.clear();
  static_cast<void>(path);
  return {};
}

Result<Space> SimDisk::space() {
  pause();
  const std::uint64_t used = bytes_used();
  const std::uint64_t total = capacity_ == UINT64_MAX ? (std::uint64_t{1} << 40) : capacity_;
  return Space{.total = base::ByteCount(total),
               .free = base::ByteCount(total > used ? total - used : 0)};
}

Result<FileSystem> SimDisk::file_system() {
  return FileSystem{.type = "sim", .options = "", .not_durable_because = ""};
}

namespace {
class SimLock final : public DirLock {};
}  // namespace

// The kernel keeps a dead process's lock until its last write has landed.
Result<std::unique_ptr<DirLock>> SimDisk::lock(base::MonoTime, void (*)(std::string_view)) {
  pause();
  while (late_writes()) {
    pause();
    land_late(30);
  }
  return std::make_unique<SimLock>();
}

std::string SimDisk::save() const {
  std::string out;
  put_number(out, next_inode_);
  put_number(out, inodes_.size());
  for (const auto& [number, inode] : inodes_) {
    put_number(out, number);
    put_content(out, inode->seen);
    const bool same = inode->durable == inode->seen;
    put_number(out, same ? 1 : 0);
    if (!same) put_content(out, inode->durable);
    put_number(out, inode->reserved);
    put_number(out, inode->unsynced.size());
    for (const Change& change : inode->unsynced) {
      put_number(out, change.offset);
      put_number(out, change.bytes ? 1 : 0);
      if (change.bytes) put_text(out, *change.bytes);
    }
  }
  for (const Names* names : {&seen_, &durable_}) {
    put_number(out, names->size());
    for (const auto& [path, name] : *names) {
      put_text(out, path);
      put_number(out, name.inode);
      put_number(out, name.is_folder ? 1 : 0);
    }
  }
  put_number(out, unsynced_names_.size());
  for (const NameChange& change : unsynced_names_) {
    put_text(out, change.folder);
    put_text(out, change.name);
    put_number(out, change.inode);
    put_number(out, change.is_folder ? 1 : 0);
  }
  const auto put_flights = [&](const auto& flights) {
    put_number(out, flights.size());
    for (const Flight& flight : flights) {
      put_number(out, flight.inode);
      put_number(out, flight.offset);
      put_text(out, bytes_of(flight));
    }
  };
  put_flights(flights_);
  put_flights(late_);
  return out;
}

std::unique_ptr<SimDisk> SimDisk::load(std::string_view saved, std::uint64_t seed) {
  auto disk = std::make_unique<SimDisk>(seed);
  disk->next_inode_ = take_number(saved);
  for (std::uint64_t n = take_number(saved); n > 0; --n) {
    const std::uint64_t number = take_number(saved);
    auto inode = std::make_shared<Inode>();
    inode->seen = take_content(saved);
    inode->durable = take_number(saved) == 1 ? inode->seen : take_content(saved);
    inode->reserved = take_number(saved);
    for (std::uint64_t k = take_number(saved); k > 0; --k) {
      Change change{.offset = take_number(saved), .bytes = std::nullopt};
      if (take_number(saved) == 1) change.bytes = take_text(saved);
      inode->unsynced.push_back(std::move(change));
    }
    disk->inodes_[number] = std::move(inode);
  }
  for (Names* names : {&disk->seen_, &disk->durable_}) {
    for (std::uint64_t n = take_number(saved); n > 0; --n) {
      std::string path = take_text(saved);
      const std::uint64_t inode = take_number(saved);
      (*names)[std::move(path)] = Name{inode, take_number(saved) == 1};
    }
  }
  for (std::uint64_t n = take_number(saved); n > 0; --n) {
    NameChange change;
    change.folder = take_text(saved);
    change.name = take_text(saved);
    change.inode = take_number(saved);
    change.is_folder = take_number(saved) == 1;
    disk->unsynced_names_.push_back(std::move(change));
  }
  const auto take_flight = [&saved] {
    Flight flight;
    flight.inode = take_number(saved);
    flight.offset = take_number(saved);
    flight.saved_bytes = take_text(saved);
    return flight;
  };
  for (std::uint64_t n = take_number(saved); n > 0; --n) disk->flights_.push_back(take_flight());
  for (std::uint64_t n = take_number(saved); n > 0; --n) disk->late_.push_back(take_flight());
  return disk;
}

}  // namespace hyd::sys
