"""A form as an empty sheet of paper: what is asked, with room to write and boxes to tick."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from web.forms.plain_words import Questions, plain
from web.forms.schema import INPUTS, Component, components, is_true, kind, options, path_of, properties, words

MOST_BOXES = 12  # a longer choice is written by hand


@dataclass(frozen=True, slots=True, kw_only=True)
class Blank:
    """A line of the sheet: "heading" with its level, "line", "room" for several, "boxes", "tick", "paper", "table"."""

    kind: str
    label: str
    hint: str = ""
    when: str = ""
    boxes: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    level: int = 2


def blank(schema: Component, lang: str = "vi") -> list[Blank]:
    """Every question of a form in its order; what depends on an answer says on which, where plain words can."""
    return list(_lines(schema, _Pen(Questions.of(schema, lang), lang), "", 2))


@dataclass(frozen=True, slots=True)
class _Pen:
    """In which language, and what the form asks."""

    questions: Questions
    lang: str

    def when(self, component: Component, scope: str) -> str:
        """On what a component depends."""
        hide = str((component.get("conditional") or {}).get("hide") or "")
        return (plain(hide, self.questions, scope=scope, but=True) or "") if hide else ""


def _lines(holder: Component, pen: _Pen, scope: str, level: int) -> Iterator[Blank]:
    for one in components(holder):
        if kind(one) == "group":
            inner = list(_lines(one, pen, path_of(one, scope), min(level + 1, 4)))
            label = words(one, "label", pen.lang)
            if inner and label:
                yield Blank(kind="heading", label=label, when=pen.when(one, scope), level=level)
            yield from inner
        elif kind(one) == "dynamiclist":
            yield _table(one, pen, scope)
        elif kind(one) in INPUTS and one.get("key"):
            yield _question(one, pen, scope)


def _table(one: Component, pen: _Pen, scope: str) -> Blank:
    path = path_of(one, scope)
    columns = tuple(line.label for line in _lines(one, pen, path, 4) if line.kind not in ("heading", "paper"))
    label = words(one, "label", pen.lang)
    return Blank(kind="table", label=label, when=pen.when(one, scope), columns=columns)


def _question(one: Component, pen: _Pen, scope: str) -> Blank:
    label = words(one, "label", pen.lang) or str(one["key"])
    hint, when = words(one, "description", pen.lang), pen.when(one, scope)
    choices = tuple(text for _, text in options(one))
    if kind(one) == "filepicker":
        return Blank(kind="paper", label=label, when=when)
    if kind(one) == "checkbox":
        return Blank(kind="tick", label=label, when=when, hint=hint)
    if choices and len(choices) <= MOST_BOXES and not is_true(properties(one).get("allowOther")):
        return Blank(kind="boxes", label=label, hint=hint, when=when, boxes=choices)
    return Blank(kind="room" if kind(one) == "textarea" else "line", label=label, hint=hint, when=when)
