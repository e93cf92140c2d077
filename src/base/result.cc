#include "base/result.h"

namespace hyd::base {

std::string_view name(Code code) {
  switch (code) {
    case Code::invalid: return "invalid";
    case Code::not_found: return "not_found";
    case Code::conflict: return "conflict";
    case Code::denied: return "denied";
    case Code::exhausted: return "exhausted";
    case Code::unavailable: return "unavailable";
    case Code::timed_out: return "timed_out";
    case Code::corrupt: return "corrupt";
    case Code::io: return "io";
    case Code::unsupported: return "unsupported";
    case Code::cancelled: return "cancelled";
  }
  return "unknown";
}

bool retryable(Code code) {
  switch (code) {
    case Code::exhausted:
    case Code::unavailable:
    case Code::timed_out:
    case Code::io:
    case Code::cancelled: return true;
    case Code::invalid:
    case Code::not_found:
    case Code::conflict:
    case Code::denied:
    case Code::corrupt:
    case Code::unsupported: return false;
  }
  return false;
}

Error Error::within(std::string_view context) && {
  std::string grown;
  grown.reserve(context.size() + 2 + what.size());
  grown.append(context).append(": ").append(what);
  return Error{code, std::move(grown)};
}

}  // namespace hyd::base
