"""Simple FEEL conditions in plain words: `application.tinh_trang = "da_ly_hon"` becomes “Tình trạng” là “Đã ly hôn”.

Nothing is evaluated. What is not a plain row of comparisons is left to the people who wrote the catalog: None.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from web.forms.schema import Component, components, inputs, kind, options, path_of, words
from web.texts import t

LONGEST = 400
_TEXT = r'"(?:[^"\\]|\\.)*"'
_VALUE = rf"{_TEXT}|true|false|null|-?\d+(?:\.\d+)?"
_ATOM = re.compile(rf"(?P<path>[^\W\d][\w.]*)(?:\s*(?P<sign>!=|<=|>=|=|<|>)\s*(?P<value>{_VALUE}))?")
_AMONG = re.compile(rf"(?P<path>[^\W\d][\w.]*)\s+in\s+[\[(](?P<values>\s*(?:{_VALUE})(?:\s*,\s*(?:{_VALUE}))*\s*)[\])]")
_OPPOSITE = {"=": "!=", "!=": "=", "<": ">=", ">": "<=", "<=": ">", ">=": "<"}
CASE = {
    ("channel", "online"): ("nộp trực tuyến", "filed online"),
    ("channel", "desk"): ("nộp trực tiếp", "filed in person"),
    ("channel", "post"): ("nộp qua bưu chính", "filed by post"),
    ("delivery", "desk"): ("nhận kết quả trực tiếp", "the result is collected"),
    ("delivery", "post"): ("nhận kết quả qua bưu chính", "the result is posted"),
    ("delivery", "electronic"): ("nhận bản điện tử", "the result is electronic"),
}


@dataclass(frozen=True, slots=True)
class Questions:
    """What the form asks, by path: the label, and the labels of its options by their values."""

    labels: Mapping[str, str] = field(default_factory=dict)
    answers: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @classmethod
    def of(cls, schema: Component, lang: str) -> Questions:
        """The questions of a form."""
        asked = list(inputs(schema, {})) + list(_in_rows(schema))
        labels = {path: words(one, "label", lang) for one, path in asked}
        return cls(labels, {path: {str(value): text for value, text in options(one)} for one, path in asked})

    def named(self, path: str, scope: str = "") -> str | None:
        """The path under which a name is asked, looked for from the scope outwards."""
        parts = scope.split(".") if scope else []
        tried = [".".join((*parts[:end], path)) for end in range(len(parts), -1, -1)]
        return next((one for one in tried if self.labels.get(one)), None)


@dataclass(frozen=True, slots=True)
class _Test:
    """One comparison; `sign` is "" for a bare name and "in" for a list of values."""

    path: str
    sign: str
    values: tuple[str, ...]


def plain(condition: str, questions: Questions, *, scope: str = "", but: bool = False) -> str | None:
    """The condition in the reader's language, or None; `but` says the opposite (when something is not hidden)."""
    text, but = _turned(condition.removeprefix("=").strip(), but)
    found = _tests(text)
    if found is None:
        return None
    joint, tests = found
    if but:
        joint, tests = {"and": "or", "or": "and"}[joint], [_opposite(test) for test in tests]
    said = [_said(test, questions, scope) for test in _gathered(joint, _telling(tests))]
    if not said or None in said:
        return None
    return (t(" và ", " and ") if joint == "and" else t(" hoặc ", " or ")).join(filter(None, said))


def _turned(text: str, but: bool) -> tuple[str, bool]:
    """Without a `not(…)` around the whole, and which way it then has to be said."""
    inner = text.removeprefix("not").strip()
    if not text.startswith("not") or not (inner.startswith("(") and inner.endswith(")")):
        return text, but
    return inner[1:-1].strip(), not but


def _in_rows(holder: Component, prefix: str = "") -> Iterator[tuple[Component, str]]:
    """What is asked in the rows of lists, by path without numbers."""
    for component in components(holder):
        path = path_of(component, prefix)
        if kind(component) == "dynamiclist":
            yield from ((one, where) for one, where in inputs(component, {}, path))
            yield from _in_rows(component, path)
        elif kind(component) == "group":
            yield from _in_rows(component, path)


