#include "app/announce.h"

#include "base/clock.h"
#include "identity/credentials_file.h"
#include "sys/output.h"

#include <fmt/format.h>

namespace hyd::app {

void announce(const Announcement& what) {
  sys::print_line(fmt::format("data {}", what.data));
  sys::print_line(fmt::format("credentials {}/{}", what.data, identity::kCredentialsFile));
  sys::print_line(fmt::format("events http://{}", what.events.text()));
  sys::print_line(fmt::format("aws http://{}", what.aws.text()));
  sys::print_line("ready");
}

void wait_for_it(sys::Semaphore& semaphore) {
  while (!semaphore.acquire(base::MonoTime::never())) {
  }
}

}  // namespace hyd::app
