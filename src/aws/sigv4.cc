#include "aws/sigv4.h"

#include "codec/hex.h"
#include "codec/time_text.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <span>
#include <utility>

namespace hyd::aws {
namespace {

using Why = AuthFailure::Kind;
using Mode = BodyPromise::Mode;
using std::chrono::seconds;

constexpr std::string_view kAlgorithm = "AWS4-HMAC-SHA256";
constexpr std::string_view kTerminator = "aws4_request";
constexpr std::string_view kUnsigned = "UNSIGNED-PAYLOAD";
constexpr std::string_view kHashOfNothing =
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
// What unknown keys are checked against. No key has it: secrets are 40 characters.
constexpr std::string_view kNobodysSecret = "nobody's secret";

using Names = std::span<const std::string_view>;

void split_names(std::string_view list, std::vector<std::string_view>& names) {
  names.clear();
  while (true) {
    const std::size_t end = list.find(';');
    names.push_back(list.substr(0, end));
    if (end == std::string_view::npos) return;
    list.remove_prefix(end + 1);
  }
}

bool is_listed(Names names, std::string_view header_name) {
  return std::ranges::any_of(
      names, [&](std::string_view one) { return equal_ignoring_case(header_name, one); });
}

// What AWS demands of the list; an unsorted one would be signed in another order than written.
bool is_sorted_lower_case(Names names) {
  std::string_view before;
  for (const std::string_view one : names) {
    if (one <= before) return false;  // the empty name too
    before = one;
    for (const char c : one) {
      if (c != to_lower(c) || c <= ' ') return false;
    }
  }
  return true;
}

// Added by proxies and browsers behind the signer's back.
bool may_stay_unsigned(std::string_view name) {
  return equal_ignoring_case(name, "x-amz-cf-id") || equal_ignoring_case(name, "x-amz-user-agent");
}

// Signed headers that a proxy may have eaten and whose value is known all the same.
std::optional<std::string> stand_in(const SignedRequest& request, std::string_view name) {
  if (name == "content-length" && request.body_complete) {
    return fmt::format("{}", request.body.size());
  }
  if (name == "expect") return "100-continue";
  return std::nullopt;
}

// Every x-amz-* header means something: unsigned, anyone on the way could have added it.
std::optional<AuthFailure> check_signed_headers(const SignedRequest& request, Names names) {
  if (!is_sorted_lower_case(names)) {
    return AuthFailure{.kind = Why::bad_scope,
                       .text = "SignedHeaders must be in lower case, sorted, and without repeats."};
  }
  const auto text = [](std::string_view name) {
    return fmt::format("'{}' must be a 'SignedHeader' in the AWS Authorization.", name);
  };
  if (!is_listed(names, "host")) {
    return AuthFailure{.kind = Why::not_signed,
                       .text = text("Host"),
                       .s3_details = {{"HeadersNotSigned", "host"}}};
  }
  std::string missing;
  std::string first;
  for (const HeaderView& header : request.headers) {
    if (header.name.size() < 7 || !equal_ignoring_case(header.name.substr(0, 6), "x-amz-")) {
      continue;
    }
    if (is_listed(names, header.name) || may_stay_unsigned(header.name)) continue;
    if (first.empty()) first = header.name;
    if (!missing.empty()) missing += ", ";
    missing += header.name;
  }
  if (missing.empty()) return std::nullopt;
  return AuthFailure{
      .kind = Why::not_signed, .text = text(first), .s3_details = {{"HeadersNotSigned", missing}}};
}

std::optional<AuthFailure> check_scope(const SignatureClaim& claim, std::string_view service,
                                       std::string_view region) {
  const CredentialScope& scope = claim.scope;
  const auto wrong = [](std::string text, std::string s3_text, AuthFailure::Details details = {}) {
    return AuthFailure{.kind = Why::bad_scope,
                       .text = std::move(text),
                       .s3_text = "The authorization header is malformed; " + s3_text,
                       .s3_details = std::move(details)};
  };
  const std::string_view day = std::string_view(claim.timestamp).substr(0, 8);
  if (scope.terminator != kTerminator) {
    return wrong(fmt::format("Credential should be scoped with a valid terminator: '{}', not '{}'.",
                             kTerminator, scope.terminator),
                 fmt::format("incorrect terminal \"{}\". This endpoint uses \"{}\".",
                             scope.terminator, kTerminator));
  }
  if (scope.service != service) {
    return wrong(fmt::format("Credential should be scoped to correct service: '{}'. ", service),
                 fmt::format("incorrect service \"{}\". This endpoint belongs to \"{}\".",
                             scope.service, service));
  }
  if (scope.date != day) {
    return wrong(
        fmt::format("Date in Credential scope does not match YYYYMMDD from ISO-8601 version of "
                    "date from HTTP: '{}' != '{}', from '{}'.",
                    scope.date, day, claim.timestamp),
        fmt::format("Invalid credential date \"{}\". This date is not the same as X-Amz-Date: "
                    "\"{}\".",
                    scope.date, day));
  }
  if (scope.region.empty() || (!region.empty() && scope.region != region)) {
    return wrong("Credential should be scoped to a valid region. ",
                 fmt::format("the region '{}' is wrong; expecting '{}'", scope.region, region),
                 {{"Region", std::string(region)}});
  }
  return std::nullopt;
}

// S3's permitted values of x-amz-content-sha256.
std::optional<BodyPromise> read_content_hash(std::string_view text) {
  if (text == kUnsigned) return BodyPromise{.mode = Mode::unsigned_payload};
  if (text == "STREAMING-AWS4-HMAC-SHA256-PAYLOAD") return BodyPromise{Mode::signed_chunks};
  if (text == "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER") {
    return BodyPromise{Mode::signed_chunks_and_trailer};
  }
  if (text == "STREAMING-UNSIGNED-PAYLOAD-TRAILER") {
    return BodyPromise{Mode::unsigned_chunks_and_trailer};
  }
  BodyPromise promise{.mode = Mode::hash};
  if (!codec::hex_decode_to(text, promise.digest.bytes)) return std::nullopt;
  return promise;
}

codec::Sha256Digest hash_of_body(const SignedRequest& request) {
  return request.body_hash ? *request.body_hash : codec::sha256(request.body);
}

// The last line of the canonical request, and what it promises about the body.
struct Payload {
  std::string hash;
  BodyPromise promise;
};

std::expected<Payload, AuthFailure> s3_payload(const SignatureClaim& claim, bool allowed_unsigned) {
  if (!claim.content_hash) {
    if (claim.presigned) {
      return Payload{std::string(kUnsigned), {.mode = Mode::unsigned_payload}};
    }
    return std::unexpected(AuthFailure{.kind = Why::no_content_hash});
  }
  const auto promise = read_content_hash(*claim.content_hash);
  const bool refused =
      !promise || (promise->mode == Mode::unsigned_chunks_and_trailer && !allowed_unsigned);
  if (refused) {
    return std::unexpected(
        AuthFailure{.kind = Why::bad_content_hash,
                    .s3_details = {{"ArgumentName", "x-amz-content-sha256"},
                                   {"ArgumentValue", std::string(*claim.content_hash)}}});
  }
  return Payload{std::string(*claim.content_hash), *promise};
}

std::expected<Payload, AuthFailure> other_payload(const SignedRequest& request,
                                                  const SignatureClaim& claim) {
  if (claim.presigned && !claim.content_hash) return Payload{std::string(kHashOfNothing), {}};
  if (!claim.content_hash) return Payload{hash_of_body(request).hex(), {}};
  const std::string_view text = *claim.content_hash;
  if (text == kUnsigned && request.tls) {
    return Payload{std::string(text), {.mode = Mode::unsigned_payload}};
  }
  BodyPromise promise{.mode = Mode::hash};
  if (!codec::hex_decode_to(text, promise.digest.bytes)) {
    return std::unexpected(AuthFailure{
        .kind = Why::bad_content_hash,
        .text = "The value of the 'x-amz-content-sha256' header is not a SHA-256 hash."});
  }
  return Payload{std::string(text), promise};
}

std::string bytes_in_hex(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (!out.empty()) out += ' ';
    codec::append_hex(std::string_view(&c, 1), out);
  }
  return out;
}

}  // namespace

