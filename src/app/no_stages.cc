#include "app/no_stages.h"

#include "aws/request_id.h"

namespace hyd::app {

net::BodyPlan NoStages::plan(const net::RequestHead& head, const net::Peer&) {
  return net::BodyPlan::refuse(answer(head));
}

net::Response NoStages::too_large(const net::RequestHead& head) { return answer(head); }

void NoStages::handle(net::Request request, net::Responder respond) {
  respond.send(answer(request.head()));
}

net::Response NoStages::answer(const net::RequestHead& head) {
  if (head.path == "/ping" || head.path == "/sping") return net::Response::text(200, "healthy");
  net::Response response;
  response.status = 403;
  response.fixed_headers =
      "Content-Type: application/json\r\nx-amzn-ErrorType: ForbiddenException\r\n";
  response.add("x-amzn-RequestId", aws::RequestId::random(rng_).text());
  response.body = R"({"message":"Forbidden"})";
  return response;
}

}  // namespace hyd::app
