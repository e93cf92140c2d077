// For tests of the real side: a runtime, and a folder that goes with the test.
#pragma once

#include "base/check.h"
#include "sys/loops.h"
#include "sys/real_runtime.h"

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <system_error>
#include <utility>

namespace hyd::sys {

class Scratch {
 public:
  Scratch() : path_("/tmp/hydrant-test-XXXXXX") { HYD_CHECK(::mkdtemp(path_.data()) != nullptr); }
  ~Scratch() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

inline std::unique_ptr<Runtime> real_runtime() {
  auto runtime = make_real_runtime();
  HYD_CHECK(runtime.has_value());
  return std::move(*runtime);
}

inline std::unique_ptr<Dir> open_scratch(Runtime& runtime, const Scratch& scratch) {
  auto dir = runtime.open_dir(scratch.path());
  HYD_CHECK(dir.has_value());
  return std::move(*dir);
}

// Runs `work` on the loop and waits for it. Not from the loop's own thread.
template <class Work>
void on(Runtime& runtime, Loop& loop, Work&& work) {
  const auto ran = runtime.make_semaphore();
  loop.post([&] {
    work();
    ran->release();
  });
  HYD_CHECK(ran->acquire(base::MonoTime::never()));
}

// Long enough for a loaded machine; a test that waits as long has failed.
inline base::MonoTime patience(Runtime& runtime) {
  return runtime.clock().mono() + std::chrono::seconds(20);
}

}  // namespace hyd::sys