Authenticator::Authenticator(const KeyStore& keys, const base::Clock& clock, AuthOptions options)
    : keys_(keys),
      clock_(clock),
      options_(std::move(options)),
      signing_keys_(options_.signing_keys_max) {}

std::expected<Authenticated, AuthFailure> Authenticator::authenticate(const SignedRequest& request,
                                                                      std::string_view service) {
  const bool s3 = service == "s3";
  auto claim = read_claim(request, s3);
  if (!claim) return std::unexpected(std::move(claim).error());
  if (auto failure = check_scope(*claim, service, options_.region)) {
    return std::unexpected(std::move(*failure));
  }
  split_names(claim->signed_headers, names_);
  if (auto failure = check_signed_headers(request, names_)) {
    return std::unexpected(std::move(*failure));
  }
  auto payload = s3 ? s3_payload(*claim, request.tls || options_.unsigned_trailer_without_tls)
                    : other_payload(request, *claim);
  if (!payload) return std::unexpected(std::move(payload).error());

  const AccessKey* key = keys_.find(claim->scope.key_id);
  if (key != nullptr && !key->active) key = nullptr;
  const codec::HmacKey& signing_key =
      signing_keys_.get({.credential = claim->credential,
                         .scope = claim->scope,
                         .secret = key != nullptr ? std::string_view(key->secret) : kNobodysSecret,
                         .generation = key != nullptr ? key->generation : 0});
  auto differs = check_signature(request, *claim, payload->hash, signing_key);
  if (key == nullptr) {
    return std::unexpected(
        AuthFailure{.kind = Why::unknown_key,
                    .s3_details = {{"AWSAccessKeyId", std::string(claim->scope.key_id)}}});
  }
  if (auto failure = check_time(*claim, s3)) return std::unexpected(std::move(*failure));
  if (differs) return std::unexpected(std::move(*differs));
  // No key of a store has a session token so far, so whatever is sent belongs to another.
  if (claim->token) return std::unexpected(AuthFailure{.kind = Why::token_invalid});

  Authenticated proven{.principal = key->principal,
                       .region = std::string(claim->scope.region),
                       .body = payload->promise,
                       .presigned = claim->presigned,
                       .signed_headers = std::string(claim->signed_headers),
                       .chunks = {}};
  if (proven.body.mode == Mode::hash && request.body_complete) {
    if (auto failure = check_body(proven.body, hash_of_body(request))) {
      return std::unexpected(std::move(*failure));
    }
    proven.body.mode = Mode::checked;
  }
  if (proven.body.mode == Mode::signed_chunks ||
      proven.body.mode == Mode::signed_chunks_and_trailer) {
    proven.chunks.emplace(
        signing_key, ChunkSeed{.timestamp = claim->timestamp,
                               .scope = claim->credential.substr(claim->scope.key_id.size() + 1),
                               .signature = claim->signature});
  }
  return proven;
}

