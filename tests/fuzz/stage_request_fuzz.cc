// What a client sends to a stage, up to the template: a resource's path and a text with
// placeholders on two lines, then the head of a request. Parameters of the path are pieces of it,
// and nothing that is shown of the request depends on asking twice.
#include "base/check.h"
#include "base/rng.h"
#include "gateway/request/answer.h"
#include "gateway/request/parameter_source.h"
#include "gateway/request/request_view.h"
#include "gateway/request/routes.h"
#include "net/http_parser.h"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hyd;
  using namespace hyd::gateway;
  const std::string input(data, data + size);
  std::string_view rest = input;
  const auto line = [&rest] {
    const std::string_view cut = rest.substr(0, std::min(rest.find('\n'), rest.size()));
    rest.remove_prefix(std::min(cut.size() + 1, rest.size()));
    return cut;
  };
  const std::string_view resource = line();
  const std::string_view text = line();
  net::RequestParser parser;
  if (parser.parse(rest) != net::RequestParser::State::complete) return 0;
  const net::RequestHead& head = parser.head();

  Routes routes;
  routes.add(resource, "ANY", 1);
  routes.add("/{proxy+}", "POST", 2);
  std::vector<PathValue> values;
  const auto target = routes.find(head.method, head.path, values);
  if (!target) HYD_CHECK(values.empty());
  for (const PathValue& value : values) HYD_CHECK(head.path.contains(value.raw));

  net::Peer peer;
  peer.remote = {.host = "203.0.113.9", .port = 1};
  peer.local_port = 65535;
  DeployedStage stage;
  stage.stage = "prod";
  base::FastRng rng(1);
  const RequestIds ids = RequestIds::make(head, rng);
  RequestView view;
  view.read({.head = head,
             .peer = peer,
             .verb = head.method,
             .rest = head.path,
             .time = base::WallTime(std::chrono::seconds(1'700'000'000))},
            ids, rng);
  view.place({.stage = &stage});
  view.set_path(values);
  HYD_CHECK(view.trace_id().contains("Root="));
  HYD_CHECK(view.path().size() == values.size());

  const ErrorView error{.message = "m", .message_json = "\"m\"", .type = "T"};
  HYD_CHECK(substitute(text, view, error) == substitute(text, view, error));
  for (const auto side : {ParameterSource::Side::request, ParameterSource::Side::response}) {
    const auto source = ParameterSource::parse(text, side);
    if (!source) continue;
    MappedBody body(rest);
    std::string once;
    std::string twice;
    const SourceInputs inputs{.request = view, .body = &body};
    HYD_CHECK(source->read(inputs, once) == source->read(inputs, twice));
    HYD_CHECK(once == twice);
  }
  return 0;
}
