#include "vtl/context.h"

#include "vtl/arithmetic.h"
#include "vtl/objects.h"
#include "vtl/rendering.h"

#include <string>

namespace hyd::vtl {
namespace {

bool is_number(std::string_view text) {
  const std::size_t sign = text.starts_with('-') ? 1 : 0;
  return text.size() > sign && text.find_first_not_of("0123456789", sign) == std::string_view::npos;
}

Value value_of(Run& run, const ContextField& field) {
  switch (field.kind) {
    case ContextField::Kind::boolean: return Value(field.value == "true");
    case ContextField::Kind::number:
      return is_number(field.value) ? parse_whole(run.heap(), field.value)
                                    : Value(parse_double(field.value));
    case ContextField::Kind::null:
    case ContextField::Kind::object: return Value();
    case ContextField::Kind::text: break;
  }
  return run.input_text(field.value);
}

Map* child(Run& run, Map& parent, std::string_view name) {
  const Value known = get(run, parent, Value(name));
  if (known.kind() == Kind::map) return known.map();
  Map* const map = new_map(run);
  map->silent = true;
  put(run, parent, Value(name), Value(map));
  return map;
}

Map* object_at(Run& run, Map& root, std::string_view path) {
  Map* at = &root;
  while (!path.empty()) {
    const std::size_t dot = std::min(path.find('.'), path.size());
    at = child(run, *at, path.substr(0, dot));
    path.remove_prefix(std::min(dot + 1, path.size()));
  }
  return at;
}

// A value that a template has written, on its way into another template.
Value import(Run& run, const codec::Json& json) {
  switch (json.kind()) {
    case codec::Json::Kind::null: return Value();
    case codec::Json::Kind::boolean: return Value(*json.if_boolean());
    case codec::Json::Kind::number: {
      const std::string& text = json.if_number()->text;
      return is_number(text) ? parse_whole(run.heap(), text) : Value(parse_double(text));
    }
    case codec::Json::Kind::string: return Value(std::string_view(*json.if_string()));
    case codec::Json::Kind::array: {
      List* const list = new_list(run);
      for (const codec::Json& item : *json.if_array()) append(run, *list, import(run, item));
      return Value(list);
    }
    case codec::Json::Kind::object: {
      Map* const map = new_map(run);
      for (const auto& [name, member] : *json.if_object()) {
        put(run, *map, Value(std::string_view(name)), import(run, member));
      }
      return Value(map);
    }
  }
  return Value();
}

codec::Json text_json(Run& run, const Value& value) {
  std::string text;
  append_text_or_null(run, value, text);
  return codec::Json(std::move(text));
}

codec::Json to_json(Run& run, const Value& value, std::uint32_t depth) {
  if (depth > run.limits().depth_max || !run.charge(1)) {
    run.fail(Failure::Reason::too_deep, "an override is nested too deep");
    return {};
  }
  switch (value.kind()) {
    case Kind::null: return {};
    case Kind::boolean: return codec::Json(value.truth());
    case Kind::list: {
      codec::Json::Array items;
      for (const Value& item : *value.list()) items.push_back(to_json(run, item, depth + 1));
      return codec::Json(std::move(items));
    }
    case Kind::map: {
      codec::Json::Object members;
      std::uint32_t cursor = 0;
      Entry* entry = nullptr;
      while (next_entry(*value.map(), cursor, entry)) {
        std::string name;
        append_text_or_null(run, entry->key, name);
        codec::Json member = to_json(run, entry->value, depth + 1);
        members.emplace_back(std::move(name), std::move(member));
      }
      return codec::Json(std::move(members));
    }
    case Kind::integer:
    case Kind::long_integer:
    case Kind::big_integer: {
      codec::Json::Number number;
      append_number(value, number.text);
      return codec::Json(std::move(number));
    }
    default: return text_json(run, value);
  }
}

// The maps of overrides print nothing; they are there even when nothing has been overridden.
void add_overrides(Run& run, Map& context, std::string_view name, const codec::Json* given,
                   std::initializer_list<std::string_view> parts) {
  Map* const map = child(run, context, name);
  if (given != nullptr && given->if_object() != nullptr) {
    for (const auto& [key, member] : *given->if_object()) {
      put(run, *map, Value(std::string_view(key)), import(run, member));
    }
  }
  for (const std::string_view part : parts) child(run, *map, part)->silent = true;
}

}  // namespace

Map* make_context(Run& run) {
  Map* const root = new_map(run);
  for (const ContextField& field : run.inputs().context) {
    Map* const object = object_at(run, *root, field.object);
    if (field.kind == ContextField::Kind::object) {
      child(run, *object, field.name);
    } else {
      put(run, *object, run.input_text(field.name), value_of(run, field));
    }
    run.charge(1);
  }
  const Overrides* const given = run.inputs().overrides;
  add_overrides(run, *root, "requestOverride", given == nullptr ? nullptr : &given->request,
                {"path", "header", "querystring"});
  add_overrides(run, *root, "responseOverride", given == nullptr ? nullptr : &given->response,
                {"header"});
  return root;
}

Map* make_stage_variables(Run& run) {
  Map* const map = new_map(run);
  for (const NameValue& variable : run.inputs().stage_variables) {
    put(run, *map, run.input_text(variable.name), run.input_text(variable.value));
  }
  return map;
}

bool find_context_field(Run& run, const ContextName& name, bool whole, Value& out) {
  for (const ContextField& field : run.inputs().context) {
    if (field.name != name.name || field.object != name.object) continue;
    if (field.kind == ContextField::Kind::object) return false;
    out = value_of(run, field);
    if (!out.is_null()) return true;
    out = Value("");
    return whole;
  }
  if (!whole || name.whole.starts_with("requestOverride") ||
      name.whole.starts_with("responseOverride")) {
    return false;
  }
  for (const ContextField& field : run.inputs().context) {
    if (field.object.starts_with(name.whole)) return false;
  }
  out = Value("");
  return true;
}

Overrides read_overrides(Run& run, const Map& context) {
  Overrides overrides;
  const Entry* const request = find(run, context, std::string_view("requestOverride"));
  const Entry* const response = find(run, context, std::string_view("responseOverride"));
  if (request != nullptr) overrides.request = to_json(run, request->value, 0);
  if (response != nullptr) overrides.response = to_json(run, response->value, 0);
  return overrides;
}

}  // namespace hyd::vtl