std::optional<AuthFailure> Authenticator::check_time(const SignatureClaim& claim, bool s3) const {
  const base::WallTime now = std::chrono::floor<seconds>(clock_.wall());
  const seconds window = s3 ? options_.skew_s3 : options_.skew;
  if (claim.expires) {  // a presigned URL lives from its date, less the window, for so long
    const base::WallTime end = claim.time + *claim.expires;
    if (*claim.expires <= seconds(0) || now > end) {
      return AuthFailure{
          .kind = Why::url_expired,
          .text = fmt::format("Signature expired: {} is now earlier than {}", codec::iso_basic(end),
                              codec::iso_basic(now)),
          .s3_details = {{"X-Amz-Expires", fmt::format("{}", claim.expires->count())},
                         {"Expires", codec::iso_seconds(end)},
                         {"ServerTime", codec::iso_seconds(now)}}};
    }
    if (claim.time <= now + window) return std::nullopt;
  } else if (claim.time >= now - window && claim.time <= now + window) {
    return std::nullopt;
  }
  const bool old = claim.time < now;
  const auto minutes = std::chrono::duration_cast<std::chrono::minutes>(window).count();
  std::string text =
      old ? fmt::format("Signature expired: {} is now earlier than {} ({} - {} min.)",
                        claim.timestamp, codec::iso_basic(now - window), codec::iso_basic(now),
                        minutes)
          : fmt::format("Signature not yet current: {} is still later than {} ({} + {} min.)",
                        claim.timestamp, codec::iso_basic(now + window), codec::iso_basic(now),
                        minutes);
  const auto milliseconds = std::chrono::duration_cast<std::chrono::milliseconds>(window).count();
  return AuthFailure{
      .kind = Why::clock,
      .text = std::move(text),
      .s3_details = {{"RequestTime", std::string(claim.date_text)},
                     {"ServerTime", codec::iso_seconds(now)},
                     {"MaxAllowedSkewMilliseconds", fmt::format("{}", milliseconds)}}};
}

