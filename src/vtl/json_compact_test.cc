// The fast road of $input.json('$') and the slow one must be the same road.
#include "vtl/json_compact.h"

#include "base/rng.h"
#include "vtl/program.h"
#include "vtl/render.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <string_view>

namespace hyd::vtl {
namespace {

std::optional<std::string> compact(std::string_view text) {
  CompactMemory memory;
  std::string out = "before ";
  if (!append_compact_json(text, 200, memory, out)) {
    EXPECT_EQ(out, "before ");
    return std::nullopt;
  }
  return out.substr(7);
}

// By way of values: the body is read before it is written.
std::string by_values(const Program& program, std::string_view text) {
  Inputs inputs;
  inputs.body = text;
  const auto rendered = render(program, inputs);
  return rendered ? rendered->output : "failed: " + rendered.error().what;
}

TEST(JsonCompact, WritesAsJsonSmartWrites) {
  EXPECT_EQ(compact(" { \"a\" : [ 1 , 2.50 , 1e5 , -0.0 ] , \"b\" : null } "),
            R"({"a":[1,2.5,100000.0,-0.0],"b":null})");
  EXPECT_EQ(compact("[\"\u2014\u20A9\u0085\\u2028\\u00e9\\/\\u0000\"]"),
            "[\"\\u2014\\u20A9\\u0085\\u2028\u00E9/\\u0000\"]");
  EXPECT_EQ(compact("[12345678901234567890]"), "[12345678901234567890]");
  EXPECT_EQ(compact("{} trailing"), "{}");
}

TEST(JsonCompact, LeavesEverythingUnusualToTheSlowRoad) {
  for (const char* text :
       {"", "1", "\"a\"", "{'a':1}", "{\"a\":1,\"a\":2}", "[1,]", "[01]", "[-0]",
        "{\"a\\u0062\":1}", "[\"\t\"]", "[\"\x7F\"]", "[\"\\ud800\"]", "[\"\\q\"]", "{\"a\":1",
        "[1e400]", "[1 2]", "[truex]", "[3.14159265358979323846]"}) {
    EXPECT_FALSE(compact(text)) << text;
  }
}

// A random document, with what the fast road takes and what it does not.
class Documents {
 public:
  explicit Documents(std::uint64_t seed) : rng_(seed) {}
  std::string next() { return value(4); }

 private:
  std::uint64_t pick(std::uint64_t n) { return rng_.next() % n; }
  std::string space() { return pick(4) == 0 ? " " : ""; }
  std::string value(int depth) {
    constexpr const char* kScalars[] = {"1",
                                        "-5",
                                        "0",
                                        "1.50",
                                        "1e3",
                                        "true",
                                        "null",
                                        "false",
                                        "\"\"",
                                        "\"x\"",
                                        "\"a long text without anything special in it\"",
                                        "\"\\n\\\"\\\\\"",
                                        "\"\\u00e9\\u2028\"",
                                        "\"\u2014\u00A0\uD55C\"",
                                        "12345678901234567890",
                                        "-0",
                                        "0.00001",
                                        "\"/\"",
                                        "\"\\ud83d\\ude00\"",
                                        "1E-7",
                                        "100000000.0",
                                        "'q'"};
    const std::uint64_t kind = depth == 0 ? 0 : pick(4);
    if (kind < 2) return kScalars[pick(std::size(kScalars))];
    std::string out(1, kind == 2 ? '[' : '{');
    const std::uint64_t count = pick(5);
    for (std::uint64_t i = 0; i < count; ++i) {
      if (i > 0) out += "," + space();
      if (kind == 3)
        out += "\"" + std::string(1, static_cast<char>('a' + pick(12))) + "\"" + space() + ":" +
               space();
      out += value(depth - 1);
    }
    return out + space() + (kind == 2 ? "]" : "}");
  }
  base::FastRng rng_;
};

TEST(JsonCompact, AgreesWithTheValuesForEveryDocument) {
  const auto program = parse("#set($x = $input.path('$'))$input.json('$')");
  ASSERT_TRUE(program);
  Documents documents(20240607);
  int fast = 0;
  for (int i = 0; i < 5'000; ++i) {
    const std::string text = documents.next();
    const std::optional<std::string> compacted = compact(text);
    if (!compacted) continue;
    ++fast;
    ASSERT_EQ(*compacted, by_values(**program, text)) << text;
  }
  EXPECT_GT(fast, 1'000);
}

}  // namespace
}  // namespace hyd::vtl
