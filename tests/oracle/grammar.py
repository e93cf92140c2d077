"""Templates and what they see, drawn from a grammar by one seed.

Three kinds of templates: `tree` is well formed and mostly well typed, `soup` strings pieces of syntax
together, and `broken` is a tree with a few characters changed. Methods are those of the manual only:
Velocity itself reaches every public method of Java.
"""

import json

WORDS = ["a", "b", "key", "Zürich", "x y", "", "1", "true", "0", "a,b,,c,,", "k=v&k2=", "한글", "-", "😀é"]
NAMES = ["a", "b", "s", "n", "m", "l", "x", "y", "foo", "a-b", "undef", "item", "_u"]
KEYS = ["a", "b", "k", "size", "empty", "x-y", "keySet"]
REGEXES = [",", "\\.", ".", "|", "[a-c]", "(a)(b)?", "a*", "\\s+", "^a", "b$", "[^0-9]", "a|b", "=", "&", "\\d+", "(?i)A", "x{2}", "(?<q>a)"]
REPLACEMENTS = ["-", "$1", "<$0>", "", "\\\\", "[$1]", "xx", "${q}", "\\$"]
NUMBERS = ["0", "1", "2", "3", "7", "-1", "-7", "10", "2147483647", "-2147483648", "4294967296", "9223372036854775807",
           "12345678901234567890", "1.0", "0.5", "1.1", "100.", "1e3", "1.5e-7", "-.5", "12345678.9", "0.001"]
FORMATS = ["%s", "%d", "%5s|", "%-5s|", "%05d", "%x", "%.2f", "%e", "%b", "%c", "%n", "%%", "%s-%s", "%2$s %1$s", "%,d", "%+d", "%08.3f", "%S", "%o", "%h", "%(d", "% d", "%#x", "%10.3e", "%g", "%.3s"]

TEXT_METHODS = {  # name: kinds of arguments
    "length": [""], "isEmpty": [""], "equals": ["v", "s"], "equalsIgnoreCase": ["s"], "compareTo": ["s"],
    "concat": ["s"], "contains": ["s"], "startsWith": ["s", "si"], "endsWith": ["s"], "indexOf": ["s", "si", "i"],
    "lastIndexOf": ["s", "si", "i"], "charAt": ["i"], "substring": ["i", "ii"], "toLowerCase": [""], "toUpperCase": [""],
    "trim": [""], "replace": ["ss"], "replaceAll": ["rp"], "replaceFirst": ["rp"], "matches": ["r"], "split": ["r", "ri"],
    "toString": [""], "hashCode": [""], "intern": [""], "codePointAt": ["i"], "format": ["f", "fv", "fvv"], "valueOf": ["v"],
}
LIST_METHODS = {
    "size": [""], "isEmpty": [""], "get": ["i"], "set": ["iv"], "add": ["v", "iv"], "addAll": ["l"], "remove": ["i", "v"],
    "contains": ["v"], "containsAll": ["l"], "indexOf": ["v"], "lastIndexOf": ["v"], "subList": ["ii"], "clear": [""],
    "toString": [""], "equals": ["l", "v"], "hashCode": [""],
}
ARRAY_METHODS = {"size": [""], "isEmpty": [""], "get": ["i"], "set": ["is"], "contains": ["s"], "indexOf": ["s"], "lastIndexOf": ["s"]}
MAP_METHODS = {
    "size": [""], "isEmpty": [""], "get": ["k", "v"], "put": ["kv"], "putAll": ["m"], "remove": ["k"], "containsKey": ["k"],
    "containsValue": ["v"], "keySet": [""], "values": [""], "entrySet": [""], "clear": [""], "toString": [""], "equals": ["m"], "hashCode": [""],
}
NUMBER_METHODS = {"intValue": [""], "longValue": [""], "doubleValue": [""], "floatValue": [""], "toString": [""], "equals": ["n", "v"],
                  "compareTo": ["n"], "hashCode": [""]}
