"""Nothing of Python is within reach of an expression, and no expression takes long."""

import time
from types import SimpleNamespace
from typing import Any

import pytest

from bpmn import feel

ALLOWED_SECONDS = 0.5  # of processor time, so that a busy machine does not fail the test


def outcome(text: str, context: dict[str, Any]) -> Any:
    """Return the value, or the FeelError itself; anything else fails the test."""
    try:
        return feel.evaluate(text, context)
    except feel.FeelError as error:
        return error


ESCAPES = [
    "().__class__.__bases__[0].__subclasses__()",
    '"".__class__.__mro__',
    "x.__class__",
    "x.__dict__",
    "x._private",
    "x.secret",
    'getattr(x, "secret")',
    'setattr(x, "secret", 1)',
    "type(x)",
    "globals()",
    "locals()",
    "vars(x)",
    '__import__("os").system("true")',
    '__builtins__.open("/etc/passwd")',
    'open("/etc/passwd")',
    'eval("1")',
    'exec("1")',
    "(function(a) a).__globals__",
    "(function(a) a).invoke",
    "abs.__self__",
    "abs.__func__.__code__",
    '"{0.__class__}".format(x)',
    'f"{x.__class__}"',
    "x.__init__.__globals__",
    "1 .real.__class__",
    '@"2024-01-01".__class__',
    '@"2024-01-01".replace',
    "[1..2].__class__",
    "(lambda: 1)()",
    "[a for a in x]",
    "import os",
    "x := 1",
    "`ls`",
    "x.run()",
]


@pytest.mark.parametrize("text", ESCAPES)
def test_escape_is_refused_or_null(text: str) -> None:
    host = SimpleNamespace(secret="leaked", _private="leaked", run=lambda: "leaked")
    value = outcome(text, {"x": host})
    assert value is None or isinstance(value, feel.FeelError)


def test_objects_of_the_host_read_as_null_even_inside_lists_and_contexts() -> None:
    assert feel.evaluate("[x, y.z]", {"x": object(), "y": {"z": object()}}) == [None, None]


def test_a_function_in_the_variables_cannot_be_called() -> None:
    assert feel.evaluate("f(1)", {"f": lambda value: value}) is None


def _doubling(levels: int) -> str:
    names = [f"n{level}" for level in range(levels)]
    return ", ".join(f"{name}: [{before}, {before}]" for name, before in zip(names, ["1", *names], strict=False))


