"""Run the expressions of a FEEL conformance file and print how many give the expected value.

    python -m tests.feel_cases PATH [--show]

The file holds {"cases": [{"id", "expr", "expected"}]}; expected is {null}, {type, text}, {list} or {context}. It is not
ours, so it is no test of the suite; but fewer than 92 % are a failure of the command.
"""

import json
import re
import sys
from collections import defaultdict
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any

from bpmn import feel
from bpmn.feel.temporal import parse_temporal

NOW = datetime(2024, 5, 6, 7, 8, 9, tzinfo=timezone(timedelta(hours=7)))
_TEMPORAL = (date, datetime, time, timedelta, feel.YearsMonths)
_TOLERANCE = Decimal("1e-8")
ENOUGH = 92  # per cent
# Why a case may fail, by what its expression holds; docs/feel.md argues each. Anything else is called unexplained.
REASONS = (
    (r"(?<![\d-])-\d{4,9}-\d\d-\d\d|(?<![\d.])\d{5,9}-\d\d-\d\d|date\(\s*-?\d{5,9}", "years outside 1 to 9999"),
    (r"\.\d{7,}", "fractions finer than a microsecond"),
    (r"instance of t_?[A-Za-z]", "types that a decision model defines"),
    (r"^\[[^\]]*\]$", "results fitted to a type that a decision model gives"),
)
UNEXPLAINED = "unexplained"


def outcome(text: str) -> Any:
    """Return the value of an expression, or the error it raised."""
    try:
        return feel.compile(text)({}, now=NOW)
    except feel.FeelError as error:
        return error


def agrees(value: Any, expected: dict[str, Any]) -> bool:
    """Tell whether a value is the expected one; an error counts as null."""
    if "list" in expected:
        wanted = expected["list"]
        return isinstance(value, list) and len(value) == len(wanted) and all(map(agrees, value, wanted))
    if "context" in expected:
        wanted = expected["context"]
        return (
            isinstance(value, dict)
            and value.keys() == wanted.keys()
            and all(agrees(value[k], wanted[k]) for k in wanted)
        )
    if "type" not in expected:
        return value is None or isinstance(value, feel.FeelError)
    return _agrees_single(value, expected["text"])


def _agrees_single(value: Any, text: str) -> bool:
    if isinstance(value, bool):
        return text == str(value).lower()
    if isinstance(value, Decimal):
        wanted = Decimal(text)
        return abs(value - wanted) <= max(abs(wanted), Decimal(1)) * _TOLERANCE
    if isinstance(value, _TEMPORAL):
        wanted_moment = parse_temporal(text)
        return type(value) is type(wanted_moment) and value == wanted_moment
    return isinstance(value, str) and value == text


def reason_of(text: str) -> str:
    """Return why a case with this expression may fail."""
    return next((reason for pattern, reason in REASONS if re.search(pattern, text)), UNEXPLAINED)


def main(path: str, *, show: bool) -> int:
    """Print the pass rate, and with show the cases that fail, by reason; return 1 when too few pass."""
    cases = json.loads(Path(path).read_text(encoding="utf-8"))["cases"]
    failed: dict[str, list[str]] = defaultdict(list)
    for case in cases:
        value = outcome(case["expr"])
        if not agrees(value, case["expected"]):
            lines = (
                f"    {case['id']}\n        {case['expr']}\n        expected {case['expected']}\n        got {value!r}"
            )
            failed[reason_of(case["expr"])].append(lines)
    for reason, lines in sorted(failed.items()):
        print(f"{len(lines):4} fail: {reason}", *(lines if show else ()), sep="\n")
    passed = len(cases) - sum(map(len, failed.values()))
    print(f"{passed} of {len(cases)} cases pass ({100 * passed / len(cases):.1f} %)")
    return int(100 * passed < ENOUGH * len(cases))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], show="--show" in sys.argv))
