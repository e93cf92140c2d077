#include "sys/sim/sim_runtime.h"

#include "base/check.h"

#include <cstdlib>
#include <deque>
#include <map>
#include <utility>

namespace hyd::sys {

using base::Code;
using base::fail;
using base::MonoTime;
using base::Result;
using base::Task;

namespace {

class SimThread final : public Thread {
 public:
  SimThread(Baton& baton, Baton::Member* member) : baton_(baton), member_(member) {}
  ~SimThread() override { SimThread::join(); }
  void join() override {
    if (member_ == nullptr) return;
    baton_.join(std::exchange(member_, nullptr));
  }

 private:
  Baton& baton_;
  Baton::Member* member_;
};

class SimSemaphore final : public Semaphore {
 public:
  explicit SimSemaphore(Baton& baton) : baton_(baton) {}

  void release(std::size_t n) override {
    count_ += n;
    for (Baton::Member* waiter : waiters_) baton_.wake(waiter);
    if (baton_.rng().below(4) == 0) baton_.yield();
  }

  bool acquire(MonoTime deadline) override {
    if (baton_.rng().below(4) == 0) baton_.yield();
    while (count_ == 0) {
      if (baton_.now() >= deadline) return false;
      waiters_.push_back(baton_.self());
      baton_.block(deadline);
      std::erase(waiters_, baton_.self());
    }
    --count_;
    return true;
  }

 private:
  Baton& baton_;
  std::size_t count_ = 0;
  std::vector<Baton::Member*> waiters_;
};

class SimLoop final : public Loop {
 public:
  SimLoop(Baton& baton, SimNet& net, std::size_t index) : baton_(baton), net_(net), index_(index) {}

  void post(Task task) override {
    if (ended_) return;
    tasks_.push_back(std::move(task));
    if (owner_ != nullptr && owner_ != baton_.self()) {
      baton_.wake(owner_);
      if (baton_.rng().below(8) == 0) baton_.yield();
    }
  }
  // From an event of the baton, where nothing may wait.
  void post_event(Task task) {
    tasks_.push_back(std::move(task));
    if (owner_ != nullptr) baton_.wake(owner_);
  }

  TimerId after(std::chrono::nanoseconds delay, Task task) override {
    const TimerId id = next_timer_++;
    timers_.emplace(std::pair(baton_.now() + delay, id), std::move(task));
    return id;
  }
  void cancel(TimerId timer) override {
    std::erase_if(timers_, [&](const auto& entry) { return entry.first.second == timer; });
  }
  void at_turn_end(Task task) override { turn_end_.push_back(std::move(task)); }

  Result<std::unique_ptr<Listener>> listen(const Endpoint& at, ListenOptions options,
                                           OnAccept accept) override {
    return net_.listen([this](Task task) { post_event(std::move(task)); }, at, options.exclusive,
                       std::move(accept));
  }
  std::unique_ptr<Socket> adopt(std::unique_ptr<Handoff> connection) override {
    return net_.adopt([this](Task task) { post_event(std::move(task)); }, std::move(connection));
  }

  void run() override {
    owner_ = baton_.self();
    while (!stopped_) turn();
    ended_ = true;
    tasks_.clear();
    timers_.clear();
    turn_end_.clear();
    owner_ = nullptr;
  }
  void stop() override {
    stopped_ = true;
    if (owner_ != nullptr) baton_.wake(owner_);
  }
  bool here() const override { return owner_ == nullptr || owner_ == baton_.self(); }
  std::size_t index() const override { return index_; }

 private:
  void turn() {
    std::size_t served = 0;
    const std::size_t served_max = 1 + baton_.rng().below(16);
    while (served < served_max && !stopped_) {
      if (!timers_.empty() && timers_.begin()->first.first <= baton_.now()) {
        Task task = std::move(timers_.begin()->second);
        timers_.erase(timers_.begin());
        task();
      } else if (!tasks_.empty()) {
        Task task = std::move(tasks_.front());
        tasks_.pop_front();
        task();
      } else {
        break;
      }
      ++served;
    }
    std::vector<Task> ends = std::move(turn_end_);
    turn_end_.clear();
    for (Task& task : ends) task();
    if (stopped_) return;
    if (!turn_end_.empty() || !tasks_.empty()) {
      baton_.yield();
    } else {
      baton_.block(timers_.empty() ? MonoTime::never() : timers_.begin()->first.first);
    }
  }

