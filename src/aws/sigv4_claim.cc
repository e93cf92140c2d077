#include "aws/sigv4_claim.h"

#include "base/parse_int.h"
#include "codec/percent.h"
#include "codec/time_text.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <utility>

namespace hyd::aws {
namespace {

using Why = AuthFailure::Kind;
using Claim = std::expected<SignatureClaim, AuthFailure>;

constexpr std::string_view kAlgorithm = "AWS4-HMAC-SHA256";
constexpr std::string_view kAsymmetric = "AWS4-ECDSA-P256-SHA256";
constexpr std::chrono::seconds kWeek = std::chrono::days(7);

std::unexpected<AuthFailure> refuse(AuthFailure failure) {
  return std::unexpected(std::move(failure));
}

// The parameters of a query, decoded. Names are compared case-sensitively, as AWS does.
class QueryParameters {
 public:
  explicit QueryParameters(std::string_view query) {
    while (!query.empty()) {
      const std::size_t end = query.find('&');
      const std::string_view pair = query.substr(0, end);
      query.remove_prefix(end == std::string_view::npos ? query.size() : end + 1);
      const std::size_t equals = pair.find('=');
      pairs_.emplace_back(codec::percent_decode_loose(pair.substr(0, equals)),
                          equals == std::string_view::npos
                              ? std::string()
                              : codec::percent_decode_loose(pair.substr(equals + 1)));
    }
  }
  std::size_t count(std::string_view name) const {
    return static_cast<std::size_t>(
        std::ranges::count_if(pairs_, [&](const auto& pair) { return pair.first == name; }));
  }
  bool has(std::string_view name) const { return count(name) != 0; }
  const std::string* find(std::string_view name) const {
    for (const auto& [key, value] : pairs_) {
      if (key == name) return &value;
    }
    return nullptr;
  }

