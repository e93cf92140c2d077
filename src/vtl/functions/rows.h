// What the rows of the table point to; a file for each family.
#pragma once

#include "vtl/functions/table.h"

namespace hyd::vtl::fn {

// any_object.cc
Value to_string(const Call& call);
Value equals(const Call& call);
Value hash_code(const Call& call);

// text_parts.cc
Value text_length(const Call& call);
Value text_is_empty(const Call& call);
Value text_char_at(const Call& call);
Value text_code_point_at(const Call& call);
Value text_substring(const Call& call);
Value text_trim(const Call& call);
Value text_itself(const Call& call);

// text_search.cc
Value text_contains(const Call& call);
Value text_starts_with(const Call& call);
Value text_ends_with(const Call& call);
Value text_index_of(const Call& call);
Value text_last_index_of(const Call& call);

// text_join.cc
Value text_concat(const Call& call);
Value text_replace(const Call& call);
Value text_join(const Call& call);
Value text_value_of(const Call& call);

// text_case.cc
Value text_to_lower_case(const Call& call);
Value text_to_upper_case(const Call& call);
Value text_equals_ignore_case(const Call& call);
Value text_compare_to(const Call& call);

// text_regex.cc
Value text_matches(const Call& call);
Value text_replace_all(const Call& call);
Value text_replace_first(const Call& call);
Value text_split(const Call& call);

// text_format.cc
Value text_format(const Call& call);

// list_items.cc
Value list_size(const Call& call);
Value list_is_empty(const Call& call);
Value list_get(const Call& call);
Value list_set(const Call& call);
Value list_contains(const Call& call);
Value list_contains_all(const Call& call);
Value list_index_of(const Call& call);
Value list_last_index_of(const Call& call);
Value list_sub_list(const Call& call);
Value list_iterator(const Call& call);

// list_change.cc
Value list_add(const Call& call);
Value list_add_all(const Call& call);
Value list_remove(const Call& call);
Value list_clear(const Call& call);
Value array_add(const Call& call);
Value array_add_all(const Call& call);
Value array_remove(const Call& call);
Value array_clear(const Call& call);

// map_members.cc
Value map_size(const Call& call);
Value map_is_empty(const Call& call);
Value map_get(const Call& call);
Value map_put(const Call& call);
Value map_put_all(const Call& call);
Value map_remove(const Call& call);
Value map_contains_key(const Call& call);
Value map_contains_value(const Call& call);
Value map_clear(const Call& call);
Value map_key_set(const Call& call);
Value map_values(const Call& call);
Value map_entry_set(const Call& call);

// map_views.cc
Value view_size(const Call& call);
Value view_is_empty(const Call& call);
Value view_contains(const Call& call);
Value view_contains_all(const Call& call);
Value view_remove(const Call& call);
Value view_clear(const Call& call);
Value view_add(const Call& call);
Value view_iterator(const Call& call);
Value entry_get_key(const Call& call);
Value entry_get_value(const Call& call);

// number_convert.cc
Value number_int_value(const Call& call);
Value number_long_value(const Call& call);
Value number_double_value(const Call& call);
Value number_float_value(const Call& call);
Value number_compare_to(const Call& call);

// number_parse.cc
Value integer_parse_int(const Call& call);
Value integer_value_of(const Call& call);
Value long_parse_long(const Call& call);
Value long_value_of(const Call& call);
Value double_parse_double(const Call& call);
Value double_value_of(const Call& call);

// loop_position.cc
Value loop_has_next(const Call& call);
Value loop_get_index(const Call& call);
Value loop_get_count(const Call& call);
Value loop_is_first(const Call& call);
Value loop_is_last(const Call& call);
Value loop_get_parent(const Call& call);
Value loop_get_topmost(const Call& call);

// input_document.cc
Value input_json(const Call& call);
Value input_path(const Call& call);

// input_params.cc
Value input_params(const Call& call);

// util_base64.cc
Value util_base64_encode(const Call& call);
Value util_base64_decode(const Call& call);

// util_url.cc
Value util_url_encode(const Call& call);
Value util_url_decode(const Call& call);

// util_javascript.cc
Value util_escape_javascript(const Call& call);

// util_json.cc
Value util_parse_json(const Call& call);

}  // namespace hyd::vtl::fn
