// The values of a template: Java's, as far as a template can see them.
//
// A Value is 16 bytes, copied freely, and points into the render's Heap, the Program or the Inputs;
// it dies with the render. Equality, hashing and text are Java's (objects.h, rendering.h).
#pragma once

#include "vtl/heap.h"

#include <cstdint>
#include <string_view>

namespace hyd::vtl {

class BigInteger;
class Decimal;
struct List;
struct Map;
struct Entry;
struct View;
struct Loop;
struct Block;

enum class Kind : std::uint8_t {
  null,  // inside maps, lists and arguments only: a reference to it is an empty text
  boolean,
  character,  // one UTF-16 unit, from charAt
  integer,    // Integer, 32 bits
  long_integer,
  big_integer,
  single,   // Float
  real,     // Double
  decimal,  // BigDecimal
  text,
  list,
  map,
  entry,   // of entrySet()
  view,    // keySet(), values(), entrySet(): sees later changes of its map
  loop,    // $foreach
  block,   // what #define stores
  input,   // $input
  util,    // $util
  unread,  // $context or $stageVariables before anyone has looked; in their variables only
};
inline constexpr std::size_t kKinds = static_cast<std::size_t>(Kind::unread) + 1;

class Value {
 public:
  constexpr Value() = default;  // null
  constexpr Value(bool truth) : kind_(Kind::boolean) { data_.number = truth ? 1 : 0; }
  constexpr Value(std::int32_t number) : kind_(Kind::integer) { data_.number = number; }
  static constexpr Value from_long(std::int64_t number) {
    Value value(Kind::long_integer);
    value.data_.number = number;
    return value;
  }
  constexpr Value(double number) : kind_(Kind::real) { data_.real = number; }
  static constexpr Value from_float(float number) {
    Value value(Kind::single);
    value.data_.real = static_cast<double>(number);
    return value;
  }
  static constexpr Value from_unit(std::uint16_t unit) {
    Value value(Kind::character);
    value.data_.number = unit;
    return value;
  }
  // The bytes are lent: they live in the heap, the program or the inputs.
  constexpr Value(std::string_view text)
      : size_(static_cast<std::uint32_t>(text.size())), kind_(Kind::text) {
    data_.text = text.data();
  }
  constexpr Value(const char* text) : Value(std::string_view(text)) {}
  Value(const BigInteger* number) : kind_(Kind::big_integer) { data_.big = number; }
  Value(const Decimal* number) : kind_(Kind::decimal) { data_.decimal = number; }
  Value(List* list) : kind_(Kind::list) { data_.list = list; }
  Value(Map* map) : kind_(Kind::map) { data_.map = map; }
  Value(Entry* entry) : kind_(Kind::entry) { data_.entry = entry; }
  Value(View* view) : kind_(Kind::view) { data_.view = view; }
  Value(Loop* loop) : kind_(Kind::loop) { data_.loop = loop; }
  Value(Block* block) : kind_(Kind::block) { data_.block = block; }
  explicit constexpr Value(Kind kind) : kind_(kind) {}

  Kind kind() const { return kind_; }
  bool is_null() const { return kind_ == Kind::null; }
  bool is_text() const { return kind_ == Kind::text; }
  bool is_integer() const { return kind_ == Kind::integer; }
  bool is_number() const { return kind_ >= Kind::integer && kind_ <= Kind::decimal; }

  // Each only of its kind.
  bool truth() const { return data_.number != 0; }
  std::int64_t number() const { return data_.number; }  // integer, long_integer
  std::int32_t integer() const { return static_cast<std::int32_t>(data_.number); }
  std::uint16_t unit() const { return static_cast<std::uint16_t>(data_.number); }
  double real() const { return data_.real; }  // single, real
  const BigInteger& big() const { return *data_.big; }
  const Decimal& decimal() const { return *data_.decimal; }
  std::string_view text() const { return {data_.text, size_}; }
  List* list() const { return data_.list; }
  Map* map() const { return data_.map; }
  Entry* entry() const { return data_.entry; }
  View* view() const { return data_.view; }
  Loop* loop() const { return data_.loop; }
  Block* block() const { return data_.block; }
  // Of any kind that has an identity.
  const void* object() const { return data_.list; }

 private:
  union Data {
    std::int64_t number = 0;
    double real;
    const char* text;
    const BigInteger* big;
    const Decimal* decimal;
    List* list;
    Map* map;
    Entry* entry;
    View* view;
    Loop* loop;
    Block* block;
  };
  Data data_;
  std::uint32_t size_ = 0;  // of a text
  Kind kind_ = Kind::null;
};
static_assert(sizeof(Value) == 16);

// An ArrayList, a JSON array, or an array (what split returns).
struct List {
  enum class Form : std::uint8_t { list, json, array };
  Value* items = nullptr;
  std::uint32_t size = 0;
  std::uint32_t room = 0;
  std::uint32_t changes = 0;  // of its size; a loop that sees one fails, as in Java
  Form form = Form::list;

  Value* begin() { return items; }
  Value* end() { return items + size; }
};

struct Entry {
  Value key;
  Value value;
  std::uint32_t hash = 0;
  bool live = true;  // false once removed from its map
};

// A LinkedHashMap. Entries keep their place; removed ones stay as holes until the next growth.
struct Map {
  Entry** entries = nullptr;
  std::uint32_t* index = nullptr;  // open addressing: entry number + 1, 0 is free; none when small
  std::uint32_t used = 0;          // entries, holes included
  std::uint32_t room = 0;
  std::uint32_t size = 0;  // without holes
  std::uint32_t index_size = 0;
  std::uint32_t changes = 0;
  bool silent = false;  // prints nothing: the maps of $context
};

struct View {
  enum class Form : std::uint8_t { keys, values, entries };
  Map* map = nullptr;
  Form form = Form::keys;
};

// The $foreach of one loop.
struct Loop {
  std::int32_t index = -1;
  bool has_next = false;
  Loop* parent = nullptr;
  Value replaced;           // what $foreach was before the outermost loop
  Map* storage = nullptr;   // what the template has stored in it
  std::uint32_t depth = 0;  // how many loops are around it; #break($foreach) leaves this one
};

// A block that #define has stored: where its code starts, and how deep it is in its own rendering.
struct Block {
  std::uint32_t code = 0;
  std::uint32_t depth = 0;
  std::uint32_t depth_max = 2;
};

}  // namespace hyd::vtl
