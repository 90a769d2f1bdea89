"""Attacks on FEEL run in a process with little memory, little time and a guard on what Python opens and imports."""

from __future__ import annotations

import random
import sys
from typing import Any

import pytest

from bpmn import feel
from tests.soak.soak_feel import campaign, findings
from tests.support import feel_prison, seeds
from tests.support.feel_grammar import VARIABLES, mutated
from tests.support.feel_prison import Outcome, Task, evaluate, run

SAMPLE = 400
LONG = "ab" * 5_000
MANY = list(range(10_000))
# The ways out that other expression engines left open, each in several forms.
ESCAPES: dict[str, tuple[str, ...]] = {
    "chains of double underscores": (
        "().__class__.__base__.__subclasses__()",
        "trap.__class__.__mro__[2]",
        '"".__doc__',
    ),
    "getattr and its kin": (
        'getattr(trap, "secret")',
        'setattr(trap, "x", 1)',
        'hasattr(trap, "secret")',
        "vars(trap)",
    ),
    "members of host objects": (
        "trap.secret",
        "trap._private",
        "traps.secret",
        "traps[1].secret",
        "traps[item.secret != null]",
    ),
    "calls of host objects": ("trap()", "call()", "trap.run()", "traps[1]()", "(trap)(1)", "lent(trap).secret"),
    "host objects as values": ("trap", "[trap, traps]", "string(traps)", "{a: trap}.a", 'context put({}, "a", trap)'),
    "str.format": ('"{0.__class__}".format(trap)', '"%s" % trap', 'replace("{trap}", "x", "{0.secret}")'),
    "f-strings": ('f"{trap.secret}"', "f'{trap}'", '"{trap.secret}"', '"${trap.secret}"'),
    "imports": ("import os", '__import__("os").system("id")', "from os import path", 'importlib.import_module("os")'),
    "frames": ("(function() 1).gi_frame", "trap.f_back.f_globals", "sys._getframe()", "(function(a) a).__code__"),
    "globals and locals": ("globals()", "locals()", "dir()", "(function(a) a).__globals__", "abs.__globals__"),
    "open": ('open("/etc/passwd")', '__builtins__.open("/etc/passwd").read()', 'pathlib.Path("/").read_text()'),
    "eval, exec, compile": ('eval("1")', 'exec("1")', 'compile("1", "", "eval")', "lambda x: x", "[x for x in xs]"),
    "types and classes": ("type(trap)", "type(1)", "object()", "super()", "1 instance of bpmn.feel", "class X: pass"),
    "functions from outside": (
        '(function(a) external {java: {class: "java.lang.Runtime", method signature: "exec(java.lang.String)"}})("id")',
        '(function(a) external {pmml: {document: "file:///etc/passwd", model: "m"}})(1)',
    ),
    "paths and zones": (
        '@"2024-01-01T00:00:00@../../../../etc/passwd"',
        '@"10:00:00@/etc/passwd"',
        'date and time(@"2024-01-01T00:00:00", "../../etc/passwd")',
        'date and time(@"2024-01-01T00:00:00", "posixrules/../../x")',
        '@"2024-01-01T00:00:00@bpmn/feel/limits/x"',
    ),
    "assignments and statements": (
        "x := 1",
        "trap.secret = 1",
        "del trap",
        "a; b",
        "`id`",
        "$(id)",
        "@trap",
        "yield 1",
    ),
    "names of built-ins as values": (
        "abs.invoke",
        "(function(f) f.name)(abs)",
        "sort.signatures",
        "{f: count}.f.parameters",
    ),
}
STALLS: dict[str, tuple[str, ...]] = {
    "powers": ("9**9**9**9", "9**(9**9)", "10**6144*10**6144", "2**0.5**1000000", "(-9)**999999999", "exp(999999)"),
    "repeats": (
        '"a" * 1000000000',
        "for i in 1..10000 return long + long",
        'string join(for i in 1..10000 return long, "")',
        'replace(long, "a", long)',
        'replace(long, "", "x")',
        '"%1000000000d" % 1',
        '"a".ljust(1000000000)',
    ),
    "nested loops": (
        "for i in many, j in many return i",
        "for i in many return for j in many return for k in many return k",
        "some i in many, j in many, k in many satisfies i + j + k < 0",
        "many[count(many[item > 0]) > 0]",
        "[many, many, many][for i in many return many]",
    ),
    "large bodies": (
        "for i in 1..9999 return " + "+".join(["i"] * 1_900),
        "for i in 1..9999 return [" + ",".join(["1"] * 1_900) + "]",
        "for i in 1..9999 return i in (" + ",".join(["0"] * 1_900) + ")",
        "for i in 1..9999 return " + "**".join(["1.0000001"] * 300),
        "for i in 1..9999 return " + "+".join(["exp(9.123456789)"] * 200),
        "many[" + "+".join(["item"] * 700) + " < 0]",
        "every i in many satisfies " + "+".join(["i"] * 1_900) + " >= 0",
        "for i in 1..9999, j in if " + "+".join(["1"] * 1_900) + " = 0 then [1] else [] return 1",
        "sort(many, function(a, b) " + "+".join(["a"] * 1_900) + " < b)",
    ),
    "lists that double": (
        "{a: many, b: concatenate(a, a), c: concatenate(b, b)}.c",
        "{a: [many, many], b: [a, a], c: [b, b], d: [c, c], e: [d, d], f: [e, e], g: flatten(f)}.g",
        "string({a: [long, long], b: [a, a], c: [b, b], d: [c, c], e: [d, d]})",
        "for i in 1..10000 return partial",
        "(function(f) f(f, many))(function(f, l) f(f, concatenate(l, l)))",
    ),
    "huge ranges": (
        "for i in 1..999999999 return i",
        "for i in [1..999999999] return i",
        'for d in @"0001-01-01"..@"9999-12-31" return d',
        "every i in 1..10**30 satisfies true",
        "count([1..10**9])",
    ),
    "patterns": (
        'matches(long, "(a+)+$")',
        'matches(long, "(a|ab|b)*c")',
        'replace(long, "(.*)*x", "")',
        'split(long, "(,|,,)+")',
        'matches(long, ".*.*.*.*.*.*x")',
        'matches(long, "((((a{99}){99}){99}){99})")',
        'matches(long, "(a*)*\\\\1")',
        'split(long, "")',
    ),
    "recursion": (
        "{f: function(n) f(n), r: f(1)}.r",
        "{f: function(n) f(n) + f(n), r: f(1)}.r",
        "(function(f) f(f))(function(f) f(f))",
        "{f: function(a, b) f(a, b), r: sort(many, f)}.r",
        "{f: function(l) for i in l return f(l), r: f(many)}.r",
    ),
    "deep nesting": (
        "(" * 2_000 + "1" + ")" * 1_999,
        "[" * 3_999,
        "{a:" * 1_300,
        "-" * 3_999 + "1",
        "not(" * 1_000,
        "if a then " * 400,
        "function(a) " * 330 + "1",
        "1 in " * 799 + "1",
        "x instance of " + "list<" * 700,
        "a" + ".b" * 1_999,
        "+".join(["1"] * 2_000),
    ),
    "types of what is long": (
        "for i in 1..10000 return many instance of list<number>",
        "some i in 1..10000 satisfies {l: many} instance of context<l: list<string>, m: number>",
        "for i in 1..10000 return (function(l: list<number>) 1)(many)",
        "for i in 1..10000 return for j in 1..10000 return [many, many] instance of list<list<Any>>",
    ),
    "sorting and comparing": (
        "sort(many, function(a, b) a < b)",
        "distinct values(concatenate(many[item < 5000], many[item < 5000]))",
        "for i in 1..10000 return many = many",
        "union(many, many, many)",
        "mode(many)",
        "stddev(many)",
    ),
    "long numbers and dates": (
        "number(string join(for i in 1..10000 return long))",
        f'number("{"9" * 3_900}")',
        f'@"{"9" * 3_900}-01-01"',
        f"{'9' * 3_990} * 2",
        "string(10**6144)",
        "decimal(10**6144, -6000)",
        '@"P1D" * 10**6000',
        '@"9999-12-31" + @"P999999999D"',
        'years and months duration(@"0001-01-01", @"9999-12-31") * 10**20',
    ),
}
VARIED = {"long": LONG, "many": MANY, "xs": [1, 2, 3]}


