#include "log/slot_read.h"

#include <algorithm>
#include <span>

namespace hyd::log {
namespace {

constexpr std::size_t kReadBytes = 4u << 20;  // one read while all goes well

class Reading {
 public:
  Reading(sys::File& file, std::uint64_t from, std::span<char> out)
      : file_(file), from_(from), out_(out) {}

  void all() {
    for (std::size_t at = 0; at < out_.size(); at += kReadBytes) {
      part(at, std::min(kReadBytes, out_.size() - at));
    }
  }
  std::vector<ByteRange> unreadable;

 private:
  // Blocks [at, at + bytes) of `out_`; the depth is bounded by the halving.
  void part(std::size_t at, std::size_t bytes) {
    std::size_t got = 0;
    while (got < bytes) {
      const auto n = file_.read_at(from_ + at + got, out_.subspan(at + got, bytes - got));
      if (!n) break;
      if (*n == 0) return;  // the file ends here: zeros
      got += *n;
    }
    if (got == bytes) return;
    if (bytes <= sys::kBlockBytes) return give_up(at, bytes);
    const std::size_t half = bytes / 2 / sys::kBlockBytes * sys::kBlockBytes;
    part(at, half);
    part(at + half, bytes - half);
  }

  void give_up(std::size_t at, std::size_t bytes) {
    std::ranges::fill(out_.subspan(at, bytes), '\0');
    const ByteRange range{from_ + at, from_ + at + bytes};
    if (!unreadable.empty() && unreadable.back().to == range.from) {
      unreadable.back().to = range.to;
    } else {
      unreadable.push_back(range);
    }
  }

  sys::File& file_;
  const std::uint64_t from_;
  const std::span<char> out_;
};

}  // namespace

SlotBytes read_slot(sys::File& file, std::uint64_t from, std::uint64_t to) {
  SlotBytes slot;
  slot.bytes =
      sys::SharedBytes::make(static_cast<std::size_t>(to - from), [&](std::span<char> out) {
        Reading reading(file, from, out);
        reading.all();
        slot.unreadable = std::move(reading.unreadable);
      });
  return slot;
}

}  // namespace hyd::log
