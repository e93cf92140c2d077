// The services that stacks call, as one map of things: enough of each to say no where it would, to
// fail when told to, and to be compared before and after.
#pragma once

#include "stacks/client.h"

#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace hyd::stacks::testing {

class FakeServices final : public Client {
 public:
  aws::Outcome<codec::Json> call(std::string_view service, std::string_view operation,
                                 codec::Json input) override;
  void pause(std::chrono::milliseconds) override {}

  // "apigateway/API/method/RESOURCE/POST" to the text of what it is.
  using Things = std::map<std::string, std::string, std::less<>>;
  const Things& things() const { return things_; }
  // "CreateStream {...}", those that only look left out.
  const std::vector<std::string>& calls() const { return calls_; }
  // Operations alone.
  std::vector<std::string> operations() const;
  void forget_calls() { calls_.clear(); }
  // The nth changing call from now on (from 1) fails before it does anything, or (`after`) when it
  // has done it; 0: none.
  void fail_call(std::size_t nth, bool after = false) {
    fail_at_ = nth;
    fail_after_ = after;
  }

  // A process that ends takes this object with it: `note` is told of every change, and `replay` of
  // the same words does it again.
  std::function<void(std::string_view)> note;
  void replay(std::string_view words);

 private:
  using Handler = aws::Outcome<codec::Json> (FakeServices::*)(const codec::Json& input);
  static Handler find(std::string_view operation);

  aws::Outcome<codec::Json> create_rest_api(const codec::Json& input);
  aws::Outcome<codec::Json> update_rest_api(const codec::Json& input);
  aws::Outcome<codec::Json> delete_rest_api(const codec::Json& input);
  aws::Outcome<codec::Json> create_resource(const codec::Json& input);
  aws::Outcome<codec::Json> delete_resource(const codec::Json& input);
  aws::Outcome<codec::Json> put_method(const codec::Json& input);
  aws::Outcome<codec::Json> delete_method(const codec::Json& input);
  aws::Outcome<codec::Json> put_gateway_response(const codec::Json& input);
  aws::Outcome<codec::Json> delete_gateway_response(const codec::Json& input);
  aws::Outcome<codec::Json> create_deployment(const codec::Json& input);
  aws::Outcome<codec::Json> delete_deployment(const codec::Json& input);
  aws::Outcome<codec::Json> create_stage(const codec::Json& input);
  aws::Outcome<codec::Json> update_stage(const codec::Json& input);
  aws::Outcome<codec::Json> delete_stage(const codec::Json& input);
  aws::Outcome<codec::Json> create_stream(const codec::Json& input);
  aws::Outcome<codec::Json> describe_stream(const codec::Json& input);
  aws::Outcome<codec::Json> delete_stream(const codec::Json& input);
  aws::Outcome<codec::Json> create_delivery(const codec::Json& input);
  aws::Outcome<codec::Json> describe_delivery(const codec::Json& input);
  aws::Outcome<codec::Json> delete_delivery(const codec::Json& input);
  aws::Outcome<codec::Json> create_bucket(const codec::Json& input);
  aws::Outcome<codec::Json> head_bucket(const codec::Json& input);
  aws::Outcome<codec::Json> tag_bucket(const codec::Json& input);
  aws::Outcome<codec::Json> delete_bucket(const codec::Json& input);
  aws::Outcome<codec::Json> create_role(const codec::Json& input);
  aws::Outcome<codec::Json> get_role(const codec::Json& input);
  aws::Outcome<codec::Json> trust_role(const codec::Json& input);
  aws::Outcome<codec::Json> delete_role(const codec::Json& input);
  aws::Outcome<codec::Json> put_role_policy(const codec::Json& input);
  aws::Outcome<codec::Json> delete_role_policy(const codec::Json& input);
  aws::Outcome<codec::Json> attach_role_policy(const codec::Json& input);
  aws::Outcome<codec::Json> detach_role_policy(const codec::Json& input);

  bool has(std::string_view key) const { return things_.contains(key); }
  bool has_below(const std::string& prefix) const;
  void erase_below(const std::string& prefix);
  aws::Outcome<codec::Json> put(std::string key, const codec::Json& value);
  aws::Outcome<codec::Json> remove(const std::string& key, std::string_view missing);
  // Applies patchOperations to what is kept at `key`.
  aws::Outcome<codec::Json> patch(const std::string& key, const codec::Json& input);

  Things things_;
  std::vector<std::string> calls_;
  std::size_t fail_at_ = 0;
  bool fail_after_ = false;
};

}  // namespace hyd::stacks::testing
