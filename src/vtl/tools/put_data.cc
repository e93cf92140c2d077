#include "vtl/tools/put_data.h"

#include "codec/base64.h"
#include "codec/json.h"
#include "vtl/text.h"

#include <fmt/core.h>

#include <cstddef>
#include <utility>

namespace hyd::vtl {
namespace {

void add(const codec::Json& holder, const std::string& where, std::vector<PutData>& out) {
  const codec::Json* const data = holder.find("Data");
  if (data == nullptr) return;
  PutData found{.where = where + "Data", .bytes = {}, .problem = {}};
  if (data->if_string() == nullptr) {
    found.problem = "a base64 text was expected";
  } else if (auto bytes = codec::base64_decode(*data->if_string())) {
    found.bytes = *std::move(bytes);
  } else {
    found.problem = bytes.error().what;
  }
  out.push_back(std::move(found));
}

}  // namespace

std::vector<PutData> put_data(std::string_view output) {
  std::vector<PutData> out;
  const auto document = codec::parse_json(output);
  if (!document) return out;
  add(*document, "", out);
  if (const codec::Json* const record = document->find("Record")) add(*record, "Record.", out);
  const codec::Json* const records = document->find("Records");
  if (records == nullptr || records->if_array() == nullptr) return out;
  for (std::size_t i = 0; i < records->if_array()->size(); ++i) {
    add((*records->if_array())[i], fmt::format("Records[{}].", i), out);
  }
  return out;
}

std::string readable(std::string_view bytes) {
  if (is_well_formed(bytes) && bytes.find('\0') == std::string_view::npos) {
    return std::string(bytes);
  }
  std::string hex;
  for (const char c : bytes) {
    hex += fmt::format("{}{:02x}", hex.empty() ? "" : " ",
                       static_cast<unsigned>(static_cast<unsigned char>(c)));
  }
  return hex;
}

}  // namespace hyd::vtl
