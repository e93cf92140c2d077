// Path, query and header parameters.
#include "vtl/functions/arguments.h"
#include "vtl/functions/rows.h"
#include "vtl/objects.h"

#include <algorithm>
#include <array>
#include <span>
#include <string_view>

namespace hyd::vtl::fn {
namespace {

bool equal_ignoring_case(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [&](char x, char y) { return lower(x) == lower(y); });
}

// Headers that API Gateway keeps to itself (AWS documentation, "Amazon API Gateway important
// notes"): the connection's own, and those it makes anew.
bool hidden(std::string_view name) {
  constexpr std::array<std::string_view, 12> kHidden = {"Connection",
                                                        "Content-Length",
                                                        "Content-MD5",
                                                        "Expect",
                                                        "Max-Forwards",
                                                        "Server",
                                                        "TE",
                                                        "Trailer",
                                                        "Transfer-Encoding",
                                                        "Upgrade",
                                                        "Proxy-Authenticate",
                                                        "WWW-Authenticate"};
  return std::any_of(kHidden.begin(), kHidden.end(),
                     [&](std::string_view known) { return equal_ignoring_case(known, name); });
}

const NameValue* last_of(std::span<const NameValue> all, std::string_view name) {
  for (std::size_t i = all.size(); i-- > 0;) {
    if (all[i].name == name) return &all[i];
  }
  return nullptr;
}

Map* map_of(Run& run, std::span<const NameValue> all, bool headers) {
  Map* const map = new_map(run);
  for (const NameValue& row : all) {
    if (!headers || !hidden(row.name))
      put(run, *map, run.input_text(row.name), run.input_text(row.value));
  }
  return map;
}

}  // namespace

// params(name): the path's, else the query's, else the header of that name, spelt exactly so; of
// several the last one. params(): all of them.
Value input_params(const Call& call) {
  const Inputs& inputs = call.run.inputs();
  if (call.arguments.empty()) {
    Map*& all = call.run.params();
    if (all == nullptr) {
      all = new_map(call.run);
      put(call.run, *all, Value("path"), Value(map_of(call.run, inputs.path, false)));
      put(call.run, *all, Value("querystring"), Value(map_of(call.run, inputs.query, false)));
      put(call.run, *all, Value("header"), Value(map_of(call.run, inputs.headers, true)));
    }
    return Value(all);
  }
  const Value& name = argument(call, 0);
  if (!name.is_text()) return Value();
  const NameValue* row = last_of(inputs.path, name.text());
  if (row == nullptr) row = last_of(inputs.query, name.text());
  if (row == nullptr && !hidden(name.text())) row = last_of(inputs.headers, name.text());
  return row == nullptr ? Value("") : call.run.input_text(row->value);
}

}  // namespace hyd::vtl::fn
