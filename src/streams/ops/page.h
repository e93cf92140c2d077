// Page tokens of list operations.
#pragma once

#include "aws/call.h"
#include "aws/fault.h"
#include "streams/streams.h"

#include <string>
#include <string_view>

namespace hyd::streams {

struct Page {
  std::string_view operation;
  std::string_view text;  // the token; or what is sealed in it
};
std::string seal_page(Streams& streams, const aws::Call& call, const Page& page);
// The fault of a token that is not ours, another operation's, or too old.
aws::Outcome<std::string> open_page(Streams& streams, const aws::Call& call, const Page& page);

}  // namespace hyd::streams
