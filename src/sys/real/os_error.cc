#include "sys/real/os_error.h"

#include "sys/real/fd.h"

#include <cerrno>
#include <string>
#include <system_error>
#include <unistd.h>

namespace hyd::sys {

using base::Code;

base::Error os_error(int error, std::string_view doing) {
  Code code = Code::io;
  switch (error) {
    case ENOSPC:
    case EDQUOT: code = Code::exhausted; break;
    case EEXIST: code = Code::conflict; break;
    case ENOENT: code = Code::not_found; break;
    default: break;
  }
  return base::fail(code, std::error_code(error, std::system_category()).message()).within(doing);
}

// Linux frees the descriptor even when close reports EINTR or a write error, so it is never
// retried.
void Fd::close() {
  if (fd_ >= 0) ::close(fd_);
  fd_ = -1;
}

}  // namespace hyd::sys
