#include "cli/explain.h"

#include "cli/sample.h"
#include "cli/template_source.h"
#include "sys/output.h"
#include "vtl/tools/explain.h"
#include "vtl/tools/put_data.h"

#include <fmt/format.h>

#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>

namespace hyd::cli {
namespace {

constexpr std::size_t kShownMax = 100;  // bytes of one piece

int fail(std::string_view what) {
  sys::print_error_line(fmt::format("hydrant: {}", what));
  return kExitFailed;
}

// On one line, with what is invisible made visible.
std::string shown(std::string_view piece) {
  std::string out;
  for (std::size_t at = 0; at < piece.size(); ++at) {
    const char c = piece[at];
    const bool inside = (static_cast<unsigned char>(c) & 0xC0U) == 0x80;
    if (out.size() >= kShownMax && !inside) {
      return fmt::format("{}... ({} bytes)", out, piece.size());
    }
    if (c == '\n') {
      out += "\\n";
    } else if (c == '\r') {
      out += "\\r";
    } else if (c == '\t') {
      out += "\\t";
    } else {
      out += c;
    }
  }
  return out;
}

// "2, 4-6"
std::string lines_text(const std::set<std::uint32_t>& lines) {
  std::string out;
  for (auto at = lines.begin(); at != lines.end();) {
    const std::uint32_t first = *at;
    std::uint32_t last = first;
    for (++at; at != lines.end() && *at == last + 1; ++at) last = *at;
    out += fmt::format("{}{}", out.empty() ? "" : ", ", first);
    if (last != first) out += fmt::format("{}{}", last == first + 1 ? ", " : "-", last);
  }
  return out;
}

}  // namespace

int explain(const ExplainOptions& options, const Actions& actions) {
  const auto source = find_template(options.which, actions);
  if (!source) return fail(source.error().what);
  const auto sample = read_sample(options.request);
  if (!sample) return fail(sample.error().what);
  const auto explained = vtl::explain(source->text, sample->inputs());
  if (!explained) {
    sys::print_error_line(diagnosis(*source, explained.error().place, explained.error().what));
    return kExitFailed;
  }
  sys::print_line(" line | what it printed");
  for (const vtl::Printed& part : explained->parts) {
    const std::string_view piece =
        std::string_view(explained->output)
            .substr(part.output.begin, part.output.end - part.output.begin);
    std::string line =
        fmt::format("{:>5} | {}", vtl::place_of(source->text, part.source).line, shown(piece));
    if (!part.what.empty()) line += fmt::format("    <- {}", shown(part.what));
    if (!part.through.empty()) {
      line += fmt::format(", through line{} {}", part.through.size() == 1 ? "" : "s",
                          lines_text(part.through));
    }
    sys::print_line(line);
  }
  for (const vtl::PutData& data : vtl::put_data(explained->output)) {
    if (data.problem.empty()) {
      sys::print_line(fmt::format("--- {}, decoded\n{}", data.where, vtl::readable(data.bytes)));
    }
  }
  if (!explained->unreached.empty()) {
    sys::print_line(fmt::format("--- not reached by this request: line{} {}",
                                explained->unreached.size() == 1 ? "" : "s",
                                lines_text(explained->unreached)));
  }
  return kExitOk;
}

}  // namespace hyd::cli
