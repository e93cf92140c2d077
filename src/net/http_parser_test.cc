// Goal: the parser accepts what RFC 9112 lets a careful server accept, refuses the rest by name,
// and comes to the same verdict however the bytes were split.
#include "net/http_parser.h"

#include "net/characters.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace hyd::net {
namespace {

using State = RequestParser::State;

std::string repeat(std::string_view text, std::size_t times) {
  std::string out;
  for (std::size_t i = 0; i < times; ++i) out += text;
  return out;
}

// What a parser made of its input, as text that can be compared.
std::string describe(State state, const RequestParser& parser) {
  if (state == State::more) return "more";
  if (state == State::refused) return std::string(text(parser.refusal()).name);
  const RequestHead& head = parser.head();
  std::string out = std::to_string(parser.head_bytes()) + "|";
  for (const std::string_view part : {head.method, head.target, head.path, head.query, head.host}) {
    out.append(part).append("|");
  }
  for (const Header& header : head.headers) {
    out.append(header.name).append("=").append(header.value).append(";");
  }
  out += "|1." + std::to_string(head.minor_version);
  out += head.content_length ? " length " + std::to_string(*head.content_length) : "";
  out += head.chunked ? " chunked" : "";
  out += head.keep_alive ? " keep" : " close";
  out += head.expect_continue ? " expect" : "";
  return out;
}

std::string whole(std::string_view bytes) {
  const std::string exact(bytes);  // a heap block of its own, so that a sanitizer sees over-reads
  RequestParser parser;
  const State state = parser.parse(exact);
  return describe(state, parser);
}

// A new place in memory for each call; the old one is overwritten.
std::string in_steps(std::string_view bytes, std::size_t step) {
  RequestParser parser;
  std::vector<char> before;
  State state = State::more;
  for (std::size_t have = 0; have < bytes.size() && state == State::more;) {
    have = std::min(bytes.size(), have + step);
    std::vector<char> now(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(have));
    state = parser.parse({now.data(), now.size()});
    std::fill(before.begin(), before.end(), '#');
    before = std::move(now);
  }
  return describe(state, parser);
}

struct Refused {
  const char* what;
  std::string request;
  Refusal refusal;
};

const std::string kGet = "GET / HTTP/1.1\r\nHost: h\r\n";
const std::string kPost = "POST / HTTP/1.1\r\nHost: h\r\n";

std::vector<Refused> refused_requests() {
  using enum Refusal;
  return {
      // request line
      {"no method", " / HTTP/1.1\r\n", bad_method},
      {"method with a quote", "GE\"T / HTTP/1.1\r\n", bad_method},
      {"binary", std::string("\x16\x03\x01\x02", 4), bad_method},
      {"line feed first", "\nGET / HTTP/1.1\r\n", bad_method},
      {"two empty lines first", "\r\n\r\nGET / HTTP/1.1\r\n", bad_method},
      {"carriage return first", "\rGET / HTTP/1.1\r\n", bare_cr_or_lf},
      {"no target", "GET  HTTP/1.1\r\n", bad_target},
      {"two spaces", "GET  / HTTP/1.1\r\n", bad_target},
      {"tab in target", "GET /\t HTTP/1.1\r\n", bad_target},
      {"NUL in target", std::string("GET /\0 HTTP/1.1\r\n", 17), bad_target},
      {"relative target", "GET x HTTP/1.1\r\n", bad_target},
      {"fragment", "GET /a#b HTTP/1.1\r\n", bad_target},
      {"authority form", "CONNECT h:443 HTTP/1.1\r\n", bad_target},
      {"asterisk of another method", "GET * HTTP/1.1\r\n", bad_target},
      {"another scheme", "GET ftp://h/ HTTP/1.1\r\n", bad_target},
      {"user in the authority", "GET http://u@h/ HTTP/1.1\r\n", bad_target},
      {"HTTP/0.9", "GET /\r\n", bad_version},
      {"lower-case version", "GET / http/1.1\r\n", bad_version},
      {"three spaces", "GET / x HTTP/1.1\r\n", bad_version},
      {"two digits", "GET / HTTP/1.10\r\n", bare_cr_or_lf},
      {"space after version", "GET / HTTP/1.1 \r\n", bare_cr_or_lf},
      {"bare LF after version", "GET / HTTP/1.1\nHost: h\r\n\r\n", bare_cr_or_lf},
      {"HTTP/2.0", "PRI * HTTP/2.0\r\n\r\n", unsupported_version},
      {"HTTP/1.2", "GET / HTTP/1.2\r\n", unsupported_version},
      {"HTTP/0.1", "GET / HTTP/0.1\r\n", unsupported_version},
      {"long request line", "GET /" + repeat("a", kLineBytesMax), line_too_long},

      // header lines
      {"no name", kGet + ": x\r\n\r\n", bad_header_name},
      {"no colon", kGet + "name\r\n\r\n", bad_header_name},
      {"name with a slash", kGet + "a/b: x\r\n\r\n", bad_header_name},
      {"name beyond ASCII", kGet + "n\xc3\xa4me: x\r\n\r\n", bad_header_name},
      {"NUL in a name", kGet + std::string("a\0b: x\r\n\r\n", 10), bad_header_name},
      {"space before colon", kGet + "name : x\r\n\r\n", space_before_colon},
      {"tab before colon", kGet + "name\t: x\r\n\r\n", space_before_colon},
      {"folded", kGet + "name: x\r\n y\r\n\r\n", folded_header},
      {"folded with a tab", kGet + "name: x\r\n\ty\r\n\r\n", folded_header},
      {"space before the first", "GET / HTTP/1.1\r\n Host: h\r\n\r\n", folded_header},
      {"NUL in a value", kGet + std::string("name: a\0b\r\n\r\n", 13), bad_header_value},
      {"DEL in a value", kGet + "name: a\x7f\r\n\r\n", bad_header_value},
      {"escape in a value", kGet + "name: \x1b[0m\r\n\r\n", bad_header_value},
      {"bare LF", kGet + "name: x\nother: y\r\n\r\n", bare_cr_or_lf},
      {"bare CR", kGet + "name: x\rother: y\r\n\r\n", bare_cr_or_lf},
      {"CR CR LF", kGet + "name: x\r\r\n\r\n", bare_cr_or_lf},
      {"empty line of one LF", kGet + "\n", bare_cr_or_lf},
      {"empty line CR x", kGet + "\rx", bare_cr_or_lf},
      {"long header", kGet + "n:" + repeat("a", kLineBytesMax + 1), header_too_long},
      {"long name", kGet + repeat("a", kLineBytesMax + 10), header_too_long},
      {"large head", kGet + repeat("n: " + repeat("a", 1000) + "\r\n", 40), head_too_large},
      {"many headers", kGet + repeat("n: a\r\n", kHeadersMax) + "\r\n", too_many_headers},

      // Host
      {"no Host", "GET / HTTP/1.1\r\n\r\n", missing_host},
      {"empty Host", "GET / HTTP/1.1\r\nHost: \r\n\r\n", bad_host},
      {"two Hosts", kGet + "Host: h\r\n\r\n", repeated_host},
      {"two Hosts in 1.0", "GET / HTTP/1.0\r\nHost: h\r\nhost: g\r\n\r\n", repeated_host},
      {"Host with a path", "GET / HTTP/1.1\r\nHost: h/x\r\n\r\n", bad_host},
      {"Host with a user", "GET / HTTP/1.1\r\nHost: u@h\r\n\r\n", bad_host},
      {"Host with a space", "GET / HTTP/1.1\r\nHost: a b\r\n\r\n", bad_host},
      {"Host list", "GET / HTTP/1.1\r\nHost: a, b\r\n\r\n", bad_host},
      {"Host with a bad port", "GET / HTTP/1.1\r\nHost: h:8x\r\n\r\n", bad_host},
      {"Host with a large port", "GET / HTTP/1.1\r\nHost: h:65536\r\n\r\n", bad_host},
      {"target names another host", "GET http://g/ HTTP/1.1\r\nHost: h\r\n\r\n", other_host},

      // the length of the body
      {"two lengths", kPost + "Content-Length: 1\r\nContent-Length: 1\r\n\r\n", repeated_length},
      {"list of lengths", kPost + "Content-Length: 1, 1\r\n\r\n", bad_length},
      {"empty length", kPost + "Content-Length:\r\n\r\n", bad_length},
      {"plus", kPost + "Content-Length: +1\r\n\r\n", bad_length},
      {"minus", kPost + "Content-Length: -1\r\n\r\n", bad_length},
      {"hexadecimal", kPost + "Content-Length: 0x10\r\n\r\n", bad_length},
      {"point", kPost + "Content-Length: 1.0\r\n\r\n", bad_length},
      {"more than 64 bits", kPost + "Content-Length: 18446744073709551616\r\n\r\n", bad_length},
      {"gzip", kPost + "Transfer-Encoding: gzip\r\n\r\n", bad_encoding},
      {"gzip, chunked", kPost + "Transfer-Encoding: gzip, chunked\r\n\r\n", bad_encoding},
      {"identity", kPost + "Transfer-Encoding: identity\r\n\r\n", bad_encoding},
      {"xchunked", kPost + "Transfer-Encoding: xchunked\r\n\r\n", bad_encoding},
      {"Chunked", kPost + "Transfer-Encoding: Chunked\r\n\r\n", bad_encoding},
      {"quoted", kPost + "Transfer-Encoding: \"chunked\"\r\n\r\n", bad_encoding},
      {"vertical tab",
       kPost + "Transfer-Encoding: \x0b"
               "chunked\r\n\r\n",
       bad_header_value},
      {"chunked twice", kPost + repeat("Transfer-Encoding: chunked\r\n", 2) + "\r\n", bad_encoding},
      {"length, then encoding", kPost + "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
       length_and_encoding},
      {"encoding, then length", kPost + "Transfer-Encoding: chunked\r\nContent-Length: 1\r\n\r\n",
       length_and_encoding},
      {"encoding in 1.0", "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n",
       encoding_in_http10},
      {"other expectation", kPost + "Expect: 200-ok\r\n\r\n", bad_expectation},
  };
}

TEST(RequestParser, RefusesByName) {
  for (const Refused& row : refused_requests()) {
    EXPECT_EQ(whole(row.request), text(row.refusal).name) << row.what;
  }
}

struct Accepted {
  const char* what;
  std::string request;
  std::string description;
};

std::vector<Accepted> accepted_requests() {
  return {
      {"the least", "GET / HTTP/1.1\r\nHost: h\r\n\r\n",  //
       "27|GET|/|/||h|Host=h;|1.1 keep"},
      {"the least of 1.0", "GET / HTTP/1.0\r\n\r\n",  //
       "18|GET|/|/||||1.0 close"},
      {"1.0 kept alive", "GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n",
       "42|GET|/|/|||Connection=Keep-Alive;|1.0 keep"},
      {"closed among others", "GET / HTTP/1.1\r\nHost: h\r\nConnection: te ,Close\r\n\r\n",
       "50|GET|/|/||h|Host=h;Connection=te ,Close;|1.1 close"},
      {"query", "GET /a/%2F?b=c?d HTTP/1.1\r\nHost: h:8080\r\n\r\n",
       "43|GET|/a/%2F?b=c?d|/a/%2F|b=c?d|h:8080|Host=h:8080;|1.1 keep"},
      {"empty query", "GET /? HTTP/1.1\r\nHost: h\r\n\r\n",  //
       "28|GET|/?|/||h|Host=h;|1.1 keep"},
      {"absolute form", "GET http://h/x?y HTTP/1.1\r\nHost: H\r\n\r\n",
       "38|GET|http://h/x?y|/x|y|H|Host=H;|1.1 keep"},
      {"absolute form without a path", "GET http://h HTTP/1.1\r\nHost: h\r\n\r\n",
       "34|GET|http://h|/||h|Host=h;|1.1 keep"},
      {"asterisk", "OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n",  //
       "31|OPTIONS|*|*||h|Host=h;|1.1 keep"},
      {"empty line first", "\r\nGET / HTTP/1.1\r\nHost: h\r\n\r\n",
       "29|GET|/|/||h|Host=h;|1.1 keep"},
      {"address of version 6", "GET / HTTP/1.1\r\nHost: [::1]:80\r\n\r\n",
       "34|GET|/|/||[::1]:80|Host=[::1]:80;|1.1 keep"},
      {"white space around values", kGet + "a:\t b\t c \t\r\nD:\r\ne:f\r\n\r\n",
       "48|GET|/|/||h|Host=h;a=b\t c;D=;e=f;|1.1 keep"},
      {"text beyond ASCII", kGet + "a: \xc3\xa4\r\n\r\n",
       "34|GET|/|/||h|Host=h;a=\xc3\xa4;|1.1 keep"},
      {"odd token", "M-SEARCH / HTTP/1.1\r\nHost: h\r\n!#$%&'*+-.^_`|~: x\r\n\r\n",
       "52|M-SEARCH|/|/||h|Host=h;!#$%&'*+-.^_`|~=x;|1.1 keep"},
      {"length", kPost + "content-LENGTH: 0012\r\n\r\n",
       "50|POST|/|/||h|Host=h;content-LENGTH=0012;|1.1 length 12 keep"},
      {"largest length", kPost + "Content-Length: 18446744073709551615\r\n\r\n",
       "66|POST|/|/||h|Host=h;Content-Length=18446744073709551615;|1.1 length 18446744073709551615 "
       "keep"},
      {"chunked", kPost + "Transfer-Encoding: chunked\r\n\r\n",
       "56|POST|/|/||h|Host=h;Transfer-Encoding=chunked;|1.1 chunked keep"},
      {"expectation", kPost + "Expect: 100-Continue\r\nContent-Length: 1\r\n\r\n",
       "69|POST|/|/||h|Host=h;Expect=100-Continue;Content-Length=1;|1.1 length 1 keep expect"},
      {"expectation without a body", kPost + "Expect: 100-continue\r\n\r\n",
       "50|POST|/|/||h|Host=h;Expect=100-continue;|1.1 keep"},
      {"what follows is left alone", kGet + "\r\nGET /next", "27|GET|/|/||h|Host=h;|1.1 keep"},
  };
}

TEST(RequestParser, AcceptsAndKeepsWhatItReceived) {
  for (const Accepted& row : accepted_requests()) {
    EXPECT_EQ(whole(row.request), row.description) << row.what;
  }
}

TEST(RequestParser, VerdictDoesNotDependOnHowTheBytesWereSplit) {
  const auto check = [](const char* what, const std::string& request) {
    const std::string expected = whole(request);
    // Long inputs by larger steps: single bytes would take minutes under a sanitizer.
    const std::size_t finest = request.size() > 4000 ? 997 : 1;
    for (const std::size_t step : {finest, finest + 1, finest + 6, finest + 15}) {
      EXPECT_EQ(in_steps(request, step), expected) << what << ", steps of " << step;
    }
  };
  for (const Refused& row : refused_requests()) check(row.what, row.request);
  for (const Accepted& row : accepted_requests()) check(row.what, row.request);
}

TEST(RequestParser, EveryPrefixOfARequestIsIncompleteWithoutAVerdict) {
  const std::string request =
      kPost + "Expect: 100-continue\r\nContent-Length: 10\r\nX-Y: a b\r\n\r\n";
  for (std::size_t size = 0; size < request.size(); ++size) {
    EXPECT_EQ(whole(request.substr(0, size)), "more") << size;
  }
}

TEST(RequestParser, LimitsAreExact) {
  const auto line_of = [](std::size_t bytes) {
    return "GET /" + repeat("a", bytes - 14) + " HTTP/1.1\r\nHost: h\r\n\r\n";
  };
  EXPECT_NE(whole(line_of(kLineBytesMax)), "line_too_long");
  EXPECT_EQ(whole(line_of(kLineBytesMax + 1)), "line_too_long");

  const auto header_of = [](std::size_t bytes) {
    return kGet + "a:" + repeat("b", bytes - 2) + "\r\n\r\n";
  };
  EXPECT_NE(whole(header_of(kLineBytesMax)), "header_too_long");
  EXPECT_EQ(whole(header_of(kLineBytesMax + 1)), "header_too_long");

  const auto head_of = [](std::size_t bytes) {
    const std::string half = "a:" + repeat("b", 15'000) + "\r\n";
    const std::string head = kGet + half;
    return head + "a:" + repeat("b", bytes - head.size() - 6) + "\r\n\r\n";
  };
  EXPECT_NE(whole(head_of(31'000)), "head_too_large");
  const std::string three = kGet + repeat("a:" + repeat("b", 10'000) + "\r\n", 3);
  const auto filled = [&three](std::size_t bytes) {
    return three + "a:" + repeat("b", bytes - three.size() - 6) + "\r\n\r\n";
  };
  EXPECT_NE(whole(filled(kHeadBytesMax)), "head_too_large");
  EXPECT_EQ(whole(filled(kHeadBytesMax + 1)), "head_too_large");

  const auto headers_of = [](std::size_t count) {
    return kGet + repeat("a:b\r\n", count - 1) + "\r\n";
  };
  EXPECT_NE(whole(headers_of(kHeadersMax)), "too_many_headers");
  EXPECT_EQ(whole(headers_of(kHeadersMax + 1)), "too_many_headers");
}

TEST(RequestParser, FindsHeadersInAnyCaseAndTheFirstOfSeveral) {
  const std::string request = kGet + "X-Name: first\r\nx-name: second\r\n\r\n";
  RequestParser parser;
  ASSERT_EQ(parser.parse(request), State::complete);
  EXPECT_EQ(parser.head().find("x-NAME"), "first");
  EXPECT_EQ(parser.head().find("x-nam"), std::nullopt);
}

TEST(RequestParser, ForgetsTheLastRequestOnReset) {
  const std::string first = kPost + "Content-Length: 5\r\nConnection: close\r\n\r\n";
  const std::string second = kGet + "\r\n";
  RequestParser parser;
  ASSERT_EQ(parser.parse(first), State::complete);
  parser.reset();
  const State state = parser.parse(second);
  EXPECT_EQ(describe(state, parser), whole(second));
}

TEST(IsHost, KnowsHostsFromOtherText) {
  for (const char* good : {"localhost", "127.0.0.1:8080", "a.b-c_d.example", "h:", "[::1]",
                           "[2001:db8::1]:443", "bucket.s3.localhost:4566"}) {
    EXPECT_TRUE(is_host(good)) << good;
  }
  for (const char* bad : {"", ":80", "a b", "a:b", "a:1:2", "[]", "[::1", "[::1]x", "[1.2.3.4]",
                          "a,b", "a/b", "a?b", "a@b", "a%20b", "a:123456", "\xc3\xa4"}) {
    EXPECT_FALSE(is_host(bad)) << bad;
  }
}

}  // namespace
}  // namespace hyd::net
