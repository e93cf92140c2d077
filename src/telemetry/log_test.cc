#include "telemetry/log.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace hyd::telemetry {
namespace {

class TestClock final : public base::Clock {
 public:
  base::WallTime wall() const override {
    // 2026-01-31T12:00:00.000042Z
    return base::WallTime(std::chrono::microseconds(1'769'860'800'000'042));
  }
  base::MonoTime mono() const override { return now; }
  base::MonoTime now;
};

class Lines final : public LogSink {
 public:
  void write(const LogLine& line) override {
    all.push_back(std::string(name(line.level)) + " " + std::string(line.room) + ": " +
                  text_of(line));
  }
  std::vector<std::string> all;
};

class Log : public testing::Test {
 protected:
  TestClock clock_;
  Lines lines_;
  LogHub hub_{clock_, lines_};
  Logger log_ = hub_.logger("catalog");
};

TEST_F(Log, ALineIsASentenceAndItsFields) {
  log_.info("The catalog is open.", {{"file", "hydrant.db"}, {"rows", 12}, {"new", true}});
  ASSERT_EQ(lines_.all.size(), 1u);
  EXPECT_EQ(lines_.all[0], "info catalog: The catalog is open. file=hydrant.db rows=12 new=true");
}

TEST_F(Log, AValueCanNeitherEndTheLineNorForgeAField) {
  log_.error("A read failed.", {{"why", "a\nb=\"c\" \x1b[2J"}, {"none", ""}, {"word", "größe"}});
  ASSERT_EQ(lines_.all.size(), 1u);
  EXPECT_EQ(lines_.all[0],
            "error catalog: A read failed. why=\"a\\nb=\\\"c\\\" \\x1b[2J\" none=\"\" word=größe");
}

TEST_F(Log, LinesBelowTheLeastLevelAreDropped) {
  log_.debug("A detail.");
  EXPECT_TRUE(lines_.all.empty());
}

TEST_F(Log, RepeatedErrorsAreCutAndCounted) {
  for (int i = 0; i < 100; ++i) log_.error("A sync failed.", {{"try", i}});
  ASSERT_EQ(lines_.all.size(), LogHub::kRepeatsMax);
  clock_.now = clock_.now + LogHub::kRepeatWindow;
  log_.error("A sync failed.", {{"try", 100}});
  ASSERT_EQ(lines_.all.size(), LogHub::kRepeatsMax + 1);
  EXPECT_EQ(lines_.all.back(), "error catalog: A sync failed. try=100 repeated=95");
}

TEST_F(Log, OneSentencesRepeatsSilenceNoOther) {
  for (int i = 0; i < 100; ++i) log_.error("A sync failed.");
  lines_.all.clear();
  log_.error("A read failed.");
  hub_.logger("log").error("A sync failed.");
  for (int i = 0; i < 100; ++i) log_.info("A stream was made.");
  EXPECT_EQ(lines_.all.size(), 102u);
}

TEST_F(Log, StandardErrorGetsTheTimeThatTheLineBrought) {
  const std::unique_ptr<LogSink> sink = make_stderr_sink();
  LogHub hub(clock_, *sink, Level::debug);
  testing::internal::CaptureStderr();
  hub.logger("log").debug("A detail.", {{"n", 1}});
  EXPECT_EQ(testing::internal::GetCapturedStderr(),
            "2026-01-31T12:00:00.000042Z debug log: A detail. n=1\n");
}

}  // namespace
}  // namespace hyd::telemetry
