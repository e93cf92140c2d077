// Whatever a client sends as a sequence number, a hash key, a shard id or an iterator is refused or
// read as a number that prints and reads back as itself; nothing that was not sealed opens.
#include "base/check.h"
#include "base/rng.h"
#include "streams/hash_key.h"
#include "streams/sequence.h"
#include "streams/shard_id.h"
#include "streams/tokens.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hyd::streams;
  const std::string text(data, data + size);
  if (const auto sequence = Sequence::parse(text)) {
    HYD_CHECK(sequence->created_s < Sequence::kSecondsEnd);
    HYD_CHECK(sequence->index <= Sequence::kIndexMax);
    Sequence ours = *sequence;
    ours.version = 2;
    HYD_CHECK(Sequence::parse(ours.decimal()) == ours);
  }
  if (const auto key = HashKey::parse(text)) {
    HYD_CHECK(HashKey::parse(key->decimal()) == *key);
    HYD_CHECK(HashKey::from_bytes(key->bytes()) == *key);
  }
  if (const auto index = parse_shard_id(text)) {
    HYD_CHECK(parse_shard_id(shard_id(*index)) == *index);
  }
  hyd::base::FastRng rng(1);
  Tokens tokens(std::array<char, hyd::codec::kSealKeyBytes>{'k'}, rng);
  HYD_CHECK(!tokens.open_iterator(text).has_value());
  HYD_CHECK(!tokens.open_page("ListShards", text).has_value());
  return 0;
}
