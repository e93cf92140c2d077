#include "sys/real/readiness.h"

#include <gtest/gtest.h>

#include <array>
#include <memory>
#include <string>
#include <sys/socket.h>
#include <unistd.h>

namespace hyd::sys {
namespace {

// One end is watched, as a connection would be, the other is the peer's.
struct Pair {
  Pair() {
    std::array<int, 2> ends{};
    EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends.data()), 0);
    ours = Fd(ends[0]);
    theirs = Fd(ends[1]);
  }
  void send(const std::string& text) const {
    EXPECT_EQ(::send(theirs.get(), text.data(), text.size(), 0), std::ssize(text));
  }
  std::string receive(std::size_t most) const {
    std::string text(most, '\0');
    const ssize_t n = ::recv(ours.get(), text.data(), text.size(), 0);
    text.resize(n < 0 ? 0 : static_cast<std::size_t>(n));
    return text;
  }
  Fd ours;
  Fd theirs;
};

class ReadinessTest : public testing::Test {
 protected:
  base::Task count() {
    return [this] { ++ran_; };
  }
  Readiness set_;
  int ran_ = 0;
};

TEST_F(ReadinessTest, RunsAWaitOnceWhenDataComes) {
  Pair pair;
  const auto key = set_.watch(pair.ours);
  set_.wait_readable(key, count());
  set_.serve();
  EXPECT_EQ(ran_, 0);
  pair.send("a");
  EXPECT_EQ(set_.serve(), 1u);
  pair.send("b");
  set_.serve();
  EXPECT_EQ(ran_, 1);
  set_.forget(key);
}

TEST_F(ReadinessTest, AWaitForWhatIsKnownNeedsNoNewEvent) {
  Pair pair;
  const auto key = set_.watch(pair.ours);
  pair.send("abcd");
  set_.serve();
  EXPECT_EQ(pair.receive(2), "ab");  // as much as was asked for: there may be more
  EXPECT_FALSE(set_.due());
  set_.wait_readable(key, count());
  EXPECT_TRUE(set_.due());
  EXPECT_EQ(set_.serve(), 1u);
  set_.forget(key);
}

TEST_F(ReadinessTest, AfterAShortReadItWaitsForTheNextEvent) {
  Pair pair;
  const auto key = set_.watch(pair.ours);
  pair.send("ab");
  set_.serve();
  EXPECT_EQ(pair.receive(10), "ab");
  set_.drained(key);
  set_.wait_readable(key, count());
  EXPECT_FALSE(set_.due());
  set_.serve();
  EXPECT_EQ(ran_, 0);
  pair.send("c");
  set_.serve();
  EXPECT_EQ(ran_, 1);
  set_.forget(key);
}

// The end comes with the data, in one event: a short read must not make it wait for another.
TEST_F(ReadinessTest, AnEndThatCameWithTheDataIsNotWaitedFor) {
  Pair pair;
  const auto key = set_.watch(pair.ours);
  pair.send("ab");
  pair.theirs = Fd();
  set_.serve();
  EXPECT_EQ(pair.receive(10), "ab");
  set_.drained(key);
  set_.wait_readable(key, count());
  EXPECT_EQ(set_.serve(), 1u);
  set_.forget(key);
}

// A half-closed peer that reads slowly: writing must wait for room, not spin.
TEST_F(ReadinessTest, AnEndOfReadingDoesNotMakeAFullSocketWritable) {
  Pair pair;
  const auto key = set_.watch(pair.ours);
  ASSERT_EQ(::shutdown(pair.theirs.get(), SHUT_WR), 0);
  set_.serve();
  const std::string block(1 << 16, 'x');
  while (::send(pair.ours.get(), block.data(), block.size(), MSG_NOSIGNAL) > 0) {
  }
  set_.full(key);
  set_.wait_writable(key, count());
  EXPECT_EQ(set_.serve(), 0u);
  std::string taken(1 << 20, '\0');
  while (::recv(pair.theirs.get(), taken.data(), taken.size(), 0) > 0) {
  }
  EXPECT_EQ(set_.serve(), 1u);
  set_.forget(key);
}

TEST_F(ReadinessTest, ForgettingDestroysTheWaitAndTheNextSocketOfTheSlotIsAnother) {
  Pair pair;
  const auto key = set_.watch(pair.ours);
  auto token = std::make_shared<int>(0);
  set_.wait_readable(key, [token] { ++*token; });
  pair.send("a");
  set_.forget(key);
  EXPECT_EQ(token.use_count(), 1);
  Pair other;
  const auto again = set_.watch(other.ours);
  EXPECT_EQ(again, key);
  set_.wait_readable(again, count());
  set_.serve();  // the old socket's event is still in the set
  EXPECT_EQ(ran_, 0);
  set_.forget(again);
}

TEST_F(ReadinessTest, ASocketMayEndInItsOwnTask) {
  Pair pair;
  const auto key = set_.watch(pair.ours);
  set_.wait_writable(key, count());
  set_.wait_readable(key, [&] {
    ++ran_;
    set_.forget(key);
    pair.ours = Fd();
  });
  pair.send("a");
  EXPECT_EQ(set_.serve(), 1u);
}

TEST_F(ReadinessTest, ItsDescriptorIsReadableWhileASocketHasChanged) {
  Pair pair;
  const auto key = set_.watch(pair.ours);
  set_.serve();
  Readiness outer;
  Fd inner(::dup(set_.fd()));
  const auto of_inner = outer.watch(inner);
  outer.serve();
  outer.drained(of_inner);
  outer.wait_readable(of_inner, count());
  pair.send("a");
  outer.serve();
  EXPECT_EQ(ran_, 1);
  outer.forget(of_inner);
  set_.forget(key);
}

}  // namespace
}  // namespace hyd::sys
