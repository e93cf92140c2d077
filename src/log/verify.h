// Looks at every byte of a journal that nobody has open, and says what is wrong where. Changes
// nothing. Behind `hydrant log verify`.
//
// It knows the slot files alone, not the rows that the catalog keeps: a commit is called damaged
// when another one, a footer or the beginning of an epoch proves that it was durable and its bytes
// in its segment are not what was written. Commits that are in no file at all may have been let go;
// they are reported as gaps, and are damage only where a file is missing too. The last commits of
// the log have nobody who proves them: one that is not whole there is called unfinished.
#pragma once

#include "base/result.h"
#include "sys/file.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace hyd::log {

struct VerifiedDamage {
  std::string file;  // within the data directory
  std::uint64_t offset_from = 0;
  std::uint64_t offset_to = 0;  // behind it; equal to `offset_from`: the whole file
  // Their records lie at places in [place_from, place_to); both 0: none, or nobody can say.
  std::uint64_t place_from = 0;
  std::uint64_t place_to = 0;
  std::string what;
};

struct VerifiedSegment {
  std::string file;
  std::uint32_t slot = 0;
  std::uint64_t segment = 0;
  std::uint64_t epoch = 0;
  bool sealed = false;
  std::uint64_t first_commit = 0;
  std::uint64_t last_commit = 0;
  std::uint64_t first_place = 0;  // 0: it has no records
  std::uint64_t last_place = 0;
  std::uint64_t commits = 0;     // whole ones of this segment that count
  std::uint64_t records = 0;     // in them
  std::uint64_t end_offset = 0;  // behind the last of them
  std::uint64_t dead = 0;        // whole commits that no longer count, or never did
  std::vector<VerifiedDamage> damage{};
};

// Commits between two segments, or behind the last, that were durable and are in no file.
struct VerifiedGap {
  std::uint64_t first_commit = 0;
  std::uint64_t last_commit = 0;
  std::uint64_t place_from = 0;
  std::uint64_t place_to = 0;
};

struct Verified {
  std::vector<VerifiedSegment> segments;  // in the order of the log
  std::vector<VerifiedGap> gaps;          // let go or lost: the catalog knows which
  std::vector<VerifiedDamage> damage;     // what belongs to no segment above
  std::vector<std::string> notes;         // a sentence each
  std::size_t free_slots = 0;             // files without a commit that counts
  std::uint64_t durable_commit = 0;       // all up to it are proved to have been durable

  // Over all segments.
  std::size_t damaged() const;
  std::uint64_t commits() const;
  std::uint64_t records() const;
};

// Of all slot files together.
struct VerifyProgress {
  std::uint64_t bytes_done = 0;
  std::uint64_t bytes_total = 0;
};

// `progress` is called before each file and behind the last. Code::io when the folder cannot be
// listed; a directory without a journal has no segments. Blocks.
base::Result<Verified> verify(sys::Dir& dir,
                              const std::function<void(const VerifyProgress&)>& progress = {});

}  // namespace hyd::log
