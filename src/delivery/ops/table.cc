#include "aws/arn.h"
#include "delivery/ops/operations.h"

namespace hyd::delivery {
namespace {

using aws::Network;
using aws::operation;

template <class Input>
std::string stream_resource(const aws::Call& call, const Input& input) {
  return stream_arn(call, input.name);
}

constexpr aws::Operation kOperations[] = {
    operation<&create_delivery_stream>("CreateDeliveryStream", "firehose:CreateDeliveryStream",
                                       Network::closed,
                                       "Makes a delivery stream from a Kinesis stream to S3.")
        .on<&stream_resource<CreateDeliveryStreamInput>>(),
    operation<&delete_delivery_stream>("DeleteDeliveryStream", "firehose:DeleteDeliveryStream",
                                       Network::closed,
                                       "Removes a delivery stream once it is drained.")
        .on<&stream_resource<DeleteDeliveryStreamInput>>(),
    operation<&describe_delivery_stream>("DescribeDeliveryStream",
                                         "firehose:DescribeDeliveryStream", Network::closed,
                                         "Shows a delivery stream's state and configuration.")
        .on<&stream_resource<DescribeDeliveryStreamInput>>(),
    operation<&list_delivery_streams>("ListDeliveryStreams", "firehose:ListDeliveryStreams",
                                      Network::closed, "Lists the names of delivery streams."),
};

constexpr aws::ServiceTable kTable{.name = "firehose",
                                   .protocol = aws::Protocol::json_1_1,
                                   .target = "Firehose_20150804",
                                   .version = "2015-08-04",
                                   .operations = kOperations};

}  // namespace

const aws::ServiceTable& firehose_table() { return kTable; }

std::string stream_arn(const aws::Call& call, std::string_view name) {
  const std::string resource = "deliverystream/" + std::string(name);
  return aws::make_arn({.service = "firehose",
                        .region = call.region,
                        .account = call.account,
                        .resource = resource});
}

}  // namespace hyd::delivery
