// Puts from JSON bodies without a document between: most bodies are plain (no escapes, nothing but
// ASCII, only known members that are texts), and a batch's document would cost more than the batch.
#pragma once

#include "streams/ops/operations.h"

#include <string>
#include <string_view>

namespace hyd::streams {

// False, and the input in any state, for every body that is not plain and right; the generic reader
// then reads it again. What is taken is what that one would find.
bool read_put_record(std::string_view body, PutRecordInput& input);
bool read_put_records(std::string_view body, PutRecordsInput& input);

void write_put_record(const PutRecordOutput& output, std::string& out);
void write_put_records(const PutRecordsOutput& output, std::string& out);

}  // namespace hyd::streams
