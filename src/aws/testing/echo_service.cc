#include "aws/testing/echo_service.h"

#include <algorithm>
#include <string_view>
#include <utility>

namespace hyd::aws::testing {
namespace {

void say(EchoService& service, const Call& call, const SayInput& input, Done<SayOutput> done) {
  service.heard.push_back(input.text);
  std::string text;
  for (std::int32_t i = 0; i < input.times.value_or(1); ++i) text += input.text;
  done(SayOutput{.text = std::move(text), .region = call.region});
}

void fail(EchoService&, const Call&, const FailInput& input, Done<Nothing> done) {
  if (input.how == "ours") {
    return done(std::unexpected(fault_from(base::fail(base::Code::io, "disk 3: gone"))));
  }
  if (input.how == "unanswerable") {
    return done(std::unexpected(unanswerable(base::fail(base::Code::io, "disk 3: gone"))));
  }
  done(std::unexpected(
      Fault{.name = "ResourceNotFoundException", .message = "Nothing of that name."}));
}

void wait(EchoService& service, const Call&, const Nothing&, Done<Nothing> done) {
  service.waiting.push_back([done = std::move(done)]() mutable { done(Nothing{}); });
}

std::string spoken_resource(const Call& call, const SayInput& input) {
  return "arn:aws:echo:" + call.region + ":" + call.account + ":word/" + input.text;
}

// Takes exactly {"Text":"…"} without escapes.
bool read_say(std::string_view body, SayInput& input) {
  constexpr std::string_view kHead = R"({"Text":")";
  constexpr std::string_view kTail = R"("})";
  if (!body.starts_with(kHead) || !body.ends_with(kTail)) return false;
  if (body.size() < kHead.size() + kTail.size()) return false;
  body = body.substr(kHead.size(), body.size() - kHead.size() - kTail.size());
  // Plain printable ASCII: what needs no unescaping and cannot be broken UTF-8.
  const auto plain = [](char c) { return c >= ' ' && c <= '~' && c != '"' && c != '\\'; };
  if (!std::ranges::all_of(body, plain)) return false;
  input.text = body;
  input.times = 1;
  return true;
}

void write_say(const SayOutput& output, std::string& out) {
  out += R"({"Text":)";
  codec::append_quoted(output.text, out);
  out += R"(,"Region":)";
  codec::append_quoted(output.region.value_or(""), out);
  out += '}';
}

constexpr Operation kOperations[] = {
    operation<&say>("Say", "echo:Say", Network::open, "Repeats a text.")
        .on<&spoken_resource>()
        .fast<&read_say, &write_say>(),
    operation<&fail>("Fail", "echo:Fail", Network::open, "Fails as asked."),
    operation<&wait>("Wait", "echo:Wait", Network::open, "Answers when it is told to."),
    operation<&say>("Secret", "echo:Secret", Network::closed, "Only for callers in process."),
};

constexpr ServiceTable kTable{.name = "echo",
                              .protocol = Protocol::json_1_1,
                              .target = "Echo_20260101",
                              .operations = kOperations};

}  // namespace

Shape SayInput::shape() {
  static constexpr Member kMembers[] = {
      member<&SayInput::text>("Text", string().required().length(1, 8)),
      member<&SayInput::times>("Times", integer().range(1, 3)),
  };
  return kMembers;
}

Shape SayOutput::shape() {
  static constexpr Member kMembers[] = {
      member<&SayOutput::text>("Text", string().required()),
      member<&SayOutput::region>("Region", string()),
  };
  return kMembers;
}

Shape FailInput::shape() {
  static constexpr Member kMembers[] = {
      member<&FailInput::how>("How", string().required()),
  };
  return kMembers;
}

const ServiceTable& echo_table() { return kTable; }

}  // namespace hyd::aws::testing
