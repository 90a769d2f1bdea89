"""The rows of a case's cash, by which drawers and daily reports find it."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from engine.domain.case import Case
from engine.domain.cash import moves_of


def cash_rows(case: Case) -> list[dict[str, Any]]:
    """One row for each taking and giving back; none of most cases."""
    return [{"unit": case.unit, **asdict(one)} for one in moves_of(case)] if case.cash else []
