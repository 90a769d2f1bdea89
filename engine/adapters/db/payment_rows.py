"""The rows of a case's orders: tries at providers, by which notices find the case, and whatever has to go back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.domain.case import Case
from engine.domain.payment_appliers import of_a_try


def payment_rows(case: Case) -> list[dict[str, Any]]:
    """One row per try, and per order of any other kind whose money has to go back."""
    return [_row(case, one) for one in case.payments if of_a_try(one) or "refund" in one]


def _row(case: Case, one: Mapping[str, Any]) -> dict[str, Any]:
    refund = one.get("refund") or {}
    return {
        "unit": case.unit,
        "case_id": case.id,
        "key": one["order"],
        "case_code": case.code,
        "provider": one["provider"],
        "amount": one["amount"],
        "state": _state(one),
        "begun_at": one.get("at"),
        "expires_at": one.get("expires_at"),
        "paid_at": one.get("paid_at"),
        "reference": (one.get("reference") or "").replace("\0", ""),
        "refund": refund.get("state"),
        "refund_at": refund.get("at"),
        "refund_run_at": refund.get("run_at"),
    }


def _state(one: Mapping[str, Any]) -> str:
    if one["paid"]:
        return "paid"
    return "failed" if "failed" in one else "held" if "doubted" in one else "open"
