#include "stacks/client.h"

#include "sys/wait_for.h"

#include <fmt/core.h>

#include <memory>
#include <utility>

namespace hyd::stacks {
namespace {

using Answer = aws::Outcome<codec::Json>;

// Answers exactly once, also when a stopped loop destroys its task without having run it.
class Promise {
 public:
  explicit Promise(base::Done<Answer> done) : done_(std::move(done)) {}
  Promise(Promise&& other) noexcept : done_(std::exchange(other.done_, nullptr)) {}
  Promise& operator=(Promise&&) = delete;
  ~Promise() {
    if (done_) tell(aws::service_unavailable("the loop of the stacks has stopped"));
  }
  void tell(Answer answer) { std::exchange(done_, nullptr)(std::move(answer)); }

 private:
  base::Done<Answer> done_;
};

}  // namespace

DispatcherClient::DispatcherClient(Parts parts)
    : parts_(std::move(parts)),
      principal_(std::make_shared<const aws::Principal>(aws::Principal{
          .account = parts_.account,
          .arn = fmt::format("arn:aws:iam::{}:root", parts_.account),
          .user_id = parts_.account,
          .type = aws::Principal::Type::service,
      })) {}

Answer DispatcherClient::call(std::string_view service, std::string_view operation,
                              codec::Json input) {
  const aws::Dispatcher::Target target = parts_.dispatcher.find(service, operation);
  if (!target) {
    aws::Fault fault = aws::unknown_operation();
    fault.message = fmt::format("{} has no operation {}", service, operation);
    return fault;
  }
  base::Result<Answer> answer = sys::wait_for<Answer>(parts_.runtime, [&](base::Done<Answer> done) {
    parts_.loop.post([this, target, input = std::move(input),
                      promise = Promise(std::move(done))]() mutable {
      const aws::Call call{.loop = parts_.loop,
                           .clock = parts_.runtime.clock(),
                           .principal = principal_,
                           .account = parts_.account,
                           .region = parts_.region};
      parts_.dispatcher.invoke(
          target, call, input,
          [promise = std::move(promise)](std::expected<codec::Json, aws::Fault> outcome) mutable {
            if (outcome) {
              promise.tell(*std::move(outcome));
            } else {
              promise.tell(std::move(outcome).error());
            }
          });
    });
  });
  if (!answer) return aws::fault_from(std::move(answer).error());
  return *std::move(answer);
}

void DispatcherClient::pause(std::chrono::milliseconds duration) {
  parts_.runtime.sleep_until(parts_.runtime.clock().mono() + duration);
}

}  // namespace hyd::stacks
