// Operations as rows of constexpr tables: from a row come dispatch, validation, the IAM action and
// the reference page.
//
//   constexpr aws::Operation kOperations[] = {
//       aws::operation<&put_record>("PutRecord", "kinesis:PutRecord", aws::Network::open,
//                                   "Writes one record.")
//           .on<&stream_arn>()
//           .fast<&read_put_record, &write_put_record>(),
//   };
//
// where the handler is a free function of this form, on the call's loop, which never blocks:
//
//   void put_record(Service& service, const aws::Call& call, const PutRecordInput& input,
//                   aws::Done<PutRecordOutput> done);
//
// `input` satisfies its shape; it and `call` live until the handler returns, so a completion takes
// copies of what it needs. `done` is called exactly once, on `call.loop`, at any time.
#pragma once

#include "aws/call.h"
#include "aws/fault.h"
#include "aws/shape.h"

#include <cstdint>
#include <expected>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace hyd::aws {

enum class Network : std::uint8_t {
  closed,  // only callers in this process reach it; the network gets UnknownOperationException
  open,
};

// The identity of a C++ type, for the checks where erased pointers become typed again.
using TypeTag = const void*;
template <class T>
inline constexpr char kTypeMark = 0;
template <class T>
inline constexpr TypeTag kTypeTag = &kTypeMark<T>;

// Where an input comes from: a document, a body, a struct of a caller in process.
class InputSource {
 public:
  virtual ~InputSource() = default;
  // Fills a fresh input; a fault is the call's answer.
  virtual Outcome<void> fill(void* input) = 0;
};

// Told the output (lent until it returns) or the fault; the other one is null.
using RawDone = std::move_only_function<void(const void* output, Fault* fault)>;

namespace internal {

template <class F>
struct Handler;
template <class S, class I, class O>
struct Handler<void (*)(S&, const Call&, const I&,
                        std::move_only_function<void(std::expected<O, Fault>)>)> {
  using Service = S;
  using Input = I;
  using Output = O;
};

template <class F>
struct ResourceOf;
template <class I>
struct ResourceOf<std::string (*)(const Call&, const I&)> {
  using Input = I;
};
template <class F>
struct FastReadOf;
template <class I>
struct FastReadOf<bool (*)(std::string_view, I&)> {
  using Input = I;
};
template <class F>
struct FastWriteOf;
template <class O>
struct FastWriteOf<void (*)(const O&, std::string&)> {
  using Output = O;
};

void hook_of_another_operation();  // never defined: names the mistake at compile time

}  // namespace internal

struct Operation {
  std::string_view name;        // "PutRecord"
  std::string_view permission;  // the IAM action: "kinesis:PutRecord"
  Network network = Network::closed;
  std::string_view doc;  // one sentence

  TypeTag service_type = nullptr;
  TypeTag input_type = nullptr;
  TypeTag output_type = nullptr;
  Shape (*input)() = nullptr;
  Shape (*output)() = nullptr;

  // Fills an input from `source` and calls the handler with it.
  void (*run)(void* service, const Call& call, InputSource& source, RawDone done) = nullptr;
  // `input` is an Input, `done` a Done<Output>*, which is moved from.
  void (*run_typed)(void* service, const Call& call, const void* input, void* done) = nullptr;
  // The fault of an input that does not satisfy its shape.
  Outcome<void> (*explain)(const void* input) = nullptr;

  // The ARN that the call acts on, from an input that may be half filled; without it "*".
  std::string (*resource)(const Call& call, const void* input) = nullptr;
  // Reads a JSON body without a document between. False, and the input in any state, for everything
  // that is not plainly right: the generic reader then reads it again and finds the words.
  bool (*fast_read)(std::string_view body, void* input) = nullptr;
  void (*fast_write)(const void* output, std::string& out) = nullptr;

  template <auto Function>
  consteval Operation on() const {
    using Input = typename internal::ResourceOf<decltype(Function)>::Input;
    if (input_type != kTypeTag<Input>) internal::hook_of_another_operation();
    Operation row = *this;
    row.resource = [](const Call& call, const void* of) {
      return Function(call, *static_cast<const Input*>(of));
    };
    return row;
  }

  template <auto Read, auto Write>
  consteval Operation fast() const {
    using Input = typename internal::FastReadOf<decltype(Read)>::Input;
    using Output = typename internal::FastWriteOf<decltype(Write)>::Output;
    if (input_type != kTypeTag<Input>) internal::hook_of_another_operation();
    if (output_type != kTypeTag<Output>) internal::hook_of_another_operation();
    Operation row = *this;
    row.fast_read = [](std::string_view body, void* into) {
      return Read(body, *static_cast<Input*>(into));
    };
    row.fast_write = [](const void* of, std::string& out) {
      Write(*static_cast<const Output*>(of), out);
    };
    return row;
  }
};

template <auto Function>
consteval Operation operation(std::string_view name, std::string_view permission, Network network,
                              std::string_view doc) {
  using Of = internal::Handler<decltype(Function)>;
  using Service = typename Of::Service;
  using Input = typename Of::Input;
  using Output = typename Of::Output;
  static_assert(Shaped<Input> && Shaped<Output>);
  Operation row;
  row.name = name;
  row.permission = permission;
  row.network = network;
  row.doc = doc;
  row.service_type = kTypeTag<Service>;
  row.input_type = kTypeTag<Input>;
  row.output_type = kTypeTag<Output>;
  row.input = [] { return Input::shape(); };
  row.output = [] { return Output::shape(); };
  row.run = [](void* service, const Call& call, InputSource& source, RawDone done) {
    Input input{};
    if (Outcome<void> filled = source.fill(&input); !filled) {
      Fault fault = std::move(filled).error();
      return done(nullptr, &fault);
    }
    Function(*static_cast<Service*>(service), call, input,
             [done = std::move(done)](std::expected<Output, Fault> outcome) mutable {
               if (!outcome) return done(nullptr, &outcome.error());
               done(&*outcome, nullptr);
             });
  };
  row.run_typed = [](void* service, const Call& call, const void* input, void* done) {
    Function(*static_cast<Service*>(service), call, *static_cast<const Input*>(input),
             std::move(*static_cast<Done<Output>*>(done)));
  };
  row.explain = [](const void* input) { return aws::explain(*static_cast<const Input*>(input)); };
  return row;
}

enum class Protocol : std::uint8_t { json_1_1, query, rest_json, rest_xml };

struct ServiceTable {
  std::string_view name;  // in signatures, ARNs and for callers in process: "kinesis"
  Protocol protocol = Protocol::json_1_1;
  std::string_view target = {};         // json_1_1: what stands before the dot: "Kinesis_20131202"
  std::string_view version = {};        // query: "2010-05-08"
  std::string_view xml_namespace = {};  // query: "https://iam.amazonaws.com/doc/2010-05-08/"
  std::span<const Operation> operations = {};
};

}  // namespace hyd::aws