  Baton& baton_;
  SimNet& net_;
  std::size_t index_;
  Baton::Member* owner_ = nullptr;
  std::deque<Task> tasks_;
  std::map<std::pair<MonoTime, TimerId>, Task> timers_;
  std::vector<Task> turn_end_;
  TimerId next_timer_ = 1;
  bool stopped_ = false;
  bool ended_ = false;
};

// The disk as a Dir that somebody may own: forwards to the one SimDisk.
class SimDirView final : public Dir {
 public:
  explicit SimDirView(SimDisk& disk) : disk_(disk) {}
  Result<std::unique_ptr<File>> open(std::string_view path, Open mode, Caching caching) override {
    return disk_.open(path, mode, caching);
  }
  Result<void> make_dirs(std::string_view path) override { return disk_.make_dirs(path); }
  Result<std::vector<std::string>> list(std::string_view path) override { return disk_.list(path); }
  Result<bool> exists(std::string_view path) override { return disk_.exists(path); }
  Result<void> remove(std::string_view path) override { return disk_.remove(path); }
  Result<void> rename(std::string_view from, std::string_view to, bool replace) override {
    return disk_.rename(from, to, replace);
  }
  Result<void> sync_dir(std::string_view path) override { return disk_.sync_dir(path); }
  Result<Space> space() override { return disk_.space(); }
  Result<FileSystem> file_system() override { return disk_.file_system(); }
  std::string_view path() const override { return disk_.path(); }
  Result<std::unique_ptr<DirLock>> lock(MonoTime deadline,
                                        void (*waiting)(std::string_view)) override {
    return disk_.lock(deadline, waiting);
  }

 private:
  SimDisk& disk_;
};

FailPoints::Actions actions_of(SimRuntime& runtime) {
  return {.kill = [&runtime] { runtime.die("fail point: kill"); },
          .stop = [&runtime] { runtime.die("fail point: stop"); },
          .delay =
              [&runtime](std::chrono::milliseconds delay) {
                runtime.sleep_until(runtime.clock().mono() + delay);
              }};
}

}  // namespace

SimRuntime::SimRuntime(Options options, SimDisk& disk)
    : options_(std::move(options)),
      baton_(options_.seed),
      net_(baton_, options_.net),
      clock_(baton_),
      entropy_(options_.seed ^ 0x5eed),
      disk_(disk),
      fail_points_(actions_of(*this)) {
  disk_.set_timing(
      {.pause =
           [this] {
             const auto most = static_cast<std::uint64_t>(options_.disk_delay_max.count());
             baton_.sleep_until(baton_.now() +
                                std::chrono::microseconds(1 + baton_.rng().below(most + 1)));
           },
       .later =
           [this](Task task) {
             const auto most = static_cast<std::uint64_t>(options_.journal_delay_max.count());
             const auto delay = std::chrono::microseconds(1 + baton_.rng().below(most + 1));
             baton_.at(baton_.now() + delay, [this, task = std::move(task)]() mutable {
               static_cast<SimLoop*>(journal_loop_)->post_event(std::move(task));
             });
           }});
}

SimRuntime::~SimRuntime() { disk_.set_timing({}); }

std::unique_ptr<Loop> SimRuntime::make_loop(std::string) {
  return std::make_unique<SimLoop>(baton_, net_, loops_made_++);
}

std::unique_ptr<Thread> SimRuntime::spawn(std::string name, Task body) {
  return std::make_unique<SimThread>(baton_, baton_.spawn(std::move(name), std::move(body)));
}

std::unique_ptr<Semaphore> SimRuntime::make_semaphore() {
  return std::make_unique<SimSemaphore>(baton_);
}

Result<std::unique_ptr<Dir>> SimRuntime::open_dir(std::string_view) {
  return std::make_unique<SimDirView>(disk_);
}

std::unique_ptr<JournalIo> SimRuntime::make_journal_io(Loop& loop, Durability durability) {
  journal_loop_ = &loop;
  return disk_.make_journal(durability);
}

void SimRuntime::die(std::string_view why) {
  if (options_.on_end) options_.on_end(why);
  std::abort();
}

}  // namespace hyd::sys
