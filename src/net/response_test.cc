#include "net/response.h"

#include <gtest/gtest.h>

#include <chrono>
#include <string>

namespace hyd::net {
namespace {

std::string head_of(const Response& response, const WriteOptions& options = {}) {
  std::string out;
  append_head(out, response, options);
  return out;
}

Response of(std::uint16_t status, std::string body = {}) {
  Response response;
  response.status = status;
  response.body = std::move(body);
  return response;
}

TEST(ResponseWriter, WritesStatusDateHeadersAndLength) {
  Response response = of(200, "hello");
  response.fixed_headers = "Content-Type: text/plain\r\n";
  response.add("X-Id", "7");
  DateLine date;
  date.set(base::WallTime(std::chrono::seconds(784'111'777)));  // the example of RFC 9110, 5.6.7
  EXPECT_EQ(head_of(response, {.date_line = date.view()}),
            "HTTP/1.1 200 OK\r\n"
            "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
            "Content-Type: text/plain\r\n"
            "X-Id: 7\r\n"
            "Content-Length: 5\r\n\r\n");
}

TEST(ResponseWriter, SaysWhatHappensToTheConnection) {
  EXPECT_EQ(head_of(of(404), {.close = true}),
            "HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
  EXPECT_EQ(head_of(of(404), {.http10_keep_alive = true}),
            "HTTP/1.1 404 Not Found\r\nConnection: keep-alive\r\nContent-Length: 0\r\n\r\n");
}

TEST(ResponseWriter, AnswersHeadWithTheLengthAndWithoutTheBody) {
  Response made = of(200, "hello");
  EXPECT_EQ(head_of(made, {.to_head = true}), "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n");
  EXPECT_EQ(body_bytes(made, true), 0u);
  EXPECT_EQ(body_bytes(made, false), 5u);
  Response told = of(200);
  told.length = 5'368'709'120;
  EXPECT_EQ(head_of(told, {.to_head = true}),
            "HTTP/1.1 200 OK\r\nContent-Length: 5368709120\r\n\r\n");
}

TEST(ResponseWriter, StatusesWithoutABodySayNoLength) {
  EXPECT_EQ(head_of(of(204, "dropped")), "HTTP/1.1 204 No Content\r\n\r\n");
  EXPECT_EQ(body_bytes(of(204, "dropped"), false), 0u);
  EXPECT_EQ(head_of(of(304)), "HTTP/1.1 304 Not Modified\r\n\r\n");
  EXPECT_EQ(body_bytes(of(304, "dropped"), false), 0u);
}

TEST(ResponseWriter, AStatusWithoutAPhraseIsStillWritten) {
  EXPECT_EQ(head_of(of(299)), "HTTP/1.1 299 \r\nContent-Length: 0\r\n\r\n");
}

TEST(Response, TextFromOutsideCannotSplitAnAnswer) {
  Response response;
  EXPECT_TRUE(response.add("Location", std::string_view("/a\r\nSet-Cookie: b\0c", 19)));
  EXPECT_FALSE(response.add("X: y\r\nZ", "v"));
  EXPECT_FALSE(response.add("", "v"));
  EXPECT_EQ(response.headers, "Location: /a  Set-Cookie: b c\r\n");
}

}  // namespace
}  // namespace hyd::net
