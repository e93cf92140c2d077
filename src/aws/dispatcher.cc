#include "aws/dispatcher.h"

#include "aws/json_text.h"

#include <optional>

namespace hyd::aws {
namespace {

class DocumentSource final : public InputSource {
 public:
  DocumentSource(const Operation& operation, const codec::Json& document)
      : operation_(operation), document_(document) {}
  Outcome<void> fill(void* input) override {
    if (document_.if_object() == nullptr) return unreadable_body();
    return read_into(operation_.input(), document_, input);
  }

 private:
  const Operation& operation_;
  const codec::Json& document_;
};

}  // namespace

void Dispatcher::add_table(const ServiceTable& table, void* service) {
  const auto [at, fresh] =
      entries_.emplace(table.name, Entry{.table = &table, .service = service, .operations = {}});
  HYD_CHECK(fresh);
  for (const Operation& row : table.operations) {
    HYD_CHECK(at->second.operations.emplace(row.name, &row).second);
  }
  tables_.push_back(&table);
}

Dispatcher::Target Dispatcher::find(std::string_view service, std::string_view operation) const {
  const auto entry = entries_.find(service);
  if (entry == entries_.end()) return {};
  const auto row = entry->second.operations.find(operation);
  return {.table = entry->second.table,
          .operation = row == entry->second.operations.end() ? nullptr : row->second,
          .service = entry->second.service};
}

void Dispatcher::invoke(const Target& target, const Call& call, const codec::Json& input,
                        Done<codec::Json> done) const {
  if (!reachable(target, call)) return done(std::unexpected(unknown_operation()));
  DocumentSource source(*target.operation, input);
  run(target, call, source,
      [operation = target.operation, done = std::move(done)](const void* output,
                                                             Fault* fault) mutable {
        if (fault != nullptr) return done(std::unexpected(std::move(*fault)));
        done(to_document(operation->output(), output));
      });
}

void Dispatcher::invoke_text(const Target& target, const Call& call, std::string_view body,
                             Done<std::string> done) const {
  if (!reachable(target, call)) return done(std::unexpected(unknown_operation()));
  JsonTextSource source(*target.operation, body);
  run(target, call, source,
      [operation = target.operation, done = std::move(done)](const void* output,
                                                             Fault* fault) mutable {
        if (fault != nullptr) return done(std::unexpected(std::move(*fault)));
        std::string text;
        append_output_text(*operation, output, text);
        done(std::move(text));
      });
}

void Dispatcher::run(const Target& target, const Call& call, InputSource& source,
                     RawDone done) const {
  // AWS answers a denial before it looks at types and constraints, but the resource is known only
  // from the input. So the input is read first, as far as it goes, and its fault held back.
  class Admitting final : public InputSource {
   public:
    Admitting(const Dispatcher& dispatcher, const Target& target, const Call& call,
              InputSource& source)
        : dispatcher_(dispatcher), target_(target), call_(call), source_(source) {}
    Outcome<void> fill(void* input) override {
      Outcome<void> filled = source_.fill(input);
      if (!filled && is_unreadable_body(filled.error())) return filled;
      if (Outcome<void> may = dispatcher_.permit(target_, call_, input); !may) return may;
      return filled;
    }

   private:
    const Dispatcher& dispatcher_;
    const Target& target_;
    const Call& call_;
    InputSource& source_;
  };

  if (!reachable(target, call)) {
    Fault fault = unknown_operation();
    return done(nullptr, &fault);
  }
  Admitting admitting(*this, target, call, source);
  target.operation->run(target.service, call, admitting, std::move(done));
}

Outcome<void> Dispatcher::admit(const Target& target, const Call& call, const void* input) const {
  if (Outcome<void> may = permit(target, call, input); !may) return may;
  if (!satisfies(target.operation->input(), input)) {
    if (Outcome<void> why = target.operation->explain(input); !why) return why;
  }
  return {};
}

Outcome<void> Dispatcher::permit(const Target& target, const Call& call, const void* input) const {
  if (authorizer_.unrestricted(call)) return {};
  const Operation& row = *target.operation;
  const std::string resource = row.resource != nullptr ? row.resource(call, input) : "*";
  if (std::optional<Fault> fault =
          authorizer_.refuse(call, row.permission, resource.empty() ? "*" : resource)) {
    return std::move(*fault);
  }
  return {};
}

}  // namespace hyd::aws
