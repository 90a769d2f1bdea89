"""Answers that a supplement asks for: which they are, laid over an application, and what has changed by it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import Any

ASKED = "asked"  # the input of a task that lists what has to be answered anew: [{field, remark}]
Values = Mapping[str, Any]


def asked_of(inputs: Values) -> dict[str, str]:
    """The remark for each asked path; empty for a task that asks for nothing in particular."""
    rows = inputs.get(ASKED)
    found = [row for row in rows if isinstance(row, Mapping)] if isinstance(rows, list | tuple) else []
    return {str(row["field"]): str(row.get("remark") or "") for row in found if row.get("field")}


def whole(path: str) -> str:
    """The path as far as its first row number: lists are answered as a whole."""
    parts = path.split(".")
    end = next((place for place, part in enumerate(parts) if part.isdigit()), len(parts))
    return ".".join(parts[:end])


def covers(asked: Values | frozenset[str], path: str) -> bool:
    """Whether one of the asked paths is this one, lies around it, or lies inside it."""
    return any(path == one or path.startswith(f"{one}.") or one.startswith(f"{path}.") for one in asked)


def dig(data: Any, path: str) -> Any:
    """The value at a dotted path, or None."""
    for part in path.split(".") if path else ():
        data = data.get(part) if isinstance(data, Mapping) else None
    return data


def laid_over(application: Values, answers: Values, asked: frozenset[str]) -> dict[str, Any]:
    """The application with the answers to what was asked, and with answers where there was none before."""
    after = deepcopy(dict(application))
    for path in sorted({*map(whole, asked), *(path for path, _ in leaves(answers) if dig(application, path) is None)}):
        _put(after, path, dig(answers, path))
    return after


def _put(data: dict[str, Any], path: str, value: Any) -> None:
    *way, last = path.split(".")
    for part in way:
        inner = data.get(part)
        data[part] = inner = dict(inner) if isinstance(inner, Mapping) else {}
        data = inner
    if value is None:
        data.pop(last, None)
    else:
        data[last] = value


def leaves(data: Values, prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Every answer with its path; a list is one answer."""
    for name, value in data.items():
        path = f"{prefix}{name}"
        if isinstance(value, Mapping):
            yield from leaves(value, f"{path}.")
        else:
            yield path, value


def changes(before: Values, after: Values) -> tuple[dict[str, Any], ...]:
    """Every path whose answer differs, with both answers; blank ones count as none."""
    old, new = dict(leaves(before)), dict(leaves(after))
    paths = [*new, *(path for path in old if path not in new)]
    pairs = ((path, _said(old.get(path)), _said(new.get(path))) for path in paths)
    return tuple({"path": path, "before": was, "after": is_} for path, was, is_ in pairs if was != is_)


def _said(value: Any) -> Any:
    return None if value in ("", [], (), {}) or value is False else value
