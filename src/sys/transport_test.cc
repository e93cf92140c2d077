#include "sys/transport.h"

#include <gtest/gtest.h>

namespace hyd::sys {
namespace {

TEST(Endpoint, IsParsedFromNumericAddressesAndPrintsCanonically) {
  struct Row {
    const char* text;
    const char* printed;
  };
  constexpr Row kRows[] = {
      {"127.0.0.1:8080", "127.0.0.1:8080"},
      {"localhost:80", "127.0.0.1:80"},
      {"0.0.0.0:0", "0.0.0.0:0"},
      {"[::1]:65535", "[::1]:65535"},
      {"[0:0::1]:1", "[::1]:1"},
      {"[FE80::ABCD]:1", "[fe80::abcd]:1"},
      {"[::]:443", "[::]:443"},
  };
  for (const Row& row : kRows) {
    const auto endpoint = parse_endpoint(row.text);
    ASSERT_TRUE(endpoint) << row.text << ": " << endpoint.error().what;
    EXPECT_EQ(endpoint->text(), row.printed);
  }
}

TEST(Endpoint, RefusesNamesAndHalfAddressesAndSaysWhy) {
  for (const char* text : {"",
                           ":",
                           "127.0.0.1",
                           "127.0.0.1:",
                           ":80",
                           "127.0.0.1:65536",
                           "127.0.0.1:-1",
                           "127.0.0.1:+1",
                           "127.1:80",
                           "256.0.0.1:80",
                           "example.com:80",
                           "::1:80",
                           "[::1]",
                           "[::1]80",
                           "[::1:80",
                           "[]:80",
                           "[127.0.0.1]:80",
                           "[localhost]:80",
                           "[fe80::1%lo]:80",
                           "[::1]x:80"}) {
    const auto endpoint = parse_endpoint(text);
    ASSERT_FALSE(endpoint) << text;
    EXPECT_EQ(endpoint.error().code, base::Code::invalid) << text;
    EXPECT_TRUE(endpoint.error().what.contains(text)) << endpoint.error().what;
  }
}

TEST(Endpoint, KnowsWhichAddressesNeverLeaveTheMachine) {
  for (const char* host : {"127.0.0.1", "127.255.0.9", "::1", "::ffff:127.0.0.1"}) {
    EXPECT_TRUE(is_loopback({.host = host})) << host;
  }
  for (const char* host :
       {"0.0.0.0", "10.0.0.1", "128.0.0.1", "::", "::2", "::ffff:10.0.0.1", ""}) {
    EXPECT_FALSE(is_loopback({.host = host})) << host;
  }
}

}  // namespace
}  // namespace hyd::sys
