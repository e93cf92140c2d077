// What `hydrant log verify` prints, and its exit status, for journals on the real file system.
#include "cli/log_verify.h"

#include "base/check.h"
#include "cli/command_line.h"
#include "log/testing/journal_image.h"
#include "sys/real_runtime.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace hyd::cli {
namespace {

class LogVerify : public ::testing::Test {
 protected:
  LogVerify() {
    HYD_CHECK(::mkdtemp(path_.data()) != nullptr);
    auto runtime = sys::make_real_runtime();
    HYD_CHECK(runtime.has_value());
    runtime_ = *std::move(runtime);
    auto dir = runtime_->open_dir(path_);
    HYD_CHECK(dir.has_value());
    dir_ = *std::move(dir);
  }
  ~LogVerify() override {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }

  std::unique_ptr<sys::DirLock> lock() {
    auto lock = dir_->lock(runtime_->clock().mono(), [](std::string_view) {});
    HYD_CHECK(lock.has_value());
    return *std::move(lock);
  }

  // A sealed segment of two commits, and an open one of one, as a served directory has them.
  void journal() {
    log::JournalImage image;
    image.add({.commit = 1, .first_place = 1, .records = 2});
    image.add({.commit = 2, .first_place = 3, .records = 2, .durable = 1});
    image.seal(1);
    image.add({.slot = 2, .commit = 3, .first_place = 5, .durable = 2});
    image.write();
    HYD_CHECK(dir_->make_dirs(log::kJournalFolder).has_value());
    for (const std::uint32_t slot : {1u, 2u}) {
      auto file = dir_->open(log::slot_path(slot), sys::Open::create);
      HYD_CHECK(file.has_value());
      HYD_CHECK((*file)->write_at(0, image.disk.read_all(log::slot_path(slot))).has_value());
    }
    lock();
  }

  int run_command() {
    ::testing::internal::CaptureStdout();
    ::testing::internal::CaptureStderr();
    const int status = run({"log", "verify", "--data", path_}, {});
    printed_ = ::testing::internal::GetCapturedStdout();
    complaint_ = ::testing::internal::GetCapturedStderr();
    return status;
  }

  std::string path_ = ::testing::TempDir() + "hydrant-verify-XXXXXX";
  std::unique_ptr<sys::Runtime> runtime_;
  std::unique_ptr<sys::Dir> dir_;
  std::string printed_;
  std::string complaint_;
};

TEST_F(LogVerify, OfAWholeJournalEverySegmentIsNamedAndTheStatusIsZero) {
  journal();
  EXPECT_EQ(run_command(), kExitOk) << complaint_;
  EXPECT_EQ(printed_,
            "journal/00000001.seg: segment 1, sealed, commits 1 to 2, places 1 to 4, 4 records, "
            "8192 bytes: whole\n"
            "journal/00000002.seg: segment 2, not sealed, commit 3, place 5, 1 record, "
            "4096 bytes: whole\n"
            "2 segments, 0 unused files, 3 commits, 5 records: nothing is damaged\n");
}

TEST_F(LogVerify, AFlippedBitIsNamedByFileAndOffsetAndTheStatusIsOne) {
  journal();
  auto file = dir_->open(log::slot_path(1), sys::Open::read_write);
  ASSERT_TRUE(file);
  ASSERT_TRUE((*file)->write_at(4096 + 140, "!"));
  EXPECT_EQ(run_command(), kExitFailed) << complaint_;
  EXPECT_TRUE(
      printed_.contains("journal/00000001.seg:4096-8191: commit 2 is not what was written "
                        "(places 3 to 4)\n"))
      << printed_;
  EXPECT_TRUE(printed_.ends_with("2 commits, 3 records: 1 damaged range\n")) << printed_;
}

TEST_F(LogVerify, ADirectoryThatSomebodyHasIsNotLookedAt) {
  journal();
  const auto held = lock();
  EXPECT_EQ(run_command(), kExitUsage);
  EXPECT_EQ(printed_, "");
  EXPECT_TRUE(complaint_.contains(std::to_string(::getpid()))) << complaint_;
}

TEST_F(LogVerify, WhatIsNoDataDirectoryIsRefusedAndNotMade) {
  EXPECT_EQ(run_command(), kExitUsage);
  EXPECT_TRUE(complaint_.contains("is no data directory")) << complaint_;
  EXPECT_TRUE(std::filesystem::is_empty(path_));
}

TEST(LogVerifyProgress, IsBytesOfTotal) {
  EXPECT_EQ(progress_text({.bytes_done = 1u << 30, .bytes_total = 4ull << 30}),
            "checked 1.00 of 4.00 GiB (25 %)");
  EXPECT_EQ(progress_text({}), "checked 0.00 of 0.00 GiB (100 %)");
}

}  // namespace
}  // namespace hyd::cli
