// S3 as its clients see it, without sockets: the handler behind the real front door and HTTP
// server, over a store on the simulated disk.
#pragma once

#include "aws/authorizer.h"
#include "aws/dispatcher.h"
#include "aws/testing/test_loop.h"
#include "aws/testing/wire.h"
#include "catalog/testing/simulated_catalog.h"
#include "objects/s3_handler.h"
#include "objects/store.h"
#include "objects/tables.h"
#include "sys/workers.h"

#include <gtest/gtest.h>

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hyd::objects::testing {

class S3Test : public ::testing::Test {
 protected:
  using Answer = aws::testing::WireAnswer;
  using HeaderList = std::vector<std::pair<std::string, std::string>>;

  S3Test() : dispatcher_(authorizer_) { start(); }
  ~S3Test() override { stop(); }

  // A start of the program over what the disk holds.
  void start() {
    const auto opened = catalog_.open({.schemas = {objects_schema()}});
    ASSERT_TRUE(opened) << opened.error().what;
    auto store =
        Store::open({.runtime = catalog_.runtime(), .dir = catalog_.dir(), .catalog = *catalog_});
    ASSERT_TRUE(store) << store.error().what;
    store_ = *std::move(store);
    workers_ = std::make_unique<sys::Workers>(catalog_.runtime(),
                                              sys::Workers::Options{.name = "io", .threads = 2});
    handler_ = std::make_unique<S3Handler>(S3Handler::Parts{.loop = loop_,
                                                            .store = *store_,
                                                            .workers = *workers_,
                                                            .authorizer = authorizer_,
                                                            .seed = 7,
                                                            .body_memory = &memory_});
    server_ = std::make_unique<aws::testing::WireServer>(
        aws::testing::WireServerParts{.loop = loop_,
                                      .clock = clock_,
                                      .dispatcher = dispatcher_,
                                      .pump = [this] { pump(); },
                                      .s3 = handler_.get(),
                                      .body_memory = &memory_});
  }
  void stop() {
    server_ = nullptr;
    pump();
    handler_ = nullptr;
    workers_ = nullptr;
    store_ = nullptr;
    catalog_.close();
  }

  // Until nothing is left to do: on the loop, the workers, the catalog's writer.
  void pump() {
    loop_.run_pending();
    for (int turns = 0; handler_ && handler_->in_work() > 0 && turns < 100'000; ++turns) {
      catalog_.runtime().sleep_until(catalog_.runtime().clock().mono() +
                                     std::chrono::milliseconds(1));
      loop_.run_pending();
    }
  }

  Answer ask(std::string method, std::string target, std::string body = {},
             HeaderList headers = {}) {
    return server_->call({.method = std::move(method),
                          .target = std::move(target),
                          .headers = std::move(headers),
                          .body = std::move(body),
                          .service = "s3"});
  }
  Answer put(std::string target, std::string body, HeaderList headers = {}) {
    if (body.empty()) headers.emplace_back("Content-Length", "0");
    return ask("PUT", std::move(target), std::move(body), std::move(headers));
  }
  Answer get(std::string target, HeaderList headers = {}) {
    return ask("GET", std::move(target), {}, std::move(headers));
  }
  // Turns of everything until `until` holds; false when it takes too long.
  bool step_until(const std::function<bool()>& until) {
    for (int turns = 0; turns < 100'000; ++turns) {
      if (until()) return true;
      catalog_.runtime().sleep_until(catalog_.runtime().clock().mono() +
                                     std::chrono::milliseconds(1));
      loop_.run_pending();
    }
    return false;
  }
  // A connection on which a signed request has been sent.
  aws::testing::MemoryClient sent(std::string method, std::string target, std::string body = {},
                                  HeaderList headers = {}) {
    aws::testing::MemoryClient client = server_->net().connect();
    client.send(server_->bytes_of({.method = std::move(method),
                                   .target = std::move(target),
                                   .headers = std::move(headers),
                                   .body = std::move(body),
                                   .service = "s3"}));
    return client;
  }
  static Answer answer_of(aws::testing::MemoryClient& client) {
    std::string bytes = client.take_received();
    return aws::testing::take_answer(bytes).value_or(Answer{});
  }
  // An object in as many parts as there are bodies. Its UploadId is gone by then.
  void put_in_parts(const std::string& target, const std::vector<std::string>& bodies) {
    const Answer begun = ask("POST", target + "?uploads", "", {{"Content-Length", "0"}});
    const std::string upload = target + "?uploadId=" + element(begun.body, "UploadId");
    std::string whole = "<CompleteMultipartUpload>";
    for (std::size_t i = 0; i < bodies.size(); ++i) {
      const std::string number = std::to_string(i + 1);
      const Answer part = put(upload + "&partNumber=" + number, bodies[i]);
      whole += "<Part><PartNumber>" + number + "</PartNumber><ETag>" + header(part, "ETag") +
               "</ETag></Part>";
    }
    const Answer done = ask("POST", upload, whole + "</CompleteMultipartUpload>");
    ASSERT_EQ(done.status, 200) << done.body;
  }
  // Ids that were drawn and belong to nobody yet.
  std::size_t pending() {
    auto reader = store_->read();
    return read_pending(**reader)->size();
  }
  // The head of the answer to a HEAD request, which has a length and no body.
  std::string head(std::string target, HeaderList headers = {}) {
    aws::testing::MemoryClient client = server_->net().connect();
    client.send(server_->bytes_of({.method = "HEAD",
                                   .target = std::move(target),
                                   .headers = std::move(headers),
                                   .service = "s3"}));
    pump();
    std::string received = client.take_received();
    client.finish();
    pump();
    return received;
  }
  static std::string header(const Answer& answer, std::string_view name) {
    const std::string* value = answer.header(name);
    return value != nullptr ? *value : "(none)";
  }
  // What stands between the first `<name>` and `</name>`.
  static std::string element(std::string_view xml, std::string_view name) {
    const std::string open = "<" + std::string(name) + ">";
    const std::size_t at = xml.find(open);
    if (at == std::string_view::npos) return "(none)";
    const std::size_t from = at + open.size();
    return std::string(xml.substr(from, xml.find("</" + std::string(name), from) - from));
  }
  static std::string code(const Answer& answer) {
    return std::to_string(answer.status) + " " + element(answer.body, "Code");
  }
  // Files below blobs/.
  std::size_t blobs() {
    std::size_t count = 0;
    for (std::size_t slice = 0; slice < Blobs::kSlices; ++slice) {
      count += store_->blobs().list(static_cast<std::uint8_t>(slice))->size();
    }
    return count;
  }

  catalog::SimulatedCatalog catalog_;
  aws::testing::TestLoop loop_;
  aws::testing::TestClock clock_;
  net::MemoryBudget memory_{base::mib(64)};
  aws::RootOnly authorizer_;
  aws::Dispatcher dispatcher_;
  std::unique_ptr<Store> store_;
  std::unique_ptr<sys::Workers> workers_;
  std::unique_ptr<S3Handler> handler_;
  std::unique_ptr<aws::testing::WireServer> server_;
};

}  // namespace hyd::objects::testing
