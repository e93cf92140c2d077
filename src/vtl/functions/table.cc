#include "vtl/functions/table.h"

#include "codec/java_regex.h"
#include "codec/jsonpath.h"
#include "vtl/functions/rows.h"

#include <array>

namespace hyd::vtl {
namespace {

using enum Receiver;

constexpr std::uint8_t kMany = 15;

constexpr FunctionRow kRows[] = {
    // $input
    {input, "json", 1, 1, fn::input_json, "What a JSONPath finds in the body, as compact JSON.",
     "$input.json('$.a') -> {\"b\":1}", Prepare::json_path},
    {input, "path", 1, 1, fn::input_path, "What a JSONPath finds in the body, as a value.",
     "$input.path('$.a').b -> 1", Prepare::json_path},
    {input, "params", 0, 1, fn::input_params,
     "A path, query or header parameter by its name, or all of them.", "$input.params('id') -> 7"},
    // $util
    {util, "base64Encode", 1, 1, fn::util_base64_encode, "The UTF-8 bytes of a text in base64.",
     "$util.base64Encode('hi') -> aGk="},
    {util, "base64Decode", 1, 1, fn::util_base64_decode, "The text that a base64 text encodes.",
     "$util.base64Decode('aGk=') -> hi"},
    {util, "urlEncode", 1, 1, fn::util_url_encode, "A text in a form or query.",
     "$util.urlEncode('a b&c') -> a+b%26c"},
    {util, "urlDecode", 1, 1, fn::util_url_decode, "The text that a form or query holds.",
     "$util.urlDecode('a+b%26c') -> a b&c"},
    {util, "escapeJavaScript", 1, 1, fn::util_escape_javascript,
     "A text inside a JavaScript literal.", "$util.escapeJavaScript('it''s') -> it\\'s"},
    {util, "parseJson", 1, 1, fn::util_parse_json, "The value of a JSON text.",
     "$util.parseJson('{\"a\":[1]}').a -> [1]"},
    // Texts
    {text, "length", 0, 0, fn::text_length, "Its UTF-16 units.",
     "#set($s = 'abc')$s.length() -> 3"},
    {text, "isEmpty", 0, 0, fn::text_is_empty, "Whether it has none.",
     "#set($s = '')$s.isEmpty() -> true"},
    {text, "equalsIgnoreCase", 1, 1, fn::text_equals_ignore_case,
     "Whether another text differs in case only.",
     "#set($s = 'aB')$s.equalsIgnoreCase('Ab') -> true"},
    {text, "compareTo", 1, 1, fn::text_compare_to, "Negative, zero or positive.",
     "#set($s = 'a')$s.compareTo('c') -> -2"},
    {text, "concat", 1, 1, fn::text_concat, "It and another text behind it.",
     "#set($s = 'a')$s.concat('b') -> ab"},
    {text, "contains", 1, 1, fn::text_contains, "Whether another text is in it.",
     "#set($s = 'abc')$s.contains('bc') -> true"},
    {text, "startsWith", 1, 2, fn::text_starts_with,
     "Whether it begins with another text, at an index if one is given.",
     "#set($s = 'abc')$s.startsWith('bc', 1) -> true"},
    {text, "endsWith", 1, 1, fn::text_ends_with, "Whether it ends with another text.",
     "#set($s = 'abc')$s.endsWith('bc') -> true"},
    {text, "indexOf", 1, 2, fn::text_index_of,
     "Where another text or a character's number is first, from an index on; -1 when nowhere.",
     "#set($s = 'abcb')$s.indexOf('b') -> 1"},
    {text, "lastIndexOf", 1, 2, fn::text_last_index_of, "Where it is last.",
     "#set($s = 'abcb')$s.lastIndexOf('b') -> 3"},
    {text, "charAt", 1, 1, fn::text_char_at, "The character at an index.",
     "#set($s = 'abc')$s.charAt(1) -> b"},
    {text, "codePointAt", 1, 1, fn::text_code_point_at, "The number of the character at an index.",
     "#set($s = 'abc')$s.codePointAt(1) -> 98"},
    {text, "substring", 1, 2, fn::text_substring, "The part from one index to before another.",
     "#set($s = 'abcd')$s.substring(1, 3) -> bc"},
    {text, "toLowerCase", 0, 0, fn::text_to_lower_case, "In lower case.",
     "#set($s = 'AB')$s.toLowerCase() -> ab"},
    {text, "toUpperCase", 0, 0, fn::text_to_upper_case, "In upper case.",
     "#set($s = 'ab')$s.toUpperCase() -> AB"},
    {text, "trim", 0, 0, fn::text_trim, "Without white space around.",
     "#set($s = ' a ')[$s.trim()] -> [a]"},
    {text, "intern", 0, 0, fn::text_itself, "Itself.", "#set($s = 'a')$s.intern() -> a"},
    {text, "replace", 2, 2, fn::text_replace, "With one text in place of another everywhere.",
     "#set($s = 'a.b.c')$s.replace('.', '-') -> a-b-c"},
    {text, "replaceAll", 2, 2, fn::text_replace_all,
     "With a replacement in place of all that a regular expression matches.",
     "#set($s = 'a1b22')$s.replaceAll('[0-9]+', '#') -> a#b#", Prepare::regex},
    {text, "replaceFirst", 2, 2, fn::text_replace_first, "The same for the first match.",
     "#set($s = 'a1b22')$s.replaceFirst('[0-9]+', '#') -> a#b22", Prepare::regex},
    {text, "matches", 1, 1, fn::text_matches, "Whether a regular expression matches all of it.",
     "#set($s = 'a1')$s.matches('[a-z][0-9]') -> true", Prepare::regex},
    {text, "split", 1, 2, fn::text_split,
     "The parts between the matches of a regular expression, at most so many if a limit is given.",
     "#set($s = 'a,b,,')$s.split(',').size() -> 2", Prepare::regex},
    {text, "format", 1, kMany, fn::text_format, "A static: a pattern filled with arguments.",
     "#set($s = '')$s.format('%03d-%s', 7, 'x') -> 007-x"},
    {text, "valueOf", 1, 1, fn::text_value_of, "A static: any value as text.",
     "#set($s = '')$s.valueOf(5).length() -> 1"},
    {text, "join", 2, kMany, fn::text_join, "A static: texts, or a list of them, in one.",
     "#set($s = '')$s.join('-', ['a', 'b']) -> a-b"},
    // Lists
    {list, "size", 0, 0, fn::list_size, "The number of items.", "#set($l = [1, 2])$l.size() -> 2"},
    {list, "isEmpty", 0, 0, fn::list_is_empty, "Whether there are none.",
     "#set($l = [])$l.isEmpty() -> true"},
    {list, "get", 1, 1, fn::list_get, "The item at an index.", "#set($l = [5, 6])$l.get(1) -> 6"},
    {list, "set", 2, 2, fn::list_set, "Puts an item at an index; returns the one before.",
     "#set($l = [5])$l.set(0, 6) $l -> 5 [6]"},
    {list, "add", 1, 2, fn::list_add, "Adds an item at the end, or at an index.",
     "#set($l = [1])$l.add(2) $l -> true [1, 2]"},
    {list, "addAll", 1, 1, fn::list_add_all, "Adds all items of a collection.",
     "#set($l = [1])$l.addAll([2, 3]) $l -> true [1, 2, 3]"},
    {list, "remove", 1, 1, fn::list_remove, "Removes the item at an index, or an item itself.",
     "#set($l = ['a', 'b'])$l.remove(0) $l -> a [b]"},
    {list, "contains", 1, 1, fn::list_contains, "Whether an item is in it.",
     "#set($l = [1, 2])$l.contains(2) -> true"},
    {list, "containsAll", 1, 1, fn::list_contains_all, "Whether all items of a list are in it.",
     "#set($l = [1, 2])$l.containsAll([2]) -> true"},
    {list, "indexOf", 1, 1, fn::list_index_of, "Where an item is first; -1 when nowhere.",
     "#set($l = [5, 6, 5])$l.indexOf(5) -> 0"},
    {list, "lastIndexOf", 1, 1, fn::list_last_index_of, "Where it is last.",
     "#set($l = [5, 6, 5])$l.lastIndexOf(5) -> 2"},
    {list, "subList", 2, 2, fn::list_sub_list, "The items from one index to before another.",
     "#set($l = [5, 6, 7])$l.subList(1, 3) -> [6, 7]"},
    {list, "clear", 0, 0, fn::list_clear, "Removes all items.", "#set($l = [1])$l.clear()$l -> []"},
    {list, "iterator", 0, 0, fn::list_iterator, "For #foreach.",
     "#set($l = [1, 2])#foreach($i in $l.iterator())$i#end -> 12"},
    // Arrays: what split returns
    {array, "size", 0, 0, fn::list_size, "The number of items.",
     "#set($s = 'a,b')$s.split(',').size() -> 2"},
    {array, "isEmpty", 0, 0, fn::list_is_empty, "Whether there are none.",
     "#set($s = ',')$s.split(',').isEmpty() -> true"},
    {array, "get", 1, 1, fn::list_get, "The item at an index.",
     "#set($s = 'a,b')$s.split(',').get(1) -> b"},
    {array, "set", 2, 2, fn::list_set, "Puts a text at an index; returns the one before.",
     "#set($s = 'a')#set($a = $s.split(','))$a.set(0, 'b')$a[0] -> ab"},
    {array, "contains", 1, 1, fn::list_contains, "Whether a text is in it.",
     "#set($s = 'a,b')$s.split(',').contains('b') -> true"},
    {array, "containsAll", 1, 1, fn::list_contains_all, "Whether all items of a list are in it.",
     "#set($s = 'a,b')$s.split(',').containsAll(['b']) -> true"},
    {array, "indexOf", 1, 1, fn::list_index_of, "Where a text is first; -1 when nowhere.",
     "#set($s = 'a,b')$s.split(',').indexOf('b') -> 1"},
    {array, "lastIndexOf", 1, 1, fn::list_last_index_of, "Where it is last.",
     "#set($s = 'a,a')$s.split(',').lastIndexOf('a') -> 1"},
    {array, "subList", 2, 2, fn::list_sub_list, "The items from one index to before another.",
     "#set($s = 'a,b,c')$s.split(',').subList(1, 3) -> [b, c]"},
    {array, "iterator", 0, 0, fn::list_iterator, "For #foreach.",
     "#set($s = 'a,b')#foreach($i in $s.split(',').iterator())$i#end -> ab"},
    {array, "add", 1, 2, fn::array_add, "Fails: an array keeps its size.", ""},
    {array, "addAll", 1, 1, fn::array_add_all, "Fails, unless there is nothing to add.", ""},
    {array, "remove", 1, 1, fn::array_remove, "Fails, unless there is nothing to remove.", ""},
    {array, "clear", 0, 0, fn::array_clear, "Fails, unless it is empty.", ""},
    // Maps
    {map, "size", 0, 0, fn::map_size, "The number of keys.", "#set($m = {'a': 1})$m.size() -> 1"},
    {map, "isEmpty", 0, 0, fn::map_is_empty, "Whether there are none.",
     "#set($m = {})$m.isEmpty() -> true"},
    {map, "get", 1, 1, fn::map_get, "The value of a key.", "#set($m = {'a': 1})$m.get('a') -> 1"},
    {map, "put", 2, 2, fn::map_put, "Sets a key; returns, and so prints, what it had before.",
     "#set($m = {'a': 1})$m.put('a', 2) $m -> 1 {a=2}"},
    {map, "putAll", 1, 1, fn::map_put_all, "Sets all keys of another map.",
     "#set($m = {})$m.putAll({'a': 1})$m -> {a=1}"},
    {map, "remove", 1, 1, fn::map_remove, "Removes a key; returns its value.",
     "#set($m = {'a': 1})$m.remove('a') $m -> 1 {}"},
    {map, "containsKey", 1, 1, fn::map_contains_key, "Whether it has a key.",
     "#set($m = {'a': 1})$m.containsKey('a') -> true"},
    {map, "containsValue", 1, 1, fn::map_contains_value, "Whether a key has a value.",
     "#set($m = {'a': 1})$m.containsValue(1) -> true"},
    {map, "keySet", 0, 0, fn::map_key_set, "Its keys.",
     "#set($m = {'a': 1, 'b': 2})$m.keySet() -> [a, b]"},
    {map, "values", 0, 0, fn::map_values, "Its values.",
     "#set($m = {'a': 1, 'b': 2})$m.values() -> [1, 2]"},
    {map, "entrySet", 0, 0, fn::map_entry_set, "Its keys with their values.",
     "#set($m = {'a': 1})#foreach($e in $m.entrySet())$e.key is $e.value#end -> a is 1"},
    {map, "clear", 0, 0, fn::map_clear, "Removes all keys.",
     "#set($m = {'a': 1})$m.clear()$m -> {}"},
    // Entries and views of maps
    {entry, "getKey", 0, 0, fn::entry_get_key, "The key.",
     "#set($m = {'a': 1})#foreach($e in $m.entrySet())$e.getKey()#end -> a"},
    {entry, "getValue", 0, 0, fn::entry_get_value, "The value.",
     "#set($m = {'a': 1})#foreach($e in $m.entrySet())$e.getValue()#end -> 1"},
    {view, "size", 0, 0, fn::view_size, "The number of items.",
     "#set($m = {'a': 1})$m.keySet().size() -> 1"},
    {view, "isEmpty", 0, 0, fn::view_is_empty, "Whether there are none.",
     "#set($m = {})$m.keySet().isEmpty() -> true"},
    {view, "contains", 1, 1, fn::view_contains, "Whether an item is in it.",
     "#set($m = {'a': 1})$m.values().contains(1) -> true"},
    {view, "containsAll", 1, 1, fn::view_contains_all, "Whether all items of a list are in it.",
     "#set($m = {'a': 1})$m.keySet().containsAll(['a']) -> true"},
    {view, "remove", 1, 1, fn::view_remove, "Removes an item, and so a key of the map.",
     "#set($m = {'a': 1})$m.keySet().remove('a') $m -> true {}"},
    {view, "clear", 0, 0, fn::view_clear, "Removes all keys of the map.",
     "#set($m = {'a': 1})$m.values().clear()$m -> {}"},
    {view, "add", 1, 1, fn::view_add, "Fails: items come through the map.", ""},
    {view, "iterator", 0, 0, fn::view_iterator, "For #foreach.",
     "#set($m = {'a': 1})#foreach($k in $m.keySet().iterator())$k#end -> a"},
    // Numbers
    {number, "intValue", 0, 0, fn::number_int_value, "As an Integer.",
     "#set($n = 1.9)$n.intValue() -> 1"},
    {number, "longValue", 0, 0, fn::number_long_value, "As a Long.",
     "#set($n = 1.9)$n.longValue() -> 1"},
    {number, "doubleValue", 0, 0, fn::number_double_value, "As a Double.",
     "#set($n = 1)$n.doubleValue() -> 1.0"},
    {number, "floatValue", 0, 0, fn::number_float_value, "As a Float.",
     "#set($n = 1)$n.floatValue() -> 1.0"},
    {number, "compareTo", 1, 1, fn::number_compare_to, "-1, 0 or 1, for a number of its class.",
     "#set($n = 1)$n.compareTo(2) -> -1"},
    {integer, "parseInt", 1, 1, fn::integer_parse_int, "A static: the Integer of a text.",
     "#set($Integer = 0)$Integer.parseInt('42') -> 42"},
    {integer, "valueOf", 1, 1, fn::integer_value_of, "A static: the same.",
     "#set($Integer = 0)$Integer.valueOf('42') -> 42"},
    {long_integer, "parseLong", 1, 1, fn::long_parse_long, "A static: the Long of a text.",
     "#set($Long = 9999999999)$Long.parseLong('42') -> 42"},
    {long_integer, "valueOf", 1, 1, fn::long_value_of, "A static: the same.",
     "#set($Long = 9999999999)$Long.valueOf('42') -> 42"},
    {real, "parseDouble", 1, 1, fn::double_parse_double, "A static: the Double of a text.",
     "#set($Double = 0.0)$Double.parseDouble('1e3') -> 1000.0"},
    {real, "valueOf", 1, 1, fn::double_value_of, "A static: the same.",
     "#set($Double = 0.0)$Double.valueOf('1e3') -> 1000.0"},
    // $foreach
    {loop, "hasNext", 0, 0, fn::loop_has_next, "Whether another round follows.",
     "#foreach($i in [1, 2])$foreach.hasNext() #end -> true false "},
    {loop, "getHasNext", 0, 0, fn::loop_has_next, "The same.",
     "#foreach($i in [1])$foreach.getHasNext()#end -> false"},
    {loop, "getIndex", 0, 0, fn::loop_get_index, "The number of the round, from 0.",
     "#foreach($i in [5])$foreach.getIndex()#end -> 0"},
    {loop, "getCount", 0, 0, fn::loop_get_count, "The number of the round, from 1.",
     "#foreach($i in [5])$foreach.getCount()#end -> 1"},
    {loop, "isFirst", 0, 0, fn::loop_is_first, "Whether it is the first round.",
     "#foreach($i in [5])$foreach.isFirst()#end -> true"},
    {loop, "getFirst", 0, 0, fn::loop_is_first, "The same.",
     "#foreach($i in [5])$foreach.getFirst()#end -> true"},
    {loop, "isLast", 0, 0, fn::loop_is_last, "Whether it is the last round.",
     "#foreach($i in [5])$foreach.isLast()#end -> true"},
    {loop, "getLast", 0, 0, fn::loop_is_last, "The same.",
     "#foreach($i in [5])$foreach.getLast()#end -> true"},
    {loop, "getParent", 0, 0, fn::loop_get_parent, "The $foreach of the loop around.",
     "#foreach($i in [5])[$foreach.getParent()]#end -> []"},
    {loop, "getTopmost", 0, 0, fn::loop_get_topmost, "The $foreach of the outermost loop.",
     "#foreach($i in [5])$foreach.getTopmost().index#end -> 0"},
    {loop, "get", 1, 1, fn::map_get, "What a template has stored in it.",
     "#foreach($i in [5])#set($foreach.x = 1)$foreach.get('x')#end -> 1"},
    {loop, "put", 2, 2, fn::map_put, "Stores a value in it.",
     "#foreach($i in [5])$foreach.put('x', 1)$foreach.x#end -> 1"},
    {loop, "size", 0, 0, fn::map_size, "How much is stored in it.",
     "#foreach($i in [5])$foreach.size()#end -> 0"},
    // Everything
    {any, "toString", 0, 0, fn::to_string, "As it prints.",
     "#set($n = 12)$n.toString().length() -> 2"},
    {any, "equals", 1, 1, fn::equals, "Whether it is equal to a value of the same class.",
     "#set($n = 1)$n.equals(1) $n.equals(1.0) -> true false"},
    {any, "hashCode", 0, 0, fn::hash_code, "Java's hash code.",
     "#set($s = 'abc')$s.hashCode() -> 96354"},
};

bool reaches(Receiver receiver, std::size_t slot) {
  if (slot == kKinds) return receiver == array || receiver == any;
  switch (static_cast<Kind>(slot)) {
    case Kind::text: return receiver == text || receiver == any;
    case Kind::character: return receiver == character || receiver == any;
    case Kind::integer: return receiver == integer || receiver == number || receiver == any;
    case Kind::long_integer:
      return receiver == long_integer || receiver == number || receiver == any;
    case Kind::real: return receiver == real || receiver == number || receiver == any;
    case Kind::big_integer:
    case Kind::single:
    case Kind::decimal: return receiver == number || receiver == any;
    case Kind::boolean: return receiver == boolean || receiver == any;
    case Kind::list: return receiver == list || receiver == any;
    case Kind::map: return receiver == map || receiver == any;
    case Kind::entry: return receiver == entry || receiver == any;
    case Kind::view: return receiver == view || receiver == any;
    case Kind::loop: return receiver == loop || receiver == any;
    case Kind::block: return receiver == any;
    case Kind::input: return receiver == input;
    case Kind::util: return receiver == util;
    case Kind::null:
    case Kind::unread: return false;
  }
  return false;
}

}  // namespace

std::string_view name(Receiver receiver) {
  constexpr std::array<std::string_view, 16> kNames = {
      "any value", "text",  "character", "number", "Integer", "Long",     "Double", "boolean",
      "list",      "array", "map",       "entry",  "view",    "$foreach", "$input", "$util"};
  return kNames[static_cast<std::size_t>(receiver)];
}

std::span<const FunctionRow> functions() { return kRows; }

Dispatch find_functions(std::string_view name, std::size_t arguments) {
  Dispatch dispatch;
  for (const FunctionRow& row : kRows) {
    if (row.name != name || arguments < row.arguments_min || arguments > row.arguments_max) {
      continue;
    }
    for (std::size_t slot = 0; slot < kReceiverSlots; ++slot) {
      // Rows for one class stand before those for all.
      if (dispatch.rows[slot] == nullptr && reaches(row.receiver, slot)) dispatch.rows[slot] = &row;
    }
  }
  return dispatch;
}

void prepare(Prepare what, std::string_view argument, Prepared& out) {
  if (what == Prepare::json_path) {
    base::Result<codec::JsonPath> path = codec::JsonPath::compile(argument);
    if (path) out.path = std::make_shared<const codec::JsonPath>(*std::move(path));
  } else if (what == Prepare::regex) {
    base::Result<codec::JavaRegex> regex = codec::JavaRegex::compile(argument);
    if (regex) out.regex = std::make_shared<const codec::JavaRegex>(*std::move(regex));
  }
}

}  // namespace hyd::vtl
