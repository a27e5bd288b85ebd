#!/usr/bin/python3
# Holds the schema for editors, scenarios/schema/, against the loader.
#
#	tests/schema.py FUTEXSIM
#
# The loader has the last word.  What it takes the schema must take: shipped
# scenarios, tests/good, and mutants of all of them.  What is wrong with the
# form of a file the schema must refuse, too; what it cannot know is listed in
# BEYOND with the reason.  All words that the schema lists are compared with
# those of the program.
#
# YAML is read as an editor reads it: by the core schema of YAML 1.2, where
# `no` and `on` are text.
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import jsonschema
import yaml

SCHEMA = "scenarios/schema/scenario-v1.schema.json"
MODELINE = "# yaml-language-server: $schema=../%s\n" % SCHEMA.split("/", 1)[1]
SEED = 1
MUTANTS = 4  # of each kind and file, beside the unknown keys
BATCH = 500  # files of one call

# Bad files whose form is right, by what a schema would have to know.
BEYOND = {
    "sums": (
        "maps-overlap",
        "maps-overlap-inherited",
        "maps-overlap-words",
        "matrix-too-big",
        "mmap",
        "too-many-operations",
        "too-many-operations-in-all",
        "wall-clock-overflow",
    ),
    "what names stand for": (
        "condition-names",
        "crlf",
        "handles",
        "handles-of-another-region",
        "include-crlf",
        "inside-of-a-procedure",
        "long-line",
        "many-errors",
        "matrix-combination",
        "params-unknown",
        "region-called-words",
        "tab-in-line",
        "word-not-mapped",
        "words-in-a-second-process",
    ),
    "what comes before what": (
        "after-exit",
        "calls-too-deep",
        "schedule-after-done",
        "version-not-first",
    ),
    "the words of operations and conditions": (
        "condition-cascades",
        "condition-takes-too-long",
        "condition-too-deep",
        "condition-too-long",
        "condition-types",
        "key",
        "operands",
        "operations-want-more",
        "options",
        "own-expressions",
        "results",
        "waitv",
        "wake-op",
    ),
    "other files": (
        "include-deep",
        "include-in-braces",
        "include-itself",
        "include-other",
    ),
    "how YAML was written": (
        "anchors-and-aliases",
        "directive",
        "nul-in-text",
    ),
}
# A good file by itself, which only cannot be run.
NOT_BAD = "for-inclusion"

# ---- YAML 1.2 ---------------------------------------------------------------

CORE = (
    ("null", r"^(~|null|Null|NULL|)$", ["~", "n", "N", ""]),
    ("bool", r"^(true|True|TRUE|false|False|FALSE)$", list("tTfF")),
    ("int", r"^([-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+)$", list("-+0123456789")),
    (
        "float",
        r"^([-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?"
        r"|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN))$",
        list("-+.0123456789"),
    ),
)


class Loader(yaml.CSafeLoader):
    yaml_implicit_resolvers = {}


class Dumper(yaml.SafeDumper):
    yaml_implicit_resolvers = {}


for name, pattern, first in CORE:
    for c in (Loader, Dumper):
        c.add_implicit_resolver(
            "tag:yaml.org,2002:" + name, re.compile(pattern), first
        )


class Refused(Exception):
    """What an editor calls no YAML at all."""


def number(text):
    if text.startswith("0o"):
        return int(text[2:], 8)
    return int(text, 16 if text.startswith("0x") else 10)


def scalar(node):
    kind = node.tag.rpartition(":")[2]
    if kind == "null":
        return None
    if kind == "bool":
        return node.value.lower() == "true"
    if kind == "int":
        return number(node.value)
    if kind == "float":
        return float(node.value.replace(".inf", "inf").replace(".nan", "nan"))
    if kind != "str":
        raise Refused("a tag that is not known: " + node.tag)
    return node.value


def plain(node):
    """A node as JSON has it: keys are text."""
    if isinstance(node, yaml.ScalarNode):
        return scalar(node)
    if isinstance(node, yaml.SequenceNode):
        return [plain(n) for n in node.value]
    result = {}
    for key, value in node.value:
        if not isinstance(key, yaml.ScalarNode) or key.value in result:
            raise Refused("a key that is no text, or is there twice")
        result[key.value] = plain(value)
    return result


def compose(text):
    try:
        return yaml.compose(text, Loader=Loader)
    except (yaml.YAMLError, UnicodeError) as e:
        raise Refused(str(e)) from e


