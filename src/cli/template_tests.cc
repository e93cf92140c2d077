#include "cli/template_tests.h"

#include "base/result.h"
#include "cli/command_line.h"
#include "cli/sample.h"
#include "cli/template_source.h"
#include "codec/json.h"
#include "sys/input.h"
#include "sys/output.h"
#include "vtl/program.h"
#include "vtl/render.h"
#include "vtl/tools/overrides.h"
#include "vtl/tools/put_data.h"
#include "vtl/tools/text_diff.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hyd::cli {
namespace {

using base::Code;
using base::Result;

constexpr std::string_view kTemplate = ".vtl";
constexpr std::string_view kRequest = ".request.json";
constexpr std::string_view kExpect = ".expect";
constexpr std::string_view kExpectError = ".expect-error";
constexpr std::string_view kExpectOverrides = ".expect-overrides";

// What came of a case, in the form that its expectation has.
struct Outcome {
  std::string text;
  bool error = false;
  std::string overrides = {};  // a line each
};

std::vector<std::string> names_with(const std::vector<std::string>& names, std::string_view end) {
  std::vector<std::string> out;
  for (const std::string& name : names) {
    if (name.size() > end.size() && name.ends_with(end)) {
      out.push_back(name.substr(0, name.size() - end.size()));
    }
  }
  return out;
}

bool holds(const std::vector<std::string>& names, const std::string& name) {
  return std::ranges::find(names, name) != names.end();
}

class Tests {
 public:
  Tests(const TemplateTestOptions& options, const Actions& actions)
      : options_(options), actions_(actions) {}

  int run() {
    const auto names = sys::list_input(options_.folder);
    if (!names) return refuse(names.error().what);
    if (options_.which) return run_one(*options_.which);
    const std::vector<std::string> templates = names_with(*names, kTemplate);
    if (templates.empty()) {
      return refuse(
          fmt::format("{}: no template to test: expected NAME{}, NAME/CASE{} and "
                      "NAME/CASE{}",
                      options_.folder, kTemplate, kRequest, kExpect));
    }
    for (const std::string& name : templates) test_template(name);
    return end();
  }

 private:
  int run_one(const TemplateOptions& which) {
    const auto source = find_template(which, actions_);
    if (!source) return refuse(source.error().what);
    test_folder(*source, options_.folder, "");
    return end();
  }

