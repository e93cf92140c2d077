// A catalog on the simulated disk, for tests of this room and of rooms that keep tables.
#pragma once

#include "base/check.h"
#include "catalog/catalog.h"
#include "sys/sim/sim_disk.h"
#include "sys/sim/sim_runtime.h"

#include <cstdint>
#include <memory>
#include <string_view>
#include <utility>

namespace hyd::catalog {

// The test's thread is the simulation's main thread.
class SimulatedCatalog {
 public:
  explicit SimulatedCatalog(std::uint64_t seed = 1)
      : disk_(seed), runtime_({.seed = seed, .on_end = {}}, disk_) {
    auto dir = runtime_.open_dir("");
    HYD_CHECK(dir.has_value());
    dir_ = *std::move(dir);
  }

  // Closes what is open first: what was committed stays, as after a stop of the program.
  base::Result<void> open(Catalog::Options options) {
    close();
    ASSIGN_OR_RETURN(catalog_, Catalog::open(runtime_, *dir_, std::move(options)));
    ASSIGN_OR_RETURN(reader_, catalog_->reader());
    return {};
  }
  void close() {
    reader_ = nullptr;
    catalog_ = nullptr;
  }

  Catalog& operator*() { return *catalog_; }
  Catalog* operator->() { return catalog_.get(); }
  Reader& reader() { return *reader_; }
  sys::SimDisk& disk() { return disk_; }
  sys::SimRuntime& runtime() { return runtime_; }
  sys::Dir& dir() { return *dir_; }

 private:
  sys::SimDisk disk_;
  sys::SimRuntime runtime_;
  std::unique_ptr<sys::Dir> dir_;
  std::unique_ptr<Catalog> catalog_;
  std::unique_ptr<Reader> reader_;
};

}  // namespace hyd::catalog