def read(path):
    try:
        return Path(path).read_text(encoding="utf-8-sig")
    except UnicodeError as e:
        raise Refused(str(e)) from e


# ---- both sides -------------------------------------------------------------


class Judges:
    def __init__(self, program):
        self.program = program
        self.schema = json.loads(Path(SCHEMA).read_text(encoding="utf-8"))
        jsonschema.Draft7Validator.check_schema(self.schema)
        self.validator = jsonschema.Draft7Validator(self.schema)

    def words(self, name):
        """What a definition lists."""
        rule = self.schema["definitions"][name]
        return rule["anyOf"][0]["enum"]

    def schema_says(self, node):
        """The first error; None if it is valid."""
        try:
            value = plain(node)
        except Refused as e:
            return str(e)
        for error in self.validator.iter_errors(value):
            place = "/".join(map(str, error.absolute_path))
            return "at '%s': %s" % (place, error.message[:200])
        return None

    def loader_says(self, paths):
        """By path: None if it loads, else its messages."""
        said = {}
        for i in range(0, len(paths), BATCH):
            some = paths[i : i + BATCH]
            done = subprocess.run(
                [self.program, "check", *some],
                capture_output=True,
                text=True,
                errors="replace",
                check=False,
            )
            if done.returncode not in (0, 3):
                sys.exit("schema: check gives %d" % done.returncode)
            good = set(re.findall(r"^(.*?): ok: ", done.stdout, re.M))
            errors = {}
            for line in done.stderr.splitlines():
                found = re.match(r"(.*?):\d+:\d+: error: (.*)", line)
                if found:
                    errors.setdefault(found[1], []).append(found[2])
            for path in some:
                bad = errors.get(path, ["not said"])
                said[path] = None if path in good else bad
        return said


class Tally:
    def __init__(self):
        self.passed = 0
        self.failed = 0

    def check(self, is_good, message):
        self.passed += is_good
        self.failed += not is_good
        if not is_good and self.failed <= 50:
            print(message)


# ---- files ------------------------------------------------------------------


def files_of(*folders):
    return sorted(str(p) for f in folders for p in Path(f).rglob("*.yaml"))


def form_of(judges, path):
    try:
        node = compose(read(path))
        return judges.schema_says(node) if node else "an empty file"
    except Refused as e:
        return str(e)


def check_good(judges, tally):
    paths = files_of("scenarios", "tests/good")
    said = judges.loader_says(paths)
    for path in paths:
        tally.check(not said[path], "%s: %s" % (path, said[path]))
        reason = form_of(judges, path)
        tally.check(reason is None, "%s: the schema: %s" % (path, reason))


def check_bad(judges, tally):
    paths = sorted(str(p) for p in Path("tests/bad").glob("*.yaml"))
    said = judges.loader_says(paths)
    beyond = {name for names in BEYOND.values() for name in names}
    left = set(beyond)
    for path in paths:
        name = Path(path).stem
        if name == NOT_BAD:
            continue
        is_refused = form_of(judges, path) is not None
        tally.check(bool(said[path]), "%s: the loader takes it" % path)
        tally.check(
            is_refused != (name in beyond),
            "%s: the schema %s"
            % (path, "refuses it, and BEYOND has it" if is_refused else
               "takes it, and BEYOND has it not: %s" % said[path]),
        )
        left.discard(name)
    tally.check(not left, "BEYOND has files that are not there: %s" % left)


# ---- mutants ----------------------------------------------------------------

# What the loader says about the form of a file; then the schema has to agree.
OF_FORM = re.compile(
    r"missing key|unknown key|expected a map|expected a list|an empty list"
    r"|unknown (verdict|profile|quirk|kind of region|protection)"
    r"|expected (an integer|true or false|text|a name), found (a |text)"
    r"|expected [a-z-]+(, [a-z-]+)* or [a-z-]+, found"
)
TEXT = "tag:yaml.org,2002:str"


def places(node, path=()):
    """Each collection, and each place in it: (collection, index)."""
    items = []
    if isinstance(node, yaml.MappingNode):
        items = [(i, value) for i, (_, value) in enumerate(node.value)]
    elif isinstance(node, yaml.SequenceNode):
        items = list(enumerate(node.value))
    for i, value in items:
        yield node, i, value
        yield from places(value)


