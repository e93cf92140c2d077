// How documents of the JSON-family protocols stand on the wire. One row a content type; the rest of
// the road (order of checks, signature, dispatch) is the same for all.
#pragma once

#include "aws/dispatcher.h"
#include "aws/fault.h"
#include "aws/operation.h"
#include "net/response.h"

#include <string>
#include <string_view>

namespace hyd::aws {

class Envelope {
 public:
  virtual ~Envelope() = default;

  // "Content-Type: …" with its line end, in static storage.
  virtual std::string_view type_line() const = 0;
  // Whether the body is a document at all, and an object.
  virtual bool readable(std::string_view body) const = 0;
  // Reads `body` (lent until this returns) and runs the operation.
  virtual void run(const Dispatcher& dispatcher, const Dispatcher::Target& target, const Call& call,
                   std::string_view body, RawDone done) const = 0;
  // Appends; nothing for an output without members.
  virtual void append_output(const Operation& operation, const void* output,
                             std::string& out) const = 0;
  virtual net::Response fault(const Fault& fault) const = 0;
};

// The envelope of a Content-Type, parameters and blanks aside; null when it is none of ours.
const Envelope* envelope_of(std::string_view content_type);

// The media type in front of any parameters, without blanks.
std::string_view media_type(std::string_view content_type);

// The answer to a body that is empty, in a content type that is not JSON's: AWS answers in CBOR
// (observed).
net::Response cbor_fault(const Fault& fault);

}  // namespace hyd::aws
