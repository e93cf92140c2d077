#include "vtl/tools/rules/table.h"

#include "vtl/tools/rules/rows.h"

#include <utility>

namespace hyd::vtl {
namespace {

constexpr RuleRow kRows[] = {
    {"hyphen-in-name", rule::hyphen_in_name,
     "A hyphen belongs to a name, so nothing is subtracted: the name is not set and prints "
     "nothing.",
     "#set($n = 5)$n-1", "#set($n = 5)#set($m = $n - 1)$m"},
    {"bare-condition", rule::bare_condition,
     "A value that is missing, empty, 0 or null counts as true, so the #else is never reached.",
     "#if($input.path('$.name'))named#end", "#if($input.path('$.name') != \"\")named#end"},
    {"base64-of-no-text", rule::base64_of_no_text,
     "base64Encode takes a text. Of anything else it makes an empty text, and the record is stored "
     "empty.",
     "$util.base64Encode($input.path('$.user'))", "$util.base64Encode($input.json('$.user'))"},
    {"split-pattern", rule::split_pattern,
     "An unescaped '.' or '|' matches everywhere, and a lone '*', '+', '?' or '(' fails the "
     "request.",
     "#set($p = $input.body.split('|'))$p[1]", "#set($p = $input.body.split('\\|'))$p[1]"},
    {"split-without-limit", rule::split_without_limit,
     "What stands behind a second '=' is lost (a=b=c keeps b), and a lone '=' has no parts at all.",
     "#set($p = $input.body.split('='))$p[1]", "#set($p = $input.body.split('=', 2))$p[1]"},
    {"split-of-document", rule::split_of_document,
     "A body that looks like JSON ({\"a\":1}, [1], true, 12) is no text and has no split: the loop "
     "runs no round, the event is lost, and its sender sees success.",
     "#foreach($p in $input.path('$').split('&', 500))<$p>#end",
     "#foreach($p in $input.body.split('&', 500))<$p>#end"},
    {"decoded-twice", rule::decoded_twice,
     "The second decoding turns a sent '+' (%2B) into a blank and fails at a sent '%' (%25), which "
     "loses the event.",
     "$util.urlDecode($util.urlDecode($input.body))", "$util.urlDecode($input.body)"},
    {"unescaped-value", rule::unescaped_value,
     "A quote, a backslash or a line end in the value breaks the JSON or changes what it says.",
     "{\"name\":\"$input.params('name')\"}",
     "{\"name\":\"$util.escapeJavaScript($input.params('name')).replaceAll(\"\\\\'\", \"'\")\"}"},
    {"written-line-end", rule::written_line_end,
     "Templates know no such escapes: the two characters are stored as they stand.",
     "#set($line = '\\n')", "#set($line = \"\n\")"},
    {"no-line-end", rule::no_line_end,
     "Records of a stream are put one behind the other in a file: without a line end two events "
     "become one line.",
     "{\"StreamName\":\"s\",\"Data\":\"$util.base64Encode($input.json('$'))\"}",
     "#set($line = "
     "\"$input.json('$')\n\")\n{\"StreamName\":\"s\",\"Data\":\"$util.base64Encode($line)"
     "\"}"},
    {"long-loop", rule::long_loop,
     "A #foreach runs at most 1,000 rounds and leaves the rest out without an error: events are "
     "lost, and their sender sees success.",
     "#foreach($item in $input.path('$.items'))$item#end",
     "#set($items = $input.path('$.items'))\n#if($items.size() > 1000)\n#set($context."
     "responseOverride.status = 413)\n#stop\n#end\n#foreach($item in $items)$item#end"},
    {"inert-directive", rule::inert_directive,
     "API Gateway has no macros, no other templates and no files.", "#macro(hi)hello#end#hi()",
     "#define($hi)hello#end$hi"},
    {"unknown-function", rule::unknown_function,
     "What does not exist gives an empty text and no error. $util.toJson, $util.qr and $util.time "
     "are AppSync's.",
     "$util.toJson($input.path('$'))", "$input.json('$')"},
    {"lost-group", rule::lost_group,
     "Double quotes fill in the variable of that name, which is not set, and the group is lost.",
     "$input.body.replaceAll('(?<word>[a-z]+)', \"<${word}>\")",
     "$input.body.replaceAll('(?<word>[a-z]+)', '<${word}>')"},
    {"override-twice", rule::override_twice,
     "AWS documents that overriding the same thing twice in one template fails the request; here "
     "the "
     "last one holds.",
     "#set($context.responseOverride.status = 201)#set($context.responseOverride.status = 202)",
     "#set($context.responseOverride.status = 202)"},
};

}  // namespace

std::span<const RuleRow> rules() { return kRows; }

void Findings::add(Range range, std::string what, std::string mended) {
  out_.push_back({.rule = row_.name,
                  .range = range,
                  .what = std::move(what),
                  .why = row_.why,
                  .mended = std::move(mended)});
}

}  // namespace hyd::vtl