  int end() const {
    sys::print_line(options_.accept ? fmt::format("{} accepted, {} failed", passed_, failed_)
                                    : fmt::format("{} passed, {} failed", passed_, failed_));
    return failed_ == 0 ? kExitOk : kExitFailed;
  }
  static int refuse(std::string_view what) {
    sys::print_error_line(fmt::format("hydrant: {}", what));
    return kExitFailed;
  }
  std::string path(std::string_view inside) const {
    return fmt::format("{}{}{}", options_.folder, options_.folder.ends_with('/') ? "" : "/",
                       inside);
  }
  void failed(std::string_view what, std::string_view why) {
    ++failed_;
    sys::print_line(fmt::format("FAILED  {}", what));
    std::string_view rest = why;
    while (!rest.empty()) {
      const std::size_t end = std::min(rest.find('\n'), rest.size());
      sys::print_line(fmt::format("    {}", rest.substr(0, end)));
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
  }
  void passed(std::string_view what, std::string_view how) {
    ++passed_;
    sys::print_line(fmt::format("{:<7} {}", how, what));
  }

  void test_template(const std::string& name) {
    const std::string file = path(name + std::string(kTemplate));
    auto text = sys::read_input(file, kTemplateMax);
    if (!text) return failed(name, text.error().what);
    test_folder(
        {.text = *std::move(text), .origin = {.file = file, .text = {}, .lines = {}, .begins = {}}},
        path(name), name);
  }

  // The cases of one template; `name` is empty when it has none of its own.
  void test_folder(const TemplateSource& source, const std::string& folder,
                   const std::string& name) {
    const std::string before = name.empty() ? "" : name + "/";
    const auto names = sys::list_input(folder);
    const std::vector<std::string> none;
    const std::vector<std::string>& there = names ? *names : none;
    const std::vector<std::string> cases = names_with(there, kRequest);
    for (const std::string& one : cases) {
      test_case({.source = source, .folder = folder, .there = there}, one, before + one);
    }
    std::size_t lost = 0;
    for (const std::string_view end : {kExpect, kExpectError, kExpectOverrides}) {
      for (const std::string& one : names_with(there, end)) {
        if (holds(cases, one)) continue;
        ++lost;
        failed(before + one,
               fmt::format("it has no request: expected {}/{}{}", folder, one, kRequest));
      }
    }
    if (!cases.empty() || lost > 0) return;
    failed(name.empty() ? folder : name,
           fmt::format("it has no case: expected {}/CASE{} and {}/CASE{}", folder, kRequest, folder,
                       kExpect));
  }

  struct Under {
    const TemplateSource& source;
    const std::string& folder;
    const std::vector<std::string>& there;
  };

  void test_case(const Under& under, const std::string& name, const std::string& shown) {
    const std::string request = under.folder + "/" + name + std::string(kRequest);
    const auto sample = read_request_file(request);
    if (!sample) return failed(shown, sample.error().what);
    std::string diagnosis;
    const Outcome outcome = try_it(under, *sample, diagnosis);
    const bool has_output = holds(under.there, name + std::string(kExpect));
    const bool has_error = holds(under.there, name + std::string(kExpectError));
    const std::string stem = under.folder + "/" + name;
    if (has_output && has_error) {
      return failed(shown, fmt::format("{}{} and {}: only one of them can be expected", stem,
                                       kExpect, kExpectError));
    }
    const std::string expect_file = stem + std::string(outcome.error ? kExpectError : kExpect);
    if (options_.accept) {
      if (outcome.error ? has_output : has_error) {
        return failed(shown, fmt::format("{}{} expects otherwise: remove it to accept this:\n{}",
                                         stem, outcome.error ? kExpect : kExpectError,
                                         outcome.error ? diagnosis : outcome.text));
      }
      return accept(expect_file, stem + std::string(kExpectOverrides), outcome, shown);
    }
    if (!has_output && !has_error) {
      return failed(shown, fmt::format("it expects nothing: write {} yourself, or let --accept "
                                       "write what comes out now:\n{}",
                                       expect_file, outcome.error ? diagnosis : outcome.text));
    }
    const auto expected =
        sys::read_input(stem + std::string(has_error ? kExpectError : kExpect), kSampleMax * 2);
    if (!expected) return failed(shown, expected.error().what);
    if (outcome.error != has_error) {
      return failed(shown, outcome.error
                               ? "it fails, and an output is expected:\n" + diagnosis
                               : "it renders, and a failure is expected:\n" + outcome.text);
    }
    if (outcome.text != *expected && outcome.text + "\n" != *expected) {
      return failed(shown, difference(*expected, outcome));
    }
    if (holds(under.there, name + std::string(kExpectOverrides))) {
      const auto overrides = sys::read_input(stem + std::string(kExpectOverrides), kSampleMax);
      if (!overrides) return failed(shown, overrides.error().what);
      if (*overrides != outcome.overrides) {
        return failed(shown, "what it leaves in $context differs:\n" +
                                 vtl::text_diff(*overrides, outcome.overrides));
      }
    }
    passed(shown, "ok");
  }

  static Outcome try_it(const Under& under, const Sample& sample, std::string& diagnosis) {
    const auto failed_at = [&](vtl::Place place, const std::string& what) {
      diagnosis = cli::diagnosis(under.source, place, what);
      return Outcome{.text = fmt::format("{}:{} {}", place.line, place.column, what),
                     .error = true};
    };
    const auto program = vtl::parse(under.source.text);
    if (!program) return failed_at(program.error().place, program.error().what);
    auto rendered = vtl::render(**program, sample.inputs());
    if (!rendered) return failed_at(rendered.error().place, rendered.error().what);
    Outcome outcome{.text = std::move(rendered->output)};
    for (const vtl::NamedOverride& one : vtl::overrides_of(*rendered)) {
      outcome.overrides += fmt::format("{} {}\n", one.name, codec::to_text(*one.value));
    }
    return outcome;
  }

  // Overrides are expected where there are some, or where some were expected.
  void accept(const std::string& file, const std::string& overrides_file, const Outcome& outcome,
              const std::string& shown) {
    const auto before = sys::read_input(file, kSampleMax * 2);
    const auto overrides = sys::read_input(overrides_file, kSampleMax);
    const bool same = before && (*before == outcome.text || *before == outcome.text + "\n");
    const bool same_overrides =
        overrides ? *overrides == outcome.overrides : outcome.overrides.empty();
    if (same && same_overrides) return passed(shown, "ok");
    const bool ended = outcome.text.empty() || outcome.text.ends_with('\n');
    Result<void> wrote = sys::write_output(file, outcome.text + (ended ? "" : "\n"));
    if (wrote && !same_overrides) wrote = sys::write_output(overrides_file, outcome.overrides);
    if (!wrote) return failed(shown, wrote.error().what);
    passed(shown, before ? "changed" : "new");
  }

  // Nobody reads base64: where both carry records, the records are compared as well.
  static std::string difference(const std::string& expected, const Outcome& outcome) {
    std::string out = vtl::text_diff(expected, outcome.text);
    if (outcome.error) return out;
    const std::vector<vtl::PutData> want = vtl::put_data(expected);
    const std::vector<vtl::PutData> have = vtl::put_data(outcome.text);
    for (std::size_t i = 0; i < std::min(want.size(), have.size()); ++i) {
      if (want[i].bytes == have[i].bytes) continue;
      out +=
          fmt::format("{}, decoded:\n{}", have[i].where,
                      vtl::text_diff(vtl::readable(want[i].bytes), vtl::readable(have[i].bytes)));
    }
    return out;
  }

  const TemplateTestOptions& options_;
  const Actions& actions_;
  std::size_t passed_ = 0;
  std::size_t failed_ = 0;
};

}  // namespace

int test_templates(const TemplateTestOptions& options, const Actions& actions) {
  return Tests(options, actions).run();
}

}  // namespace hyd::cli
