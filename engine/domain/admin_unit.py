"""Administrative units by their names: what people write ("q.1", "tp hcm", "cu chi") against the official list."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine.domain.folding import without_marks
from engine.domain.form import Level, join
from engine.domain.form_state import dig, put

PROVINCE, DISTRICT, COMMUNE = 1, 2, 3
KINDS = ("thanh pho", "tinh", "quan", "huyen", "thi xa", "phuong", "xa", "thi tran")
SHORT = {"tp": "thanh pho", "q": "quan", "h": "huyen", "tx": "thi xa", "p": "phuong", "x": "xa", "tt": "thi tran"}
STRANGER = "“{}” không thuộc {} theo danh mục tháng 12/2022; nếu ghi theo tên cũ thì giữ nguyên"
MAX_NAME = 120  # characters; what is longer is no name
_SHORT = re.compile(rf"({'|'.join(sorted(SHORT, key=len, reverse=True))})(?:\.\s*|\s+|(?=\d))(?=\S)")
_KIND = re.compile(rf"(?:{'|'.join(KINDS)}) (?=\D)")
_ZERO = re.compile(r"\b0+(?=\d)")


@dataclass(frozen=True, slots=True)
class AdminUnit:
    """A province, district or commune; `parent` is the code of the unit above, `also` other ways to write the name."""

    code: str
    name: str
    level: int
    parent: str = ""
    also: tuple[str, ...] = ()


class AdminUnits:
    """The list of units; a name is sought under the unit above, for many communes share their names."""

    def __init__(self, units: Iterable[AdminUnit] = ()) -> None:
        self._known: dict[tuple[int, str, str], AdminUnit | None] = {}
        self._names: set[tuple[int, str]] = set()
        self._within: dict[tuple[int, str], list[str]] = {}
        for unit in units:
            self._within.setdefault((unit.level, unit.parent), []).append(unit.name)
            self._names.add((unit.level, folded(unit.name)))
            for key in {folded(unit.name), *map(folded, unit.also)}:
                self._known[unit.level, unit.parent, key] = unit
            short = (unit.level, unit.parent, bare(folded(unit.name)))
            if short[2] and short not in self._known:
                self._known[short] = unit
            elif self._known.get(short) not in (None, unit) and short[2] != folded(unit.name):
                self._known[short] = self._exact(short)

    def find(self, level: int, text: str, parent: str = "") -> AdminUnit | None:
        """The unit of this level that is meant under the parent's code, or None when there is none or more than one."""
        return self._known.get((level, parent, folded(text))) if len(text) <= MAX_NAME else None

    def offered(self, above: Sequence[str], text: str = "") -> list[str]:
        """Names of the units within those above (from the province down) that hold the text; accents do not matter.

        Nothing when a unit above is not known.
        """
        parent = ""
        for level, name in enumerate(above, PROVINCE):
            unit = self.find(level, name, parent)
            if unit is None:
                return []
            parent = unit.code
        wanted = folded(text[:MAX_NAME])
        return [name for name in self._within.get((len(above) + 1, parent), []) if wanted in folded(name)]

    def exists(self, level: int, text: str) -> bool:
        """Whether some unit of this level bears the full name."""
        return (level, folded(text)) in self._names

    def _exact(self, key: tuple[int, str, str]) -> AdminUnit | None:
        unit = self._known[key]
        return unit if unit is not None and folded(unit.name) == key[2] else None


def folded(text: str) -> str:
    """Lower case without accents, abbreviations written out, numbers without leading zeros."""
    plain = " ".join(without_marks(text).split())
    plain = _SHORT.sub(lambda found: f"{SHORT[found[1]]} ", plain, count=1) if _SHORT.match(plain) else plain
    return _ZERO.sub("", plain)


def bare(name: str) -> str:
    """A folded name without its kind: "huyen cu chi" is "cu chi"; "quan 1" stays."""
    return _KIND.sub("", name, count=1) if _KIND.match(name) else name


def official(units: AdminUnits, level: Level, data: dict[str, Any]) -> None:
    """Write official names over what was typed, in place, where a unit is meant without doubt."""
    for paths in _addresses(level):
        parent = ""
        for number in sorted(paths):
            text = dig(data, paths[number])
            unit = units.find(number, text, parent) if isinstance(text, str) else None
            if unit is None:
                break
            put(data, paths[number], unit.name)
            parent = unit.code
    for each in level.fields:
        if each.rows is not None:
            rows = dig(data, each.path)
            for row in rows if isinstance(rows, list) else ():
                if isinstance(row, dict):
                    official(units, each.rows, row)


def doubts(units: AdminUnits, level: Level, data: Mapping[str, Any], prefix: str = "") -> dict[str, list[str]]:
    """Warnings by path: a known unit that does not belong to the one above it. Names that nobody knows may be old."""
    found: dict[str, list[str]] = {}
    for paths in _addresses(level):
        above: AdminUnit | None = None
        for number in sorted(paths):
            text = dig(data, paths[number])
            unit = units.find(number, text, above.code if above else "") if isinstance(text, str) else None
            if unit is None:
                if above and isinstance(text, str) and units.exists(number, text):
                    found[join(prefix, paths[number])] = [STRANGER.format(text, above.name)]
                break
            above = unit
    for each in level.fields:
        if each.rows is not None:
            for index, row in enumerate(dig(data, each.path) or ()):
                found |= doubts(units, each.rows, row, join(prefix, f"{each.path}.{index}"))
    return found


def _addresses(level: Level) -> Iterator[dict[int, str]]:
    """Paths of province, district and commune of each address that begins with its province."""
    groups: dict[str, dict[int, str]] = {}
    for each in level.fields:
        if each.unit is not None:
            groups.setdefault(each.scope, {})[each.unit] = each.path
    yield from (paths for paths in groups.values() if PROVINCE in paths)
