#include "streams/ops/stream_settings.h"

#include <algorithm>
#include <cstdint>
#include <utility>

namespace hyd::streams {

void update_account_settings(Streams& streams, const aws::Call& call,
                             const UpdateAccountSettingsInput& input,
                             aws::Done<AccountSettingsOutput> done) {
  const std::int64_t now_ms = streams.now_ms();
  const bool enabled = input.commitment.status == CommitmentWord::enabled;
  streams.change_account(
      call,
      [enabled, now_ms](const AccountSettings& now) -> AccountSettings {
        const bool runs = commitment_of(now, now_ms).status != CommitmentWord::disabled;
        if (enabled) {
          return {.commitment_started_ms = runs ? now.commitment_started_ms : now_ms,
                  .commitment_ended_ms = 0};
        }
        if (!runs || now.commitment_ended_ms != 0) return now;
        return {.commitment_started_ms = now.commitment_started_ms,
                .commitment_ended_ms = std::max(now_ms, now.commitment_started_ms + kCommitmentMs)};
      },
      [now_ms, done = std::move(done)](std::expected<AccountSettings, aws::Fault> kept) mutable {
        if (!kept) return done(std::unexpected(std::move(kept).error()));
        done(AccountSettingsOutput{.commitment = commitment_of(*kept, now_ms)});
      });
}

}  // namespace hyd::streams
