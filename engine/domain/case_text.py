"""The folded state of a case as text and back, field by field: what a command leaves alone is not written anew."""

from __future__ import annotations

import dataclasses
import json
import typing
from collections.abc import Callable, Mapping
from typing import Any
from weakref import ref

from engine.domain.case import Case
from engine.domain.codec import ATOMS, TAG, decoder, dumps

Texts = Mapping[str, str]
_FIELDS = tuple(sorted(f.name for f in dataclasses.fields(Case)))
_MARKS = tuple((name, f'"{name}":', len(name) + 3) for name in _FIELDS)
_HINTS = typing.get_type_hints(Case)
_READ = {tagged: {name: decoder(hint, tagged=tagged) for name, hint in _HINTS.items()} for tagged in (False, True)}
_json: Any = json.JSONDecoder()
_scan: Callable[[str, int], tuple[Any, int]] = _json.scan_once  # the value that begins there, and where it ends


class _Texts:
    """The texts of the fields of cases that were read, by their identity, as long as these live."""

    def __init__(self) -> None:
        self._kept: dict[int, tuple[ref[Case], Texts]] = {}

    def keep(self, case: Case, texts: Texts) -> None:
        place = id(case)
        self._kept[place] = (ref(case, lambda _: self._kept.pop(place, None)), texts)

    def of(self, case: Case) -> Texts:
        found = self._kept.get(id(case))
        return found[1] if found is not None and found[0]() is case else {}


_texts = _Texts()


def case_from(text: str) -> Case:
    """A folded state again."""
    try:
        values, texts = _taken_apart(text)
    except (StopIteration, ValueError, IndexError):  # not written by case_text of this release
        return typing.cast(Case, decoder(Case, tagged=True)(json.loads(text)))
    case = Case(**values)
    _texts.keep(case, texts)
    return case


def _taken_apart(text: str) -> tuple[dict[str, Any], dict[str, str]]:
    """The values of a canonical text by their names, and the text of each; ValueError where it is another one."""
    values: dict[str, Any] = {}
    texts: dict[str, str] = {}
    at = 0
    for name, mark, length in _MARKS:
        if not text.startswith(mark, at + 1):
            raise ValueError(f"{name} does not stand where it should")
        begin = at + 1 + length
        value, at = _scan(text, begin)
        texts[name] = own = text[begin:at]
        values[name] = value if type(value) in ATOMS else _READ[TAG in own][name](value)
    if text[at:] != "}":
        raise ValueError("the text goes on")
    return values, texts


def case_text(after: Case, before: Case | None = None) -> str:
    """Canonical JSON of a state; fields that `after` shares with `before`, the case as it was read, keep their text."""
    known = _texts.of(before) if before is not None else {}
    kept = {name: text for name, text in known.items() if getattr(after, name, known) is getattr(before, name, None)}
    parts = [f'"{name}":{kept[name] if name in kept else dumps(getattr(after, name))}' for name in _FIELDS]
    return f"{{{','.join(parts)}}}"