 private:
  std::vector<std::pair<std::string, std::string>> pairs_;
};

bool has_sigv4(const QueryParameters& query) {
  return query.has("X-Amz-Algorithm") || query.has("X-Amz-Signature") ||
         query.has("X-Amz-Credential");
}
bool has_sigv2(const QueryParameters& query) {
  return query.has("AWSAccessKeyId") && query.has("Signature");
}

// Calls `use` with what stands between the separators, empty pieces too.
template <class Use>
void split(std::string_view text, char separator, Use use) {
  while (true) {
    const std::size_t end = text.find(separator);
    use(text.substr(0, end));
    if (end == std::string_view::npos) return;
    text.remove_prefix(end + 1);
  }
}

// "Credential=…, SignedHeaders=…, Signature=…": separated by commas, blanks or both.
struct HeaderParts {
  std::string_view credential;
  std::string_view signed_headers;
  std::string_view signature;
  bool repeated = false;
};

void read_part(std::string_view one, HeaderParts& parts) {
  const std::size_t equals = one.find('=');
  if (equals == std::string_view::npos) return;
  const std::string_view name = one.substr(0, equals);
  std::string_view* const into = name == "Credential"      ? &parts.credential
                                 : name == "SignedHeaders" ? &parts.signed_headers
                                 : name == "Signature"     ? &parts.signature
                                                           : nullptr;
  if (into == nullptr) return;
  if (!into->empty()) parts.repeated = true;
  *into = one.substr(equals + 1);
}

HeaderParts cut_header(std::string_view parameters) {
  HeaderParts parts;
  split(parameters, ',', [&](std::string_view piece) {
    split(piece, ' ', [&](std::string_view word) {
      split(word, '\t', [&](std::string_view one) { read_part(one, parts); });
    });
  });
  return parts;
}

// AWS names every missing piece, in this order.
std::string missing_text(const HeaderParts& parts, bool date, std::string_view header) {
  std::string text;
  const auto piece = [&](std::string_view name) {
    text += fmt::format("Authorization header requires '{}' parameter. ", name);
  };
  if (parts.credential.empty()) piece("Credential");
  if (parts.signature.empty()) piece("Signature");
  if (parts.signed_headers.empty()) piece("SignedHeaders");
  if (!date) {
    text += "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. ";
  }
  text += fmt::format("Authorization={}", header);
  return text;
}

std::optional<std::string_view> date_header(std::span<const HeaderView> headers) {
  const auto amz = find_header(headers, "x-amz-date");
  return amz ? amz : find_header(headers, "date");
}

AuthFailure bad_date(std::string_view text) {
  return {.kind = Why::no_date,
          .text = fmt::format("Date must be in ISO-8601 'basic format'. Got '{}'. See "
                              "http://en.wikipedia.org/wiki/ISO_8601",
                              text)};
}

AuthFailure bad_credential(std::string_view credential, bool presigned) {
  constexpr std::string_view kExpected =
      "expecting \"<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request\".";
  return {.kind = presigned ? Why::presign_parameters : Why::incomplete,
          .text = fmt::format("Credential must have exactly 5 slash-delimited elements, e.g. "
                              "keyid/date/region/service/term, got '{}'",
                              credential),
          .s3_text = presigned
                         ? fmt::format("Error parsing the X-Amz-Credential parameter; the "
                                       "Credential is mal-formed; {}",
                                       kExpected)
                         : fmt::format("The authorization header is malformed; the Credential is "
                                       "mal-formed; {}",
                                       kExpected)};
}

// Headers that do not carry our algorithm.
AuthFailure other_scheme(std::string_view header, std::string_view scheme, bool date) {
  AuthFailure failure{.kind = Why::unknown_scheme,
                      .text = missing_text(cut_header(header.substr(scheme.size())), date, header)};
  if (scheme == "AWS") {
    failure.kind = Why::sigv2_header;
  } else if (scheme == kAsymmetric) {
    failure.kind = Why::sigv4a;
    failure.s3_details = {{"Header", "Authorization"}};
  } else {
    failure.s3_details = {{"ArgumentName", "Authorization"},
                          {"ArgumentValue", std::string(header)}};
  }
  return failure;
}

Claim read_header(const SignedRequest& request, std::string_view header) {
  const std::string_view scheme = header.substr(0, header.find_first_of(" \t"));
  const std::optional<std::string_view> date = date_header(request.headers);
  if (scheme != kAlgorithm) return refuse(other_scheme(header, scheme, date.has_value()));
  const HeaderParts parts = cut_header(header.substr(scheme.size()));
  if (parts.credential.empty() || parts.signature.empty() || parts.signed_headers.empty() ||
      parts.repeated) {
    return refuse({.kind = Why::incomplete, .text = missing_text(parts, date.has_value(), header)});
  }
  if (!date) {
    return refuse({.kind = Why::no_date, .text = missing_text(parts, false, header)});
  }
  SignatureClaim claim;
  claim.credential = parts.credential;
  claim.signed_headers = parts.signed_headers;
  claim.signature = parts.signature;
  claim.date_text = *date;
  claim.content_hash = find_header(request.headers, "x-amz-content-sha256");
  claim.token = find_header(request.headers, "x-amz-security-token");
  if (const auto basic = codec::parse_iso_basic(*date)) {
    claim.time = *basic;
    claim.timestamp = *date;
  } else if (const auto http = codec::parse_http_date(*date)) {
    claim.time = *http;
    claim.timestamp = claim.decoded.emplace_back(codec::iso_basic(*http));
  } else {
    return refuse(bad_date(*date));
  }
  const auto scope = CredentialScope::parse(parts.credential);
  if (!scope) return refuse(bad_credential(parts.credential, false));
  claim.scope = *scope;
  return claim;
}

constexpr std::array<std::string_view, 6> kPresignParameters = {
    "X-Amz-Algorithm",     "X-Amz-Credential", "X-Amz-Signature",
    "X-Amz-SignedHeaders", "X-Amz-Date",       "X-Amz-Expires"};

std::optional<AuthFailure> check_presign_parameters(const QueryParameters& query, bool s3) {
  std::string missing;
  for (const std::string_view name : kPresignParameters) {
    if (query.count(name) > 1) {
      return AuthFailure{
          .kind = Why::several_forms,
          .text = fmt::format("The query-string parameter '{}' is given twice.", name)};
    }
    if (name == "X-Amz-Expires" && !s3) continue;
    const std::string* const value = query.find(name);
    if (value == nullptr || value->empty()) {
      missing += fmt::format("AWS query-string parameters must include '{}'. ", name);
    }
  }
  if (!missing.empty()) {
    return AuthFailure{.kind = Why::presign_parameters,
                       .text = missing + "Re-examine the query-string parameters."};
  }
  const std::string& algorithm = *query.find("X-Amz-Algorithm");
  if (algorithm == kAlgorithm) return std::nullopt;
  if (algorithm == kAsymmetric) {
    return AuthFailure{.kind = Why::sigv4a,
                       .text =
                           "AWS query-string parameters must include 'X-Amz-Algorithm'. "
                           "Re-examine the query-string parameters.",
                       .s3_details = {{"Header", "X-Amz-Algorithm"}}};
  }
  return AuthFailure{.kind = Why::presign_parameters,
                     .text = fmt::format("Unsupported AWS 'algorithm': '{}'.", algorithm),
                     .s3_text =
                         "X-Amz-Algorithm only supports \"AWS4-HMAC-SHA256 and "
                         "AWS4-ECDSA-P256-SHA256\""};
}

std::expected<std::chrono::seconds, AuthFailure> read_expires(std::string_view text) {
  const auto wrong = [](std::string_view why) {
    return refuse(
        {.kind = Why::presign_parameters, .text = std::string(why), .s3_text = std::string(why)});
  };
  const auto seconds = base::parse_int<std::int64_t>(text);
  if (!seconds) return wrong("X-Amz-Expires should be a number");
  if (*seconds < 0) return wrong("X-Amz-Expires must be non-negative");
  if (std::chrono::seconds(*seconds) > kWeek) {
    return wrong(
        "X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires "
        "must be less than 604800 seconds");
  }
  return std::chrono::seconds(*seconds);
}

Claim read_presigned(const QueryParameters& query, bool s3) {
  if (auto wrong = check_presign_parameters(query, s3)) return refuse(std::move(*wrong));
  SignatureClaim claim;
  claim.presigned = true;
  claim.decoded.reserve(8);  // never grows: the views point into its strings
  const auto keep = [&](std::string_view name) -> std::string_view {
    return claim.decoded.emplace_back(*query.find(name));
  };
  claim.credential = keep("X-Amz-Credential");
  claim.signed_headers = keep("X-Amz-SignedHeaders");
  claim.signature = keep("X-Amz-Signature");
  claim.date_text = keep("X-Amz-Date");
  if (query.has("X-Amz-Content-Sha256")) claim.content_hash = keep("X-Amz-Content-Sha256");
  if (query.has("X-Amz-Security-Token")) claim.token = keep("X-Amz-Security-Token");
  const auto time = codec::parse_iso_basic(claim.date_text);
  if (!time) {
    AuthFailure failure = bad_date(claim.date_text);
    failure.kind = Why::presign_parameters;
    failure.s3_text = "X-Amz-Date must be in the ISO8601 Long Format \"yyyyMMdd'T'HHmmss'Z'\"";
    return refuse(std::move(failure));
  }
  claim.time = *time;
  claim.timestamp = claim.date_text;
  if (const std::string* const text = query.find("X-Amz-Expires")) {
    const auto expires = read_expires(*text);
    if (!expires) return refuse(expires.error());
    claim.expires = *expires;
  }
  const auto scope = CredentialScope::parse(claim.credential);
  if (!scope) return refuse(bad_credential(claim.credential, true));
  claim.scope = *scope;
  return claim;
}

AuthFailure several(std::string_view header) {
  return {
      .kind = Why::several_forms,
      .s3_details = {{"ArgumentName", "Authorization"}, {"ArgumentValue", std::string(header)}}};
}

}  // namespace

std::optional<CredentialScope> CredentialScope::parse(std::string_view credential) {
  std::array<std::string_view, 4> parts;  // from the right: a key id may hold slashes elsewhere
  for (std::string_view& part : parts) {
    const std::size_t slash = credential.rfind('/');
    if (slash == std::string_view::npos) return std::nullopt;
    part = credential.substr(slash + 1);
    credential.remove_suffix(part.size() + 1);
  }
  if (credential.empty()) return std::nullopt;
  return CredentialScope{.key_id = credential,
                         .date = parts[3],
                         .region = parts[2],
                         .service = parts[1],
                         .terminator = parts[0]};
}

std::optional<std::string_view> find_header(std::span<const HeaderView> headers,
                                            std::string_view name) {
  for (const HeaderView& header : headers) {
    if (equal_ignoring_case(header.name, name)) return header.value;
  }
  return std::nullopt;
}

Claim read_claim(const SignedRequest& request, bool s3) {
  std::optional<std::string_view> header;
  std::size_t headers = 0;
  for (const HeaderView& one : request.headers) {
    if (!equal_ignoring_case(one.name, "authorization")) continue;
    header = one.value;
    ++headers;
  }
  if (headers > 1) return refuse(several(header.value_or("")));
  if (request.query.empty()) {  // the common case, without decoding anything
    return header ? read_header(request, *header) : refuse({.kind = Why::nothing_signed});
  }
  const QueryParameters query(request.query);
  const bool sigv4 = has_sigv4(query);
  const bool sigv2 = s3 && has_sigv2(query);
  if (int{sigv4} + int{sigv2} + int{header.has_value()} > 1) {
    return refuse(several(header.value_or("")));
  }
  if (sigv2) return refuse({.kind = Why::not_supported});
  if (sigv4) return read_presigned(query, s3);
  return header ? read_header(request, *header) : refuse({.kind = Why::nothing_signed});
}

std::optional<CredentialScope> claimed_scope(const SignedRequest& request, std::string& storage) {
  if (const auto header = find_header(request.headers, "authorization")) {
    if (!header->starts_with(kAlgorithm)) return std::nullopt;
    return CredentialScope::parse(cut_header(header->substr(kAlgorithm.size())).credential);
  }
  if (request.query.empty()) return std::nullopt;
  const QueryParameters query(request.query);
  const std::string* const credential = query.find("X-Amz-Credential");
  if (credential == nullptr) return std::nullopt;
  storage = *credential;
  return CredentialScope::parse(storage);
}

}  // namespace hyd::aws
