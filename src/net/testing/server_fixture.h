// A server on a scripted loop, and the words of its tests: requests as text, answers as a summary.
#pragma once

#include "base/parse_int.h"
#include "net/server.h"
#include "net/testing/fake_loop.h"
#include "net/testing/scripted_handler.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hyd::net::testing {

using WirePtr = std::shared_ptr<Wire>;
using Lines = std::vector<std::string>;

inline std::string get(std::string_view target, std::string_view more = "") {
  return "GET " + std::string(target) + " HTTP/1.1\r\nHost: h\r\n" + std::string(more) + "\r\n";
}
inline std::string post(std::string_view target, std::string_view body,
                        std::string_view more = "") {
  return "POST " + std::string(target) +
         " HTTP/1.1\r\nHost: h\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" +
         std::string(more) + "\r\n" + std::string(body);
}
inline std::string chunked(std::string_view target, std::string_view wire_body) {
  return "POST " + std::string(target) +
         " HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n" + std::string(wire_body);
}

// The bodies of the answers in `bytes`, with their statuses: "200:<a> 413:…"; "?" where `bytes` is
// no sequence of answers.
inline std::string summary(std::string_view bytes) {
  std::string out;
  while (!bytes.empty()) {
    const std::size_t end = bytes.find("\r\n\r\n");
    if (end == std::string_view::npos || !bytes.starts_with("HTTP/1.1 ")) return out + "?";
    const std::string_view head = bytes.substr(0, end + 2);
    if (!out.empty()) out += " ";
    out += bytes.substr(9, 3);
    if (head.contains("Connection: close\r\n")) out += "!";
    bytes.remove_prefix(end + 4);
    const std::size_t at = head.find("Content-Length: ");
    if (at == std::string_view::npos) continue;
    const std::string_view digits = head.substr(at + 16, head.find("\r\n", at) - at - 16);
    const std::size_t length = base::parse_int<std::size_t>(digits).value_or(0);
    if (length == 0) continue;
    out.append(":").append(bytes.substr(0, length));
    if (out.back() == '\n') out.pop_back();
    bytes.remove_prefix(std::min(length, bytes.size()));
  }
  return out;
}

class ServerTest : public ::testing::Test {
 protected:
  void SetUp() override { start({}); }
  void start(ServerOptions options) {
    server.reset();
    server = std::make_unique<HttpServer>(loop, loop, handler, std::move(options));
    const auto local = server->listen({.host = "127.0.0.1", .port = 0}, {});
    ASSERT_TRUE(local);
    EXPECT_EQ(local->port, 8080);
  }
  // A connection on which `bytes` have arrived and everything that follows has happened.
  WirePtr send(std::string_view bytes) {
    WirePtr wire = loop.connect();
    send(wire, bytes);
    return wire;
  }
  void send(const WirePtr& wire, std::string_view bytes) {
    wire->to_server += bytes;
    EXPECT_TRUE(loop.settle());
  }
  void send_in_steps(const WirePtr& wire, std::string_view bytes, std::size_t step) {
    for (std::size_t at = 0; at < bytes.size(); at += step) send(wire, bytes.substr(at, step));
  }
  void defer() { handler.answer_at_once = false; }
  void stream_to(SinkLog& log, std::uint64_t bytes_max = 1 << 30) {
    handler.on_plan = [&log, bytes_max](const RequestHead&) {
      return BodyPlan::stream(std::make_unique<ScriptedSink>(log), bytes_max);
    };
  }
  static Response with(std::uint16_t status, std::string body) {
    Response response;
    response.status = status;
    response.body = std::move(body);
    return response;
  }

  FakeLoop loop;
  ScriptedHandler handler;
  std::unique_ptr<HttpServer> server;
};

}  // namespace hyd::net::testing
