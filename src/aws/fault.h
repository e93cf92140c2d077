// What a call is refused with: an exception's name, its HTTP status, its text.
//
// The one error type at the edge, as base::Error is the one below it. A service's faults are built
// by the functions of its faults.h; those that every service gives are here. How a fault looks on
// the wire (JSON, XML, headers) is the envelope's business.
//
// One distinction matters beyond the text. AWS's service would give most faults too (a missing
// stream, a wrong argument, an emulated quota): they follow an API's response mapping. A failure of
// Hydrant's own (`ours`) never does: a mapping's default of 200 would tell the client that lost
// data is safe.
#pragma once

#include "base/result.h"

#include <expected>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hyd::aws {

struct Fault {
  std::string name;  // "ResourceNotFoundException"
  int status = 400;
  std::string message = {};  // empty: the answer has no message member at all
  // Further members (JSON) or elements (XML), in order: {"BucketName", "b"}.
  std::vector<std::pair<std::string, std::string>> details = {};

  // A failure of Hydrant's own; `code` says of which kind.
  bool ours = false;
  base::Code code = base::Code::invalid;
  // Not even failure is certain: the connection closes without an answer (a put whose commit could
  // neither be finished nor buried). Implies `ours`.
  bool unanswerable = false;
  // For the log, never for the client.
  std::string cause = {};

  friend bool operator==(const Fault&, const Fault&) = default;
};

template <class T>
class [[nodiscard]] Outcome : public std::expected<T, Fault> {
 public:
  using std::expected<T, Fault>::expected;
  Outcome(Fault fault) : std::expected<T, Fault>(std::unexpected(std::move(fault))) {}
};

template <>
class [[nodiscard]] Outcome<void> : public std::expected<void, Fault> {
 public:
  using std::expected<void, Fault>::expected;
  Outcome(Fault fault) : std::expected<void, Fault>(std::unexpected(std::move(fault))) {}
};

// A handler's last parameter: called exactly once, on the call's loop, also on shutdown.
template <class T>
using Done = std::move_only_function<void(std::expected<T, Fault>)>;

// What an error from below is at the edge: 500 InternalFailure and `ours`, with the code kept and
// the text as `cause`; `cancelled` (we are stopping) is 503 ServiceUnavailable. An error that has a
// name in the service's own catalogue (not_found, conflict, …) is translated by the handler before
// it gets here.
Fault fault_from(base::Error error);

// Marks a fault of the service's catalogue as a failure of Hydrant's own, keeping name and status
// for callers that speak AWS's protocol: the log's own limit is a
// ProvisionedThroughputExceededException to an SDK, and never passes a response mapping.
Fault as_ours(Fault fault, base::Error error);

// Nothing can be said about the outcome.
Fault unanswerable(base::Error error);

// The catalogue that all services share. Names are those of JSON 1.1; the other envelopes rename.
Fault serialization(std::string message);           // 400, empty: no text
Fault validation(std::string message);              // 400
Fault unknown_operation();                          // 400, never a text
Fault access_denied(std::string message);           // 400
Fault service_unavailable(std::string_view cause);  // 503, ours: starting, draining

}  // namespace hyd::aws