INTEGER_STATICS = {"parseInt": ["d"], "valueOf": ["d", "i"]}
BOOLEAN_METHODS = {"toString": [""], "equals": ["v"], "hashCode": [""]}
UTIL_METHODS = {"base64Encode": ["s", "v"], "base64Decode": ["e"], "urlEncode": ["s"], "urlDecode": ["s", "u"], "escapeJavaScript": ["s"]}
# Methods that Java has where the manual does not: on arrays, booleans and so on.
OTHERS_HAVE_IT = ("hashCode", "compareTo", "valueOf")
ALL = [TEXT_METHODS, LIST_METHODS, MAP_METHODS, NUMBER_METHODS, BOOLEAN_METHODS]

SOUP = ["$", "$!", "${", "$!{", "}", "{", "(", ")", "[", "]", ".", "..", ",", "#", "##", "#*", "*#", "#**", "#[[", "]]#", "\\", "\\\\", "\\$", "\\#",
        "!", "\"", "'", "\"\"", "''", " ", "  ", "\n", "\t", "\r\n", "a", "x", "$a", "$x", "${a}", "$a.b", "$a.b()", "$a[0]", "$m.k", "$!x", "$a.", "$a..",
        "$undef", "#set", "#set(", "#set($a=1)", "#set ( $x = 'q' )", "#if", "#if(", "#if(true)", "#if($a)", "#else", "#{else}", "#elseif(false)",
        "#end", "#{end}", "#foreach($i in [1..2])", "#foreach(", "#break", "#stop", "#macro(m)", "#m()", "#define($d)", "#evaluate('x')", "#unknown",
        "#unknown(1)", "#literal()", "#parse('x')", "#include('x')", "in", "true", "false", "and", "or", "not", "==", "!=", "=", "<", "<=", ">", ">=",
        "&&", "||", "+", "-", "*", "/", "%", "1", "0", "-1", "1.5", "1e3", "1..3", "[1..3]", "[1,2]", "{}", "{'a':1}", "'s'", "\"t\"", "\"$a\"", "\"#if(true)y#end\"",
        "é", "한", "😀", ":", ";", "@", "#@x()", "$5", "$-", "$_u", "$a-b", "#1", "#fff", "\\u0041", "\"\\u0041\"", "null", "$null", ".k", "[0]", "[-1]", "['k']",
        "#set($m.k = 2)", "#set($m['z'] = 'w')", "#end\n", "#else\n", ") \n", "  #set($b=2)\n", "text", "$velocityCount", "$foreach.index", "$foreach.hasNext"]