LONG = "a" * 10_000
STALLS: list[tuple[str, dict[str, Any]]] = [
    ("9**9**9**9**9", {}),
    ("9**(9**(9**9))", {}),
    ("1.0000001**(10**30)", {}),
    ("exp(10**30)", {}),
    ("string(10**6144)", {}),
    ("round up(5.5, 10**9)", {}),
    ("decimal(10**6144, 6000)", {}),
    ('string join(for i in 1..10000 return s, "")', {"s": LONG}),
    ('for i in 1..10000 return s + "x"', {"s": LONG * 9}),
    ("for i in 1..10000 return upper case(s)", {"s": LONG * 9}),
    ("for i in 1..1000000000 return i", {}),
    ("for i in 1..10000, j in 1..10000, k in 1..10000 return 1", {}),
    ("some i in 1..1000000000 satisfies false", {}),
    ("every i in [1..1000000000] satisfies true", {}),
    ("[for i in 1..9000 return i][for i in 1..9000 return i]", {}),
    ("{f: function(n) f(n), r: f(1)}.r", {}),
    ("{f: function(n) f(n + 1) + f(n + 2), r: f(1)}.r", {}),
    ("(function(f) f(f))(function(f) f(f))", {}),
    ('"%1000000000d" % 1', {}),
    ('"a" * 1000000000', {}),
    ('"a".ljust(1000000000)', {}),
    ('matches(s, "(a+)+$")', {"s": "a" * 40 + "!"}),
    ('matches(s, "(a|a)*$")', {"s": "a" * 40 + "!"}),
    ('matches(s, "(a|aa)+$")', {"s": "a" * 40 + "!"}),
    ('matches(s, "(.*)*x")', {"s": LONG}),
    ('matches(s, "^(([a-z])+.)+[A-Z]([a-z])+$")', {"s": LONG}),
    ('matches(s, ".*.*.*.*.*x")', {"s": LONG}),
    ('matches(s, "a*a*a*a*b")', {"s": LONG}),
    ('matches(s, "[a-z]+X")', {"s": LONG}),
    ('matches(s, "[a-z]+X")', {"s": "a" * 7_000}),
    (f'matches(s, "{"a?" * 60}{"a" * 60}")', {"s": "a" * 60}),
    ('matches(s, "(a?){50}a{50}")', {"s": "a" * 50}),
    ('matches(s, "((ab){99}){50}c")', {"s": "ab" * 5_000}),
    ('matches(s, "((ab){99}){50}c")', {"s": "ab" * 1_500}),
    ('matches(s, "[a-z]+((ab){2}){2}")', {"s": "a" * 3_000}),
    ('matches(s, "(a|b)*?$")', {"s": "ab" * 1_500 + "!"}),
    ('for i in 1..10000 return matches(s, "[a-z]+X")', {"s": "a" * 3_000}),
    ('matches(s, "(a*)(a*)\\2\\1x")', {"s": LONG}),
    ('replace(s, "a", r)', {"s": LONG, "r": LONG}),
    ('split(s, "(,+)+")', {"s": "," * 10_000}),
    (f"{{{_doubling(60)}}}", {}),
    (f"string({{{_doubling(60)}}})", {}),
    (f"{{{_doubling(60)}}} = {{{_doubling(60)}}}", {}),
    (f"flatten([{{{_doubling(60)}}}.n59])", {}),
    ("for i in 1..9000 return concatenate(l, l)", {"l": list(range(4_000))}),
    ("distinct values(l)", {"l": list(range(10_000))}),
    ("sort(l, function(a, b) a < b)", {"l": list(range(10_000))}),
    ("for i in 1..9000 return l = m", {"l": [[1] * 90] * 90, "m": [[1] * 90] * 90}),
    ("for i in 1..9000 return s = t", {"s": "é" * 90_000, "t": "é" * 89_999 + "e"}),
    ('for i in 1..9000 return range("[1..2]")', {}),
    ("for i in 1..9000 return partial", {}),
    ("number(s)", {"s": "9" * 90_000}),
    ("date and time(s)", {"s": "9" * 90_000}),
    ('@"P1D" * 10**6000', {}),
    ('@"9999-12-31" + @"P1D"', {}),
    ("+".join(["1"] * 1_900), {}),
    ("x" + ".a" * 1_900, {}),
    ("x" + "[1]" * 1_300, {}),
    ("-" * 3_900 + "1", {}),
    ("(" * 1_990 + "1" + ")" * 1_990, {}),
    ("[" * 3_999, {}),
    ("{a:" * 900, {}),
    ("[1.." * 900, {}),
    ("]1.." * 900, {}),
    ("if a then " * 300, {}),
    ("not(" * 900, {}),
    ("function(a) " * 300 + "1", {}),
    ("for x in " * 400, {}),
    ("x instance of " + "list<" * 600, {}),
    ("/*" * 2_000, {}),
    ('"' + "\\" * 3_999, {}),
    ("1 in " * 700 + "1", {}),
    ("1" * 1_000_000, {}),
]


@pytest.mark.parametrize(("text", "context"), STALLS, ids=[f"{number}" for number in range(len(STALLS))])
def test_expensive_expression_ends_soon(text: str, context: dict[str, Any]) -> None:
    started = time.process_time()
    outcome(text, context)
    assert time.process_time() - started < ALLOWED_SECONDS


def test_a_long_sum_is_not_too_deep() -> None:
    assert feel.evaluate("+".join(["1"] * 900), {}) == 900


def test_steps_can_be_limited_per_call() -> None:
    expression = feel.compile("count(for i in 1..100 return i)")
    assert expression({}) == 100
    with pytest.raises(feel.FeelLimitError) as caught:
        expression({}, max_steps=50)
    assert caught.value.text == expression.text
    assert "bước" in caught.value.message_vi


def test_a_variable_that_contains_itself_is_refused() -> None:
    endless: list[Any] = []
    endless.append(endless)
    with pytest.raises(feel.FeelLimitError):
        feel.evaluate("x", {"x": endless})


def test_an_enormous_int_reads_as_null() -> None:
    assert feel.evaluate("x", {"x": 1 << 1_000_000}) is None
