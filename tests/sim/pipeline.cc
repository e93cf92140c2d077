#include "tests/sim/pipeline.h"

#include "app/server.h"
#include "codec/base64.h"
#include "codec/json.h"
#include "sys/sim/sim_process.h"
#include "tests/sim/aws_client.h"
#include "tests/sim/http_client.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <utility>

namespace hyd::sim {
namespace {

using sys::SimDisk;
using sys::SimEnd;
using sys::SimLife;
using sys::SimProcess;

constexpr int kLives = 4;
constexpr std::size_t kClients = 3;

class NoLog final : public telemetry::LogSink {
 public:
  void write(const telemetry::LogLine&) override {}
};

// --- What clients were told, over all lives.
// --------------------------------------------------------

struct Place {
  std::string shard;
  std::string sequence;  // as many digits as every other
};

struct Told {
  std::set<std::string> sent;
  std::map<std::string, Place> accepted;
  std::set<std::string> refused;
  // Of the last life: the lines of each object, in order.
  std::map<std::string, std::vector<std::string>> objects;
};

std::vector<std::string> words(std::string_view line) {
  std::vector<std::string> out;
  while (!line.empty()) {
    const std::size_t space = std::min(line.find(' '), line.size());
    out.emplace_back(line.substr(0, space));
    line.remove_prefix(std::min(space + 1, line.size()));
  }
  return out;
}

void read_ledger(std::string_view ledger, Told& told) {
  while (!ledger.empty()) {
    const std::size_t end = ledger.find('\n');
    const std::vector<std::string> said = words(ledger.substr(0, end));
    ledger.remove_prefix(end + 1);
    if (said[0] == "sent") told.sent.insert(said[1]);
    if (said[0] == "refused") told.refused.insert(said[1]);
    if (said[0] == "accepted") told.accepted[said[1]] = {said[2], said[3]};
    if (said[0] == "object") told.objects[said[1]];
    if (said[0] == "line") told.objects[said[1]].push_back(said[2]);
  }
}

// --- One life.
// --------------------------------------------------------------------------------------

struct Plan {
  std::uint64_t seed = 0;
  int life = 0;
  int shards = 2;
  int events = 8;      // of each client
  bool churn = false;  // the stream is deleted and made again
  bool last = false;
};

cli::UpOptions options_of(const Plan& plan) {
  cli::UpOptions up;
  up.data = "sim";
  up.listen_events = {"127.0.0.1", 0};
  up.listen_aws = {"127.0.0.1", 0};
  up.threads = 2;
  up.stack_file = HYDRANT_SOURCE_DIR "/examples/clickstream.yaml";
  up.stack_name = "clickstream";
  up.parameters = {{"ShardCount", std::to_string(plan.shards)}, {"BufferSeconds", "1"}};
  up.journal_segment = base::kib(64);
  up.log_max = base::mib(256);
  up.account = "123456789012";
  return up;
}

// Whether the event was accepted. Where only a default integration response is mapped, a refusal of
// the service comes with status 200, as on AWS.
bool tell_outcome(SimProcess& process, const std::string& name, const Answer& answer) {
  const auto said = codec::parse_json(answer.body);
  if (answer.status != 200 || (said && said->find("__type") != nullptr)) {
    process.tell(fmt::format("refused {} {}", name, answer.status));
    return false;
  }
  const codec::Json* const shard = said ? said->find("ShardId") : nullptr;
  const codec::Json* const sequence = said ? said->find("SequenceNumber") : nullptr;
  if (shard == nullptr || sequence == nullptr) {
    process.runtime.die("an answer without a place: " + answer.body);
  }
  process.tell(fmt::format("accepted {} {} {}", name, *shard->if_string(), *sequence->if_string()));
  return true;
}

// How many were accepted.
std::size_t post_events(SimProcess& process, std::uint16_t port, const Plan& plan,
                        std::size_t client) {
  std::size_t accepted = 0;
  base::FastRng rng(plan.seed * 1000 + static_cast<std::uint64_t>(plan.life) * 10 + client);
  HttpClient http(process.runtime, port);
  for (int i = 0; i < plan.events; ++i) {
    const std::string name = fmt::format("l{}c{}e{}", plan.life, client, i);
    const bool form = rng.below(4) == 0;
    const std::string pad(rng.below(300), 'p');
    const std::string body = form ? fmt::format("n={}&pad={}", name, pad)
                                  : fmt::format(R"({{"n":"{}","pad":"{}"}})", name, pad);
    process.tell("sent " + name);
    const std::optional<Answer> answer = http.ask(fmt::format(
        "POST /prod/v1/class-stream HTTP/1.1\r\nHost: h\r\nContent-Type: {}\r\n"
        "Content-Length: {}\r\n\r\n{}",
        form ? "application/x-www-form-urlencoded" : "application/json", body.size(), body));
    if (answer && tell_outcome(process, name, *answer)) ++accepted;
    // So long that buffers close and objects are stored while others are filled.
    if (rng.below(2) == 0) {
      process.runtime.sleep_until(process.runtime.clock().mono() +
                                  std::chrono::milliseconds(rng.below(1'500)));
    }
  }
  return accepted;
}

constexpr std::string_view kCreateStream = R"({"StreamName":"class-stream","ShardCount":2})";

// Deletes the stream of the pipeline and makes it again, several times within one look of the
// delivery, with a record in each life of the name. How many were accepted.
std::size_t churn(SimProcess& process, std::uint16_t port, const Plan& plan) {
  std::size_t accepted = 0;
  base::FastRng rng(plan.seed * 1000 + static_cast<std::uint64_t>(plan.life) * 10 + 9);
  AwsClient client(process, port);
  for (int i = 0; i < 4; ++i) {
    process.runtime.sleep_until(process.runtime.clock().mono() +
                                std::chrono::milliseconds(rng.below(30)));
    static_cast<void>(client.kinesis("DeleteStream", R"({"StreamName":"class-stream"})"));
    static_cast<void>(client.kinesis("CreateStream", kCreateStream));
    const std::string name = fmt::format("l{}d{}", plan.life, i);
    process.tell("sent " + name);
    const auto answer = client.kinesis(
        "PutRecord",
        fmt::format(R"({{"StreamName":"class-stream","PartitionKey":"{}","Data":"{}"}})", i,
                    codec::base64_encode(fmt::format("{{\"n\":\"{}\"}}\n", name))));
    if (answer && tell_outcome(process, name, *answer)) ++accepted;
  }
  return accepted;
}

// Reads the bucket as an S3 client does.
class Bucket {
 public:
  Bucket(SimProcess& process, const app::Server& server)
      : process_(process), client_(process, server.addresses().aws.port) {
    for (const stacks::OutputRecord& output : server.outputs()) {
      if (output.name == "BucketName") name_ = output.value;
    }
  }

  // {key: content} of everything; nothing when a request was lost.
  std::optional<std::map<std::string, std::string>> read() {
    const std::optional<std::string> list = get("/" + name_, "list-type=2");
    if (!list) return std::nullopt;
    std::map<std::string, std::string> objects;
    constexpr std::string_view kOpen = "<Key>";
    for (std::size_t at = list->find(kOpen); at != std::string::npos;
         at = list->find(kOpen, at + 1)) {
      const std::size_t from = at + kOpen.size();
      const std::string key = list->substr(from, list->find('<', from) - from);
      auto content = get("/" + name_ + "/" + key, "");
      if (!content) return std::nullopt;
      objects.emplace(key, *std::move(content));
    }
    return objects;
  }

 private:
  std::optional<std::string> get(const std::string& path, const std::string& query) {
    std::optional<Answer> answer =
        client_.ask({.service = "s3", .method = "GET", .path = path, .query = query});
    if (!answer) return std::nullopt;
    if (answer->status != 200) process_.runtime.die(path + " was refused: " + answer->body);
    return std::move(answer->body);
  }

  SimProcess& process_;
  AwsClient client_;
  std::string name_;
};

std::string name_in(std::string_view line) {
  const auto read = codec::parse_json(line);
  const codec::Json* const name = read ? read->find("n") : nullptr;
  return name != nullptr && name->if_string() != nullptr ? *name->if_string() : "?";
}

// Waits until everything that was accepted is in the bucket, then a while for what must not come.
void tell_objects(SimProcess& process, const app::Server& server, std::size_t accepted) {
  Bucket bucket(process, server);
  std::map<std::string, std::string> objects;
  const base::MonoTime deadline = process.runtime.clock().mono() + std::chrono::seconds(120);
  std::size_t lines = 0;
  while (process.runtime.clock().mono() < deadline && lines < accepted) {
    process.runtime.sleep_until(process.runtime.clock().mono() + std::chrono::seconds(1));
    auto read = bucket.read();
    if (!read) continue;
    objects = *std::move(read);
    lines = 0;
    for (const auto& [key, content] : objects) {
      lines += static_cast<std::size_t>(std::ranges::count(content, '\n'));
    }
  }
  process.runtime.sleep_until(process.runtime.clock().mono() + std::chrono::seconds(3));
  // Lines of unknown outcome may have made up the number: what counts is what is there now.
  std::optional<std::map<std::string, std::string>> now;
  while (!(now = bucket.read()) && process.runtime.clock().mono() < deadline) {
  }
  if (now) objects = *std::move(now);
  for (const auto& [key, content] : objects) {
    process.tell("object " + key);
    std::string_view rest = content;
    while (!rest.empty()) {
      const std::size_t end = std::min(rest.find('\n'), rest.size());
      process.tell("line " + key + " " + name_in(rest.substr(0, end)));
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
  }
}

void live(SimProcess& process, const Plan& plan, std::size_t accepted_before) {
  app::Server server(process.runtime, options_of(plan), std::make_unique<NoLog>());
  base::Result<void> started = server.start();
  if (started) started = server.open_ports();
  if (!started) process.runtime.die("it did not start: " + started.error().what);
  std::vector<std::unique_ptr<sys::Thread>> clients;
  std::size_t accepted = accepted_before;  // counted by the holder of the baton
  for (std::size_t c = 0; c < kClients; ++c) {
    clients.push_back(process.runtime.spawn("client", [&, c] {
      const std::size_t mine = post_events(process, server.addresses().events.port, plan, c);
      accepted += mine;
    }));
  }
  if (plan.churn) {
    clients.push_back(process.runtime.spawn("churn", [&] {
      const std::size_t mine = churn(process, server.addresses().aws.port, plan);
      accepted += mine;
    }));
  }
  for (auto& client : clients) client->join();
  if (plan.last) tell_objects(process, server, accepted);
}

// --- The laws.
// --------------------------------------------------------------------------------------

std::vector<std::string> broken_laws(const Told& told) {
  std::vector<std::string> problems;
  std::map<std::string, int> seen;
  struct Span {
    std::string first;
    std::string last;
    std::string key;
  };
  std::map<std::string, std::vector<Span>> spans;  // by shard
  for (const auto& [key, lines] : told.objects) {
    std::map<std::string, Span> here;
    for (const std::string& name : lines) {
      ++seen[name];
      if (!told.sent.contains(name)) problems.push_back(key + ": nobody sent " + name);
      const auto at = told.accepted.find(name);
      if (at == told.accepted.end()) continue;
      Span& span = here[at->second.shard];
      if (span.first.empty()) span = {at->second.sequence, "", key};
      if (at->second.sequence <= span.last) problems.push_back(key + ": out of order at " + name);
      span.last = at->second.sequence;
    }
    for (const auto& [shard, span] : here) spans[shard].push_back(span);
  }
  for (const auto& [name, at] : told.accepted) {
    if (!seen.contains(name)) problems.push_back(name + " was answered 200 and is in no object");
  }
  for (const auto& [name, times] : seen) {
    if (times > 1) problems.push_back(fmt::format("{} is there {} times", name, times));
    if (told.refused.contains(name)) problems.push_back(name + " was refused and is there");
  }
  for (auto& [shard, list] : spans) {
    std::ranges::sort(list, {}, &Span::first);
    for (std::size_t i = 1; i < list.size(); ++i) {
      if (list[i].first > list[i - 1].last) continue;
      problems.push_back(fmt::format("{}: {} and {} overlap", shard, list[i - 1].key, list[i].key));
    }
  }
  return problems;
}

// The first life makes the pipeline, with some thirty transactions.
std::string drawn_fail_point(base::FastRng& rng, bool first_life) {
  static constexpr std::string_view kPoints[] = {"log.start.epoch_taken:1",
                                                 "log.start.recovered:1",
                                                 "log.start.synced:1",
                                                 "log.start.epoch_begun:1",
                                                 "log.torn:%",
                                                 "log.submitted:%",
                                                 "log.durable_not_answered:%",
                                                 "log.answered:%",
                                                 "objects.blob.written:&",
                                                 "objects.blob.linked:&",
                                                 "delivery.buffer.closed:&",
                                                 "delivery.intent:&",
                                                 "delivery.staged:&",
                                                 "delivery.committed:&",
                                                 "delivery.recovered:1",
                                                 "streams.create.stored:&",
                                                 "streams.delete.begun:&",
                                                 "streams.delete.closed:&",
                                                 "streams.delete.stored:&",
                                                 "stacks.step.begun:%",
                                                 "stacks.step.done:%"};
  // Whatever is two transactions and should be one shows between two of them.
  if (rng.below(2) == 0) {
    const std::uint64_t nth = 1 + rng.below(first_life ? 60 : 30);
    return fmt::format("catalog.{}_commit:{}:kill", rng.below(2) == 0 ? "before" : "after", nth);
  }
  std::string point(kPoints[rng.below(std::size(kPoints))]);
  const char often = point.back();
  if (often == '%' || often == '&') {
    point.pop_back();
    point += std::to_string(1 + rng.below(often == '%' ? 10 : 4));
  }
  return point + ":kill";
}

// Attempts to store an object that fail, so that later objects overtake.
std::string drawn_failures(base::FastRng& rng) {
  std::string points;
  for (int nth = 1; nth <= 8; ++nth) {
    if (rng.below(2) == 0) continue;
    points += fmt::format("{}delivery.staged:{}:error", points.empty() ? "" : ",", nth);
  }
  return points;
}

}  // namespace

std::vector<std::string> run_pipeline(std::uint64_t seed, Totals& totals, const Machine& machine) {
  base::FastRng rng(seed);
  Told told;
  std::string disk;
  Plan plan{.seed = seed};
  constexpr int kShards[] = {1, 3, 10};
  plan.shards = kShards[rng.below(std::size(kShards))];
  plan.churn = rng.below(4) == 0;
  for (int n = 0; n < kLives; ++n) {
    plan.life = n;
    plan.last = n == kLives - 1;
    SimLife life{.seed = seed * 100 + static_cast<std::uint64_t>(n)};
    life.ignore_syncs = machine.ignores_syncs;
    life.net.cut_one_in = rng.below(3) == 0 ? 40 : 0;
    // Somewhere in a life that would take some four thousand steps, behind its start.
    if (!plan.last) life.kill_at_step = 800 + rng.below(4'500);
    if (!plan.last && rng.below(3) == 0) life.fail_points = drawn_failures(rng);
    if (!plan.last && rng.below(2) == 0) {
      life.fail_points += (life.fail_points.empty() ? "" : ",") + drawn_fail_point(rng, n == 0);
    }
    const SimEnd end = sys::run_process(
        disk, life, [&](SimProcess& process) { live(process, plan, told.accepted.size()); });
    ++totals.lives;
    totals.steps += end.steps;
    if (end.how == SimEnd::How::killed) ++totals.killed;
    read_ledger(end.ledger, told);
    if (end.how == SimEnd::How::crashed || end.how == SimEnd::How::died ||
        (plan.last && end.how != SimEnd::How::returned)) {
      return {fmt::format("life {} ended by itself: {}", n, end.why)};
    }
    auto after = SimDisk::load(end.disk, seed * 10 + static_cast<std::uint64_t>(n));
    if (rng.below(2) == 0) {
      after->lose_power();
    } else {
      after->kill();
    }
    disk = after->save();
  }
  totals.accepted += told.accepted.size();
  totals.unknown += told.sent.size() - told.accepted.size() - told.refused.size();
  totals.objects += told.objects.size();
  return broken_laws(told);
}

}  // namespace hyd::sim
