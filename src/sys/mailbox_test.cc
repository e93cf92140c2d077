#include "sys/mailbox.h"

#include "sys/real/scratch.h"

#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <vector>

namespace hyd::sys {
namespace {

using namespace std::chrono_literals;

class MailboxTest : public testing::Test {
 protected:
  base::MonoTime in(std::chrono::nanoseconds delay) { return runtime_->clock().mono() + delay; }
  std::unique_ptr<Runtime> runtime_ = real_runtime();
};

TEST_F(MailboxTest, AFullBoxRefusesAndLeavesTheMessageWithItsSender) {
  Mailbox<std::string> box(2, runtime_->make_semaphore());
  std::string first = "first";
  std::string second = "second";
  std::string third = "third";
  EXPECT_TRUE(box.push(first));
  EXPECT_TRUE(box.push(second));
  EXPECT_FALSE(box.push(third));
  EXPECT_EQ(third, "third");
  EXPECT_EQ(box.pop(in(0ns)), "first");
  EXPECT_TRUE(box.push(third));
  EXPECT_EQ(box.pop(in(0ns)), "second");
  EXPECT_EQ(box.pop(in(0ns)), "third");
}

TEST_F(MailboxTest, PopGivesUpAtItsDeadlineAndNotBefore) {
  Mailbox<int> box(1, runtime_->make_semaphore());
  const base::MonoTime deadline = in(20ms);
  EXPECT_FALSE(box.pop(deadline));
  EXPECT_GE(runtime_->clock().mono(), deadline);
}

TEST_F(MailboxTest, AClosedBoxHandsOutWhatIsInsideAndThenWakesEveryReceiver) {
  Mailbox<int> box(8, runtime_->make_semaphore());
  for (int i : {1, 2}) EXPECT_TRUE(box.push(i));
  box.close(2);
  int late = 3;
  EXPECT_FALSE(box.push(late));
  EXPECT_FALSE(box.closed()) << "messages are left";
  EXPECT_EQ(box.pop(base::MonoTime::never()), 1);
  EXPECT_EQ(box.pop(base::MonoTime::never()), 2);
  EXPECT_TRUE(box.closed());
  EXPECT_FALSE(box.pop(base::MonoTime::never()));
  EXPECT_FALSE(box.pop(base::MonoTime::never()));
}

TEST_F(MailboxTest, EveryMessageOfSeveralSendersReachesExactlyOneReceiver) {
  constexpr int kEach = 2000;
  Mailbox<int> box(16, runtime_->make_semaphore());
  std::vector<std::vector<int>> got(2);
  std::vector<std::unique_ptr<Thread>> receivers;
  for (std::vector<int>& mine : got) {
    receivers.push_back(runtime_->spawn("receiver", [&box, &mine] {
      while (const auto message = box.pop(base::MonoTime::never())) mine.push_back(*message);
    }));
  }
  std::vector<std::unique_ptr<Thread>> senders;
  for (int sender = 0; sender < 2; ++sender) {
    senders.push_back(runtime_->spawn("sender", [this, &box, sender] {
      for (int i = 0; i < kEach; ++i) {
        int message = sender * kEach + i;
        while (!box.push(message)) runtime_->sleep_until(in(10us));
      }
    }));
  }
  for (auto& sender : senders) sender->join();
  box.close(2);
  for (auto& receiver : receivers) receiver->join();
  std::vector<bool> seen(2 * kEach);
  for (const std::vector<int>& mine : got) {
    for (const int message : mine) {
      EXPECT_FALSE(seen.at(static_cast<std::size_t>(message)));
      seen[static_cast<std::size_t>(message)] = true;
    }
  }
  EXPECT_EQ(got[0].size() + got[1].size(), seen.size());
}

}  // namespace
}  // namespace hyd::sys
