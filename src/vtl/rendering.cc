#include "vtl/rendering.h"

#include "vtl/arithmetic.h"
#include "vtl/objects.h"
#include "vtl/text.h"

#include <cmath>

namespace hyd::vtl {
namespace {

class TextWriter {
 public:
  TextWriter(Run& run, std::string& out) : run_(run), out_(out) {}

  // False when there is no text.
  bool write(const Value& value) {
    switch (value.kind()) {
      case Kind::null: return false;
      case Kind::text: out_.append(value.text()); return true;
      case Kind::boolean: out_.append(value.truth() ? "true" : "false"); return true;
      case Kind::character: append_unit(value.unit(), out_); return true;
      case Kind::list:
        if (value.list()->form == List::Form::json) {
          append_json(run_, value, JsonSlash::escaped, out_);
        } else {
          write_list(*value.list());
        }
        return true;
      case Kind::map: write_map(*value.map()); return true;
      case Kind::entry: write_pair(value.entry()->key, value.entry()->value); return true;
      case Kind::view: write_view(*value.view()); return true;
      case Kind::loop:
        if (value.loop()->storage != nullptr) {
          write_map(*value.loop()->storage);
        } else {
          out_.append("{}");
        }
        return true;
      case Kind::block: return run_.blocks().render_block(*value.block(), out_);
      case Kind::input:
      case Kind::util: return true;  // an address in Java
      default: append_number(value, out_); return true;
    }
  }

 private:
  bool enter() {
    if (++depth_ > run_.limits().depth_max) {
      run_.fail(Failure::Reason::too_deep, "values are nested too deep to print them");
    }
    return !run_.failed();
  }

  void write_or_null(const Value& value) {
    if (!run_.charge(1) || !run_.text_fits(out_.size())) return;
    if (!write(value)) out_.append("null");
  }

  void write_list(const List& list) {
    if (!enter()) return;
    const char* before = "[";
    for (std::uint32_t i = 0; i < list.size && !run_.failed(); ++i) {
      out_.append(before);
      before = ", ";
      const Value& item = list.items[i];
      if (item.kind() == Kind::list && item.list() == &list) {
        out_.append("(this Collection)");
      } else {
        write_or_null(item);
      }
    }
    out_.append(list.size == 0 ? "[]" : "]");
    --depth_;
  }

  void write_pair(const Value& key, const Value& value, const Map* owner = nullptr) {
    for (const Value* part : {&key, &value}) {
      if (part == &value) out_.append("=");
      if (owner != nullptr && part->kind() == Kind::map && part->map() == owner) {
        out_.append("(this Map)");
      } else {
        write_or_null(*part);
      }
    }
  }

  void write_map(const Map& map) {
    if (map.silent || !enter()) return;
    const char* before = "{";
    std::uint32_t cursor = 0;
    Entry* entry = nullptr;
    while (next_entry(map, cursor, entry) && !run_.failed()) {
      out_.append(before);
      before = ", ";
      write_pair(entry->key, entry->value, &map);
    }
    out_.append(map.size == 0 ? "{}" : "}");
    --depth_;
  }

  void write_view(const View& view) {
    if (!enter()) return;
    const char* before = "[";
    std::uint32_t cursor = 0;
    Entry* entry = nullptr;
    while (next_entry(*view.map, cursor, entry) && !run_.failed()) {
      out_.append(before);
      before = ", ";
      switch (view.form) {
        case View::Form::keys: write_or_null(entry->key); break;
        case View::Form::values: write_or_null(entry->value); break;
        case View::Form::entries: write_pair(entry->key, entry->value); break;
      }
    }
    out_.append(view.map->size == 0 ? "[]" : "]");
    --depth_;
  }

  Run& run_;
  std::string& out_;
  std::uint32_t depth_ = 0;
};

class JsonWriter {
 public:
  JsonWriter(Run& run, JsonSlash slash, std::string& out) : run_(run), slash_(slash), out_(out) {}

  void write(const Value& value) {
    if (!run_.charge(1) || !run_.text_fits(out_.size())) return;
    switch (value.kind()) {
      case Kind::null: out_.append("null"); return;
      case Kind::text: append_json_text(value.text(), slash_, out_); return;
      case Kind::boolean: out_.append(value.truth() ? "true" : "false"); return;
      case Kind::list: write_list(*value.list()); return;
      case Kind::map: write_map(*value.map()); return;
      case Kind::single:
      case Kind::real:
        if (std::isinf(value.real())) {
          out_.append("null");
          return;
        }
        append_number(value, out_);
        return;
      case Kind::integer:
      case Kind::long_integer:
      case Kind::big_integer:
      case Kind::decimal: append_number(value, out_); return;
      case Kind::view: write_view(*value.view()); return;
      default: {
        std::string text;
        append_text_or_null(run_, value, text);
        append_json_text(text, slash_, out_);
      }
    }
  }

