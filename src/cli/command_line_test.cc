// Goal: what the words of a command line become, and which are refused.
#include "cli/command_line.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace hyd::cli {
namespace {

std::optional<UpOptions> seen_of(std::vector<std::string> words, int expected) {
  constexpr int kStarted = 17;
  std::optional<UpOptions> seen;
  const int status = run(std::move(words), {.up = [&](const UpOptions& options) {
                           seen = options;
                           return kStarted;
                         }});
  EXPECT_EQ(status, expected == kExitOk ? kStarted : expected);
  return seen;
}

TEST(CommandLine, DefaultsAreLoopbackAndTheStrongestDurability) {
  const auto up = seen_of({"up"}, kExitOk);
  ASSERT_TRUE(up);
  EXPECT_EQ(up->listen_events.text(), "127.0.0.1:8080");
  EXPECT_EQ(up->listen_aws.text(), "127.0.0.1:4566");
  EXPECT_EQ(up->data, "./hydrant-data");
  EXPECT_EQ(up->durability, sys::Durability::power);
  EXPECT_EQ(up->lock_wait, std::chrono::seconds(60));
  EXPECT_FALSE(up->threads);
  EXPECT_FALSE(up->account);
}

TEST(CommandLine, FlagsAreUnderstood) {
  const auto up = seen_of(
      {"up", "--data", "d", "--listen-aws", "[::1]:0", "--threads", "3", "--durability", "process",
       "--account-id", "123456789012", "--lock-wait", "2", "--region", "eu-west-1",
       "--stream-shard-limit", "50", "--stream-transition-ms", "500", "--quotas", "aws"},
      kExitOk);
  ASSERT_TRUE(up);
  EXPECT_EQ(up->data, "d");
  EXPECT_EQ(up->listen_aws.text(), "[::1]:0");
  EXPECT_EQ(up->threads, 3u);
  EXPECT_EQ(up->durability, sys::Durability::process);
  EXPECT_EQ(up->account, "123456789012");
  EXPECT_EQ(up->lock_wait, std::chrono::seconds(2));
  EXPECT_EQ(up->region, "eu-west-1");
  EXPECT_EQ(up->stream_shard_limit, 50u);
  EXPECT_EQ(up->stream_transition, std::chrono::milliseconds(500));
  EXPECT_TRUE(up->quotas);
}

TEST(CommandLine, AFileAndItsParametersMayStandInAnyOrder) {
  const std::vector<std::pair<std::string, std::string>> parameters{{"A", "1"}, {"B", "x=y"}};
  for (const std::vector<std::string>& words : std::vector<std::vector<std::string>>{
           {"up", "examples/clicks.yaml", "--parameter", "A=1", "--parameter", "B=x=y"},
           {"up", "--parameter", "A=1", "examples/clicks.yaml", "--parameter=B=x=y"},
           {"up", "--parameter", "A=1", "--parameter", "B=x=y", "examples/clicks.yaml"}}) {
    const auto up = seen_of(words, kExitOk);
    ASSERT_TRUE(up);
    EXPECT_EQ(up->stack_file, "examples/clicks.yaml");
    EXPECT_EQ(up->parameters, parameters);
  }
}

TEST(CommandLine, SizesAreUnderstood) {
  const auto up = seen_of(
      {"up", "--log-max", "1GiB", "--journal-segment", "4M", "--body-memory", "100M"}, kExitOk);
  ASSERT_TRUE(up);
  EXPECT_EQ(up->log_max, base::gib(1));
  EXPECT_EQ(up->journal_segment, base::mib(4));
  EXPECT_EQ(up->body_memory, base::mib(100));
}

TEST(CommandLine, BeyondLoopbackMustBeMeant) {
  EXPECT_FALSE(seen_of({"up", "--listen-aws", "0.0.0.0:4566"}, kExitUsage));
  EXPECT_FALSE(seen_of({"up", "--listen-events", "[::]:8080"}, kExitUsage));
  EXPECT_TRUE(seen_of({"up", "--listen-aws", "0.0.0.0:4566", "--allow-plaintext"}, kExitOk));
}

TEST(CommandLine, WhatIsNotUnderstoodStartsNothing) {
  EXPECT_FALSE(seen_of({}, kExitUsage));
  EXPECT_FALSE(seen_of({"down"}, kExitUsage));
  EXPECT_FALSE(seen_of({"up", "stack.yaml", "more"}, kExitUsage));
  EXPECT_FALSE(seen_of({"up", "--parameter", "A=1"}, kExitUsage));
  EXPECT_FALSE(seen_of({"up", "stack.yaml", "--parameter", "A"}, kExitUsage));
  EXPECT_FALSE(seen_of({"up", ""}, kExitUsage));
  EXPECT_FALSE(seen_of({"upp"}, kExitUsage));
  EXPECT_FALSE(seen_of({}, kExitUsage));
  EXPECT_FALSE(seen_of({"up", "--journal-segment", "5000"}, kExitUsage));
  EXPECT_FALSE(seen_of({"up", "--log-max", "1"}, kExitUsage));
  EXPECT_FALSE(seen_of({"up", "--body-memory", "63M"}, kExitUsage));
  EXPECT_FALSE(seen_of({"up", "--threads", "0"}, kExitUsage));
  EXPECT_FALSE(seen_of({"up", "--lock-wait", "-1"}, kExitUsage));
  EXPECT_FALSE(seen_of({"up", "--durability", "maybe"}, kExitUsage));
  EXPECT_FALSE(seen_of({"up", "--account-id", "12"}, kExitUsage));
  EXPECT_FALSE(seen_of({"up", "--region", "US"}, kExitUsage));
  EXPECT_FALSE(seen_of({"up", "--region", "nope"}, kExitUsage));
  EXPECT_FALSE(seen_of({"up", "--listen-aws", "example.org:80"}, kExitUsage));
}

}  // namespace
}  // namespace hyd::cli
