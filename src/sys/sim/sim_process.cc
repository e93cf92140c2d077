#include "sys/sim/sim_process.h"

#include "base/check.h"
#include "base/parse_int.h"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <sched.h>
#include <sys/wait.h>
#include <unistd.h>

namespace hyd::sys {

namespace {

void write_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t n = ::write(fd, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    HYD_CHECK(n > 0);
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
}

void put(std::string& out, std::string_view part) {
  const std::uint64_t n = part.size();
  out.append(reinterpret_cast<const char*>(&n), sizeof n);
  out.append(part);
}

bool take(std::string_view& in, std::string& part) {
  std::uint64_t n = 0;
  if (in.size() < sizeof n) return false;
  std::memcpy(&n, in.data(), sizeof n);
  in.remove_prefix(sizeof n);
  if (in.size() < n) return false;
  part.assign(in.substr(0, n));
  in.remove_prefix(n);
  return true;
}

// Everything that the child reports, once.
class Report {
 public:
  Report(int fd, const SimDisk& disk) : fd_(fd), disk_(disk) {}
  std::string ledger;
  std::uint64_t steps = 0;

  [[noreturn]] void end(SimEnd::How how, std::string_view why) const {
    std::string out;
    put(out, std::string(1, static_cast<char>(how)));
    put(out, why);
    put(out, disk_.save());
    put(out, ledger);
    put(out, std::to_string(steps));
    write_all(fd_, out);
    ::_exit(0);
  }

 private:
  int fd_;
  const SimDisk& disk_;
};

// Only the holder of the baton runs: a second CPU would only make each hand-over dearer.
void stay_on_this_cpu() {
  const int here = ::sched_getcpu();
  if (here < 0) return;
  cpu_set_t one;
  CPU_ZERO(&one);
  CPU_SET(static_cast<std::size_t>(here), &one);
  static_cast<void>(::sched_setaffinity(0, sizeof one, &one));
}

[[noreturn]] void live(int fd, std::string_view saved, const SimLife& life,
                       const std::function<void(SimProcess&)>& body) {
  stay_on_this_cpu();
  const std::unique_ptr<SimDisk> disk = saved.empty() ? std::make_unique<SimDisk>(life.seed * 7 + 1)
                                                      : SimDisk::load(saved, life.seed * 7 + 1);
  disk->set_capacity(life.capacity);
  disk->fail_journal_write(life.fail_journal_write);
  disk->ignore_syncs(life.ignore_syncs);
  Report report(fd, *disk);
  SimRuntime runtime(
      {.seed = life.seed,
       .cpus = life.cpus,
       .net = life.net,
       .on_end =
           [&report](std::string_view why) {
             report.end(why.starts_with("fail point") ? SimEnd::How::killed : SimEnd::How::died,
                        why);
           }},
      *disk);
  runtime.sim_clock().set_skew(std::chrono::seconds(1'790'000'000 + life.wall_skew_seconds));
  if (!life.fail_points.empty()) {
    HYD_CHECK(runtime.fail_points().arm(life.fail_points).has_value());
  }
  runtime.baton().on_step([&report, &life](std::uint64_t step) {
    report.steps = step;
    if (life.kill_at_step != 0 && step >= life.kill_at_step) {
      report.end(SimEnd::How::killed, "");
    }
  });
  SimProcess process{.runtime = runtime, .disk = *disk, .tell = [&report](std::string_view line) {
                       report.ledger.append(line).push_back('\n');
                     }};
  body(process);
  report.end(SimEnd::How::returned, "");
}

}  // namespace

SimEnd run_process(std::string_view disk, const SimLife& life,
                   const std::function<void(SimProcess&)>& body) {
  int ends[2];
  HYD_CHECK(::pipe(ends) == 0);
  const pid_t child = ::fork();
  HYD_CHECK(child >= 0);
  if (child == 0) {
    ::close(ends[0]);
    live(ends[1], disk, life, body);
  }
  ::close(ends[1]);
  std::string bytes;
  char buffer[65536];
  for (;;) {
    const ssize_t n = ::read(ends[0], buffer, sizeof buffer);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) break;
    bytes.append(buffer, static_cast<std::size_t>(n));
  }
  ::close(ends[0]);
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  SimEnd end;
  std::string_view in = bytes;
  std::string how;
  std::string steps;
  if (status == 0 && take(in, how) && take(in, end.why) && take(in, end.disk) &&
      take(in, end.ledger) && take(in, steps) && how.size() == 1) {
    end.how = static_cast<SimEnd::How>(how[0]);
    end.steps = base::parse_int<std::uint64_t>(steps).value_or(0);
    return end;
  }
  end.why = WIFSIGNALED(status) ? "signal " + std::to_string(WTERMSIG(status))
                                : "status " + std::to_string(WEXITSTATUS(status));
  return end;
}

}  // namespace hyd::sys
