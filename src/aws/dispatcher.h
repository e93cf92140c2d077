// One implementation of every operation, whoever calls: the network, a gateway's integration, a
// stack, the console.
//
// Filled at wiring, before the loops run; constant afterwards, so any loop may call. A call runs on
// `call.loop`, where its handler is started before `invoke` returns and its `done` is run, perhaps
// before `invoke` returns. Authorization is asked exactly once, here.
#pragma once

#include "aws/authorizer.h"
#include "aws/call.h"
#include "aws/fault.h"
#include "aws/operation.h"
#include "base/check.h"
#include "codec/json.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace hyd::aws {

class Dispatcher {
 public:
  // An operation found once and called often; valid as long as the dispatcher.
  struct Target {
    const ServiceTable* table = nullptr;
    const Operation* operation = nullptr;  // null: there is none of that name
    void* service = nullptr;
    explicit operator bool() const { return operation != nullptr; }
  };

  explicit Dispatcher(const Authorizer& authorizer) : authorizer_(authorizer) {}
  Dispatcher(const Dispatcher&) = delete;
  Dispatcher& operator=(const Dispatcher&) = delete;

  // Both outlive the dispatcher. One table a service name.
  template <class Service>
  void add(const ServiceTable& table, Service& service) {
    for (const Operation& row : table.operations) {
      HYD_CHECK(row.service_type == kTypeTag<Service>);
    }
    add_table(table, &service);
  }

  Target find(std::string_view service, std::string_view operation) const;
  const std::vector<const ServiceTable*>& tables() const { return tables_; }

  // With documents, for callers that do not know the types: stacks, console, gateway.
  void invoke(const Target& target, const Call& call, const codec::Json& input,
              Done<codec::Json> done) const;
  void invoke(std::string_view service, std::string_view operation, const Call& call,
              const codec::Json& input, Done<codec::Json> done) const {
    invoke(find(service, operation), call, input, std::move(done));
  }

  // With the text of a JSON 1.1 body, read as the network's is: same faults, same bytes. An output
  // without members is the empty text. `body` is lent until this returns.
  void invoke_text(const Target& target, const Call& call, std::string_view body,
                   Done<std::string> done) const;

  // With the operation's own types, which must be those of its row. The input is checked against
  // its shape; `input` is lent until this returns.
  template <class Input, class Output>
  void invoke(const Target& target, const Call& call, const Input& input, Done<Output> done) const {
    if (!reachable(target, call)) return done(std::unexpected(unknown_operation()));
    HYD_CHECK(target.operation->input_type == kTypeTag<Input>);
    HYD_CHECK(target.operation->output_type == kTypeTag<Output>);
    if (Outcome<void> may = admit(target, call, &input); !may) {
      return done(std::unexpected(std::move(may).error()));
    }
    target.operation->run_typed(target.service, call, &input, &done);
  }

  // What all of the above and the front door come down to: the input is filled from `source`, the
  // authorizer is asked, the handler is called. `source` is lent until this returns.
  void run(const Target& target, const Call& call, InputSource& source, RawDone done) const;

 private:
  struct Entry {
    const ServiceTable* table = nullptr;
    void* service = nullptr;
    std::unordered_map<std::string_view, const Operation*> operations;
  };

  void add_table(const ServiceTable& table, void* service);
  static bool reachable(const Target& target, const Call& call) {
    return target.operation != nullptr &&
           (!call.from_network || target.operation->network == Network::open);
  }
  // Constraints of the shape, then permission, of a typed input.
  Outcome<void> admit(const Target& target, const Call& call, const void* input) const;
  Outcome<void> permit(const Target& target, const Call& call, const void* input) const;

  const Authorizer& authorizer_;
  std::vector<const ServiceTable*> tables_;
  std::unordered_map<std::string_view, Entry> entries_;  // by service name
};

}  // namespace hyd::aws
