#include "identity/credentials_file.h"

#include "aws/region.h"
#include "identity/ids.h"

#include <fmt/core.h>

#include <algorithm>
#include <cstddef>
#include <memory>
#include <span>
#include <utility>

namespace hyd::identity {

using base::Code;
using base::fail;
using base::Result;

namespace {

constexpr std::string_view kNewFile = "credentials.new";
constexpr std::uint64_t kFileBytesMax = 64 << 10;

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kBlank = " \t\r";
  const std::size_t start = text.find_first_not_of(kBlank);
  if (start == std::string_view::npos) return {};
  return text.substr(start, text.find_last_not_of(kBlank) - start + 1);
}

// A scope's text is cut at slashes and headers at blanks and commas.
bool is_key_id(std::string_view id) {
  return !id.empty() && id.size() <= 128 && std::ranges::all_of(id, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-';
  });
}

Result<std::string> read_whole(sys::File& file) {
  ASSIGN_OR_RETURN(const std::uint64_t size, file.size());
  if (size > kFileBytesMax) return fail(Code::invalid, "too large for a credentials file");
  std::string text(size, '\0');
  ASSIGN_OR_RETURN(const std::size_t got, file.read_at(0, text));
  text.resize(got);
  return text;
}

// Whole under another name first: a crash must not leave half a secret under the right one.
Result<void> write_file(sys::Dir& dir, std::string_view text) {
  {
    ASSIGN_OR_RETURN(const std::unique_ptr<sys::File> file, dir.open(kNewFile, sys::Open::create));
    RETURN_IF_ERROR(file->truncate(0));
    RETURN_IF_ERROR(file->write_at(0, text));
    RETURN_IF_ERROR(file->sync());
  }
  RETURN_IF_ERROR(dir.rename(kNewFile, kCredentialsFile, false));
  return dir.sync_dir("");
}

Result<RootCredentials> load(sys::Dir& dir, const CredentialsOptions& options) {
  ASSIGN_OR_RETURN(const std::unique_ptr<sys::File> file,
                   dir.open(kCredentialsFile, sys::Open::read));
  ASSIGN_OR_RETURN(const std::string text, read_whole(*file));
  ASSIGN_OR_RETURN(RootCredentials found, parse_credentials(text));
  if (found.account.empty()) found.account = options.account.value_or("");
  if (found.account.empty()) return fail(Code::invalid, "aws_account_id is missing");
  if (options.account && *options.account != found.account) {
    return fail(Code::conflict,
                fmt::format("it is account {}'s, not {}'s", found.account, *options.account));
  }
  return found;
}

Result<RootCredentials> make(sys::Dir& dir, base::Rng& entropy, const CredentialsOptions& options) {
  RootCredentials made{.account = options.account.value_or(make_account(entropy)),
                       .key_id = make_access_key_id(entropy),
                       .secret = make_secret(entropy),
                       .fresh = true};
  RETURN_IF_ERROR(write_file(dir, credentials_text(made)));
  return made;
}

}  // namespace

Result<RootCredentials> parse_credentials(std::string_view text) {
  RootCredentials found;
  bool in_default = false;
  for (std::size_t line_number = 1; !text.empty(); ++line_number) {
    const std::size_t end = text.find('\n');
    const std::string_view line = trimmed(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (line.empty() || line.starts_with('#') || line.starts_with(';')) continue;
    if (line.starts_with('[')) {
      if (!line.ends_with(']')) {
        return fail(Code::invalid, fmt::format("line {}: ']' is missing", line_number));
      }
      in_default = trimmed(line.substr(1, line.size() - 2)) == "default";
      continue;
    }
    const std::size_t equals = line.find('=');
    if (equals == std::string_view::npos) {
      return fail(Code::invalid, fmt::format("line {}: 'name = value' expected", line_number));
    }
    if (!in_default) continue;
    const std::string_view name = trimmed(line.substr(0, equals));
    const std::string_view value = trimmed(line.substr(equals + 1));
    if (name == "aws_access_key_id") found.key_id = value;
    if (name == "aws_secret_access_key") found.secret = value;
    if (name == "aws_account_id") found.account = value;
  }
  if (!is_key_id(found.key_id)) {
    return fail(Code::invalid,
                "aws_access_key_id is missing or has other characters than letters, "
                "digits, '_' and '-'");
  }
  if (found.secret.empty()) return fail(Code::invalid, "aws_secret_access_key is missing");
  if (!found.account.empty() && !aws::is_account(found.account)) {
    return fail(Code::invalid, "aws_account_id is not 12 digits");
  }
  return found;
}

std::string credentials_text(const RootCredentials& credentials) {
  return fmt::format(
      "# The root of account {0}: whoever has these keys may do everything here.\n"
      "[default]\n"
      "aws_access_key_id = {1}\n"
      "aws_secret_access_key = {2}\n"
      "aws_account_id = {0}\n",
      credentials.account, credentials.key_id, credentials.secret);
}

Result<RootCredentials> load_or_make_credentials(sys::Dir& dir, base::Rng& entropy,
                                                 const CredentialsOptions& options) {
  if (options.account && !aws::is_account(*options.account)) {
    return fail(Code::invalid, "an account is 12 digits");
  }
  const auto context = [&] { return fmt::format("{}/{}", dir.path(), kCredentialsFile); };
  const Result<bool> there = dir.exists(kCredentialsFile);
  if (!there) return base::Error(there.error()).within(context());
  Result<RootCredentials> got = *there ? load(dir, options) : make(dir, entropy, options);
  if (!got) return std::move(got).error().within(context());
  return got;
}

}  // namespace hyd::identity
