// Both roads of the journal's writes at both levels.
#include "sys/real/journal.h"

#include "sys/real/dir.h"
#include "sys/real/loop.h"
#include "sys/real/scratch.h"

#include <gtest/gtest.h>

#include <cstring>
#include <functional>
#include <string>
#include <vector>

namespace hyd::sys {
namespace {

using namespace std::chrono_literals;
using base::Code;

constexpr std::string_view kForbidden = "io_uring is forbidden here";
constexpr std::uint64_t kSlotBytes = 1 << 20;

SharedBytes blocks(std::size_t count, char fill) {
  return SharedBytes::make(count * kBlockBytes,
                           [&](std::span<char> out) { std::memset(out.data(), fill, out.size()); });
}

struct Road {
  bool io_uring;
  Durability durability;
  const char* text;  // where O_DIRECT is possible
};

class JournalTest : public testing::TestWithParam<Road> {
 protected:
  JournalTest() {
    auto file = dir_->open("slot", Open::create);
    HYD_CHECK(file.has_value());
    HYD_CHECK((*file)->write_at(0, blocks(kSlotBytes / kBlockBytes, '\0').view()).has_value());
    HYD_CHECK((*file)->sync().has_value());
  }

  // False when this machine forbids io_uring; the test then has nothing to say.
  bool open(JournalSettings settings = {}) {
    journal_ = GetParam().io_uring ? make_uring_journal(loop_, GetParam().durability, settings)
                                   : make_threads_journal(loop_, GetParam().durability, settings);
    if (journal_ == nullptr) return false;
    auto slot = journal_->open_slot(*dir_, "slot");
    HYD_CHECK(slot.has_value());
    slot_ = std::move(*slot);
    return true;
  }
  void write(std::uint64_t block, SharedBytes bytes) {
    ++writing_;
    journal_->write(slot_, block * kBlockBytes, std::move(bytes), [this](base::Result<void> done) {
      EXPECT_TRUE(done) << done.error().what;
      ++done_;
      if (done_ == writing_) loop_.stop();
    });
  }
  char at(std::uint64_t block) {
    auto file = dir_->open("slot", Open::read, Caching::direct);
    HYD_CHECK(file.has_value());
    char first = '?';
    static_cast<void>(SharedBytes::make(kBlockBytes, [&](std::span<char> out) {
      const auto got = (*file)->read_at(block * kBlockBytes, out);
      HYD_CHECK(got.has_value() && *got == kBlockBytes);
      first =
          std::string(out.begin(), out.end()) == std::string(kBlockBytes, out[0]) ? out[0] : '!';
    }));
    return first;
  }

