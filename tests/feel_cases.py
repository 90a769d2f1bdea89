"""Run the expressions of a FEEL conformance file and print how many give the expected value.

    python -m tests.feel_cases PATH [--show]

The file holds {"cases": [{"id", "expr", "expected"}]}; expected is {null}, {type, text}, {list} or {context}.
"""

import json
import sys
from collections import Counter
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any

from bpmn import feel
from bpmn.feel.temporal import parse_temporal

NOW = datetime(2024, 5, 6, 7, 8, 9, tzinfo=timezone(timedelta(hours=7)))
_TEMPORAL = (date, datetime, time, timedelta, feel.YearsMonths)
_TOLERANCE = Decimal("1e-8")


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


def main(path: str, *, show: bool) -> None:
    """Print the pass rate, and with show every case that fails."""
    cases = json.loads(Path(path).read_text(encoding="utf-8"))["cases"]
    results: Counter[bool] = Counter()
    for case in cases:
        value = outcome(case["expr"])
        passed = agrees(value, case["expected"])
        results[passed] += 1
        if show and not passed:
            print(f"{case['id']}\n    {case['expr']}\n    expected {case['expected']}\n    got {value!r}")
    print(f"{results[True]} of {len(cases)} cases pass ({100 * results[True] / len(cases):.1f} %)")


if __name__ == "__main__":
    main(sys.argv[1], show="--show" in sys.argv)
