#include "stacks/testing/fake_services.h"

#include <algorithm>
#include <string>
#include <utility>

namespace hyd::stacks::testing {

using aws::Fault;
using aws::Outcome;
using codec::Json;

namespace {

Json nothing() { return Json(Json::Object()); }

Fault fault(std::string_view name, std::string message = "on purpose") {
  return {.name = std::string(name), .message = std::move(message)};
}

std::string in(const Json& input, std::string_view name) {
  const Json* const found = input.find(name);
  return found != nullptr && found->if_string() != nullptr ? *found->if_string() : std::string();
}

std::string api(const Json& input) { return "apigateway/" + in(input, "restApiId"); }
std::string resource(const Json& input) {
  return api(input) + "/resource/" + in(input, "resourceId");
}
std::string method(const Json& input) {
  return api(input) + "/method/" + in(input, "resourceId") + "/" + in(input, "httpMethod");
}
std::string deployment(const Json& input, std::string_view id) {
  return api(input) + "/deployment/" + in(input, id);
}
std::string stage(const Json& input) { return api(input) + "/stage/" + in(input, "stageName"); }
std::string response(const Json& input) {
  return api(input) + "/response/" + in(input, "responseType");
}
std::string stream(const Json& input) { return "stream/" + in(input, "StreamName"); }
std::string delivery(const Json& input) { return "delivery/" + in(input, "DeliveryStreamName"); }
std::string bucket(const Json& input) { return "bucket/" + in(input, "Bucket"); }
std::string role(const Json& input) { return "role/" + in(input, "RoleName"); }
std::string inline_policy(const Json& input) {
  return role(input) + "/inline/" + in(input, "PolicyName");
}
std::string attachment(const Json& input) {
  return role(input) + "/attached/" + in(input, "PolicyArn");
}

// What patches can change, flat: "variables/x", "binaryMediaTypes/image~1png".
using Members = std::map<std::string, std::string>;

std::string scalar(const Json& value) {
  return value.if_string() != nullptr ? *value.if_string() : codec::to_text(value);
}

Members members_of(const Json& document) {
  Members members;
  for (const auto& [name, value] : *document.if_object()) {
    if (value.if_object() == nullptr && value.if_array() == nullptr) {
      members[name] = scalar(value);
      continue;
    }
    const auto key = [&head = name](std::string_view step) {
      std::string out = head;
      out += '/';
      for (const char c : step) out += c == '/' ? std::string("~1") : std::string(1, c);
      return out;
    };
    if (value.if_object() != nullptr) {
      for (const auto& [below, text] : *value.if_object()) members[key(below)] = scalar(text);
    } else {
      for (const Json& item : *value.if_array()) members[key(scalar(item))] = "";
    }
  }
  return members;
}

// An empty text is none.
Json document_of(const Members& members) {
  Json out{Json::Object()};
  for (const auto& [name, value] : members) {
    if (!value.empty() || name.contains('/')) out.set(name, value);
  }
  return out;
}

Json flat(const Json& document) { return document_of(members_of(document)); }

// "name" of "arn:…/name" or "arn:…:::name".
std::string last_of(const std::string& arn) { return arn.substr(arn.find_last_of(":/") + 1); }

}  // namespace

Outcome<Json> FakeServices::call(std::string_view, std::string_view operation, Json input) {
  const Handler handler = find(operation);
  if (handler == nullptr) return fault("UnknownOperationException", std::string(operation));
  const bool looks = operation.starts_with("Describe") || operation.starts_with("Get") ||
                     operation.starts_with("Head");
  if (looks) return (this->*handler)(input);

  const std::string words = std::string(operation) + " " + codec::to_text(input);
  calls_.push_back(words);
  const bool fails = fail_at_ == 1;
  if (fail_at_ != 0) --fail_at_;
  if (fails && !fail_after_) return fault("InternalFailure");
  Outcome<Json> outcome = (this->*handler)(input);
  if (outcome && note) note(words);
  if (fails) return fault("InternalFailure", "done, but nobody is told");
  return outcome;
}

void FakeServices::replay(std::string_view words) {
  const std::size_t space = words.find(' ');
  const auto input = codec::parse_json(words.substr(space + 1));
  if (input) static_cast<void>((this->*find(words.substr(0, space)))(*input));
}

std::vector<std::string> FakeServices::operations() const {
  std::vector<std::string> out;
  out.reserve(calls_.size());
  for (const std::string& one : calls_) out.push_back(one.substr(0, one.find(' ')));
  return out;
}

FakeServices::Handler FakeServices::find(std::string_view operation) {
  struct Row {
    std::string_view name;
    Handler handler;
  };
  using Self = FakeServices;
  static constexpr Row kRows[] = {
      {"CreateRestApi", &Self::create_rest_api},
      {"UpdateRestApi", &Self::update_rest_api},
      {"DeleteRestApi", &Self::delete_rest_api},
      {"CreateResource", &Self::create_resource},
      {"DeleteResource", &Self::delete_resource},
      {"PutMethod", &Self::put_method},
      {"DeleteMethod", &Self::delete_method},
      {"PutGatewayResponse", &Self::put_gateway_response},
      {"DeleteGatewayResponse", &Self::delete_gateway_response},
      {"CreateDeployment", &Self::create_deployment},
      {"DeleteDeployment", &Self::delete_deployment},
      {"CreateStage", &Self::create_stage},
      {"UpdateStage", &Self::update_stage},
      {"DeleteStage", &Self::delete_stage},
      {"CreateStream", &Self::create_stream},
      {"DescribeStreamSummary", &Self::describe_stream},
      {"DeleteStream", &Self::delete_stream},
      {"CreateDeliveryStream", &Self::create_delivery},
      {"DescribeDeliveryStream", &Self::describe_delivery},
      {"DeleteDeliveryStream", &Self::delete_delivery},
      {"CreateBucket", &Self::create_bucket},
      {"HeadBucket", &Self::head_bucket},
      {"PutBucketTagging", &Self::tag_bucket},
      {"DeleteBucket", &Self::delete_bucket},
      {"CreateRole", &Self::create_role},
      {"GetRole", &Self::get_role},
      {"UpdateAssumeRolePolicy", &Self::trust_role},
      {"DeleteRole", &Self::delete_role},
      {"PutRolePolicy", &Self::put_role_policy},
      {"DeleteRolePolicy", &Self::delete_role_policy},
      {"AttachRolePolicy", &Self::attach_role_policy},
      {"DetachRolePolicy", &Self::detach_role_policy},
  };
  const auto* const found = std::ranges::find(kRows, operation, &Row::name);
  return found == std::end(kRows) ? nullptr : found->handler;
}

bool FakeServices::has_below(const std::string& prefix) const {
  const auto at = things_.lower_bound(prefix);
  return at != things_.end() && at->first.starts_with(prefix);
}

void FakeServices::erase_below(const std::string& prefix) {
  std::erase_if(things_, [&](const auto& thing) { return thing.first.starts_with(prefix); });
}

Outcome<Json> FakeServices::put(std::string key, const Json& value) {
  things_.insert_or_assign(std::move(key), codec::to_text(value));
  return nothing();
}

Outcome<Json> FakeServices::remove(const std::string& key, std::string_view missing) {
  if (things_.erase(key) == 0) return fault(missing, key);
  return nothing();
}

Outcome<Json> FakeServices::patch(const std::string& key, const Json& input) {
  if (!has(key)) return fault("NotFoundException", key);
  Members members = members_of(*codec::parse_json(things_[key]));
  for (const Json& one : *input.find("patchOperations")->if_array()) {
    const std::string name = in(one, "path").substr(1);
    members.erase(name);
    if (in(one, "op") != "remove") members[name] = in(one, "value");
  }
  return put(key, document_of(members));
}

Outcome<Json> FakeServices::create_rest_api(const Json& input) {
  const std::string key = "apigateway/" + in(input, "id");
  if (has(key) && things_[key] != codec::to_text(flat(input))) {
    return fault("ConflictException");
  }
  static_cast<void>(put(key + "/resource/" + in(input, "rootResourceId"), nothing()));
  return put(key, flat(input));
}
Outcome<Json> FakeServices::update_rest_api(const Json& input) { return patch(api(input), input); }
Outcome<Json> FakeServices::delete_rest_api(const Json& input) {
  if (!has(api(input))) return fault("NotFoundException");
  erase_below(api(input));
  return nothing();
}

Outcome<Json> FakeServices::create_resource(const Json& input) {
  if (!has(api(input) + "/resource/" + in(input, "parentId"))) return fault("NotFoundException");
  const std::string key = api(input) + "/resource/" + in(input, "id");
  for (const auto& [other, text] : things_) {
    const auto there = codec::parse_json(text);
    if (other == key || !other.starts_with(api(input) + "/resource/")) continue;
    if (in(*there, "parentId") == in(input, "parentId") &&
        in(*there, "pathPart") == in(input, "pathPart")) {
      return fault("ConflictException");
    }
  }
  return put(key, input);
}
Outcome<Json> FakeServices::delete_resource(const Json& input) {
  erase_below(api(input) + "/method/" + in(input, "resourceId") + "/");
  return remove(resource(input), "NotFoundException");
}

Outcome<Json> FakeServices::put_method(const Json& input) {
  if (!has(resource(input))) return fault("NotFoundException", resource(input));
  if (has(method(input)) && !*input.find("overwrite")->if_boolean()) {
    return fault("ConflictException", method(input));
  }
  Json kept = input;
  kept.set("overwrite", Json());
  std::erase_if(*kept.if_object(), [](const auto& member) { return member.first == "overwrite"; });
  return put(method(input), kept);
}
Outcome<Json> FakeServices::delete_method(const Json& input) {
  return remove(method(input), "NotFoundException");
}
Outcome<Json> FakeServices::put_gateway_response(const Json& input) {
  return put(response(input), input);
}
Outcome<Json> FakeServices::delete_gateway_response(const Json& input) {
  return remove(response(input), "NotFoundException");
}

// Keeps what it froze: all methods and responses with their texts.
Outcome<Json> FakeServices::create_deployment(const Json& input) {
  if (has(deployment(input, "id"))) return nothing();
  if (!has_below(api(input) + "/method/")) return fault("BadRequestException", "no methods");
  Json frozen{Json::Object()};
  for (const auto& [key, text] : things_) {
    if (!key.starts_with(api(input) + "/") || key.contains("/deployment/")) continue;
    if (!key.contains("/stage/")) frozen.set(key, text);
  }
  return put(deployment(input, "id"), frozen);
}
Outcome<Json> FakeServices::delete_deployment(const Json& input) {
  for (const auto& [key, text] : things_) {
    if (key.starts_with(api(input) + "/stage/") && text.contains(in(input, "deploymentId"))) {
      return fault("BadRequestException", "in use");
    }
  }
  return remove(deployment(input, "deploymentId"), "NotFoundException");
}

Outcome<Json> FakeServices::create_stage(const Json& input) {
  if (!has(deployment(input, "deploymentId"))) return fault("BadRequestException", "no deployment");
  const bool other = has(stage(input)) && things_[stage(input)] != codec::to_text(flat(input));
  if (other) return fault("ConflictException");
  return put(stage(input), flat(input));
}
Outcome<Json> FakeServices::update_stage(const Json& input) {
  for (const Json& one : *input.find("patchOperations")->if_array()) {
    if (in(one, "path") != "/deploymentId") continue;
    if (!has(api(input) + "/deployment/" + in(one, "value"))) {
      return fault("BadRequestException", "no deployment");
    }
  }
  return patch(stage(input), input);
}
Outcome<Json> FakeServices::delete_stage(const Json& input) {
  return remove(stage(input), "NotFoundException");
}

Outcome<Json> FakeServices::create_stream(const Json& input) {
  if (has(stream(input))) return fault("ResourceInUseException");
  return put(stream(input), input);
}
Outcome<Json> FakeServices::describe_stream(const Json& input) {
  if (!has(stream(input))) return fault("ResourceNotFoundException");
  Json summary;
  summary.set("StreamStatus", "ACTIVE");
  Json out;
  out.set("StreamDescriptionSummary", std::move(summary));
  return out;
}
Outcome<Json> FakeServices::delete_stream(const Json& input) {
  return remove(stream(input), "ResourceNotFoundException");
}

Outcome<Json> FakeServices::create_delivery(const Json& input) {
  if (has(delivery(input))) return fault("ResourceInUseException");
  const std::string source =
      in(*input.find("KinesisStreamSourceConfiguration"), "KinesisStreamARN");
  const std::string target = in(*input.find("ExtendedS3DestinationConfiguration"), "BucketARN");
  if (!has("stream/" + last_of(source)) || !has("bucket/" + last_of(target))) {
    return fault("InvalidArgumentException", source + " " + target);
  }
  return put(delivery(input), input);
}
Outcome<Json> FakeServices::describe_delivery(const Json& input) {
  if (!has(delivery(input))) return fault("ResourceNotFoundException");
  Json description;
  description.set("DeliveryStreamStatus", "ACTIVE");
  Json out;
  out.set("DeliveryStreamDescription", std::move(description));
  return out;
}
Outcome<Json> FakeServices::delete_delivery(const Json& input) {
  return remove(delivery(input), "ResourceNotFoundException");
}

Outcome<Json> FakeServices::create_bucket(const Json& input) {
  if (has(bucket(input))) return nothing();
  return put(bucket(input), input);
}
Outcome<Json> FakeServices::head_bucket(const Json& input) {
  if (!has(bucket(input))) return fault("NoSuchBucket");
  return nothing();
}
Outcome<Json> FakeServices::tag_bucket(const Json& input) { return put(bucket(input), input); }
Outcome<Json> FakeServices::delete_bucket(const Json& input) {
  return remove(bucket(input), "NoSuchBucket");
}

Outcome<Json> FakeServices::create_role(const Json& input) {
  if (has(role(input))) return fault("EntityAlreadyExists");
  return put(role(input), input);
}
Outcome<Json> FakeServices::get_role(const Json& input) {
  if (!has(role(input))) return fault("NoSuchEntity");
  return nothing();
}
Outcome<Json> FakeServices::trust_role(const Json& input) {
  if (!has(role(input))) return fault("NoSuchEntity");
  auto kept = codec::parse_json(things_[role(input)]);
  for (auto& [name, value] : *kept->if_object()) {
    if (name == "AssumeRolePolicyDocument") value = *input.find("PolicyDocument");
  }
  return put(role(input), *kept);
}
Outcome<Json> FakeServices::delete_role(const Json& input) {
  if (has_below(role(input) + "/")) return fault("DeleteConflict");
  return remove(role(input), "NoSuchEntity");
}
Outcome<Json> FakeServices::put_role_policy(const Json& input) {
  if (!has(role(input))) return fault("NoSuchEntity");
  return put(inline_policy(input), input);
}
Outcome<Json> FakeServices::delete_role_policy(const Json& input) {
  return remove(inline_policy(input), "NoSuchEntity");
}
Outcome<Json> FakeServices::attach_role_policy(const Json& input) {
  if (!has(role(input))) return fault("NoSuchEntity");
  return put(attachment(input), input);
}
Outcome<Json> FakeServices::detach_role_policy(const Json& input) {
  return remove(attachment(input), "NoSuchEntity");
}

}  // namespace hyd::stacks::testing
