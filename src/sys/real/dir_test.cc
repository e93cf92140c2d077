#include "sys/real/scratch.h"
#include "sys/shared_bytes.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace hyd::sys {
namespace {

using base::Code;

class RealDirTest : public testing::Test {
 protected:
  void write_file(std::string_view path, std::string_view bytes) {
    auto file = dir_->open(path, Open::create);
    ASSERT_TRUE(file) << file.error().what;
    ASSERT_TRUE((*file)->truncate(0));
    ASSERT_TRUE((*file)->write_at(0, bytes));
    ASSERT_TRUE((*file)->sync());
  }
  std::string read_file(std::string_view path) {
    auto file = dir_->open(path, Open::read);
    if (!file) return "<" + file.error().what + ">";
    std::string text(100, '\0');
    const auto got = (*file)->read_at(0, text);
    if (!got) return "<" + got.error().what + ">";
    return text.substr(0, *got);
  }

  Scratch scratch_;
  std::unique_ptr<Runtime> runtime_ = real_runtime();
  std::unique_ptr<Dir> dir_ = open_scratch(*runtime_, scratch_);
};

TEST_F(RealDirTest, FilesReadBackWhatWasWrittenAndEndWhereTheyEnd) {
  auto opened = dir_->open("f", Open::create_new);
  ASSERT_TRUE(opened) << opened.error().what;
  File& file = **opened;
  ASSERT_TRUE(file.write_at(3, "defg"));
  ASSERT_TRUE(file.write_at(0, "abc"));
  std::string text(10, '?');
  const auto got = file.read_at(1, text);
  ASSERT_TRUE(got);
  EXPECT_EQ(text.substr(0, *got), "bcdefg");
  EXPECT_EQ(file.size(), 7u);
  ASSERT_TRUE(file.truncate(2));
  EXPECT_EQ(file.size(), 2u);
  const auto behind = file.read_at(2, text);
  ASSERT_TRUE(behind);
  EXPECT_EQ(*behind, 0u);
  EXPECT_TRUE(file.sync());
}

TEST_F(RealDirTest, OpenModesRefuseWhatTheyMustAndNameThePath) {
  const auto missing = dir_->open("missing", Open::read_write);
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, Code::not_found);
  EXPECT_TRUE(missing.error().what.contains(scratch_.path() + "/missing")) << missing.error().what;
  write_file("here", "x");
  const auto again = dir_->open("here", Open::create_new);
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, Code::conflict);
  const auto reading = dir_->open("here", Open::read);
  ASSERT_TRUE(reading);
  const auto refused = (*reading)->write_at(0, "y");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::io);
  EXPECT_EQ(read_file("here"), "x");
}

TEST_F(RealDirTest, ReserveTakesBlocksWithoutChangingTheSize) {
  auto file = dir_->open("f", Open::create_new);
  ASSERT_TRUE(file);
  const auto before = dir_->space();
  ASSERT_TRUE(before);
  ASSERT_TRUE((*file)->reserve(0, 8 << 20));
  EXPECT_EQ((*file)->size(), 0u);
  EXPECT_GT(before->total.bytes(), before->free.bytes());
  const auto too_much = (*file)->reserve(0, before->total.bytes() * 4);
  ASSERT_FALSE(too_much);
  EXPECT_TRUE(too_much.error().code == Code::exhausted || too_much.error().what.contains("large"))
      << too_much.error().what;
}

TEST_F(RealDirTest, DirectFilesTakeWholeBlocksAndBufferedOnesSeeThem) {
  auto direct = dir_->open("slot", Open::create, Caching::direct);
  ASSERT_TRUE(direct) << direct.error().what;
  const auto block = SharedBytes::make(2 * kBlockBytes, [](std::span<char> out) {
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = static_cast<char>('a' + i % 23);
  });
  ASSERT_TRUE((*direct)->write_at(kBlockBytes, block.view()));
  ASSERT_TRUE((*direct)->sync());
  const auto back = SharedBytes::make(4 * kBlockBytes, [&](std::span<char> out) {
    const auto got = (*direct)->read_at(0, out);
    ASSERT_TRUE(got) << got.error().what;
    EXPECT_EQ(*got, 3 * kBlockBytes);
  });
  EXPECT_EQ(back.slice(kBlockBytes, 2 * kBlockBytes).view(), block.view());
  auto buffered = dir_->open("slot", Open::read);
  ASSERT_TRUE(buffered);
  std::string same(block.size(), '\0');
  ASSERT_TRUE((*buffered)->read_at(kBlockBytes, same));
  EXPECT_EQ(same, block.view());
}

