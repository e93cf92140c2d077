// What every object can do.
#include "vtl/big_integer.h"
#include "vtl/functions/rows.h"
#include "vtl/objects.h"
#include "vtl/rendering.h"
#include "vtl/text.h"

#include <bit>

namespace hyd::vtl::fn {
namespace {

std::uint32_t fold(std::uint64_t bits) { return static_cast<std::uint32_t>(bits ^ bits >> 32); }

// hashCode() of the classes that define it; an object's identity has none worth showing.
class HashCode {
 public:
  explicit HashCode(Run& run) : run_(run) {}

  std::uint32_t of(const Value& value) {
    if (!run_.charge(1)) return 0;
    if (depth_ > run_.limits().depth_max) {
      run_.fail(Failure::Reason::too_deep, "values are nested too deep to hash them");
      return 0;
    }
    switch (value.kind()) {
      case Kind::boolean: return value.truth() ? 1231 : 1237;
      case Kind::character: return value.unit();
      case Kind::integer: return static_cast<std::uint32_t>(value.integer());
      case Kind::long_integer: return fold(static_cast<std::uint64_t>(value.number()));
      case Kind::single: return std::bit_cast<std::uint32_t>(static_cast<float>(value.real()));
      case Kind::real: return fold(std::bit_cast<std::uint64_t>(value.real()));
      case Kind::big_integer: return big(value.big());
      case Kind::decimal:
        return 31 * big(value.decimal().unscaled()) +
               static_cast<std::uint32_t>(value.decimal().scale());
      case Kind::text: return static_cast<std::uint32_t>(hash_units(value.text()));
      case Kind::list: return list(*value.list());
      case Kind::map: return map(*value.map());
      case Kind::view: return view(*value.view());
      case Kind::entry: return of(value.entry()->key) ^ of(value.entry()->value);
      default: return 0;
    }
  }

 private:
  static std::uint32_t big(const BigInteger& number) {
    std::uint32_t hash = 0;
    for (std::size_t i = number.count(); i-- > 0;) hash = 31 * hash + number.limb(i);
    return number.negative() ? 0 - hash : hash;
  }
  std::uint32_t list(const List& list) {
    ++depth_;
    std::uint32_t hash = 1;
    for (std::uint32_t i = 0; i < list.size && !run_.failed(); ++i) {
      hash = 31 * hash + of(list.items[i]);
    }
    --depth_;
    return hash;
  }
  // Keys and entries are sets; values() has no hash of its own.
  std::uint32_t view(const View& view) {
    if (view.form == View::Form::entries) return map(*view.map);
    if (view.form == View::Form::values) return 0;
    ++depth_;
    std::uint32_t hash = 0;
    std::uint32_t cursor = 0;
    Entry* entry = nullptr;
    while (next_entry(*view.map, cursor, entry) && !run_.failed()) hash += of(entry->key);
    --depth_;
    return hash;
  }
  std::uint32_t map(const Map& map) {
    ++depth_;
    std::uint32_t hash = 0;
    std::uint32_t cursor = 0;
    Entry* entry = nullptr;
    while (next_entry(map, cursor, entry) && !run_.failed()) {
      hash += of(entry->key) ^ of(entry->value);
    }
    --depth_;
    return hash;
  }

  Run& run_;
  std::uint32_t depth_ = 0;
};

}  // namespace

Value to_string(const Call& call) { return to_text(call.run, call.self); }

Value equals(const Call& call) {
  return Value(vtl::equals(call.run, call.self, call.arguments[0]));
}

Value hash_code(const Call& call) {
  return Value(static_cast<std::int32_t>(HashCode(call.run).of(call.self)));
}

}  // namespace hyd::vtl::fn
