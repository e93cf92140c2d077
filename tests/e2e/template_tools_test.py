"""`hydrant vtl` as a person uses it: render, test, lint and explain, on files and on a stack file."""

import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "house"))
import counted  # noqa: E402
import served  # noqa: E402

BINARY = os.environ["HYDRANT_BINARY"]
EXAMPLE = ROOT / "examples" / "clickstream.yaml"
TEMPLATES = ROOT / "examples" / "templates"
SECONDS_MAX = 60


def run(*words):
    return subprocess.run(
        [BINARY, "vtl", *map(str, words)], capture_output=True, text=True, timeout=SECONDS_MAX
    )


class Case(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def file(self, name, text):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return path


class Render(Case):
    def test_a_request_file_is_seen_as_it_is_and_nothing_is_added(self):
        template = self.file(
            "t.vtl", "$input.params()|$context.stage|$stageVariables.v|$input.body"
        )
        request = self.file("r.json", json.dumps({"params": {"header": {"A": "b"}}}))
        done = run("render", template, "--request", request, "--raw")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertEqual(done.stdout, "{path={}, querystring={}, header={A=b}}|||{}")

    def test_flags_are_laid_over_what_a_stage_adds(self):
        template = self.file(
            "t.vtl",
            "$input.params('X-Amzn-Trace-Id').startsWith('Root=1-') $input.params('h') "
            "$input.params('p') $input.params('q') $context.identity.sourceIp $stageVariables.v",
        )
        done = run(
            "render", template, "--raw", "--header", "h: 1", "--path", "p=2", "--query", "q=3",
            "--context", "identity.sourceIp=4", "--stage-variable", "v=5",
        )  # fmt: skip
        self.assertEqual((done.stdout, done.returncode), ("true 1 2 3 4 5", 0))

    def test_the_data_of_a_put_is_shown_decoded(self):
        template = self.file("t.vtl", '{"Data":"$util.base64Encode($input.body)"}')
        done = run("render", template, "--body-text", "hi")
        self.assertRegex(
            done.stdout, r'^{"Data":"aGk="}\n--- Data, decoded \(2 bytes\)\nhi\n[^-]*--- .* a render'
        )

    def test_a_failure_is_told_by_place_with_its_line_underlined(self):
        template = self.file("t.vtl", "ok\n#set($x = $input.body.substring(9))")
        done = run("render", template, "--body-text", "short")
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        self.assertTrue(done.stderr.startswith(f"{template}:2:23: "), done.stderr)
        self.assertIn("\n  2 | #set($x = $input.body.substring(9))\n", done.stderr)
        self.assertRegex(done.stderr, r"\n {4}\| {23}\^{12}\n$")

    def test_a_template_of_a_stack_file_is_chosen_by_words(self):
        words = ("--api", "Api", "--resource", "/v2/{stream-name}", "--method", "POST")
        done = run(
            "render", EXAMPLE, *words, "--type", "application/json", "--path", "stream-name=s",
            "--body-text", '{"a": 1}', "--parameter", "ShardCount=1",
        )  # fmt: skip
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertIn('\n{"a":1}\n', done.stdout)
        self.assertIn('"StreamName": "s"', done.stdout)
        several = run("render", EXAMPLE, *words)
        self.assertEqual(several.returncode, 1)
        self.assertIn("several templates fit", several.stderr)
        self.assertIn("request template application/x-www-form-urlencoded", several.stderr)

    def test_a_form_of_more_parts_than_a_loop_takes_is_refused(self):
        body = "&".join(f"k{i}=v" for i in range(1001))
        done = run(
            "render", EXAMPLE, "--resource", "/v2/{stream-name}", "--method", "POST",
            "--type", "application/x-www-form-urlencoded", "--body-text", body,
        )  # fmt: skip
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn('"status":413', done.stdout)


class Classic(Case):
    def test_velocitys_own_rules_are_there_when_asked_for(self):
        template = self.file("t.vm", "#hi($name) $missing #parse('in/part.vm') #evaluate('$n')")
        self.file("root/in/part.vm", "[$n]")
        macros = self.file("m.vm", "#macro(hi $x)Hello $x#end")
        variables = self.file("v.json", '{"name": "Ada", "n": 3}')
        words = ("--mode", "classic", "--variables", variables, "--root", self.folder / "root")
        done = run("render", template, *words, "--macros", macros, "--raw")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertEqual(done.stdout, "Hello Ada $missing [3] 3")

    def test_no_path_leads_out_of_the_root(self):
        self.file("secret.txt", "secret")
        self.file("root/a.txt", "a")
        (self.folder / "root" / "link.txt").symlink_to(self.folder / "secret.txt")
        for path in ("../secret.txt", "link.txt", str(self.folder / "secret.txt")):
            template = self.file("t.vm", f"#include('{path}')")
            done = run("render", template, "--mode", "classic", "--root", self.folder / "root")
            self.assertNotIn("secret\n", done.stdout, path)
            self.assertEqual(done.returncode, 1, path)
        template = self.file("t.vm", "#include('a.txt')")
        done = run("render", template, "--mode", "classic", "--root", self.folder / "root")
        self.assertEqual((done.returncode, done.stdout), (0, "a\n"))

    def test_its_flags_mean_nothing_without_it(self):
        template = self.file("t.vm", "x")
        self.assertEqual(run("render", template, "--root", self.folder).returncode, 2)


class Test(Case):
    def test_expectations_are_written_held_and_shown_when_they_differ(self):
        self.file("t.vtl", "a $input.body\n")
        self.file("t/one.request.json", '{"body":"b"}')
        self.assertIn("expects nothing", run("test", self.folder).stdout)
        self.assertEqual(run("test", self.folder, "--accept").returncode, 0)
        self.assertEqual((self.folder / "t" / "one.expect").read_text(), "a b\n")
        done = run("test", self.folder)
        self.assertEqual((done.returncode, done.stdout), (0, "ok      t/one\n1 passed, 0 failed\n"))
        self.file("t/one.expect", "a c\n")
        done = run("test", self.folder)
        self.assertEqual(done.returncode, 1)
        self.assertIn("- a c\n    + a b\n", done.stdout)

    def test_a_failure_can_be_expected(self):
        self.file("t.vtl", "$input.body.charAt(9)")
        self.file("t/one.request.json", '{"body":"b"}')
        self.assertEqual(run("test", self.folder, "--accept").returncode, 0)
        self.assertTrue((self.folder / "t" / "one.expect-error").read_text().startswith("1:13 "))
        self.assertEqual(run("test", self.folder).returncode, 0)
        self.file("t.vtl", "$input.body")
        self.assertEqual(run("test", self.folder).returncode, 1)

    def test_a_template_of_a_stack_file_has_its_cases_in_a_folder(self):
        self.file("one.request.json", '{"body": "a=1", "params": {"path": {"stream-name": "s"}}}')
        words = ("--template", EXAMPLE, "--resource", "/v2/{stream-name}", "--method", "POST",
                 "--type", "application/x-www-form-urlencoded")  # fmt: skip
        self.assertEqual(run("test", self.folder, *words, "--accept").returncode, 0)
        self.assertIn("eyJhIjoiMSJ9Cg==", (self.folder / "one.expect").read_text())
        done = run("test", self.folder, *words)
        self.assertEqual((done.returncode, done.stdout), (0, "ok      one\n1 passed, 0 failed\n"))

    def test_nothing_to_test_is_no_success(self):
        done = run("test", self.folder)
        self.assertEqual(done.returncode, 1)
        self.assertIn("no template to test", done.stderr)
        self.file("t.vtl", "a")
        self.assertIn("it has no case", run("test", self.folder).stdout)
        self.file("t/lost.expect", "a")
        done = run("test", self.folder)
        self.assertIn("it has no request", done.stdout)
        self.assertEqual(done.returncode, 1)


class Lint(Case):
    def test_a_finding_says_where_what_why_and_how_to_mend_it(self):
        template = self.file("t.vtl", "#if($input.path('$.a'))\nx#end")
        done = run("lint", template)
        self.assertEqual((done.returncode, done.stderr), (1, ""))
        self.assertTrue(done.stdout.startswith(f"{template}:1:5: warning: "), done.stdout)
        for part in ("[bare-condition]", "^^^^^^^^^^^^^^^^^^", "why:", "mended:"):
            self.assertIn(part, done.stdout)

    def test_the_templates_of_the_examples_are_clean(self):
        for template in sorted(TEMPLATES.glob("*.vtl")):
            done = run("lint", template)
            self.assertEqual((done.returncode, done.stdout), (0, "0 warnings in 1 template\n"))
        done = run("lint", EXAMPLE, "--resource", "/v2/{stream-name}")
        self.assertEqual(done.returncode, 0, done.stdout)

    def test_the_classic_form_template_is_told_what_it_loses_by_its_line_in_the_stack_file(self):
        done = run("lint", EXAMPLE, "--resource", "/v1/{stream-name}")
        self.assertEqual(done.returncode, 1)
        lines = EXAMPLE.read_text().splitlines()
        rules = set()
        for line, column, rule in re.findall(r":(\d+):(\d+): warning: .* \[([\w-]+)\]", done.stdout):
            rules.add(rule)
            if rule == "decoded-twice":
                self.assertTrue(lines[int(line) - 1][int(column) - 1 :].startswith("$util.urlDe"))
        self.assertLessEqual(
            {"split-of-document", "split-without-limit", "decoded-twice", "unescaped-value",
             "long-loop", "default-response"},
            rules,
        )  # fmt: skip


class Explain(Case):
    def test_each_part_is_told_by_its_line(self):
        template = self.file("t.vtl", "#set($a = $input.path('$.n'))\n#if($a == 8)\nno\n#end\n[$a]\n")
        done = run("explain", template, "--body-text", '{"n":7}')
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertIn("    5 | 7    <- $a, through line 1\n", done.stdout)
        self.assertIn("--- not reached by this request: line 3\n", done.stdout)

    def test_a_template_that_is_no_utf8_is_told_as_it_renders(self):
        template = self.folder / "t.vtl"
        template.write_bytes(b"a\xffb\n$input.params('x')\n")
        done = run("explain", template, "--query", "x=7")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertIn("    1 | a\N{REPLACEMENT CHARACTER}b\\n\n", done.stdout)
        self.assertIn("    2 | 7    <- $input.params('x')\n", done.stdout)


class Deployment(served.InFolder):
    def test_a_stack_is_brought_up_and_what_bites_is_said_by_its_line(self):
        hydrant = served.Hydrant(self.folder / "data", *self.level, file=EXAMPLE)
        self.addCleanup(hydrant.kill)
        hydrant.must_be_ready()
        said = hydrant.errors.read_text()
        self.assertRegex(said, r"hydrant: \S+:\d+:\d+: warning: .* \[decoded-twice\]\n")
        self.assertIn("hydrant: `hydrant vtl lint ", said)
        self.assertEqual(hydrant.end(), 0)

    def test_what_bites_does_not_tell_a_secret(self):
        text = EXAMPLE.read_text()
        text = text.replace("Parameters:\n", "Parameters:\n  Secret: {Type: String, NoEcho: true}\n", 1)
        text = text.replace("application/json: |", "application/json: !Sub |", 1)
        text = text.replace("$input.params('X-Amzn-Trace-Id')", "$input.params('${Secret}')", 1)
        file = self.folder / "secret.yaml"
        file.write_text(text)
        hydrant = served.Hydrant(
            self.folder / "kept", *self.level, "--parameter", "Secret=hunter2hunter2", file=file
        )
        self.addCleanup(hydrant.kill)
        hydrant.must_be_ready()
        said = hydrant.errors.read_text()
        self.assertIn("$input.params('****') stands in JSON as it was sent", said)
        self.assertNotIn("hunter2", said)
        self.assertEqual(hydrant.end(), 0)


if __name__ == "__main__":
    counted.main()
