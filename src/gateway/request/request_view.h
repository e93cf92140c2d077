// One request as templates and mappings see it: what the client sent without what is hidden, with
// what the gateway adds (AWS documentation, "Amazon API Gateway important notes"; observed).
//
// Lends the request's bytes and owns what had to be decoded or made. One loop's, except that its
// spans may be read by a worker while the loop leaves it alone. Not movable: its spans point into
// it.
#pragma once

#include "base/clock.h"
#include "base/rng.h"
#include "gateway/definition.h"
#include "gateway/request/routes.h"
#include "net/handler.h"
#include "vtl/render.h"

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hyd::gateway {

inline constexpr std::size_t kRequestIdChars = 36;
inline constexpr std::size_t kExtendedIdChars = 16;

// The ids that every answer carries, whatever became of the request.
struct RequestIds {
  // A UUID that the client sent as x-amzn-RequestId is taken over (observed); else a random one.
  static RequestIds make(const net::RequestHead& head, base::Rng& rng);

  std::string_view request() const { return {request_text.data(), request_text.size()}; }
  std::string_view extended() const { return {extended_text.data(), extended_text.size()}; }

  std::array<char, kRequestIdChars> request_text{};
  std::array<char, kExtendedIdChars> extended_text{};  // 15 of base64url, and `=`
};

// Where the request has been led to. The texts outlive the view.
struct ViewOfStage {
  const DeployedStage* stage = nullptr;
  std::string_view account = {};
  std::string_view resource_id = {};    // empty before a resource was found
  std::string_view resource_path = {};  // "/v1/{stream-name}"
};

// What $context.error holds while a gateway response is made.
struct ErrorView {
  std::string_view message;
  std::string_view message_json;  // quoted, or null
  std::string_view type;
};

class RequestView {
 public:
  struct Arrival {
    const net::RequestHead& head;
    const net::Peer& peer;
    std::string_view verb;  // after X-HTTP-Method-Override
    std::string_view rest;  // of the path: what follows the stage, as sent
    base::WallTime time;
  };

  RequestView() = default;
  RequestView(const RequestView&) = delete;
  RequestView& operator=(const RequestView&) = delete;

  // Reads head and query. `ids` outlives the view.
  void read(const Arrival& arrival, const RequestIds& ids, base::Rng& rng);
  void place(ViewOfStage stage) { stage_ = stage; }
  // Decodes each value once.
  void set_path(std::span<const PathValue> values);

  // As new, but for the memory of its texts and lists.
  void reset();
  // The request's bytes are about to go: what was lent is let go of, what is owned stays.
  void forget_request();

  std::span<const vtl::NameValue> path() const { return path_; }
  std::span<const vtl::NameValue> query() const { return query_; }
  std::span<const vtl::NameValue> headers() const { return headers_; }
  std::span<const vtl::NameValue> stage_variables();
  // The keys of $context in the order that Java's map has there (observed).
  std::span<const vtl::ContextField> context();

  // "identity.sourceIp"; nothing when it is unknown or no text.
  std::optional<std::string_view> context_value(std::string_view dotted);
  std::string_view trace_id() const { return trace_id_; }
  std::string_view verb() const { return verb_; }
  // Without parameters, in lower case; "application/json" when the request has none.
  std::string_view media_type() const { return media_type_; }
  std::string_view content_type() const { return content_type_; }  // as sent
  std::string_view accept() const { return accept_; }
  std::string_view content_encoding() const { return content_encoding_; }
  std::string_view source_ip() const { return source_ip_; }

 private:
  void read_headers(const Arrival& arrival, base::Rng& rng);
  void read_query(std::string_view query);
  // Copies into memory that does not move.
  std::string_view keep(std::string_view text);
  std::string_view decode(std::string_view text, bool plus_is_space);
  void make_trace_id(std::string_view sent, base::WallTime now, base::Rng& rng);
  void make_context();

  std::string kept_;  // its capacity is taken once, so that views into it stay
  std::string trace_id_;
  std::string forwarded_for_;
  std::string media_type_;
  std::string path_in_context_;
  std::array<char, 26> request_time_{};
  std::string epoch_;
  std::vector<vtl::NameValue> headers_;
  std::vector<vtl::NameValue> query_;
  std::vector<vtl::NameValue> path_;
  std::vector<vtl::NameValue> stage_variables_;
  std::vector<vtl::ContextField> context_;

  ViewOfStage stage_;
  const RequestIds* ids_ = nullptr;
  base::WallTime time_;
  std::string_view verb_;
  std::string_view rest_;
  std::string_view host_;  // without the port
  std::string_view source_ip_;
  std::string_view user_agent_;
  bool has_user_agent_ = false;
  std::string_view content_type_;
  std::string_view accept_;
  std::string_view content_encoding_;
  int minor_version_ = 1;
};

// The last value of that exact name.
std::optional<std::string_view> find_last(std::span<const vtl::NameValue> values,
                                          std::string_view name);

// Empties it; its memory stays, unless that is much.
void forget_text(std::string& text);

// The media type in front of any parameters, in lower case.
std::string media_type_of(std::string_view content_type);

bool equal_ignoring_case(std::string_view a, std::string_view b);

}  // namespace hyd::gateway
