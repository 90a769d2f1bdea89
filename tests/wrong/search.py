"""Looks for data that break one rule: near what a scenario has, by one answer changed, or by two."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from itertools import combinations
from typing import Any

from engine.domain.form import Check, Field
from engine.domain.procedure import Rule
from tests.wrong.bench import Bench, Data, Messages, plain_path, with_value
from tests.wrong.values import filler, tried
from web.forms.schema import dig

NAME, LITERAL = re.compile(r"[^\W\d]\w*"), re.compile(r'"([^"]*)"')
MOST_PAIRS, MOST_LOOKS, REPAIRS = 4_000, 60, 5
Change = tuple[str, Any]


def breaking(bench: Bench, rule: Rule) -> Data | None:
    """Data that get this rule's message beside its field and, where that can be had, no other message; or None."""
    text = f"{rule.when} {rule.check}"

    def holds(said: Messages) -> bool:
        return any(rule.message in found for found in said.values())

    looks, best = 0, None
    for data in _trials(bench, _named(bench, text, rule.fields), set(LITERAL.findall(text))):
        if not bench.breaks(rule, data):
            continue
        looks += 1
        mended, said = repaired(bench, data, holds)
        if holds(said):
            best = best or mended
            if all(found == [rule.message] for found in said.values()):
                return mended
        if looks >= MOST_LOOKS:
            break
    return best


def failing(bench: Bench, path: str, check: Check) -> tuple[Data, str] | None:
    """Data that get this check's message, and the path where it stands; or None."""
    field = bench.fields[path]
    names = _named(bench, f"{check.text}", (path,), scope=field.scope)
    for data in _trials(bench, names, set(LITERAL.findall(check.text)), pairs=400):
        for place, found in bench.said(data).items():
            if plain_path(place) == path and check.message in found:
                return data, place
    return None


def refusing(bench: Bench, path: str, value: Any) -> Data | None:
    """Data with this value of a question, shown by whatever answers, that are refused at that very place; or None."""
    field = bench.fields[path]
    text = " ".join([*(condition.text for condition in field.hidden_by), field.required_if or ""])
    names = [name for name in _named(bench, text, (), scope=field.scope) if name != path]
    for data in _trials(bench, names, set(LITERAL.findall(text)), pairs=400):
        for place in bench.places(path, data):
            changed = with_value(data, place, value)
            if place in bench.said(changed):
                return changed
    return None


def _named(bench: Bench, text: str, own: tuple[str, ...], scope: str = "") -> list[str]:
    """The questions that an expression mentions, its own ones first, and those on which they depend for being seen."""
    words = {w for w in NAME.findall(LITERAL.sub("", text))}
    found = [p for p in bench.fields if p in own or any(p.startswith(f"{one}.") for one in own)]
    found += [path for path in bench.fields if path not in found and _mentioned(path, words, scope)]
    hides = " ".join(c.text for path in found for c in bench.fields[path].hidden_by)
    also = set(NAME.findall(LITERAL.sub("", hides)))
    found += [path for path in bench.fields if path not in found and path in also]
    return [path for path in found if bench.fields[path].computed is None]


def _mentioned(path: str, words: set[str], scope: str) -> bool:
    """Whether each part of the path, or the path inside its group, is named."""
    inside = path.removeprefix(f"{scope}.") if scope else path
    parts = inside.split(".")
    return all(part in words for part in parts) or (parts[0] in words and len(parts) > 1)


def _trials(bench: Bench, paths: list[str], words: set[str], pairs: int = MOST_PAIRS) -> Iterator[Data]:
    """The scenarios' own data, then these with one answer changed, then with two."""
    for base in bench.bases:
        yield base
    changes = [(base, list(_changes(bench, paths, words, base))) for base in bench.bases]
    for base, singles in changes:
        for path, value in singles:
            yield with_value(base, path, value)
    left = pairs
    for base, singles in changes:
        for (one, first), (other, second) in combinations(singles, 2):
            if one != other:
                yield with_value(with_value(base, one, first), other, second)
                left -= 1
            if not left:
                return


def _changes(bench: Bench, paths: list[str], words: set[str], base: Data) -> Iterator[Change]:
    """Each question with each value worth trying, and with what the other questions of its kind were answered."""
    values = {place: dig(base, place) for path in paths for place in [next(bench.places(path, base), path)]}
    for place, value in values.items():
        field = bench.fields[plain_path(place)]
        others = [v for p, v in values.items() if p != place and _alike(bench.fields[plain_path(p)], field)]
        for each in [*(o for o in others if o is not None), *tried(field, value, bench.today, words)]:
            if each != value:
                yield place, each


def _alike(one: Field, other: Field) -> bool:
    return one.kind == other.kind and one.subtype == other.subtype


def repaired(bench: Bench, data: Data, done: Callable[[Messages], bool]) -> tuple[Data, Messages]:
    """The data with what a changed answer made necessary, as other scenarios answer it or as its kind allows."""
    said = bench.said(data)
    for _ in range(REPAIRS):
        missing = [path for path in said if dig(data, path) in (None, "", [], False)]
        if done(said) or not missing:
            break
        for path in missing:
            if plain_path(path) in bench.fields:
                data = with_value(data, path, _answer(bench, path))
        said = bench.said(data)
    return data, said


def _answer(bench: Bench, path: str) -> Any:
    known = [value for base in bench.bases if (value := dig(base, path)) not in (None, "", [], False)]
    return known[0] if known else filler(bench.fields[plain_path(path)], bench.today)


def laid_over(base: Mapping[str, Any], over: Mapping[str, Any]) -> Data:
    """The data of a [[wrong]] table: laid over the scenario's, an empty text takes a value away."""
    both: Data = {**base}
    for key, value in over.items():
        if value == "":
            both.pop(key, None)
        elif isinstance(value, Mapping) and isinstance(both.get(key), Mapping):
            both[key] = laid_over(both[key], value)
        else:
            both[key] = value
    return both
