#include "sys/real/file_system.h"

#include <gtest/gtest.h>

namespace hyd::sys {
namespace {

constexpr std::string_view kMounts =
    "22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw,errors=remount-ro\n"
    "30 22 0:30 / /var rw - xfs /dev/vdb rw,attr2\n"
    "31 30 0:31 / /var/lib/hydrant rw,nosuid - ext4 /dev/vdc rw,nobarrier\n"
    "32 22 0:32 / /dev/shm rw - tmpfs tmpfs rw,size=1k\n"
    "33 22 0:33 / /with\\040space rw - nfs4 host:/x rw,vers=4.2\n"
    "34 22 0:34 / /box rw - overlay overlay rw,lowerdir=/l,volatile\n"
    "35 22 0:35 / /box2 rw - overlay overlay rw,lowerdir=/l\n"
    "36 22 0:36 / /share rw shared:9 master:3 - fuse.sshfs x rw\n"
    "37 22 0:37 / /vm rw - virtiofs tag rw\n"
    "38 22 0:38 / /old rw - ext3 /dev/vdd rw,barrier=0\n"
    "39 22 0:39 / /twice rw - tmpfs a rw\n"
    "40 22 0:40 / /twice rw - btrfs /dev/vde rw,ssd\n"
    "a line that says nothing\n";

TEST(FileSystem, IsThatOfTheLongestMountPointThatHoldsThePath) {
  struct Row {
    const char* path;
    const char* type;
  };
  constexpr Row kRows[] = {
      {"/", "ext4"},
      {"/home/x", "ext4"},
      {"/variable", "ext4"},
      {"/var", "xfs"},
      {"/var/lib", "xfs"},
      {"/var/lib/hydrant/data", "ext4"},
      {"/with space/x", "nfs4"},
      {"/twice/x", "btrfs"},
  };
  for (const Row& row : kRows) EXPECT_EQ(find_mount(kMounts, row.path).type, row.type) << row.path;
  EXPECT_EQ(find_mount(kMounts, "/var/lib/hydrant").options, "rw,nosuid,rw,nobarrier");
  EXPECT_EQ(find_mount("", "/x").type, "");
}

TEST(FileSystem, SaysWhyASyncedWriteWouldNotSurvivePowerLoss) {
  struct Row {
    const char* path;
    const char* because;  // a word of the sentence, or nothing
  };
  constexpr Row kRows[] = {
      {"/home", ""},
      {"/var", ""},
      {"/box2", ""},
      {"/twice", ""},
      {"/var/lib/hydrant", "nobarrier"},
      {"/old", "barrier=0"},
      {"/dev/shm", "memory"},
      {"/with space", "another machine"},
      {"/share", "another machine"},
      {"/vm", "another machine"},
      {"/box", "volatile"},
  };
  for (const Row& row : kRows) {
    const std::string because = find_mount(kMounts, row.path).not_durable_because;
    EXPECT_EQ(because.empty(), std::string_view(row.because).empty()) << row.path << because;
    EXPECT_TRUE(because.contains(row.because)) << row.path << ": " << because;
  }
}

}  // namespace
}  // namespace hyd::sys
