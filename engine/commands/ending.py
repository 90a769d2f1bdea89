"""How a case ends before its result is there, and how its term is moved: shared by those who may."""

from __future__ import annotations

from datetime import datetime

from engine.commands.advance import advance, change_status
from engine.commands.rounds import settle_round
from engine.commands.suspending import release
from engine.commands.taking import release_payments
from engine.commands.work import Work
from engine.domain import deadline
from engine.domain.case import Case
from engine.domain.errors import RuleError
from engine.domain.events import DeadlineAdjusted
from engine.domain.handling import STOPPED


def end(work: Work, status: int) -> None:
    """The case ends in this status: what is open is closed, what waited beside the process too."""
    settle_round(work, STOPPED, {})
    change_status(work, status)
    step = work.ports.runner.cancel(work.procedure, work.case.snapshot)
    advance(work, step, trigger={"kind": "cancel", "key": "", "data": {}})
    release(work, work.case, "")
    release_payments(work)


def extend_term(work: Work, case: Case, *, reason: str, due: datetime | None) -> DeadlineAdjusted:
    """Move the due date once, with a reason; RuleError where there is no term yet, or the law says no."""
    if case.deadline is None:
        raise RuleError(reason="Hồ sơ chưa được tiếp nhận nên chưa có thời hạn.", reason_en="The case has no term yet.")
    calendar = work.ports.catalog.calendar(case.unit)
    moved = deadline.extend(
        work.procedure.deadline, case.deadline, work.now, calendar, by=work.actor.id, reason=reason, due=due
    )
    return work.add(moved)
