#include "app/announce.h"

#include "app/server.h"
#include "base/clock.h"
#include "identity/credentials_file.h"
#include "sys/output.h"

#include <fmt/format.h>

namespace hyd::app {

void announce(const Server& server) {
  sys::print_line(fmt::format("data {}", server.data()));
  sys::print_line(fmt::format("credentials {}/{}", server.data(), identity::kCredentialsFile));
  sys::print_line(fmt::format("events http://{}", server.addresses().events.text()));
  sys::print_line(fmt::format("aws http://{}", server.addresses().aws.text()));
  sys::print_line("ready");
}

void wait_for_it(sys::Semaphore& semaphore) {
  while (!semaphore.acquire(base::MonoTime::never())) {
  }
}

}  // namespace hyd::app
