// What a request to a stream carries: the Data of PutRecord and PutRecords, of Kinesis and
// Firehose, decoded, since nobody reads base64.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace hyd::vtl {

struct PutData {
  std::string where;    // "Data", "Records[0].Data", "Record.Data"
  std::string bytes;    // decoded
  std::string problem;  // instead of bytes: why they cannot be
};

// Empty when `output` is no JSON document that holds such a member.
std::vector<PutData> put_data(std::string_view output);

// Bytes as a person can read them: as they are when they are UTF-8 text, else in hex.
std::string readable(std::string_view bytes);

}  // namespace hyd::vtl
