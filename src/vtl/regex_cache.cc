#include "vtl/regex_cache.h"

#include <utility>

namespace hyd::vtl {

const codec::JavaRegex* RegexCache::get(Run& run, std::string_view pattern) {
  for (const Row& row : rows_) {
    if (row.regex != nullptr && row.pattern == pattern) return row.regex.get();
  }
  constexpr std::uint64_t kCompileSteps = 10;
  if (!run.charge(kCompileSteps) || !run.charge_bytes(pattern.size())) return nullptr;
  base::Result<codec::JavaRegex> compiled = codec::JavaRegex::compile(pattern);
  if (!compiled) {
    run.fail(compiled.error().what);
    return nullptr;
  }
  Row& row = rows_[next_++ % kKept];
  row.pattern = std::string(pattern);
  row.regex = std::make_unique<const codec::JavaRegex>(*std::move(compiled));
  return row.regex.get();
}

}  // namespace hyd::vtl
