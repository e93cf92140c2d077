// For tests: a table "kinesis" whose one action keeps what it was asked, or refuses by the name of
// the stream.
#pragma once

#include "aws/operation.h"

#include <deque>
#include <functional>
#include <string>
#include <vector>

namespace hyd::gateway::testing {

struct FakeKinesis {
  struct Put {
    std::string stream;
    std::string data;  // as sent: base64
    std::string key;
    std::string region;
    bool by_service = false;
    base::MonoTime deadline;
  };
  std::vector<Put> puts;
  std::deque<std::move_only_function<void()>> waiting;  // of the stream "slow"
};

// PutRecord. Streams: "missing", "failing" and "late" (failures of our own), "unknown" (not
// answerable), "slow" (waits), "chatty" (a large answer); any other takes the record.
const aws::ServiceTable& fake_kinesis_table();

}  // namespace hyd::gateway::testing
