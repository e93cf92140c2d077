// Renders the cases of a folder for a while each and prints one line a case:
//
//   vtl_bench FOLDER SECONDS CASE...      ->      CASE RENDERS_A_SECOND OUTPUT_BYTES
//   FNV1A_OF_OUTPUT
//
// The programs of the other engines (velocityjs.js, VelocityBench.java) do the same; run.py lets
// them take turns. Each has its template parsed before it is timed, and sees the same request.
#include "vtl/program.h"
#include "vtl/render.h"

#include <array>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <span>
#include <string>
#include <string_view>
#include <system_error>

namespace hyd::bench {
namespace {

std::string read_file(const std::string& name) {
  std::ifstream file(name, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::uint32_t fnv1a(std::string_view text) {
  std::uint32_t hash = 2166136261u;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 16777619u;
  return hash;
}

bool measure(const std::string& folder, const std::string& name, double seconds) {
  using Clock = std::chrono::steady_clock;
  const std::string text = read_file(folder + "/" + name + ".vtl");
  const std::string body = read_file(folder + "/" + name + ".body");
  const auto program = vtl::parse(text);
  if (!program) return false;
  constexpr std::array<vtl::NameValue, 1> kPath{{{"stream-name", "class-stream"}}};
  constexpr std::array<vtl::NameValue, 4> kHeaders{
      {{"Accept", "*/*"},
       {"Content-Type", "application/json"},
       {"User-Agent", "bench/1"},
       {"X-Amzn-Trace-Id", "Root=1-625a2f3c-0123456789abcdef01234567"}}};
  vtl::Inputs inputs;
  inputs.body = body;
  inputs.path = kPath;
  inputs.headers = kHeaders;
  vtl::Renderer renderer;
  std::string output;
  std::uint64_t renders = 0;
  const auto started = Clock::now();
  double elapsed = 0;
  while (elapsed < seconds) {
    for (int i = 0; i < 16; ++i, ++renders) {
      auto rendered = renderer.render(**program, inputs);
      if (!rendered) return false;
      output.swap(rendered->output);
    }
    elapsed = std::chrono::duration<double>(Clock::now() - started).count();
  }
  std::printf("%s %.1f %zu %u\n", name.c_str(), static_cast<double>(renders) / elapsed,
              output.size(), fnv1a(output));
  return std::fflush(stdout) == 0;
}

}  // namespace
}  // namespace hyd::bench

int main(int argc, char** argv) {
  const std::span<char*> words(argv, static_cast<std::size_t>(argc));
  if (words.size() < 4) return 2;
  const std::string_view wanted = words[2];
  double seconds = 0;
  if (std::from_chars(wanted.data(), wanted.data() + wanted.size(), seconds).ec != std::errc()) {
    return 2;
  }
  for (char* const name : words.subspan(3)) {
    if (!hyd::bench::measure(words[1], name, seconds)) {
      std::fprintf(stderr, "%s does not render\n", name);
      return 1;
    }
  }
  return 0;
}
