#include "app/announce.h"

#include "app/paste_lines.h"
#include "app/server.h"
#include "identity/credentials_file.h"
#include "sys/environment.h"
#include "sys/output.h"

#include <fmt/format.h>

#include <memory>
#include <optional>
#include <ranges>
#include <string>
#include <string_view>

namespace hyd::app {
namespace {

// The first output that names a bucket of ours.
std::string bucket_of(const Server& server) {
  for (const stacks::OutputRecord& output : server.outputs()) {
    if (server.has_bucket(output.value)) return output.value;
  }
  return "";
}

// Without "//" and "/./", so that a line looks as a person would have written it. ".." stays: what
// it means depends on links.
std::string tidied(std::string_view path) {
  std::string out;
  for (const auto part : std::views::split(path, '/')) {
    const std::string_view name(part.begin(), part.end());
    if (name.empty() || name == ".") continue;
    if (!out.empty() || path.starts_with('/')) out += '/';
    out += name;
  }
  return out;
}

// So that a line can be pasted in another folder.
std::string absolute(const std::string& path) {
  const std::optional<std::string> here = sys::current_folder();
  return tidied(path.starts_with('/') || !here ? path : fmt::format("{}/{}", *here, path));
}

std::string stream_of(const Server& server) {
  const std::shared_ptr<const streams::Picture> streams = server.streams();
  return streams->names().empty() ? "" : streams->names().begin()->first.second;
}

}  // namespace

void announce(const Server& server) {
  const std::string events = server.addresses().events.text();
  const std::string aws = server.addresses().aws.text();
  const std::string credentials = fmt::format("{}/{}", server.data(), identity::kCredentialsFile);
  sys::print_line(fmt::format("data {}", server.data()));
  sys::print_line(fmt::format("credentials {}", credentials));
  sys::print_line(fmt::format("events http://{}", events));
  sys::print_line(fmt::format("aws http://{}", aws));
  const std::shared_ptr<const gateway::Served> served = server.served();
  for (const gateway::ServedStage& stage : served->stages) {
    sys::print_line(
        fmt::format("stage {} {}", stage.what.stage, stage_url(*served, stage, events)));
  }
  for (const stacks::OutputRecord& output : server.outputs()) {
    sys::print_line(fmt::format("output {} {}", output.name, output.value));
  }
  const std::string stream = stream_of(server);
  const std::string bucket = bucket_of(server);
  for (const std::string& line : paste_lines({.served = *served,
                                              .events = events,
                                              .aws = aws,
                                              .stream = stream,
                                              .bucket = bucket,
                                              .credentials = absolute(credentials),
                                              .region = server.region()})) {
    sys::print_line(line);
  }
  sys::print_line("ready");
}

}  // namespace hyd::app