def put(node, i, value):
    if isinstance(node, yaml.MappingNode):
        node.value[i] = (node.value[i][0], value)
    else:
        node.value[i] = value


def word(text):
    return yaml.ScalarNode(TEXT, text)


def lists():
    """A list of lists, which belongs nowhere."""
    tag = "tag:yaml.org,2002:seq"
    inner = yaml.SequenceNode(tag, [], flow_style=True)
    return yaml.SequenceNode(tag, [inner], flow_style=True)


def text_of(root):
    text = yaml.serialize(root, Dumper=Dumper, width=10000, allow_unicode=True)
    return text.replace("!!null ''", "")  # `P1:` without a value


def changed(root, node, i, value):
    """The text with another value there; the tree is as before."""
    before = list(node.value)
    put(node, i, value)
    text = text_of(root)
    node.value[:] = before
    return text


def unknown_keys(root):
    """A key with a blank in it is no name either."""
    maps = [root] + [v for _, _, v in places(root)]
    for node in maps:
        if not isinstance(node, yaml.MappingNode):
            continue
        node.value.append((word("no such key"), lists()))
        yield "unknown key", True, text_of(root)
        node.value.pop()


def wrong_types(root, draw):
    """A list of lists for a value or a map, text for a list."""
    for node, i, value in draw(list(places(root))):
        is_list = isinstance(value, yaml.SequenceNode)
        wrong = word("wrong type") if is_list else lists()
        yield "wrong type", True, changed(root, node, i, wrong)


def dropped_keys(root, draw):
    found = [p for p in places(root) if isinstance(p[0], yaml.MappingNode)]
    for node, i, _ in draw(found):
        pair = node.value.pop(i)
        yield "dropped key", False, text_of(root)
        node.value.insert(i, pair)


def wrong_words(root, draw):
    """Another word or number for a scalar."""
    found = [p for p in places(root) if isinstance(p[2], yaml.ScalarNode)]
    for node, i, value in draw(found):
        is_text = value.tag == TEXT
        wrong = word("no-such-word") if is_text else word("-1")
        if not is_text:
            wrong.tag = "tag:yaml.org,2002:int"
        yield "wrong word", False, changed(root, node, i, wrong)


def mutants_of(path, text):
    rng = random.Random("%d %s" % (SEED, path))

    def draw(items):
        return items if len(items) <= MUTANTS else rng.sample(items, MUTANTS)

    yield from unknown_keys(compose(text))
    yield from wrong_types(compose(text), draw)
    yield from dropped_keys(compose(text), draw)
    yield from wrong_words(compose(text), draw)


def judge_mutant(judges, tally, name, mutant, errors):
    kind, is_bad, text = mutant
    reason = judges.schema_says(compose(text))
    what = "%s, %s: " % (name, kind)
    if is_bad:
        tally.check(errors is not None, what + "the loader takes it")
    if errors is None:
        ok = is_bad or reason is None
        tally.check(ok, what + "only the schema refuses: %s" % reason)
    elif is_bad or OF_FORM.search(errors[0]):
        tally.check(reason is not None, what + "the schema takes: %s" % errors[0])
    else:
        tally.check(True, "")


def check_mutants(judges, tally, folder):
    """Beside the files, for some of them include others."""
    copy = os.path.join(folder, "scenarios")
    shutil.copytree("scenarios", copy)
    mutants = {}
    for path in files_of("scenarios"):
        text = read(path)
        # As it comes out of the tree the file has to load, or its mutants
        # would prove nothing.
        same = ("nothing", False, text_of(compose(text)))
        for i, mutant in enumerate([same, *mutants_of(path, text)]):
            name = os.path.join(folder, path)[: -len(".yaml")]
            name += ".%d.yaml" % i
            Path(name).write_text(mutant[2], encoding="utf-8")
            mutants[name] = mutant
    said = judges.loader_says(list(mutants))
    for name, mutant in mutants.items():
        if mutant[0] == "nothing":
            tally.check(said[name] is None, "%s: %s" % (name, said[name]))
        judge_mutant(judges, tally, name, mutant, said[name])


# ---- words ------------------------------------------------------------------

SMALL = "futexsim: 1\nname: t\nthreads: {A: [yield]}\n"


def first_error(judges, folder, rest):
    path = os.path.join(folder, "word.yaml")
    Path(path).write_text(SMALL + rest, encoding="utf-8")
    errors = judges.loader_says([path])[path]
    return errors[0] if errors else "no error"


