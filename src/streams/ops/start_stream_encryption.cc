#include "aws/arn.h"
#include "aws/region.h"
#include "streams/ops/find.h"
#include "streams/ops/stream_settings.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

namespace hyd::streams {

namespace {

bool is_uuid(std::string_view text) {
  constexpr std::string_view kShape = "00000000-0000-0000-0000-000000000000";
  if (text.size() != kShape.size()) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const bool hex = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
    if (kShape[i] == '-' ? c != '-' : !hex) return false;
  }
  return true;
}

// A key's id, alias/NAME, or the ARN of either (service model, KeyId).
bool is_key_id(std::string_view text) {
  constexpr std::string_view kAlias = "alias/";
  constexpr std::string_view kKey = "key/";
  const std::string given(text);
  if (const auto arn = aws::Arn::parse(given)) {
    if (arn->service != "kms" || !aws::is_account(arn->account)) return false;
    const std::string_view resource = arn->resource;
    return (resource.starts_with(kAlias) && resource.size() > kAlias.size()) ||
           (resource.starts_with(kKey) && resource.size() > kKey.size());
  }
  return is_uuid(text) || (text.starts_with(kAlias) && text.size() > kAlias.size());
}

}  // namespace

// The key is kept and shown, and answers to puts and reads say KMS. Records are not encrypted by
// it.
void start_stream_encryption(Streams& streams, const aws::Call& call, const EncryptionInput& input,
                             aws::Done<aws::Nothing> done) {
  const aws::Outcome<StreamPtr> stream = find_stream(streams, call, input);
  if (!stream) return done(std::unexpected(stream.error()));
  streams.change(call, *stream,
                 {.decide = [&streams, input](const Stream& now) -> Streams::NewSettings {
                    if (aws::Outcome<void> active = must_be_active(streams, now); !active) {
                      return std::move(active).error();
                    }
                    if (input.encryption_type != EncryptionWord::kms) return not_kms();
                    if (!is_key_id(input.key_id)) return bad_key_id();
                    Settings next = now.settings;
                    next.key_id = input.key_id;
                    return std::optional<Settings>(std::move(next));
                  },
                  .updates = true},
                 without_answer(std::move(done)));
}

}  // namespace hyd::streams