std::string_view Authenticator::build_texts(const SignedRequest& request,
                                            const SignatureClaim& claim, Attempt attempt,
                                            std::string_view payload_hash) {
  std::string_view absent;
  canonical_.clear();
  canonical_ += request.method;
  canonical_ += '\n';
  append_canonical_path(request.path, attempt.path, canonical_);
  canonical_ += '\n';
  append_canonical_query(
      request.query, {.plus_is_space = attempt.plus_is_space, .drop_signature = claim.presigned},
      canonical_);
  canonical_ += '\n';
  for (const std::string_view name : names_) {
    canonical_ += name;
    canonical_ += ':';
    if (name == "host" && !request.forwarded_host.empty()) {
      append_canonical_value(request.forwarded_host, canonical_);
    } else if (!append_canonical_header(request.headers, name, canonical_)) {
      const std::optional<std::string> value = stand_in(request, name);
      if (!value) absent = name;
      canonical_ += value.value_or("");
    }
    canonical_ += '\n';
  }
  canonical_ += '\n';
  canonical_ += claim.signed_headers;
  canonical_ += '\n';
  canonical_ += payload_hash;

  std::array<char, 64> digits{};
  codec::hex_to(codec::sha256(canonical_).view(), digits);
  to_sign_.assign(kAlgorithm);
  to_sign_ += '\n';
  to_sign_ += claim.timestamp;
  to_sign_ += '\n';
  to_sign_ += claim.credential.substr(claim.scope.key_id.size() + 1);
  to_sign_ += '\n';
  to_sign_.append(digits.data(), digits.size());
  return absent;
}

std::optional<AuthFailure> Authenticator::check_signature(const SignedRequest& request,
                                                          const SignatureClaim& claim,
                                                          std::string_view payload_hash,
                                                          const codec::HmacKey& key) {
  const bool s3 = claim.scope.service == "s3";
  const PathRule rule = s3 ? PathRule::once : PathRule::twice;
  // The rule as documented, then what real clients are known to sign instead.
  std::array<Attempt, 4> attempts = {
      {{rule, false}, {rule, true}, {PathRule::raw, false}, {PathRule::raw, true}}};
  std::optional<AuthFailure> failure;
  for (const Attempt attempt : attempts) {
    if (attempt.path == PathRule::raw && !s3) continue;
    if (attempt.plus_is_space && !request.query.contains('+')) continue;
    const std::string_view absent = build_texts(request, claim, attempt, payload_hash);
    if (!absent.empty()) {
      return AuthFailure{
          .kind = Why::header_absent,
          .text = fmt::format("The signed header '{}' is missing from the request.", absent)};
    }
    std::array<char, 64> digits{};
    codec::hex_to(key.sign(to_sign_).view(), digits);
    if (codec::equal_in_constant_time(std::string_view(digits.data(), digits.size()),
                                      claim.signature)) {
      return std::nullopt;
    }
    if (failure) continue;
    failure = AuthFailure{.kind = Why::signature_differs,
                          .s3_details = {{"AWSAccessKeyId", std::string(claim.scope.key_id)},
                                         {"StringToSign", to_sign_},
                                         {"SignatureProvided", std::string(claim.signature)},
                                         {"StringToSignBytes", bytes_in_hex(to_sign_)},
                                         {"CanonicalRequest", canonical_},
                                         {"CanonicalRequestBytes", bytes_in_hex(canonical_)}},
                          .canonical_request = canonical_,
                          .string_to_sign = to_sign_};
  }
  return failure;
}

std::optional<AuthFailure> check_body(const BodyPromise& promise,
                                      const codec::Sha256Digest& body_hash) {
  if (promise.mode != Mode::hash ||
      codec::equal_in_constant_time(promise.digest.view(), body_hash.view())) {
    return std::nullopt;
  }
  return AuthFailure{.kind = Why::body_differs,
                     .s3_details = {{"ClientComputedContentSHA256", promise.digest.hex()},
                                    {"S3ComputedContentSHA256", body_hash.hex()}}};
}

}  // namespace hyd::aws
