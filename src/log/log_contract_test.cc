// The embedded log under the contract of every Log.
#include "log/testing/log_contract.h"

#include "log/testing/log_life.h"

namespace hyd::log {
namespace {

class JournalWorld final : public LogWorld {
 public:
  explicit JournalWorld(sys::Durability durability) : durability_(durability) {}

  std::string live(const std::function<void(LogTester&)>& body) override {
    const sys::SimEnd end = sys::run_process(disk_, {.seed = 5}, [&](sys::SimProcess& process) {
      LogLife life(process, {.durability = durability_, .segment_bytes = 64u << 10}, 0);
      LogTester tester{.log = life.journal(),
                       .runtime = process.runtime,
                       .loops = {&life.loop(0), &life.loop(1)},
                       .tell = [&](std::string_view line) { process.tell(std::string(line)); }};
      body(tester);
      life.stop();
    });
    EXPECT_EQ(end.how, sys::SimEnd::How::returned) << end.why;
    disk_ = end.disk;
    return end.ledger;
  }

 private:
  const sys::Durability durability_;
  std::string disk_;
};

LogEngine journal_at(std::string name, sys::Durability durability) {
  return {.name = std::move(name),
          .make = [durability] { return std::make_unique<JournalWorld>(durability); }};
}

INSTANTIATE_TEST_SUITE_P(Journal, LogContract,
                         ::testing::Values(journal_at("power", sys::Durability::power),
                                           journal_at("process", sys::Durability::process)),
                         [](const auto& one) { return one.param.name; });

}  // namespace
}  // namespace hyd::log
