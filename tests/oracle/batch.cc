// Renders a batch of templates for the oracle (compare.py), one request a line:
//
//   MODE <tab> TEMPLATE <tab> REQUEST        the last two in base64; MODE is `stage` or `classic`
//
// and answers one line each: `ok`, `parse` or `fail`, a tab, and the output or message in base64.
// REQUEST is what vtl/sample_request.h reads, or the variables of a classic template as an object.
//
//   vtl_batch ROOT LIBRARY < batch           folder and macro file of the classic templates
#include "codec/base64.h"
#include "vtl/classic.h"
#include "vtl/program.h"
#include "vtl/render.h"
#include "vtl/sample_request.h"

#include <cstdio>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>

namespace hyd::vtl {
namespace {

void answer(std::string_view word, std::string_view text) {
  std::string line(word);
  line.append("\t").append(codec::base64_encode(text)).append("\n");
  std::fwrite(line.data(), 1, line.size(), stdout);
}

void render_stage(Renderer& renderer, const std::string& text, const SampleRequest& request) {
  const auto program = parse(text);
  if (!program) return answer("parse", to_text(program.error()));
  const auto rendered = renderer.render(**program, request.inputs());
  if (!rendered) return answer("fail", rendered.error().what);
  answer("ok", rendered->output);
}

std::optional<std::string> contents(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return std::nullopt;
  return std::string(std::istreambuf_iterator<char>(file), {});
}

class Folder final : public TemplateFiles {
 public:
  explicit Folder(std::string root) : root_(std::move(root)) {}
  std::optional<std::string> read(std::string_view path) override {
    return contents(root_ + "/" + std::string(path));
  }

 private:
  std::string root_;
};

struct Classic {
  Folder files;
  std::string macros;
};

bool answer_classic(Classic& classic, const std::string& text, const std::string& json) {
  const auto variables = codec::parse_json(json);
  if (!variables) return false;
  const auto rendered = render_classic(
      text, {.variables = &*variables, .files = &classic.files, .macros = classic.macros});
  if (rendered) {
    answer("ok", rendered->output);
  } else {
    answer("fail", rendered.error().what);
  }
  return true;
}

bool run_line(Renderer& renderer, Classic& classic, std::string_view line) {
  const std::size_t first = line.find('\t');
  if (first == std::string_view::npos) return false;
  const std::size_t second = line.find('\t', first + 1);
  if (second == std::string_view::npos) return false;
  const auto text = codec::base64_decode(line.substr(first + 1, second - first - 1));
  const auto json = codec::base64_decode(line.substr(second + 1));
  if (!text || !json) return false;
  if (line.starts_with("classic\t")) return answer_classic(classic, *text, *json);
  const auto request = SampleRequest::parse(*json);
  if (!request) return false;
  render_stage(renderer, *text, *request);
  return true;
}

int run(std::string root, const std::string& library) {
  std::string input;
  char block[1 << 16];
  while (const std::size_t got = std::fread(block, 1, sizeof block, stdin))
    input.append(block, got);
  Renderer renderer;
  Classic classic{Folder(std::move(root)), contents(library).value_or("")};
  std::string_view rest = input;
  while (!rest.empty()) {
    const std::size_t end = rest.find('\n');
    if (!run_line(renderer, classic, rest.substr(0, end))) {
      std::fprintf(stderr, "not a line of a batch\n");
      return 2;
    }
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
  }
  return 0;
}

}  // namespace
}  // namespace hyd::vtl

int main(int count, char** arguments) {
  if (count != 3) return 2;
  return hyd::vtl::run(arguments[1], arguments[2]);
}