  Scratch scratch_;
  std::unique_ptr<Runtime> runtime_ = real_runtime();
  std::unique_ptr<Dir> dir_ = open_scratch(*runtime_, scratch_);
  RealLoop loop_{0};
  std::unique_ptr<JournalIo> journal_;
  std::shared_ptr<File> slot_;
  int writing_ = 0;
  int done_ = 0;
};

TEST_P(JournalTest, WhatIsDoneIsThereForAnyReader) {
  if (!open()) GTEST_SKIP() << kForbidden;
  loop_.post([&] {
    write(1, blocks(1, 'a'));
    write(5, blocks(3, 'b'));
    write(9, blocks(2, 'c').slice(kBlockBytes, kBlockBytes));
  });
  loop_.run();
  EXPECT_EQ(done_, 3);
  std::string found;
  for (std::uint64_t block = 0; block < 11; ++block) found += at(block) == '\0' ? '.' : at(block);
  EXPECT_EQ(found, ".a...bbb.c.");
}

TEST_P(JournalTest, ManyMoreThanMayBeInFlightAllArrive) {
  if (!open()) GTEST_SKIP() << kForbidden;
  loop_.post([&] {
    for (std::uint64_t block = 0; block < 200; ++block) {
      write(block, blocks(1, static_cast<char>('a' + block % 26)));
    }
    EXPECT_EQ(done_, 0) << "no write is done before its call has returned";
  });
  loop_.run();
  EXPECT_EQ(done_, 200);
  for (std::uint64_t block = 0; block < 200; ++block) {
    ASSERT_EQ(at(block), static_cast<char>('a' + block % 26)) << block;
  }
}

TEST_P(JournalTest, AWriteMayBeginInsideTheDoneOfAnother) {
  if (!open()) GTEST_SKIP() << kForbidden;
  std::uint64_t block = 0;
  std::function<void()> next = [&] {
    journal_->write(slot_, block * kBlockBytes, blocks(1, 'n'), [&](base::Result<void> done) {
      ASSERT_TRUE(done);
      if (++block == 20) return loop_.stop();
      next();
    });
  };
  loop_.post([&] { next(); });
  loop_.run();
  EXPECT_EQ(block, 20u);
}

TEST_P(JournalTest, AddedDelayHoldsEachWriteBackButNotOneBehindTheOther) {
  constexpr auto kDelay = 200ms;
  if (!open({.added_delay = kDelay})) GTEST_SKIP() << kForbidden;
  const base::MonoTime start = runtime_->clock().mono();
  loop_.post([&] {
    for (std::uint64_t block = 0; block < 12; ++block) write(block, blocks(1, 'd'));
  });
  loop_.run();
  const auto took = runtime_->clock().mono() - start;
  EXPECT_EQ(done_, 12);
  EXPECT_GE(took, kDelay);
  EXPECT_LT(took, 6 * kDelay);
}

TEST_P(JournalTest, StopWaitsForEveryWriteAndTakesNoMore) {
  for (const auto delay : {0us, 60'000'000us}) {
    if (!open({.added_delay = delay})) GTEST_SKIP() << kForbidden;
    done_ = 0;
    writing_ = 1000;  // so that none ends the loop
    for (std::uint64_t block = 0; block < 50; ++block) write(block, blocks(1, 's'));
    journal_->stop();
    EXPECT_EQ(done_, 50);
    bool told = false;
    journal_->write(slot_, 0, blocks(1, 'x'), [&](base::Result<void> done) {
      told = true;
      EXPECT_TRUE(!done && done.error().code == Code::cancelled);
    });
    EXPECT_TRUE(told);
    EXPECT_EQ(at(0), 's');
    EXPECT_EQ(at(49), 's');
    journal_.reset();
  }
}

TEST_P(JournalTest, AFailedWriteNamesItsSlotAndLeavesTheOthersAlone) {
  if (!open()) GTEST_SKIP() << kForbidden;
  // A slot that is open for reading only: the kernel refuses every write to it.
  auto opened = dynamic_cast<RealDir&>(*dir_).open_file("slot", Open::read, Caching::buffered);
  ASSERT_TRUE(opened);
  std::shared_ptr<File> refused = std::move(*opened);
  std::string error;
  writing_ = 1;  // beside what `write` counts: the refused one
  loop_.post([&] {
    write(3, blocks(1, 'o'));
    journal_->write(refused, 0, blocks(1, 'r'), [&](base::Result<void> done) {
      EXPECT_FALSE(done);
      if (!done) error = done.error().what;
      if (++done_ == writing_) loop_.stop();
    });
  });
  loop_.run();
  EXPECT_TRUE(error.contains(scratch_.path() + "/slot")) << error;
  EXPECT_EQ(at(3), 'o');
  EXPECT_EQ(at(0), '\0');
}

TEST_P(JournalTest, SaysWhichRoadItTakes) {
  if (!open()) GTEST_SKIP() << kForbidden;
  const auto direct = dir_->open("slot", Open::read, Caching::direct);
  ASSERT_TRUE(direct);
  std::string expected = GetParam().text;
  if (!dynamic_cast<RealFile&>(**direct).direct()) {
    expected.replace(expected.find("O_DIRECT"), 8, "buffered");
  }
  EXPECT_EQ(journal_->road(), expected);
}

TEST_P(JournalTest, ASlotThatRefusesDirectWritesIsWrittenThroughTheCache) {
  if (!open()) GTEST_SKIP() << kForbidden;
  // Memory that is not aligned is refused with the same EINVAL as a file system's.
  const SharedBytes shifted = blocks(3, 'u').slice(1, kBlockBytes);
  loop_.post([&] { write(2, shifted); });
  loop_.run();
  EXPECT_EQ(at(2), 'u');
  EXPECT_FALSE(dynamic_cast<RealFile&>(*slot_).direct());
  EXPECT_TRUE(journal_->road().contains("buffered")) << journal_->road();
}

TEST_P(JournalTest, AMissingSlotIsNotFound) {
  if (!open()) GTEST_SKIP() << kForbidden;
  const auto missing = journal_->open_slot(*dir_, "none");
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, Code::not_found);
}

INSTANTIATE_TEST_SUITE_P(
    Roads, JournalTest,
    testing::Values(
        Road{true, Durability::power, "io_uring + O_DIRECT + DSYNC"},
        Road{false, Durability::power, "threads + O_DIRECT + DSYNC"},
        Road{true, Durability::process, "io_uring + buffered, written, synced once a second"},
        Road{false, Durability::process, "threads + buffered, written, synced once a second"}),
    [](const auto& road) {
      return std::string(road.param.io_uring ? "ring" : "threads") +
             (road.param.durability == Durability::power ? "_power" : "_process");
    });

}  // namespace
}  // namespace hyd::sys
