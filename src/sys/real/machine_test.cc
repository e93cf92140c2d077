#include "sys/real/machine.h"

#include <gtest/gtest.h>

#include <map>
#include <string>

namespace hyd::sys {
namespace {

class MachineTest : public testing::Test {
 protected:
  std::map<std::string, std::string> files_;
  ReadText read_ = [this](const std::string& path) -> std::optional<std::string> {
    const auto found = files_.find(path);
    if (found == files_.end()) return std::nullopt;
    return found->second;
  };
};

TEST_F(MachineTest, TakesTheTightestLimitOfTheUnifiedGroupsAroundIt) {
  files_["/proc/self/cgroup"] = "0::/system.slice/hydrant.service\n";
  files_["/proc/self/mountinfo"] = "30 22 0:26 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n";
  files_["/sys/fs/cgroup/system.slice/hydrant.service/cpu.max"] = "max 100000\n";
  files_["/sys/fs/cgroup/system.slice/cpu.max"] = "250000 100000\n";
  files_["/sys/fs/cgroup/system.slice/hydrant.service/memory.max"] = "536870912\n";
  files_["/sys/fs/cgroup/system.slice/memory.max"] = "max\n";
  EXPECT_EQ(cgroup_cpus(read_), 3u) << "two and a half CPUs are used by three loops";
  EXPECT_EQ(cgroup_memory(read_), base::mib(512));
}

TEST_F(MachineTest, FindsItsGroupInsideAContainer) {
  files_["/proc/self/cgroup"] = "0::/\n";
  files_["/proc/self/mountinfo"] = "30 22 0:26 / /sys/fs/cgroup ro,nosuid - cgroup2 cgroup rw\n";
  files_["/sys/fs/cgroup/cpu.max"] = "50000 100000\n";
  EXPECT_EQ(cgroup_cpus(read_), 1u);
  EXPECT_FALSE(cgroup_memory(read_));
}

TEST_F(MachineTest, ReadsTheOlderGroupsOfEachController) {
  files_["/proc/self/cgroup"] =
      "12:memory:/docker/abc\n4:cpu,cpuacct:/docker/abc\n1:name=systemd:/docker/abc\n0::/x\n";
  files_["/proc/self/mountinfo"] =
      "41 40 0:30 /docker/abc /sys/fs/cgroup/memory ro - cgroup cgroup rw,memory\n"
      "42 40 0:31 /docker/abc /sys/fs/cgroup/cpu,cpuacct ro - cgroup cgroup rw,cpu,cpuacct\n";
  files_["/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us"] = "200000\n";
  files_["/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us"] = "100000\n";
  files_["/sys/fs/cgroup/memory/memory.limit_in_bytes"] = "1073741824\n";
  EXPECT_EQ(cgroup_cpus(read_), 2u);
  EXPECT_EQ(cgroup_memory(read_), base::gib(1));
  files_["/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us"] = "-1\n";
  EXPECT_FALSE(cgroup_cpus(read_));
}

TEST_F(MachineTest, WithoutGroupsThereIsNoLimit) {
  EXPECT_FALSE(cgroup_cpus(read_));
  files_["/proc/self/cgroup"] = "nonsense\n::\n0::/\n";
  files_["/proc/self/mountinfo"] = "nonsense\n";
  EXPECT_FALSE(cgroup_cpus(read_));
  EXPECT_FALSE(cgroup_memory(read_));
}

TEST_F(MachineTest, ThisMachineHasACpuAndMemory) {
  EXPECT_GE(usable_cpus(), 1u);
  EXPECT_GT(usable_memory(), base::mib(1));
}

}  // namespace
}  // namespace hyd::sys
