#include "aws/auth_error.h"

#include "aws/operation.h"

#include <fmt/core.h>

#include <utility>

namespace hyd::aws {
namespace {

using Why = AuthFailure::Kind;

struct Answer {
  int status;
  std::string_view name;
  std::string_view text;
};

// One row a kind: rest_xml (S3) | query | json_1_1 | rest_json.
struct Row {
  Why kind;
  std::string_view label;
  Answer s3;
  Answer query;
  Answer json;
  Answer rest;
};

constexpr std::string_view kMissingToken = "Missing Authentication Token";
constexpr std::string_view kInvalidToken = "The security token included in the request is invalid.";
constexpr std::string_view kExpiredToken = "The security token included in the request is expired";
constexpr std::string_view kDiffers =
    "The request signature we calculated does not match the signature you provided. Check your AWS "
    "Secret Access Key and signing method. Consult the service documentation for details.";
constexpr std::string_view kS3Differs =
    "The request signature we calculated does not match the signature you provided. Check your key "
    "and signing method.";
constexpr std::string_view kS3Malformed =
    "The authorization header is malformed; the authorization header requires three components: "
    "Credential, SignedHeaders, and Signature.";
constexpr std::string_view kNotSupported =
    "This form of authentication is not supported yet. Please use AWS4-HMAC-SHA256 in the "
    "Authorization header.";

// What AWS answers to most things that are wrong with a signature, outside S3.
constexpr Answer kQueryIncomplete = {403, "IncompleteSignature", ""};
constexpr Answer kJsonIncomplete = {400, "IncompleteSignatureException", ""};
constexpr Answer kRestIncomplete = {403, "IncompleteSignatureException", ""};
constexpr Answer kQueryDiffers = {403, "SignatureDoesNotMatch", kDiffers};
constexpr Answer kJsonDiffers = {400, "InvalidSignatureException", kDiffers};
constexpr Answer kRestDiffers = {403, "InvalidSignatureException", kDiffers};
constexpr Answer kQueryToken = {403, "InvalidClientTokenId", kInvalidToken};
constexpr Answer kJsonToken = {400, "UnrecognizedClientException", kInvalidToken};
constexpr Answer kRestToken = {403, "UnrecognizedClientException", kInvalidToken};
constexpr Answer kSeveral = {
    400, "InvalidSignatureException",
    "Found both 'X-Amz-Algorithm' as a query-string param and 'Authorization' as HTTP header."};

constexpr Row kRows[] = {
    {Why::nothing_signed,
     "nothing_signed",
     {403, "AccessDenied", "Access Denied"},
     {403, "MissingAuthenticationToken", "Request is missing Authentication Token"},
     {400, "MissingAuthenticationTokenException", kMissingToken},
     {403, "MissingAuthenticationTokenException", kMissingToken}},
    {Why::several_forms,
     "several_forms",
     {400, "InvalidArgument",
      "Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature query "
      "string parameter or the Authorization header should be specified"},
     kSeveral,
     kSeveral,
     kSeveral},
    {Why::sigv2_header,
     "sigv2_header",
     {400, "InvalidRequest",
      "The authorization mechanism you have provided is not supported. Please use "
      "AWS4-HMAC-SHA256."},
     kQueryIncomplete,
     kJsonIncomplete,
     kRestIncomplete},
    {Why::sigv4a,
     "sigv4a",
     {501, "NotImplemented", "A header you provided implies functionality that is not implemented"},
     kQueryIncomplete,
     kJsonIncomplete,
     kRestIncomplete},
    {Why::unknown_scheme,
     "unknown_scheme",
     {400, "InvalidArgument", "Unsupported Authorization Type"},
     kQueryIncomplete,
     kJsonIncomplete,
     kRestIncomplete},
    {Why::not_supported,
     "not_supported",
     {501, "NotImplemented", kNotSupported},
     {403, "IncompleteSignature", kNotSupported},
     {400, "IncompleteSignatureException", kNotSupported},
     {403, "IncompleteSignatureException", kNotSupported}},
    {Why::incomplete,
     "incomplete",
     {400, "AuthorizationHeaderMalformed", kS3Malformed},
     kQueryIncomplete,
     kJsonIncomplete,
     kRestIncomplete},
    {Why::presign_parameters,
     "presign_parameters",
     {400, "AuthorizationQueryParametersError",
      "Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, "
      "X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters."},
     kQueryIncomplete,
     kJsonIncomplete,
     kRestIncomplete},
    {Why::bad_scope,
     "bad_scope",
     {400, "AuthorizationHeaderMalformed", kS3Malformed},
     kQueryDiffers,
     kJsonDiffers,
     kRestDiffers},
    {Why::no_date,
     "no_date",
     {403, "AccessDenied", "AWS authentication requires a valid Date or x-amz-date header"},
     kQueryIncomplete,
     kJsonIncomplete,
     kRestIncomplete},
    {Why::not_signed,
     "not_signed",
     {403, "AccessDenied", "There were headers present in the request which were not signed"},
     kQueryDiffers,
     kJsonDiffers,
     kRestDiffers},
    {Why::header_absent,
     "header_absent",
     {403, "SignatureDoesNotMatch", kS3Differs},
     kQueryDiffers,
     kJsonDiffers,
     kRestDiffers},
    {Why::no_content_hash,
     "no_content_hash",
     {400, "InvalidRequest", "Missing required header for this request: x-amz-content-sha256"},
     kQueryDiffers,
     kJsonDiffers,
     kRestDiffers},
    {Why::bad_content_hash,
     "bad_content_hash",
     {400, "InvalidArgument",
      "x-amz-content-sha256 must be UNSIGNED-PAYLOAD, STREAMING-AWS4-HMAC-SHA256-PAYLOAD, "
      "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER, STREAMING-UNSIGNED-PAYLOAD-TRAILER, or a valid "
      "sha256 value."},
     kQueryDiffers,
     kJsonDiffers,
     kRestDiffers},
    {Why::unknown_key,
     "unknown_key",
     {403, "InvalidAccessKeyId",
      "The AWS Access Key Id you provided does not exist in our records."},
     kQueryToken,
     kJsonToken,
     kRestToken},
    {Why::signature_differs,
     "signature_differs",
     {403, "SignatureDoesNotMatch", kS3Differs},
     kQueryDiffers,
     kJsonDiffers,
     kRestDiffers},
    {Why::clock,
     "clock",
     {403, "RequestTimeTooSkewed",
      "The difference between the request time and the current time is too large."},
     kQueryDiffers,
     kJsonDiffers,
     kRestDiffers},
    {Why::url_expired,
     "url_expired",
     {403, "AccessDenied", "Request has expired"},
     kQueryDiffers,
     kJsonDiffers,
     kRestDiffers},
    {Why::token_missing,
     "token_missing",
     {403, "InvalidAccessKeyId",
      "The AWS Access Key Id you provided does not exist in our records."},
     kQueryToken,
     kJsonToken,
     kRestToken},
    {Why::token_invalid,
     "token_invalid",
     {400, "InvalidToken", "The provided token is malformed or otherwise invalid."},
     kQueryToken,
     kJsonToken,
     kRestToken},
    {Why::token_expired,
     "token_expired",
     {400, "ExpiredToken", "The provided token has expired."},
     {403, "ExpiredToken", kExpiredToken},
     {400, "ExpiredTokenException", kExpiredToken},
     {403, "ExpiredTokenException", kExpiredToken}},
    {Why::body_differs,
     "body_differs",
     {400, "XAmzContentSHA256Mismatch",
      "The provided 'x-amz-content-sha256' header does not match what was computed."},
     kQueryDiffers,
     kJsonDiffers,
     kRestDiffers},
    {Why::chunk_differs,
     "chunk_differs",
     {403, "SignatureDoesNotMatch", kS3Differs},
     kQueryDiffers,
     kJsonDiffers,
     kRestDiffers},
};

// The row of a kind is at its number; checked where the table is built.
constexpr bool in_order() {
  for (std::size_t i = 0; i < std::size(kRows); ++i) {
    if (std::to_underlying(kRows[i].kind) != i) return false;
  }
  return std::size(kRows) == std::to_underlying(Why::chunk_differs) + 1uz;
}
static_assert(in_order());

const Row& row_of(Why kind) { return kRows[std::to_underlying(kind)]; }

const Answer& answer_of(const Row& row, Protocol protocol) {
  switch (protocol) {
    case Protocol::rest_xml: return row.s3;
    case Protocol::query: return row.query;
    case Protocol::rest_json: return row.rest;
    case Protocol::json_1_1: break;
  }
  return row.json;
}

// REST services show what they computed over, as S3 does: every integrator needs it.
std::string with_canonical_texts(std::string text, const AuthFailure& failure) {
  return fmt::format(
      "{}\n\nThe Canonical String for this request should have been\n'{}'\n\nThe String-to-Sign "
      "should have been\n'{}'\n",
      text, failure.canonical_request, failure.string_to_sign);
}

}  // namespace

Fault to_fault(AuthFailure failure, Protocol protocol) {
  const Answer& answer = answer_of(row_of(failure.kind), protocol);
  const bool s3 = protocol == Protocol::rest_xml;
  std::string& own = s3 ? failure.s3_text : failure.text;
  Fault fault{.name = std::string(answer.name), .status = answer.status};
  fault.message = own.empty() ? std::string(answer.text) : std::move(own);
  if (s3) fault.details = std::move(failure.s3_details);
  if (protocol == Protocol::rest_json && failure.kind == Why::signature_differs) {
    fault.message = with_canonical_texts(std::move(fault.message), failure);
  }
  fault.code = base::Code::denied;
  return fault;
}

std::string_view name(AuthFailure::Kind kind) { return row_of(kind).label; }

}  // namespace hyd::aws