class Grammar:
    def __init__(self, random, classic=False, number=0):
        self.random = random
        self.classic = classic
        self.number = number
        self.kinds = {}  # of variables that were set
        self.loops = 0
        self.macros = {}

    def choose(self, items):
        return items[int(self.random.random() * len(items))]

    def chance(self, share):
        return self.random.random() < share

    # --- what the template sees
    def json_value(self, depth):
        roll = self.random.random()
        if depth > 0 and roll < 0.25:
            return {self.choose(KEYS): self.json_value(depth - 1) for _ in range(int(self.random.random() * 4))}
        if depth > 0 and roll < 0.45:
            return [self.json_value(depth - 1) for _ in range(int(self.random.random() * 4))]
        if roll < 0.7:
            return self.choose(WORDS)
        return self.choose([0, 1, -3, 2147483648, 12345678901234567890, 1.5, 100.25, True, False, None])

    def request(self):
        if self.classic:
            return {"a": self.choose(WORDS), "n": self.choose([0, 1, 5, 2.5]), "l": ["p", 1, None, "q"], "m": {"a": 1, "b": [1, 2], "k": None}, "t": True}
        root = {key: self.json_value(2) for key in ("a", "b", "list", "map")}
        root["list"] = [self.json_value(1) for _ in range(3)]
        root["map"] = {key: self.json_value(1) for key in ("a", "b")}
        return {
            "body": json.dumps(root, ensure_ascii=self.chance(0.5)),
            "params": {"path": {"id": "7"}, "querystring": {"q": "a b", "id": "8"}, "header": {"Accept": "*/*"}},
            "context": {"stage": "v1", "identity": {"sourceIp": "127.0.0.1", "user": None}},
            "stageVariables": {"a": "1", "b-c": "x"},
        }

    # --- literals and references, of a kind: s text, n number, i integer, l list, m map, a array, t boolean
    def quoted(self, text):
        if "'" not in text and self.chance(0.7):
            return "'" + text + "'"
        return '"' + text.replace('"', '""') + '"' if "$" not in text and "#" not in text else "'" + text.replace("'", "''") + "'"

    def interpolated(self, depth):
        parts = []
        for _ in range(1 + int(self.random.random() * 3)):
            roll = self.random.random()
            if roll < 0.5:
                parts.append(self.reference(depth - 1, plain_arguments=True).replace('"', "'"))
            elif roll < 0.85:
                parts.append(self.choose(["a", " ", "-", "{", ",", ": ", "é"]))
            elif depth > 0:
                parts.append("#if(%s)%s#end" % (self.condition(0).replace('"', "'"), self.choose(["y", "$a", ""])))
        return '"' + "".join(parts) + '"'

    def known(self, kind):
        names = [name for name, its in self.kinds.items() if its == kind]
        return "$" + self.choose(names) if names and self.chance(0.75) else None

    def literal(self, kind, depth):
        if kind == "s":
            return self.interpolated(depth) if depth > 0 and self.chance(0.3) else self.quoted(self.choose(WORDS))
        if kind == "n":
            return self.choose(NUMBERS)
        if kind == "i":
            return self.choose(["0", "1", "2", "-1", "3", "5"])
        if kind == "t":
            return self.choose(["true", "false"])
        if kind == "l":
            if self.chance(0.25):
                return "[%s..%s]" % (self.literal("i", 0), self.literal("i", 0))
            return "[" + ", ".join(self.value(depth - 1) for _ in range(int(self.random.random() * 4))) + "]"
        if kind == "m":
            pairs = ["%s : %s" % (self.quoted(self.choose(KEYS)), self.value(depth - 1)) for _ in range(int(self.random.random() * 4))]
            return "{" + ", ".join(pairs) + "}"
        return self.quoted("x")

    def value(self, depth):
        """A parameter: literal or reference."""
        if self.chance(0.4):
            return self.reference(max(depth, 0))
        kinds = "snit" if depth <= 0 else "snitlm"
        return self.literal(self.choose(kinds), depth)

    def argument(self, what, depth):
        if self.chance(0.04):
            return self.choose(["$undef", "null", "1", "'z'", "true"])
        if what == "v":
            return self.value(depth)
        if what == "k":
            return self.quoted(self.choose(KEYS))
        if what == "r":
            return "'" + self.choose(REGEXES) + "'"
        if what == "p":
            return "'" + self.choose(REPLACEMENTS) + "'"
        if what == "f":
            return "'" + self.choose(FORMATS) + "'"
        if what == "d":
            return "'" + self.choose(["42", "-7", "007", "x", "", "2147483648", "+5", " 1"]) + "'"
        if what == "e":
            return "'" + self.choose(["aGk=", "eyJhIjoxfQ==", "", "7ZWc"]) + "'"
        if what == "u":
            return "'" + self.choose(["a+b%26c", "%ED%95%9C", "%", "%zz", "100%25"]) + "'"
        return self.known(what) or self.literal(what, min(depth, 0))

    def call(self, methods, depth, misuse=False):
        name = self.choose([one for one in methods if not misuse or one not in OTHERS_HAVE_IT])
        wanted = self.choose(methods[name])
        return ".%s(%s)" % (name, ", ".join(self.argument(what, depth - 1) for what in wanted))

    def reference(self, depth, plain_arguments=False):
        roll = self.random.random()
        if roll < 0.15 and not self.classic:
            return self.choose(["$input.body", "$input.path('$')", "$input.path('$.a')", "$input.path('$.list')", "$input.path('$.map')", "$input.json('$.map')",
                                "$input.path('$.map.a')", "$input.params('id')", "$input.params('q')", "$input.params()", "$context.stage", "$context.identity",
                                "$context.identity.sourceIp", "$stageVariables.a", "$stageVariables['b-c']", "$context.identity.user", "$input.json('$')"])
        if roll < 0.18 and not self.classic and not plain_arguments:
            return "$util" + self.call(UTIL_METHODS, depth)
        if roll < 0.23 and self.loops:
            return self.choose(["$foreach.index", "$foreach.count", "$foreach.hasNext", "$foreach.first", "$foreach.last", "$velocityCount", "$foreach.parent.index",
                                "$foreach.topmost.count", "$item", "$velocityHasNext"])
        if roll < 0.25 and not plain_arguments:
            return "$Integer" + self.call(INTEGER_STATICS, depth)
        if roll < 0.33:
            return self.choose(["$", "$!", "${"]) + self.choose(["undef", "nope.x", "a.zzz", "m.nokey", "s.foo()"]) + "" if self.chance(0.5) else "$" + self.choose(NAMES)
        kind = self.choose("snlmat")
        name = self.known(kind)
        if name is None:
            return "$" + self.choose(NAMES)
        steps = ""
        if depth > 0 and self.chance(0.75):
            steps = self.steps(kind, depth, plain_arguments)
        form = self.random.random()
        if form < 0.75:
            return name + steps
        if form < 0.85:
            return "$!" + name[1:] + steps
        return "${" + name[1:] + steps + "}"

    def steps(self, kind, depth, plain):
        if plain:
            depth = 1
        if self.chance(0.08):
            return self.call(self.choose(ALL), depth, misuse=True)
        if kind == "s":
            out = self.call(TEXT_METHODS, depth)
            return out + (self.choose([".length()", ".toString()", ".size()", ".get(0)", "[0]", ".empty"]) if self.chance(0.15) else "")
        if kind == "n":
            return self.call(NUMBER_METHODS, depth)
        if kind == "t":
            return self.call(BOOLEAN_METHODS, depth)
        if kind == "l":
            roll = self.random.random()
            if roll < 0.2:
                return "[%s]" % self.argument("i", 0)
            return ".empty" if roll < 0.25 else self.call(LIST_METHODS, depth)
        if kind == "a":
            return "[%s]" % self.argument("i", 0) if self.chance(0.4) else self.call(ARRAY_METHODS, depth)
        roll = self.random.random()
        if roll < 0.2:
            return "." + self.choose(KEYS)
        if roll < 0.35:
            return "[%s]" % self.argument("k", 0)
        return self.call(MAP_METHODS, depth)

    # --- expressions
    def operand(self, depth):
        if depth > 0 and self.chance(0.25):
            return "(" + self.expression(depth - 1) + ")"
        return self.value(depth - 1)

    def arithmetic(self, depth):
        parts = [self.argument("n", 0) if self.chance(0.8) else self.operand(depth)]
        for _ in range(1 + int(self.random.random() * 2)):
            parts.append(self.choose(["+", "-", "*", "/", "%"]))
            parts.append(self.argument("n", 0) if self.chance(0.8) else self.operand(depth))
        return " ".join(parts)

    def condition(self, depth):
        roll = self.random.random()
        if roll < 0.25:
            return self.value(depth)
        if roll < 0.7:
            sign = self.choose(["==", "!=", "<", "<=", ">", ">=", "eq", "ne", "lt", "le", "gt", "ge"])
            return "%s %s %s" % (self.value(depth), sign, self.value(depth))
        if roll < 0.8:
            return self.choose(["!", "not "]) + self.choose(["$a", "$undef", "true", "false", "(1 == 2)"])
        if depth <= 0:
            return self.choose(["true", "false", "$undef", "$t"])
        return "%s %s %s" % (self.condition(depth - 1), self.choose(["&&", "||", "and", "or"]), self.condition(depth - 1))

    def expression(self, depth):
        roll = self.random.random()
        if roll < 0.35:
            return self.arithmetic(depth)
        if roll < 0.55:
            return self.condition(depth)
        return self.operand(depth)

    # --- statements
    def text(self):
        return self.choose([" ", "\n", "a", "{", "}", "\"k\": ", ",", " x\n", "  ", "\t", "é한", "[", "]", "()", "\\", ". ", "1", "\r\n", "😀"])

    def set(self, depth):
        blank = self.choose(["", "", "  ", "\n  ", " "])
        roll = self.random.random()
        if roll < 0.12 and self.known("m"):
            target = self.known("m") or "$m"
            if self.chance(0.5):
                return "%s#set(%s.%s = %s)" % (blank, target, self.choose(KEYS), self.expression(depth - 1))
            return "%s#set(%s[%s] = %s)" % (blank, target, self.argument("k", 0), self.expression(depth - 1))
        if roll < 0.16:
            return "%s#set(%s[%s] = %s)" % (blank, self.known("l") or "$l", self.argument("i", 0), self.value(depth - 1))
        name = self.choose(NAMES[:9])
        kind = self.choose("snnllmmat")
        if kind == "a":
            source = self.known("s")
            if source is None:
                kind, value = "s", self.literal("s", 1)
            else:
                value = "%s.split(%s)" % (source, self.argument("r", 0))
        elif kind == "n" and self.chance(0.5):
            value = self.arithmetic(1)
        elif self.chance(0.12):
            value, kind = self.expression(depth), None
        else:
            value = self.literal(kind, depth)
        self.kinds[name] = kind
        return "%s#set(%s$%s = %s)%s" % (blank, self.choose(["", " "]), name, value, self.choose(["", "\n", " \n", " "]))

    def loop(self, depth):
        over = self.choose([self.known("l") or "[1, 'b', $undef]", "[1..%s]" % self.literal("i", 0), self.known("m") or "{'a':1,'b':2}", self.known("a") or "$l", self.value(0),
                            (self.known("m") or "$m") + self.choose([".keySet()", ".values()", ".entrySet()"])])
        if not over.startswith(("$", "[", "{")):
            over = "$l"
        self.loops += 1
        body = self.block(depth - 1)
        if self.chance(0.15):
            body += "#if(%s)#break#end" % self.condition(0)
        self.loops -= 1
        return "#foreach($%s in %s)%s%s#end%s" % (self.choose(["item", "i", "x"]), over, self.choose(["", "\n"]), body, self.choose(["", "\n"]))

    def branch(self, depth):
        out = "#if(%s)%s%s" % (self.condition(depth), self.choose(["", "\n", " "]), self.block(depth - 1))
        if self.chance(0.3):
            out += "#elseif(%s)%s" % (self.condition(1), self.block(depth - 1))
        if self.chance(0.5):
            out += self.choose(["#else\n", "#{else}", "#else "]) + self.block(depth - 1)
        return out + self.choose(["#end", "#end\n", "#{end}"])

    def macro(self, depth):
        name = "m%dq%d" % (self.number, len(self.macros))
        count = int(self.random.random() * 3)
        names = [self.choose(["p", "q", "a", "r"]) + str(i) * (i % 2) for i in range(count)]
        self.macros[name] = count
        body = self.block(depth - 1)
        for one in names:
            body += self.choose(["$%s", "${%s}", "[$!%s]", "#set($%s = 'new')$%s" % ("%s", one), "$%s.k", "#foreach($z in $%s)$z#end"]) % one
        if self.chance(0.1):
            body += "#%s(%s)" % (name, "1")
        if self.chance(0.1):
            body += "$!bodyContent"
        return "#macro(%s%s)%s#end%s" % (name, "".join(" $" + one for one in names), body, self.choose(["", "\n"]))

    def passed(self):
        """What a macro gets: a value, or a text that calls a macro itself."""
        if self.chance(0.1):
            return "\"<#%s('i')>\"" % self.choose(list(self.macros))
        return self.value(1)

    def macro_call(self):
        if not self.macros:
            return "#m%dq0('x')" % self.number
        name = self.choose(list(self.macros))
        count = self.macros[name] if self.chance(0.85) else int(self.random.random() * 4)
        arguments = self.choose([" ", ", "]).join(self.passed() for _ in range(count))
        if self.chance(0.1):
            return "#@%s(%s)%s#end" % (name, arguments, self.choose(["body", "$a", "#set($a = 'in')$a"]))
        return "#%s(%s)%s" % (name, arguments, self.choose(["", "\n", " "]))

    def classic_statement(self, depth):
        roll = self.random.random()
        if roll < 0.35:
            return self.macro(depth)
        if roll < 0.75:
            return self.macro_call()
        if roll < 0.85:
            return "#evaluate(%s)" % self.choose(["'$a'", "\"$a\"", "'#set($e = 5)$e$n'", "$a", "$undef", "'#foreach($i in [1..3])$i#end'", "'#if('", "'a#break()b'"])
        if roll < 0.93:
            return "#parse(%s)" % self.choose(["'part.vm'", "\"part.vm\"", "'sub/two.vm'", "'none.vm'", "$undef"])
        return "#include(%s)" % self.choose(["'plain.txt'", "'plain.txt' 'part.vm'", "'none.txt'", "$undef"])

    def statement(self, depth):
        if self.classic and self.chance(0.25):
            return self.classic_statement(depth)
        roll = self.random.random()
        if roll < 0.3:
            return self.text()
        if roll < 0.55 or depth <= 0:
            prefix = "\\" * int(self.random.random() * 3) if self.chance(0.08) else ""
            return prefix + self.reference(depth)
        if roll < 0.75:
            return self.set(depth)
        if roll < 0.84:
            return self.branch(depth)
        if roll < 0.93:
            return self.loop(depth)
        return self.choose(["## comment\n", "#* block *#", "#[[ $raw #if ]]#", "#stop" if self.chance(0.1) else "#*x*#", "#unknown", "#unknown($a)", "\\#if", "\\#foo", "#define($d)%s#end$d" % self.block(0),
                            "#macro(mm)x#end" if not self.classic else "", "#evaluate('x')" if not self.classic else "", "$5.00", "#1", "$m.put('k', $s)", "$!l.add('z')"])

    def block(self, depth):
        return "".join(self.statement(depth) for _ in range(1 + int(self.random.random() * 3)))

    def prelude(self):
        """Makes sure that there is something of every kind."""
        self.kinds.update({"s": "s", "n": "n", "l": "l", "m": "m", "t": "t", "y": "a"})
        return "".join([
            "#set($Integer = 0)", "#set($s = %s)" % self.quoted(self.choose(WORDS)), "#set($n = %s)" % self.choose(NUMBERS), "#set($l = %s)" % self.literal("l", 1),
            "#set($m = %s)" % self.literal("m", 1), "#set($t = true)", "#set($y = $s.split(%s))" % self.argument("r", 0),
        ])

    def tree(self):
        start = self.prelude() if self.chance(0.85) else ""
        return start + "".join(self.statement(3) for _ in range(1 + int(self.random.random() * 6)))

    def soup(self):
        start = "#set($a=['p','q'])#set($m={'k':'v'})#set($x=3)" if self.chance(0.5) else ""
        return start + "".join(self.choose(SOUP) for _ in range(1 + int(self.random.random() * 9)))

    def broken(self):
        text = self.tree()
        for _ in range(1 + int(self.random.random() * 2)):
            at = int(self.random.random() * max(len(text), 1))
            roll = self.random.random()
            if roll < 0.35:
                text = text[:at] + text[at + 1:]
            elif roll < 0.7:
                text = text[:at] + self.choose(SOUP) + text[at:]
            else:
                to = min(len(text), at + int(self.random.random() * 8))
                text = text[:at] + text[to:]
        return text

    def template(self):
        roll = self.random.random()
        return self.tree() if roll < 0.6 else self.soup() if roll < 0.85 else self.broken()