def _tests(text: str) -> tuple[str, list[_Test]] | None:
    """The comparisons of a row joined by `and`, or by `or`, but not by both."""
    if len(text) > LONGEST:
        return None
    parts = re.split(rf"({_TEXT})", text)
    marked = [part if number % 2 else re.sub(r"\b(and|or)\b", "\x00\\1\x00", part) for number, part in enumerate(parts)]
    pieces = "".join(marked).split("\x00")
    joints = set(pieces[1::2])
    tests = [_test(piece.strip()) for piece in pieces[::2]]
    if len(joints) > 1 or None in tests:
        return None
    return (joints or {"and"}).pop(), [test for test in tests if test is not None]


def _test(text: str) -> _Test | None:
    among = _AMONG.fullmatch(text)
    if among:
        return _Test(among["path"], "in", tuple(_value(one) for one in re.findall(_VALUE, among["values"])))
    atom = _ATOM.fullmatch(text)
    if atom is None or atom["path"] in ("true", "false", "null"):
        return None
    return _Test(atom["path"], atom["sign"] or "", (_value(atom["value"]),) if atom["sign"] else ())


def _value(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text[1:-1]) if text.startswith('"') else text


def _opposite(test: _Test) -> _Test:
    if not test.sign:
        return _Test(test.path, "=", ("false",))
    return _Test(test.path, _OPPOSITE.get(test.sign, "not in" if test.sign == "in" else "in"), test.values)


def _telling(tests: Sequence[_Test]) -> list[_Test]:
    """Without `x != null` beside another test of x."""
    told = [test.path for test in tests if test.values != ("null",)]
    return [test for test in tests if test.values != ("null",) or test.path not in told]


def _gathered(joint: str, tests: Sequence[_Test]) -> list[_Test]:
    """`x is a or x is b` as `x is a or b`, `x is not a and x is not b` as `x is neither`."""
    sign, among = ("=", "in") if joint == "or" else ("!=", "not in")
    found: dict[tuple[str, str], _Test] = {}
    for number, test in enumerate(tests):
        alike = test.sign in (sign, among) and not {"null", "true", "false"} & set(test.values)
        key = (test.path, among) if alike else (test.path, str(number))
        before = found.get(key)
        found[key] = _Test(test.path, among, (*before.values, *test.values)) if before else test
    return list(found.values())


def _said(test: _Test, questions: Questions, scope: str) -> str | None:
    if test.path.startswith("case."):
        return _about_the_case(test)
    path = questions.named(test.path.removeprefix("application."), scope)
    if path is None:
        return None
    label = f"“{questions.labels[path]}”"
    if test.values in ((), ("true",), ("false",), ("null",)):
        return _yes_or_no(label, test)
    values = t(" hoặc ", " or ").join(_quoted(questions.answers[path].get(value), value) for value in test.values)
    verb = VERBS[test.sign]
    return f"{label} {t(*verb)} {values}"


def _about_the_case(test: _Test) -> str | None:
    words_ = CASE.get((test.path[5:], test.values[0])) if test.sign in ("=", "!=") else None
    if words_ is None or test.sign == "=":
        return t(*words_) if words_ else None
    return t(f"không {words_[0]}", f"unless {words_[1]}")


def _quoted(label: str | None, value: str) -> str:
    return value if label is None and re.fullmatch(r"-?[\d.]+", value) else f"“{label or value}”"


VERBS = {
    "=": ("là", "is"),
    "in": ("là", "is"),
    "!=": ("không phải là", "is not"),
    "not in": ("không phải là", "is not"),
    "<": ("dưới", "is less than"),
    "<=": ("không quá", "is at most"),
    ">": ("trên", "is more than"),
    ">=": ("từ", "is at least"),
}


def _yes_or_no(label: str, test: _Test) -> str | None:
    if test.sign not in ("", "=", "!="):
        return None
    given = (test.values or ("true",))[0]
    positive = (given == "true") == (test.sign != "!=")
    if given == "null":
        return (
            t(f"có khai {label}", f"{label} is given")
            if test.sign == "!="
            else t(f"không khai {label}", f"{label} is not given")
        )
    return (
        t(f"có chọn {label}", f"{label} is ticked") if positive else t(f"không chọn {label}", f"{label} is not ticked")
    )