def check_choice(judges, tally, folder, what, words, line):
    """The loader tells all words that it knows in place of a wrong one."""
    error = first_error(judges, folder, line % "no-such-word")
    found = re.match(r"expected (.*), found", error)
    known = set(re.split(", | or ", found[1])) if found else error
    tally.check(known == set(words), "%s: %s, not %s" % (what, known, words))


def check_each(judges, tally, folder, what, words, line):
    """Each of the words is known."""
    for w in words:
        error = first_error(judges, folder, line % w)
        tally.check(error == "no error", "%s %s: %s" % (what, w, error))


def words_in(path, pattern):
    return re.findall(pattern, Path(path).read_text(encoding="utf-8"), re.M)


def check_tables(judges, tally, folder):
    """What the program lists itself, and what only its tables have."""
    out = subprocess.run(
        [judges.program, "quirks"], capture_output=True, text=True, check=True
    ).stdout
    quirks, _, profiles = out.partition("\nprofiles\n")
    known = {
        "quirk": re.findall(r"^(\S+)$", quirks, re.M),
        "profile": re.findall(r"^  (\S+)", profiles, re.M),
        "verdict": words_in("trace/verdict.c", r'^\t\[VERDICT_\w+\] = "(.*)"'),
    }
    for name, words in known.items():
        listed = judges.words(name)
        tally.check(
            sorted(words) == sorted(listed),
            "%s: differs in %s" % (name, set(words) ^ set(listed)),
        )
    check_each(
        judges, tally, folder, "verdict", judges.words("verdict"), "ignore: [%s]\n"
    )
    pattern = judges.schema["definitions"]["operation"]["pattern"]
    verbs = set(re.search(r"\|\(([a-z_|]+)\)", pattern)[1].split("|"))
    rows = words_in("sim/loader/verbs.c", r'\[VERB_\w+\] = \{"(\w+)"')
    written = set(rows[: rows.index("branch")])
    tally.check(verbs == written, "operations: %s" % (verbs ^ written))


def check_words(judges, tally, folder):
    explore = judges.schema["definitions"]["explore"]["properties"]
    expect = judges.schema["definitions"]["expect"]["properties"]
    environment = explore["environment"]["properties"]
    region = judges.schema["definitions"]["region"]["properties"]
    choices = (
        ("strategy", explore["strategy"], "explore: {strategy: %s}\n"),
        ("timeouts", environment["timeouts"],
         "explore: {environment: {timeouts: %s}}\n"),
        ("coverage", expect["coverage"], "expect: {coverage: %s}\n"),
        ("thread", expect["threads"]["additionalProperties"],
         "expect: {threads: {A: %s}}\n"),
        ("granularity", judges.schema["definitions"]["granularity"],
         "explore: {granularity: %s}\n"),
    )
    for what, rule, line in choices:
        words = rule["anyOf"][0]["enum"]
        check_choice(judges, tally, folder, what, words, line)
    check_each(
        judges, tally, folder, "kind", region["kind"]["anyOf"][0]["enum"],
        "memory: {regions: {r: {kind: %s}}}\n",
    )
    check_each(
        judges, tally, folder, "prot", judges.words("prot"),
        "memory: {regions: {r: {kind: file}},"
        " maps: [{region: r, at: 0x1000, prot: %s}]}\n",
    )
    check_tables(judges, tally, folder)


def check_modeline(judges, tally, folder):
    path = os.path.join(folder, "modeline.yaml")
    Path(path).write_text(MODELINE + SMALL, encoding="utf-8")
    errors = judges.loader_says([path])[path]
    tally.check(errors is None, "a comment for editors: %s" % errors)


def main():
    if len(sys.argv) != 2:
        sys.exit("usage: tests/schema.py FUTEXSIM")
    judges = Judges(os.path.abspath(sys.argv[1]))
    tally = Tally()
    check_good(judges, tally)
    check_bad(judges, tally)
    with tempfile.TemporaryDirectory(prefix="futexsim-schema-") as folder:
        check_mutants(judges, tally, folder)
        check_words(judges, tally, folder)
        check_modeline(judges, tally, folder)
    print("%d passed, %d failed" % (tally.passed, tally.failed))
    return tally.failed > 0


if __name__ == "__main__":
    sys.exit(main())
