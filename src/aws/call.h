// The circumstances of one call of an operation: who, where, until when, on which loop.
//
// A value: a handler may keep a copy for its completion. Only `loop` and `clock` are references,
// and both outlive every call. The completion (aws::Done) is run on `loop`.
#pragma once

#include "aws/principal.h"
#include "aws/request_id.h"
#include "base/clock.h"
#include "sys/loop.h"

#include <array>
#include <cstdint>
#include <string>

namespace hyd::aws {

// What an SDK says about its retries (headers amz-sdk-invocation-id, amz-sdk-request and the older
// amz-sdk-retry). The id is the same on every attempt of one call. It is often not signed, so it is
// part of a key and never proof of anything.
struct Attempt {
  std::string invocation_id = {};  // empty: the client did not say; at most 64 characters
  std::uint32_t number = 1;  // from 2 on the client repeats a call whose answer it did not see
  // SHA-256 of the request's body, when there is an id.
  std::array<std::uint8_t, 32> body_hash{};
};

struct Call {
  sys::Loop& loop;
  const base::Clock& clock;
  PrincipalPtr principal;    // never null
  std::string account = {};  // whose resources are meant: 12 digits
  std::string region = {};   // from the credential scope
  RequestId request_id = {};
  std::string source_ip = {};
  Attempt attempt = {};
  // False for callers in this process: gateway integrations, stacks, the console.
  bool from_network = false;
  // When the caller stops waiting. Nothing that was handed to the journal is ever timed out.
  base::MonoTime deadline = base::MonoTime::never();
};

}  // namespace hyd::aws
