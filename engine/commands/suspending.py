"""Holding a case still, and letting it move again."""

from __future__ import annotations

from engine.commands.messages import Result, ResumeCase, SuspendCase
from engine.commands.taking import release_payments
from engine.commands.work import Work
from engine.domain import access, events
from engine.domain.case import Case
from engine.domain.errors import CaseEndedError, RuleError
from engine.domain.handling import open_round


def suspend(work: Work, command: SuspendCase) -> Result:
    """Hold the case still: no task is taken or completed, no timer fires, no job runs, no message is taken.

    The legal term runs on: a technical stop is no ground in law for pausing it (Decree 61/2018/ND-CP, article 19).
    """
    case = access.check_steers(work.actor, work.load(command.unit, command.case_id))
    if case.ended:
        raise CaseEndedError(code=case.code)
    if case.suspended is not None:
        return Result()
    reason = command.reason.strip()[:2000]
    if not reason:
        raise RuleError(reason="Hãy ghi rõ lý do.", reason_en="Say the reason.")
    work.add(events.CaseSuspended(suspension=work.ports.ids.new(), reason=reason, by=work.actor.id))
    return Result()


def resume(work: Work, command: ResumeCase) -> Result:
    """Let the case move again. What fell due meanwhile is done by the workers; of a cycle, once."""
    case = access.check_steers(work.actor, work.load(command.unit, command.case_id))
    if open_round(case) is not None:
        raise RuleError(
            reason="Hồ sơ đang chờ người nộp bổ sung; hồ sơ tự mở lại khi bổ sung xong hoặc hết hạn bổ sung.",
            reason_en="The case waits for a supplement; it moves again once that is in, or its time is over.",
        )
    if case.suspended is not None:
        release(work, case, command.note.strip()[:2000])
    return Result()


def release(work: Work, case: Case, note: str) -> None:
    """End a suspension and tell the process of the money that came in meanwhile."""
    if case.suspended is None:
        return
    work.add(events.CaseResumed(suspension=case.suspended.id, note=note))
    release_payments(work)
