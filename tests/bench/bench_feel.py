"""Prints what FEEL costs: µs of processor time per evaluation of ten typical conditions, and per compilation.

Run: python -m tests.bench.bench_feel
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

from bpmn import feel

NOW = datetime(2024, 5, 6, 7, 8, 9, tzinfo=UTC)
CONTEXT: dict[str, Any] = {
    "decision": "accepted",
    "application": {
        "so_luong": 3,
        "muc_dich": "de_ket_hon",
        "mien_le_phi": None,
        "ngay_sinh": date(2001, 2, 3),
        "giay_to": [{"loai": "cccd", "ban_sao": 2}, {"loai": "don", "ban_sao": 0}, {"loai": "anh", "ban_sao": 4}],
    },
    "review": {"ok": True, "notes": "  đủ hồ sơ "},
    "fee": 24000,
    "họ tên": "Nguyễn Văn An",
}
CONDITIONS = (
    'decision = "accepted"',
    "fee > 0 and review.ok",
    'application.muc_dich in ("de_ket_hon", "de_nhap_hoc")',
    "application.so_luong * 3000 + fee",
    "if application.mien_le_phi = null then fee else 0",
    "count(application.giay_to[ban_sao > 0]) >= 2",
    "some x in application.giay_to satisfies x.ban_sao > 3",
    'date and time(application.ngay_sinh, time("00:00:00Z")) + duration("P18Y") <= now()',
    "sum(for x in application.giay_to return x.ban_sao * 2000)",
    'string length(họ tên) > 3 and matches(họ tên, "^[A-ZĐ]")',
)


def micros(work: Callable[[], object], rounds: int) -> float:
    """Return the median µs of processor time of one call, of nine runs of so many rounds."""
    runs = []
    for _ in range(9):
        begun = time.process_time()
        for _ in range(rounds):
            work()
        runs.append((time.process_time() - begun) / rounds * 1e6)
    return statistics.median(runs)


def fresh_compile(text: str) -> Callable[[], object]:
    """Return a compilation that no cache answers: each call sees one more blank at the end."""
    pad = iter(range(1, 10**9))
    return lambda: feel.compile(text + " " * (next(pad) % 3_000), CONTEXT)


def main() -> None:
    """Print one line per condition."""
    print("µs/eval  µs/compile  condition = value")
    for text in CONDITIONS:
        expression = feel.compile(text, CONTEXT)
        value = expression(CONTEXT, now=NOW)
        evaluated = micros(lambda call=expression: call(CONTEXT, now=NOW), 2_000)
        print(f"{evaluated:7.1f}  {micros(fresh_compile(text), 100):10.0f}  {text} = {value}")


if __name__ == "__main__":
    main()
