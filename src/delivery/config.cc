#include "delivery/config.h"

#include "codec/time_text.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

namespace hyd::delivery {

using base::Code;
using base::fail;
using base::Result;

namespace {

constexpr std::int32_t kSizeMbDefault = 5;
constexpr std::int32_t kIntervalSecondsDefault = 300;
// An interval of zero means "within seconds", not an object for each record.
constexpr std::int64_t kIntervalMsMin = 1'000;
constexpr std::size_t kKeyBytesMax = 1024;

base::WallTime time_of(std::int64_t ms) { return base::WallTime(std::chrono::milliseconds(ms)); }

// Templates often carry `\n` as two characters, doubled once more by a layer of escaping.
Result<std::string> delimiter_of(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    if (text.front() != '\\') {
      out += text.front();
      text.remove_prefix(1);
      continue;
    }
    const std::size_t letter = text.find_first_not_of('\\');
    if (letter == std::string_view::npos || letter > 2) {
      return fail(Code::invalid, "Delimiter of AppendDelimiterToRecord is not understood");
    }
    const std::size_t which = std::string_view("ntr").find(text[letter]);
    if (which == std::string_view::npos) {
      return fail(Code::invalid, "Delimiter of AppendDelimiterToRecord is not understood");
    }
    out += "\n\t\r"[which];
    text.remove_prefix(letter + 1);
  }
  return out;
}

Result<void> take_processors(const Processing& processing, Plan& plan) {
  if (!processing.enabled.value_or(false) || !processing.processors) return {};
  for (const Processor& processor : *processing.processors) {
    if (processor.type != "AppendDelimiterToRecord") {
      return fail(Code::unsupported,
                  fmt::format("The processor {} is not available yet.", processor.type));
    }
    plan.delimiter = "\n";
    if (!processor.parameters) continue;
    for (const ProcessorParameter& parameter : *processor.parameters) {
      if (parameter.name != "Delimiter") continue;
      ASSIGN_OR_RETURN(plan.delimiter, delimiter_of(parameter.value));
    }
  }
  return {};
}

// Options are tags. An unknown one is refused rather than passed over.
Result<void> take_options(const DeliveryStream& stream, Plan& plan) {
  constexpr std::string_view kOption = "hydrant:";
  for (const auto& [tag, value] : stream.tags) {
    if (!tag.starts_with(kOption)) continue;
    if (tag != "hydrant:newline") {
      return fail(Code::unsupported, fmt::format("There is no option {}.", tag));
    }
    if (value != "none" && value != "main" && value != "all") {
      return fail(Code::invalid, fmt::format("{} must be none, main or all.", tag));
    }
    // Only where no processor delimits already.
    if (value != "none" && plan.delimiter.empty()) plan.delimiter = "\n";
  }
  return {};
}

// Everything that AWS offers and that is not here yet is refused by name, never passed over.
Result<void> refuse_what_is_missing(const ExtendedS3Destination& destination) {
  const auto refuse = [](std::string_view what) {
    return fail(Code::unsupported, fmt::format("{} is not available yet.", what));
  };
  const auto on = [](const std::optional<Switch>& part) {
    return part && part->enabled.value_or(false);
  };
  if (on(destination.format_conversion)) return refuse("Data format conversion");
  if (on(destination.partitioning)) return refuse("Dynamic partitioning");
  if (destination.backup_mode == BackupMode::enabled) return refuse("S3BackupMode Enabled");
  if (destination.encryption && destination.encryption->kms) return refuse("KMSEncryptionConfig");
  const Compression compression = destination.compression.value_or(Compression::uncompressed);
  if (compression != Compression::uncompressed && compression != Compression::gzip) {
    return refuse("A CompressionFormat other than UNCOMPRESSED and GZIP");
  }
  constexpr std::array<std::string_view, 4> kUtc = {"", "UTC", "Etc/UTC", "GMT"};
  if (std::ranges::find(kUtc, destination.custom_time_zone.value_or("")) == kUtc.end()) {
    return refuse("A CustomTimeZone other than UTC");
  }
  return {};
}

Result<void> take_prefixes(const ExtendedS3Destination& destination, Plan& plan) {
  auto prefix = Prefix::parse(destination.prefix.value_or(""));
  if (!prefix) return std::move(prefix).error().within("Prefix");
  plan.prefix = *std::move(prefix);
  if (!destination.error_output_prefix) {
    if (!plan.prefix.has_expressions()) return {};
    return fail(Code::invalid,
                "ErrorOutputPrefix must be specified when Prefix contains expressions.");
  }
  auto errors = Prefix::parse(*destination.error_output_prefix, Prefix::For::errors);
  if (!errors) return std::move(errors).error().within("ErrorOutputPrefix");
  if (errors->has_expressions() && !errors->has_error_type()) {
    return fail(Code::invalid,
                "ErrorOutputPrefix must contain !{firehose:error-output-type} when it contains "
                "expressions.");
  }
  return {};
}

// The longest key that a prefix can make: September has the longest name, and every day's.
std::size_t key_bytes_max(const Plan& plan) {
  base::FastRng rng(1);
  std::size_t longest = 0;
  for (int day = 0; day < 30; ++day) {
    const std::int64_t ms = 1'725'235'199'999 + day * 86'400'000LL;  // from 2024-09-01, 23:59
    longest = std::max(longest, plan.key_of(ms, base::Uid(), rng).size());
  }
  return longest;
}

}  // namespace

