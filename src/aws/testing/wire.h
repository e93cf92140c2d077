// The AWS port as its clients see it, without sockets: a front door behind the real HTTP server on
// a MemoryNet, with one known key. What a service's wire tests and cases talk to.
//
//   testing::TestLoop loop;
//   testing::TestClock clock;
//   aws::RootOnly authorizer;
//   aws::Dispatcher dispatcher(authorizer);
//   dispatcher.add(table(), service);
//   testing::WireServer server({.loop = loop, .clock = clock, .dispatcher = dispatcher,
//                               .pump = [&] { loop.run_pending(); }});
//   const testing::WireAnswer answer = server.json("Kinesis_20131202.ListStreams", "{}");
#pragma once

#include "aws/credentials.h"
#include "aws/front_door.h"
#include "aws/sigv4.h"
#include "aws/testing/memory_net.h"
#include "net/server.h"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hyd::aws::testing {

struct WireAnswer {
  int status = 0;  // 0: the connection was closed, or nothing came
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
  // The first header of that name, whatever its case; null when there is none.
  const std::string* header(std::string_view name) const;
};

// Reads one answer from the front of `bytes` and cuts it off; nothing when it is not whole.
std::optional<WireAnswer> take_answer(std::string& bytes);

struct WireRequest {
  std::string method = "POST";
  std::string target = "/";  // path and query, as sent
  std::vector<std::pair<std::string, std::string>> headers = {};
  std::string body = {};
  // The scope name to sign for; empty: not signed.
  std::string service = {};
  std::string region = "us-east-1";
};

struct WireServerParts {
  sys::Loop& loop;
  const base::Clock& clock;
  const Dispatcher& dispatcher;
  // Lets the loop work until nothing is left to do.
  std::function<void()> pump;
  RestHandler* s3 = nullptr;
  RestHandler* api_gateway = nullptr;
  net::Handler* stages = nullptr;
  net::Handler* console = nullptr;
  MetricsSource* metrics = nullptr;
  net::MemoryBudget* body_memory = nullptr;
};

class WireServer {
 public:
  static constexpr std::string_view kKeyId = "AKIAIOSFODNN7EXAMPLE";
  static constexpr std::string_view kSecret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";

  explicit WireServer(WireServerParts parts);
  ~WireServer();

  // Bytes of a request as they are, on a connection of its own.
  WireAnswer raw(std::string_view bytes, sys::Endpoint from = {.host = "127.0.0.1"});
  // Host, Content-Length and the signature are added, except those that are there already.
  WireAnswer call(WireRequest request);
  // A signed JSON 1.1 call: "Kinesis_20131202.ListStreams".
  WireAnswer json(std::string_view target, std::string_view body);
  // The bytes of `call`.
  std::string bytes_of(WireRequest request) const;

  FrontDoor& front_door() { return front_door_; }
  MemoryNet& net() { return net_; }
  // The scope name of the service that a target, a form or a path is for, as clients know it.
  std::string service_of(const WireRequest& request) const;

 private:
  class OneKey final : public KeyStore {
   public:
    OneKey();
    const AccessKey* find(std::string_view id) const override {
      return id == key_.id ? &key_ : nullptr;
    }

   private:
    AccessKey key_;
  };

  WireServerParts parts_;
  MemoryNet net_;
  OneKey keys_;
  Authenticator authenticator_;
  FrontDoor front_door_;
  std::unique_ptr<net::HttpServer> server_;
};

}  // namespace hyd::aws::testing
