#include "delivery/faults.h"
#include "delivery/ops/operations.h"
#include "delivery/reader.h"
#include "delivery/tables.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <memory>
#include <utility>

namespace hyd::delivery {
namespace {

using Input = CreateDeliveryStreamInput;

// Nothing, or why this source cannot be read.
std::optional<aws::Fault> refuse_source(const Input& input) {
  const SourceType type = input.type.value_or(SourceType::direct_put);
  if (input.kinesis && type != SourceType::kinesis) {
    return invalid_argument(
        "KinesisSourceStreamConfig is only applicable for KinesisStreamAsSource stream type");
  }
  constexpr std::array<std::string_view, 4> kTypes = {"DirectPut", "", "MSKAsSource",
                                                      "DatabaseAsSource"};
  if (type != SourceType::kinesis) {
    return invalid_argument("The DeliveryStreamType " +
                            std::string(kTypes[static_cast<std::size_t>(type)]) +
                            " is not available yet.");
  }
  if (!input.kinesis) {
    return invalid_argument(
        "KinesisStreamSourceConfiguration is required for KinesisStreamAsSource stream type");
  }
  if (input.encryption) {
    return invalid_argument(
        "DeliveryStreamEncryptionConfigurationInput is only applicable for DirectPut stream type");
  }
  return std::nullopt;
}

std::optional<aws::Fault> refuse_destination(const Input& input) {
  const std::pair<std::string_view, bool> others[] = {
      {"RedshiftDestinationConfiguration", input.redshift.has_value()},
      {"ElasticsearchDestinationConfiguration", input.elasticsearch.has_value()},
      {"AmazonopensearchserviceDestinationConfiguration", input.opensearch.has_value()},
      {"SplunkDestinationConfiguration", input.splunk.has_value()},
      {"HttpEndpointDestinationConfiguration", input.http.has_value()},
      {"AmazonOpenSearchServerlessDestinationConfiguration", input.serverless.has_value()},
      {"SnowflakeDestinationConfiguration", input.snowflake.has_value()},
      {"IcebergDestinationConfiguration", input.iceberg.has_value()},
  };
  const auto other = std::ranges::find_if(others, [](const auto& one) { return one.second; });
  const auto count = std::ranges::count_if(others, [](const auto& one) { return one.second; }) +
                     (input.s3 ? 1 : 0) + (input.extended_s3 ? 1 : 0);
  if (count != 1) {
    return invalid_argument("Exactly one destination configuration is supported for a Firehose");
  }
  if (other == std::end(others)) return std::nullopt;
  return invalid_argument(std::string(other->first) + " is not available yet.");
}

DeliveryStream stream_from(const aws::Call& call, const Input& input) {
  DeliveryStream stream;
  stream.key = key_of(call, input.name);
  stream.arn = stream_arn(call, input.name);
  stream.created = std::chrono::floor<std::chrono::milliseconds>(call.clock.wall());
  stream.source_arn = input.kinesis->stream_arn;
  stream.source_role = input.kinesis->role_arn;
  stream.destination = input.extended_s3 ? *input.extended_s3 : extended(*input.s3);
  for (const Tag& tag : input.tags.value_or(std::vector<Tag>())) {
    stream.tags.emplace_back(tag.key, tag.value.value_or(""));
  }
  return stream;
}

std::vector<std::string> names_in(const DeliveryStreams& all, std::string_view region) {
  std::vector<std::string> names;
  for (const auto& [key, stream] : all) {
    if (key.region == region) names.push_back(key.name);
  }
  return names;
}

}  // namespace

// Success means that every record put into the source since this call began will be delivered,
// whatever happens to this process: its start is in the transaction that makes it.
void create_delivery_stream(Delivery& delivery, const aws::Call& call, const Input& input,
                            aws::Done<CreateDeliveryStreamOutput> done) {
  const std::uint64_t start = delivery.log().end(log::Mark::durable).raw();
  if (auto fault = refuse_destination(input)) return done(std::unexpected(*std::move(fault)));
  if (auto fault = refuse_source(input)) return done(std::unexpected(*std::move(fault)));
  const InAccount what{.name = input.name, .account = call.account};
  if (delivery.find(call.loop, key_of(call, input.name)) != nullptr) {
    return done(std::unexpected(stream_exists(what)));
  }
  DeliveryStream stream = stream_from(call, input);
  stream.start = start;
  auto plan = plan_of(stream);
  if (!plan) return done(std::unexpected(invalid_argument(std::move(plan).error())));
  const std::vector<Source> sources = delivery.sources().find(stream.source_arn);
  if (sources.empty() || sources.back().gone) {
    return done(std::unexpected(
        invalid_argument("The Kinesis stream " + stream.source_arn + " does not exist.")));
  }
  std::vector<std::string> names = names_in(delivery.streams(call.loop), call.region);
  if (names.size() >= kStreamsMax) return done(std::unexpected(too_many_streams(names)));

  struct Made {
    Engine::Loaded loaded;
    Plan plan;
    std::string account;
  };
  auto made = std::make_shared<Made>(
      Made{.loaded = {.stream = std::move(stream),
                      .kept = {.marks = marks_of(sources, start), .open = {}}},
           .plan = *std::move(plan),
           .account = call.account});
  CreateDeliveryStreamOutput output{.arn = made->loaded.stream.arn};
  delivery.change(
      call,
      {.store = [made](catalog::Transaction& in) -> base::Result<std::optional<aws::Fault>> {
         DeliveryStream& row = made->loaded.stream;
         ASSIGN_OR_RETURN(const std::optional<DeliveryId> taken, find_stream(in, row.key));
         if (taken) return stream_exists({.name = row.key.name, .account = made->account});
         ASSIGN_OR_RETURN(row.id, add_stream(in, row));
         for (const Mark& mark : made->loaded.kept.marks)
           RETURN_IF_ERROR(add_mark(in, row.id, mark));
         return std::nullopt;
       },
       .apply =
           [made](DeliveryStreams& all, Engine& engine) {
             all.insert_or_assign(made->loaded.stream.key, made->loaded.stream);
             engine.add(made->loaded, made->plan);
           }},
      [output = std::move(output), done = std::move(done)](auto outcome) mutable {
        if (!outcome) return done(std::unexpected(std::move(outcome).error()));
        done(std::move(output));
      });
}

}  // namespace hyd::delivery
