// Calls operations as documents and waits for their answers: how a stack acts on the world.
//
// An interface, since a stack's engine is tested against services that fail on purpose.
#pragma once

#include "aws/dispatcher.h"
#include "aws/fault.h"
#include "codec/json.h"
#include "sys/loop.h"
#include "sys/runtime.h"

#include <chrono>
#include <string>
#include <string_view>

namespace hyd::stacks {

class Client {
 public:
  virtual ~Client() = default;
  // The operation of that service ("kinesis", "CreateStream") with its SDK's member names. Blocks
  // until it has answered: never on a loop.
  virtual aws::Outcome<codec::Json> call(std::string_view service, std::string_view operation,
                                         codec::Json input) = 0;
  // Lets time pass between two looks at something that is being made. Blocks.
  virtual void pause(std::chrono::milliseconds duration) = 0;
};

// Over the dispatcher, as a principal of type `service`. The thread of the stacks calls; each call
// runs on `loop`, which may already have been told to stop: the answer is then 503.
class DispatcherClient final : public Client {
 public:
  struct Parts {
    sys::Runtime& runtime;
    const aws::Dispatcher& dispatcher;
    sys::Loop& loop;  // all three outlive it
    std::string account;
    std::string region;
  };
  explicit DispatcherClient(Parts parts);

  aws::Outcome<codec::Json> call(std::string_view service, std::string_view operation,
                                 codec::Json input) override;
  void pause(std::chrono::milliseconds duration) override;

 private:
  Parts parts_;
  aws::PrincipalPtr principal_;
};

}  // namespace hyd::stacks