Outcomes = dict[tuple[str, bool], Outcome]


@pytest.fixture(scope="module")
def outcomes() -> Outcomes:
    """The outcome of every attack, as an expression and as a cell of a decision table, from one process."""
    texts = [text for attacks in (ESCAPES, STALLS) for kind in attacks.values() for text in kind]
    asked = [(text, unary) for text in texts for unary in (False, True)]
    return dict(zip(asked, run([Task(text, VARIED, unary) for text, unary in asked]), strict=True))


def found(texts: tuple[str, ...], outcomes: Outcomes) -> list[tuple[str, Outcome]]:
    """Return the attacks that succeeded."""
    pairs = [(text, outcomes[text, unary]) for text in texts for unary in (False, True)]
    return [(text, outcome) for text, outcome in pairs if outcome.is_finding]


@pytest.mark.parametrize("kind", ESCAPES)
def test_no_expression_gets_out(kind: str, outcomes: Outcomes) -> None:
    assert found(ESCAPES[kind], outcomes) == []


@pytest.mark.parametrize("kind", STALLS)
def test_no_expression_takes_much_time_or_memory(kind: str, outcomes: Outcomes) -> None:
    assert found(STALLS[kind], outcomes) == []


def test_made_up_expressions_give_a_value_or_a_feel_error() -> None:
    seed = seeds.of_this_run()
    print(f"seed {seed}")
    pairs = campaign(SAMPLE, seed)
    assert findings(pairs) == []
    assert {"value", "null", "syntax"} <= {outcome.kind for _, outcome in pairs}


