"""What expressions may know about a case: the names `case` and `application`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.domain.case import Case, Job, Task


def case_context(case: Case) -> dict[str, Any]:
    """{"case": …, "application": …} as docs/catalog-format.md lists them; instants are aware date and times."""
    return {"case": _case(case), "application": case.application}


def _case(case: Case) -> Mapping[str, Any]:
    return {
        "code": case.code,
        "procedure": case.procedure,
        "level": case.level,
        "channel": case.channel,
        "delivery": case.delivery,
        "unit": case.unit,
        "status": case.status,
        "supplements": case.supplements,
        "submitted_at": case.submitted_at,
        "received_at": case.received_at,
        "due_at": case.deadline.due if case.deadline else None,
        "fee_total": case.fee_total,
        "paid": is_paid(case),
        "applicant": case.applicant,
    }


def is_paid(case: Case) -> bool:
    """Whether what is due has come in; a case without an assessed fee is not paid."""
    if case.fee_total is None:
        return False
    return missing(case) <= 0


def missing(case: Case) -> int:
    """How many dong of the fee have not come in; below 0 when more came than was due."""
    paid: int = sum(p["amount"] for p in case.payments if p["paid"])
    return (case.fee_total or 0) - paid


def variables(case: Case, wait: Task | Job) -> dict[str, Any]:
    """What a task's form or a job may read: the variables of the case and of the scopes around it, and its inputs."""
    seen: dict[str, Any] = dict(case.scopes.get("", {}))
    parts = wait.scope.split("/") if wait.scope else []
    for depth in range(1, len(parts) + 1):
        seen.update(case.scopes.get("/".join(parts[:depth]), {}))
    return {**seen, **wait.inputs}