 private:
  bool enter() {
    if (++depth_ > run_.limits().depth_max) {
      run_.fail(Failure::Reason::too_deep, "values are nested too deep to write them as JSON");
    }
    return !run_.failed();
  }

  void write_list(const List& list) {
    if (!enter()) return;
    out_.push_back('[');
    for (std::uint32_t i = 0; i < list.size && !run_.failed(); ++i) {
      if (i > 0) out_.push_back(',');
      write(list.items[i]);
    }
    out_.push_back(']');
    --depth_;
  }

  void write_map(const Map& map) {
    if (!enter()) return;
    char before = '{';
    std::uint32_t cursor = 0;
    Entry* entry = nullptr;
    while (next_entry(map, cursor, entry) && !run_.failed()) {
      out_.push_back(before);
      before = ',';
      if (entry->key.is_text()) {
        append_json_text(entry->key.text(), slash_, out_);
      } else {
        std::string key;
        append_text_or_null(run_, entry->key, key);
        append_json_text(key, slash_, out_);
      }
      out_.push_back(':');
      write(entry->value);
    }
    out_.append(map.size == 0 ? "{}" : "}");
    --depth_;
  }

  void write_view(const View& view) {
    if (!enter()) return;
    char before = '[';
    std::uint32_t cursor = 0;
    Entry* entry = nullptr;
    while (next_entry(*view.map, cursor, entry) && !run_.failed()) {
      out_.push_back(before);
      before = ',';
      switch (view.form) {
        case View::Form::keys: write(entry->key); break;
        case View::Form::values: write(entry->value); break;
        case View::Form::entries: write(Value(entry)); break;
      }
    }
    out_.append(view.map->size == 0 ? "[]" : "]");
    --depth_;
  }

  Run& run_;
  JsonSlash slash_;
  std::string& out_;
  std::uint32_t depth_ = 0;
};

void append_escape(std::uint32_t unit, std::string& out) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  out.append("\\u");
  for (int shift = 12; shift >= 0; shift -= 4) out.push_back(kHex[unit >> shift & 15u]);
}

}  // namespace

bool append_text(Run& run, const Value& value, std::string& out) {
  return TextWriter(run, out).write(value);
}

void append_text_or_null(Run& run, const Value& value, std::string& out) {
  if (!append_text(run, value, out)) out.append("null");
}

Value to_text(Run& run, const Value& value) {
  if (value.is_text() || value.is_null()) return value;
  std::string text;
  if (!append_text(run, value, text)) return Value();
  return run.make_text(text);
}

void append_json(Run& run, const Value& value, JsonSlash slash, std::string& out) {
  JsonWriter(run, slash, out).write(value);
}

void append_json_text(std::string_view text, JsonSlash slash, std::string& out) {
  out.push_back('"');
  std::size_t done = 0;
  for (std::size_t i = 0; i < text.size();) {
    const auto byte = static_cast<unsigned char>(text[i]);
    // All that is ever escaped starts with one of these bytes.
    if (byte >= 0x20 && byte < 0x7F && byte != '"' && byte != '\\' && byte != '/') {
      ++i;
      continue;
    }
    std::size_t end = i;
    const std::uint32_t point = next_point(text, end);
    const bool plain =
        (point == '/' && slash == JsonSlash::plain) || (point > 0x7E && !escapes_in_json(point));
    if (!plain) {
      out.append(text.substr(done, i - done));
      done = end;
      switch (point) {
        case '"': out.append("\\\""); break;
        case '\\': out.append("\\\\"); break;
        case '/': out.append("\\/"); break;
        case '\b': out.append("\\b"); break;
        case '\f': out.append("\\f"); break;
        case '\n': out.append("\\n"); break;
        case '\r': out.append("\\r"); break;
        case '\t': out.append("\\t"); break;
        default: append_escape(point, out);
      }
    }
    i = end;
  }
  out.append(text.substr(done));
  out.push_back('"');
}

}  // namespace hyd::vtl