ExtendedS3Destination extended(const S3Destination& plain) {
  ExtendedS3Destination full;
  full.role_arn = plain.role_arn;
  full.bucket_arn = plain.bucket_arn;
  full.prefix = plain.prefix;
  full.error_output_prefix = plain.error_output_prefix;
  full.buffering_hints = plain.buffering_hints;
  full.compression = plain.compression;
  full.encryption = plain.encryption;
  full.logging = plain.logging;
  return full;
}

S3Destination reduced(const ExtendedS3Destination& full) {
  return {.role_arn = full.role_arn,
          .bucket_arn = full.bucket_arn,
          .prefix = full.prefix,
          .error_output_prefix = full.error_output_prefix,
          .buffering_hints = full.buffering_hints,
          .compression = full.compression,
          .encryption = full.encryption,
          .logging = full.logging};
}

std::string_view name(DeliveryState state) {
  switch (state) {
    case DeliveryState::active: return "ACTIVE";
    case DeliveryState::deleting: return "DELETING";
    case DeliveryState::deleting_failed: break;
  }
  return "DELETING_FAILED";
}

std::string Plan::key_of(std::int64_t oldest_ms, const base::Uid& batch, base::Rng& rng) const {
  const base::WallTime oldest = time_of(oldest_ms);
  std::string date = codec::iso_seconds(oldest);  // 2026-01-31T23:59:59Z
  date.pop_back();
  std::ranges::replace(date, 'T', '-');
  std::ranges::replace(date, ':', '-');
  return fmt::format("{}{}-{}-{}-{}{}", prefix.evaluate(oldest, rng), name, version, date,
                     uuid_text(batch), extension);
}

Result<Plan> plan_of(const DeliveryStream& stream) {
  const ExtendedS3Destination& destination = stream.destination;
  RETURN_IF_ERROR(refuse_what_is_missing(destination));
  Plan plan;
  plan.name = stream.key.name;
  plan.version = stream.version;
  const std::size_t bucket = destination.bucket_arn.rfind(':');
  plan.bucket = destination.bucket_arn.substr(bucket + 1);
  RETURN_IF_ERROR(take_prefixes(destination, plan));

  const BufferingHints hints = destination.buffering_hints.value_or(BufferingHints());
  if (hints.size_mb.has_value() != hints.interval_seconds.has_value()) {
    return fail(Code::invalid,
                "Both IntervalInSeconds and SizeInMBs must be specified, or neither.");
  }
  plan.buffer_bytes = static_cast<std::uint64_t>(hints.size_mb.value_or(kSizeMbDefault)) << 20;
  plan.interval_ms =
      std::max(kIntervalMsMin,
               hints.interval_seconds.value_or(kIntervalSecondsDefault) * std::int64_t{1000});
  plan.compression = destination.compression.value_or(Compression::uncompressed);
  if (plan.compression == Compression::gzip) plan.extension = ".gz";
  const std::string given = destination.file_extension.value_or("");
  if (!given.empty()) plan.extension = given;
  if (destination.processing) {
    RETURN_IF_ERROR(take_processors(*destination.processing, plan));
  }
  RETURN_IF_ERROR(take_options(stream, plan));
  if (key_bytes_max(plan) > kKeyBytesMax) {
    return fail(Code::invalid, "The evaluated Prefix makes keys longer than 1024 bytes.");
  }
  return plan;
}

}  // namespace hyd::delivery
