#include "tests/sim/aws_client.h"

#include "aws/sigv4_sign.h"
#include "codec/hash.h"

#include <fmt/format.h>

namespace hyd::sim {
namespace {

std::string value_of(const std::string& file, const std::string& name) {
  const std::size_t at = file.find(name + " = ");
  const std::size_t from = at + name.size() + 3;
  return at == std::string::npos ? "" : file.substr(from, file.find('\n', from) - from);
}

}  // namespace

AwsClient::AwsClient(sys::SimProcess& process, std::uint16_t port)
    : process_(process), http_(process.runtime, port) {
  const std::string file = process.disk.read_all("credentials");
  id_ = value_of(file, "aws_access_key_id");
  secret_ = value_of(file, "aws_secret_access_key");
}

std::optional<Answer> AwsClient::ask(const Request& request) {
  std::vector<aws::HeaderView> headers{{"Host", "h"}};
  std::string text = fmt::format("{} {}{}{} HTTP/1.1\r\nHost: h\r\n", request.method, request.path,
                                 request.query.empty() ? "" : "?", request.query);
  for (const auto& [name, value] : request.headers) {
    headers.push_back({name, value});
    text += fmt::format("{}: {}\r\n", name, value);
  }
  if (request.method != "GET") text += fmt::format("Content-Length: {}\r\n", request.body.size());
  for (const auto& [name, value] : aws::sign(
           {.method = request.method,
            .path = request.path,
            .query = request.query,
            .headers = headers,
            .payload_hash = codec::sha256(request.body).hex()},
           {.key_id = id_, .secret = secret_, .region = "us-east-1", .service = request.service},
           process_.runtime.clock().wall())) {
    text += fmt::format("{}: {}\r\n", name, value);
  }
  return http_.ask(fmt::format("{}\r\n{}", text, request.body));
}

std::optional<Answer> AwsClient::kinesis(std::string_view operation, std::string_view input) {
  return ask({.service = "kinesis",
              .method = "POST",
              .headers = {{"Content-Type", "application/x-amz-json-1.1"},
                          {"X-Amz-Target", "Kinesis_20131202." + std::string(operation)}},
              .body = input});
}

}  // namespace hyd::sim
