"""Filing, withdrawing, stopping, extending and commenting on a case."""

from __future__ import annotations

from dataclasses import replace

from engine.commands import slips
from engine.commands.ending import end, extend_term
from engine.commands.messages import AddComment, CancelCase, ExtendDeadline, Result, SubmitCase, WithdrawCase
from engine.commands.opening import check_unit, checked, open_case
from engine.commands.work import Work
from engine.domain import access, events, filing
from engine.domain.case import Case
from engine.domain.errors import CaseEndedError, ForbiddenError, RuleError

WITHDRAWN, STOPPED = 7, 8
STOPPERS = ("one_stop", "chairman", "administrator")
EXTENDERS = ("chairman", "justice_officer", "culture_officer", "one_stop")


def submit(work: Work, command: SubmitCase) -> Result:
    """File a case: validate the form and the documents, give it its code, start its process."""
    filing.check_applicant(command.applicant)
    _check_filer(work, command)
    catalog = work.ports.catalog
    procedure = catalog.current(command.procedure, work.now.date())
    filing.check_assurance(command.applicant, procedure.level, catalog.settings)
    application = checked(work, procedure, command)
    return open_case(work, procedure, replace(command, application=application))


def _check_filer(work: Work, command: SubmitCase) -> None:
    """A citizen files for the own account only; officers file at the desk of their own unit, and nobody else does."""
    actor = work.actor
    check_unit(work, command.unit)
    if actor.kind not in ("citizen", "officer", "system"):
        raise ForbiddenError()
    if actor.kind == "citizen" and command.applicant.get("account") != actor.id:
        raise ForbiddenError()
    if actor.kind == "citizen" and command.channel != "online":
        raise ForbiddenError()
    if actor.kind == "citizen" and command.applicant.get("submitted_by") not in (None, "", actor.name):
        raise ForbiddenError()  # nobody files in the name of a third
    if actor.kind == "officer" and (actor.unit != command.unit or not actor.in_any((access.DESK,))):
        raise ForbiddenError()


def withdraw(work: Work, command: WithdrawCase) -> Result:
    """The applicant takes the case back, any time before the result is signed."""
    case = _open_case(work, command)
    if not (
        access.is_applicant(work.actor, case) or (work.actor.in_any((access.DESK,)) and work.actor.unit == case.unit)
    ):
        raise ForbiddenError()
    result = work.procedure.result
    if result is not None and any(r["signatures"] for r in case.results if r["name"] == result.name):
        raise RuleError(
            reason="Kết quả đã được ký nên không rút hồ sơ được nữa.",
            reason_en="The result is signed; the case can no longer be withdrawn.",
        )
    work.add(events.CaseWithdrawn(reason=_reason(command.reason)))
    end(work, WITHDRAWN)
    return Result()


def cancel(work: Work, command: CancelCase) -> Result:
    """The house stops the case, with a reason."""
    case = _open_case(work, command)
    if not (work.actor.unit == case.unit and work.actor.in_any(STOPPERS)):
        raise ForbiddenError()
    work.add(events.CaseCancelled(reason=_reason(command.reason)))
    end(work, STOPPED)
    return Result()


def extend(work: Work, command: ExtendDeadline) -> Result:
    """Extend the term once, with the reason the citizen is told (Decree 61/2018/ND-CP, article 19)."""
    case = _open_case(work, command)
    if not (work.actor.unit == case.unit and work.actor.in_any(EXTENDERS)):
        raise ForbiddenError()
    slips.apologise(work, extend_term(work, case, reason=_reason(command.reason), due=command.due))
    return Result()


def comment(work: Work, command: AddComment) -> Result:
    """Write a note; the applicant's own notes are always public."""
    case = access.check_sees(work.actor, work.load(command.unit, command.case_id))
    if access.only_reads(work.actor):
        raise ForbiddenError()
    text = command.text.strip()
    if not text or len(text) > work.ports.catalog.settings["limits"]["comment"]:
        raise RuleError(
            reason="Ghi chú phải có nội dung và không quá dài.", reason_en="A note needs text, and not too much of it."
        )
    public = command.public or access.is_applicant(work.actor, case)
    work.add(events.CaseCommented(comment=work.ports.ids.new(), text=text, public=public))
    return Result()


def _open_case(work: Work, command: WithdrawCase | CancelCase | ExtendDeadline) -> Case:
    case = access.check_sees(work.actor, work.load(command.unit, command.case_id))
    if case.ended:
        raise CaseEndedError(code=case.code)
    return case


def _reason(text: str) -> str:
    if not text.strip():
        raise RuleError(reason="Hãy ghi rõ lý do.", reason_en="Say the reason.")
    return text.strip()[:2000]
