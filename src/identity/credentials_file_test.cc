#include "identity/credentials_file.h"

#include "base/rng.h"
#include "identity/root_keys.h"
#include "sys/real_runtime.h"
#include "sys/sim/sim_disk.h"
#include "sys/sim/sim_process.h"
#include "sys/sim/sim_runtime.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

namespace hyd::identity {
namespace {

class CredentialsFile : public ::testing::Test {
 protected:
  CredentialsFile() : runtime_({}, disk_) {
    auto dir = runtime_.open_dir("");
    EXPECT_TRUE(dir);
    dir_ = *std::move(dir);
  }
  base::Result<RootCredentials> load(const CredentialsOptions& options = {}) {
    return load_or_make_credentials(*dir_, entropy_, options);
  }
  void write(std::string_view text) {
    auto file = dir_->open(kCredentialsFile, sys::Open::create);
    ASSERT_TRUE(file);
    ASSERT_TRUE((*file)->truncate(0));
    ASSERT_TRUE((*file)->write_at(0, text));
  }

  sys::SimDisk disk_{1};
  sys::SimRuntime runtime_;
  base::FastRng entropy_{7};
  std::unique_ptr<sys::Dir> dir_;
};

TEST_F(CredentialsFile, IsMadeOnceAndReadBackAtLaterStarts) {
  const auto first = load();
  ASSERT_TRUE(first) << first.error().what;
  EXPECT_TRUE(first->fresh);
  EXPECT_EQ(first->key_id.size(), 20u);
  EXPECT_TRUE(first->key_id.starts_with("AKIA"));
  EXPECT_EQ(first->secret.size(), 40u);
  EXPECT_EQ(first->account.size(), 12u);
  EXPECT_NE(first->account[0], '0');

  const auto second = load();
  ASSERT_TRUE(second) << second.error().what;
  EXPECT_FALSE(second->fresh);
  EXPECT_EQ(second->key_id, first->key_id);
  EXPECT_EQ(second->secret, first->secret);
  EXPECT_EQ(second->account, first->account);
}

TEST_F(CredentialsFile, OtherDirectoriesGetOtherKeys) {
  const auto one = load();
  ASSERT_TRUE(one);
  ASSERT_TRUE(dir_->remove(kCredentialsFile));
  const auto other = load({.account = one->account});
  ASSERT_TRUE(other);
  EXPECT_EQ(other->account, one->account);
  EXPECT_NE(other->key_id, one->key_id);
  EXPECT_NE(other->secret, one->secret);
}

TEST_F(CredentialsFile, TheAccountMayBeGivenAtTheFirstStartAndNeverChanges) {
  const auto made = load({.account = "123456789012"});
  ASSERT_TRUE(made);
  EXPECT_EQ(made->account, "123456789012");
  EXPECT_TRUE(load({.account = "123456789012"}));
  const auto other = load({.account = "210987654321"});
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error().code, base::Code::conflict);
  EXPECT_TRUE(other.error().what.contains("123456789012"));
  EXPECT_FALSE(load({.account = "12345"}));
}

TEST_F(CredentialsFile, APairOfTheOperatorsOwnIsTaken) {
  write(
      "; mine\r\n[other]\naws_access_key_id = AKIAOTHER\n\n[ default ]\r\n"
      "aws_access_key_id=test-key_1\n  aws_secret_access_key =  a/b+c=d \n"
      "region = eu-west-1\naws_account_id = 123456789012\n");
  const auto got = load();
  ASSERT_TRUE(got) << got.error().what;
  EXPECT_EQ(got->key_id, "test-key_1");
  EXPECT_EQ(got->secret, "a/b+c=d");
  EXPECT_EQ(got->account, "123456789012");
  EXPECT_FALSE(got->fresh);
}

TEST_F(CredentialsFile, AFileThatCannotBeReadIsNamedAndLeftAlone) {
  const std::pair<std::string_view, std::string_view> kBad[] = {
      {"", "aws_access_key_id is missing"},
      {"[default]\naws_access_key_id = a/b\naws_secret_access_key = s\n", "aws_access_key_id"},
      {"[default]\naws_access_key_id = a\n", "aws_secret_access_key is missing"},
      {"[default]\naws_access_key_id = a\naws_secret_access_key = s\n",
       "aws_account_id is missing"},
      {"[default]\naws_access_key_id = a\naws_secret_access_key = s\naws_account_id = 1\n",
       "not 12 digits"},
      {"[default\n", "line 1: ']'"},
      {"[default]\nrubbish\n", "line 2"},
  };
  for (const auto& [text, why] : kBad) {
    write(text);
    const auto got = load();
    ASSERT_FALSE(got) << text;
    EXPECT_EQ(got.error().code, base::Code::invalid);
    EXPECT_TRUE(got.error().what.contains(why)) << got.error().what;
    EXPECT_TRUE(got.error().what.contains("/credentials: ")) << got.error().what;
    EXPECT_FALSE(load()) << "it was not replaced";
  }
}

TEST_F(CredentialsFile, AnErrorNeverQuotesTheSecret) {
  write("[default]\naws_access_key_id = a b\naws_secret_access_key = hush\n");
  const auto got = load();
  ASSERT_FALSE(got);
  EXPECT_FALSE(got.error().what.contains("hush"));
}

TEST_F(CredentialsFile, TheRootsKeyIsTheOnlyOne) {
  const auto credentials = load({.account = "123456789012"});
  ASSERT_TRUE(credentials);
  const RootKeys keys(*credentials);
  const aws::AccessKey* const key = keys.find(credentials->key_id);
  ASSERT_NE(key, nullptr);
  EXPECT_EQ(key->secret, credentials->secret);
  EXPECT_TRUE(key->active);
  EXPECT_EQ(key->principal->arn, "arn:aws:iam::123456789012:root");
  EXPECT_EQ(key->principal->user_id, "123456789012");
  EXPECT_EQ(key->principal->type, aws::Principal::Type::root);
  EXPECT_EQ(keys.find("AKIAOTHER"), nullptr);
  EXPECT_EQ(keys.find(""), nullptr);
}

// The process is killed at every step of making the file, then power fails as well. The next start
// finds a whole file or none; a pair that anyone was told of is the one that stays.
TEST(CrashedCredentialsFile, IsWholeOrNotThereAndNeverChangesOnceTold) {
  const sys::SimDisk empty(1);
  for (std::uint64_t step = 1;; ++step) {
    SCOPED_TRACE(step);
    const sys::SimEnd end = sys::run_process(
        empty.save(), {.seed = step, .kill_at_step = step}, [](sys::SimProcess& process) {
          auto dir = process.runtime.open_dir("");
          base::FastRng entropy(3);
          if (!dir) return;
          const auto made = load_or_make_credentials(**dir, entropy);
          process.tell(made ? made->key_id : made.error().what);
        });
    ASSERT_NE(end.how, sys::SimEnd::How::crashed) << end.why;
    const auto disk = sys::SimDisk::load(end.disk, step);
    disk->lose_power();
    base::FastRng entropy(4);
    const auto got = load_or_make_credentials(*disk, entropy);
    ASSERT_TRUE(got) << got.error().what;
    if (!end.ledger.empty()) {
      EXPECT_FALSE(got->fresh);
      EXPECT_EQ(got->key_id + "\n", end.ledger);
    }
    if (end.how == sys::SimEnd::How::returned) break;
    ASSERT_LT(step, 1'000u);
  }
}

TEST(RealCredentialsFile, IsReadableByItsOwnerOnly) {
  std::string path = ::testing::TempDir() + "hydrant-credentials-XXXXXX";
  ASSERT_NE(::mkdtemp(path.data()), nullptr);
  {
    auto runtime = sys::make_real_runtime();
    ASSERT_TRUE(runtime);
    auto dir = (*runtime)->open_dir(path);
    ASSERT_TRUE(dir);
    ASSERT_TRUE(load_or_make_credentials(**dir, (*runtime)->entropy()));
  }
  const auto mode = std::filesystem::status(path + "/credentials").permissions();
  EXPECT_EQ(mode, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  EXPECT_FALSE(std::filesystem::exists(path + "/credentials.new"));
  std::filesystem::remove_all(path);
}

}  // namespace
}  // namespace hyd::identity
