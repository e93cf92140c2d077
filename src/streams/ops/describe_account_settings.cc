#include "streams/ops/stream_settings.h"

#include <chrono>
#include <cstdint>
#include <optional>

namespace hyd::streams {

namespace {

base::WallTime time_of(std::int64_t ms) { return base::WallTime(std::chrono::milliseconds(ms)); }

}  // namespace

// A commitment lasts a day at least: one that is ended earlier goes on until then.
Commitment commitment_of(const AccountSettings& settings, std::int64_t now_ms) {
  const std::int64_t started = settings.commitment_started_ms;
  const std::int64_t ended = settings.commitment_ended_ms;
  if (started == 0 || (ended != 0 && ended <= now_ms)) return {};
  return {.status = ended == 0 ? CommitmentWord::enabled : CommitmentWord::enabled_until_end,
          .started_at = time_of(started),
          .ended_at = ended == 0 ? std::optional<base::WallTime>() : time_of(ended),
          .earliest_allowed_end_at = time_of(started + kCommitmentMs)};
}

void describe_account_settings(Streams& streams, const aws::Call&, const aws::Nothing&,
                               aws::Done<AccountSettingsOutput> done) {
  done(AccountSettingsOutput{.commitment =
                                 commitment_of(streams.account_settings(), streams.now_ms())});
}

}  // namespace hyd::streams