def test_a_seed_makes_the_same_expressions_again() -> None:
    assert [mutated(random.Random(5)) for _ in range(3)] == [mutated(random.Random(5)) for _ in range(3)]


def test_the_prison_finds_what_it_is_built_for(monkeypatch: pytest.MonkeyPatch) -> None:
    host = feel_prison.Trap()
    for raised, kind in ((KeyError("x"), "python"), (RecursionError(), "python"), (MemoryError(), "memory")):

        def broken(*_: Any, error: BaseException = raised) -> Any:
            raise error

        monkeypatch.setattr(feel, "compile", broken)
        assert evaluate(Task("1")).kind == kind
    for leaked in (host, [1, host], {"a": feel_prison.CANARY}, len):
        monkeypatch.setattr(feel, "compile", lambda *_, value=leaked: lambda *_, **__: value)
        assert evaluate(Task("1")).kind == "escape"
    monkeypatch.setattr(feel, "compile", lambda *_: lambda *_, **__: host.secret)
    assert evaluate(Task("1")).kind == "escape"


PRISONER = """
import resource, sys
from tests.support import feel_prison
from bpmn import feel
feel_prison.SECONDS = 0.2
def work(text, names):
    if text == "hang":
        while True: pass
    if text == "memory":
        bytearray(feel_prison.MEMORY)
    if text == "open":
        open("setup.cfg").close()
    return lambda *_, **__: True
feel.compile = work
feel_prison.main()
"""


def test_the_prison_ends_a_hang_and_goes_on_with_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feel_prison, "COMMAND", (sys.executable, "-c", PRISONER))
    outcomes = run([Task("fine"), Task("hang"), Task("memory"), Task("open"), Task("fine")])
    assert [outcome.kind for outcome in outcomes] == ["value", "killed", "memory", "escape", "value"]


def test_variables_of_the_campaign_reach_the_expressions() -> None:
    assert evaluate(Task("people[age > 30].name", VARIABLES)) == Outcome("value")