TEST_F(RealDirTest, FoldersAreMadeWithTheirParentsAndListedInOrder) {
  ASSERT_TRUE(dir_->make_dirs("blobs/ab/cd"));
  ASSERT_TRUE(dir_->make_dirs("blobs/ab/cd")) << "a second time changes nothing";
  for (const char* name : {"blobs/b", "blobs/a", "blobs/C"}) write_file(name, "x");
  const auto names = dir_->list("blobs");
  ASSERT_TRUE(names);
  EXPECT_EQ(*names, (std::vector<std::string>{"C", "a", "ab", "b"}));
  EXPECT_EQ(dir_->list("")->size(), 1u);
  EXPECT_TRUE(dir_->sync_dir("blobs/ab"));
  EXPECT_TRUE(dir_->sync_dir(""));
  const auto none = dir_->list("none");
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().code, Code::not_found);
  EXPECT_FALSE(dir_->make_dirs("blobs/a/x")) << "a is a file";
}

TEST_F(RealDirTest, RenameReplacesOnlyWhenToldTo) {
  write_file("from", "new");
  write_file("to", "old");
  const auto refused = dir_->rename("from", "to", false);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::conflict);
  EXPECT_EQ(read_file("to"), "old");
  ASSERT_TRUE(dir_->rename("from", "to", true));
  EXPECT_EQ(read_file("to"), "new");
  ASSERT_TRUE(dir_->rename("to", "elsewhere", false));
  EXPECT_EQ(*dir_->list(""), (std::vector<std::string>{"elsewhere"}));
  const auto missing = dir_->rename("from", "x", true);
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, Code::not_found);
}

TEST_F(RealDirTest, RemoveTakesFilesAndEmptyFolders) {
  ASSERT_TRUE(dir_->make_dirs("d"));
  write_file("d/f", "x");
  EXPECT_FALSE(dir_->remove("d")) << "not empty";
  EXPECT_EQ(dir_->exists("d/f"), true);
  ASSERT_TRUE(dir_->remove("d/f"));
  EXPECT_EQ(dir_->exists("d/f"), false);
  ASSERT_TRUE(dir_->remove("d"));
  const auto gone = dir_->remove("d");
  ASSERT_FALSE(gone);
  EXPECT_EQ(gone.error().code, Code::not_found);
}

TEST_F(RealDirTest, TheDirectoryItselfIsMadeForItsOwnerOnly) {
  const std::string path = scratch_.path() + "/a/b";
  const auto made = runtime_->open_dir(path);
  ASSERT_TRUE(made) << made.error().what;
  EXPECT_EQ((*made)->path(), path);
  std::error_code failed;
  const auto status = std::filesystem::status(path, failed);
  EXPECT_EQ(status.permissions(), std::filesystem::perms::owner_all);
  write_file("file", "x");
  const auto refused = runtime_->open_dir(scratch_.path() + "/file");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::io);
}

TEST_F(RealDirTest, TellsItsFileSystem) {
  const auto found = dir_->file_system();
  ASSERT_TRUE(found) << found.error().what;
  EXPECT_FALSE(found->type.empty());
  EXPECT_FALSE(found->options.empty());
}

TEST_F(RealDirTest, APathThatLeavesTheDirectoryIsABug) {
  for (const char* path : {"../x", "a/../b", "/etc/passwd", "a//b", "./a", "a/"}) {
    EXPECT_DEATH(static_cast<void>(dir_->exists(path)), "invariant broken") << path;
  }
}

}  // namespace
}  // namespace hyd::sys
