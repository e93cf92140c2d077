#include "cli/status.h"

#include "aws/route.h"
#include "cli/command_line.h"
#include "sys/ask.h"
#include "sys/output.h"

#include <fmt/format.h>

#include <chrono>
#include <string>

namespace hyd::cli {
namespace {

constexpr std::chrono::seconds kPatience{10};

int failed(std::string_view what) {
  sys::print_error_line(fmt::format("hydrant: {}", what));
  return kExitFailed;
}

}  // namespace

int status(const sys::Endpoint& aws) {
  const base::Result<std::string> answer =
      sys::ask(aws,
               fmt::format("GET {} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n",
                           aws::kStatusPath, aws.text()),
               kPatience);
  if (!answer) {
    return failed(fmt::format("{} (is the server running, and is this the port of its line `aws`?)",
                              answer.error().what));
  }
  const std::size_t head = answer->find("\r\n\r\n");
  if (head == std::string::npos || !answer->starts_with("HTTP/1.1 200 ")) {
    return failed(
        fmt::format("{} gave no status: {}", aws.text(), answer->substr(0, answer->find("\r\n"))));
  }
  std::string text = answer->substr(head + 4);
  while (text.ends_with('\n')) text.pop_back();
  sys::print_line(text);
  return kExitOk;
}

}  // namespace hyd::cli
