"""A supplement asked while the case is in hand: once, in time, in writing; more only on a leader's word.

Decree 61/2018/ND-CP, articles 11 and 19: within so many working days from intake, with form 02; the case stands still
meanwhile, and its term begins from zero when everything is in.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from engine.commands import slips
from engine.commands.advance import change_status
from engine.commands.ending import end
from engine.commands.handling_messages import AskSupplement, ExpireSupplement
from engine.commands.messages import Result
from engine.commands.rounds import settle_round
from engine.commands.work import Work
from engine.domain import access, events
from engine.domain.appliers import SUPPLEMENT
from engine.domain.case import Case
from engine.domain.context import case_context
from engine.domain.errors import CaseEndedError, ForbiddenError, RuleError
from engine.domain.handling import BESIDE, EXPIRED, open_round
from engine.ports import Ports

WAITS, STOPPED = 5, 8
Values = Mapping[str, Any]


def limits(ports: Ports) -> Values:
    """What the house and the law set: see `[supplement]` of the settings."""
    given: Values = ports.catalog.settings.get("supplement") or {}
    return given


def late(ports: Ports, case: Case, now: datetime) -> bool:
    """Whether the working days in which more may be asked are over; they count from the intake."""
    calendar, most = ports.catalog.calendar(case.unit), limits(ports).get("after_intake_working_days")
    if most is None or case.received_at is None:
        return False
    return calendar.working_days_between(calendar.day_of(case.received_at), calendar.day_of(now)) > int(most)


def may_ask(ports: Ports, actor: Any, case: Case) -> bool:
    """Whether the actor works on the case: the desk, its leaders, and the groups whose turn it is."""
    groups = {group for task in case.tasks.values() for group in task.groups} - {access.APPLICANT}
    leaders = limits(ports).get("leaders", ())
    return bool(actor.unit == case.unit and actor.in_any((access.DESK, *leaders, *sorted(groups))))


def ask(work: Work, command: AskSupplement) -> Result:
    """Issue form 02, hold the case still and wait for the applicant, beside the process."""
    case = _in_hand(work, command)
    second, too_late = case.supplements > 0, late(work.ports, case, work.now)
    waiver = _waived(work, command.waiver) if second or too_late else ""
    clean = _checked(work, case, command.data)
    reason, documents = str(clean.get("reason") or ""), str(clean.get("missing_documents") or "")
    asked, given = tuple(clean.get("asked") or ()), limits(work.ports)
    number = slips.number_of(work, SUPPLEMENT)
    until = work.now + timedelta(days=int(given.get("days", 30)))
    slip = {"reason": reason, "documents": documents}
    work.add(events.ReceiptIssued(kind=SUPPLEMENT, number=number, data=slip, by=work.actor.id))
    change_status(work, WAITS)
    work.add(
        events.SupplementAsked(
            round=work.ports.ids.new(),
            number=number,
            reason=reason,
            documents=documents,
            asked=asked,
            until=until,
            by=work.actor.id,
            second=second,
            late=too_late,
            waiver=waiver,
        )
    )
    _wait(work, given, until, {"supplement_reason": reason, "missing_documents": documents, "asked": asked})
    return Result(data={"number": number})


def _in_hand(work: Work, command: AskSupplement) -> Case:
    case = access.check_sees(work.actor, work.load(command.unit, command.case_id))
    if case.ended:
        raise CaseEndedError(code=case.code)
    if not may_ask(work.ports, work.actor, case):
        raise ForbiddenError()
    access.check_moves(work.actor, case)
    if case.received_at is None:
        raise RuleError(
            reason="Hồ sơ chưa được tiếp nhận; hãy yêu cầu bổ sung ở bước kiểm tra thành phần hồ sơ.",
            reason_en="The case is not received yet; ask for the supplement in the check of its documents.",
        )
    return case


def _waived(work: Work, waiver: str) -> str:
    """A leader's reason for what the law does not foresee; RuleError without one."""
    if not work.actor.in_any(tuple(limits(work.ports).get("leaders", ()))):
        raise RuleError(
            reason="Đã yêu cầu bổ sung một lần hoặc đã quá thời gian được yêu cầu; chỉ lãnh đạo, có lý do, mới được yêu"
            " cầu thêm (Nghị định 61/2018/NĐ-CP Điều 11, 19).",
            reason_en="A supplement was asked for already, or its time is over; only a leader may, with a reason.",
        )
    if not waiver.strip():
        raise RuleError(
            reason="Hãy ghi lý do cho phép yêu cầu bổ sung thêm; hồ sơ sẽ bị tính là quá hạn.",
            reason_en="Say why another request is let through; the case will count as overdue.",
        )
    return waiver.strip()[:2000]


def _checked(work: Work, case: Case, data: Values) -> Values:
    """The request by the rules of the desk's own form, which asks for one in the check of documents."""
    given, context = limits(work.ports), case_context(case)
    context["case"] = {**context["case"], "supplements": 0}  # whether once more is allowed is decided here, not there
    whole = {**data, **given.get("request", {})}
    return work.ports.forms.validate(work.procedure, str(given.get("request_form", "")), whole, context)


def _wait(work: Work, given: Values, until: datetime, inputs: Values) -> None:
    """The applicant's task, beside the process."""
    work.add(
        events.TaskCreated(
            key=f"{BESIDE}{SUPPLEMENT}#{len(work.case.rounds)}",
            scope="",
            process_id=SUPPLEMENT,
            element_id="supply_documents",
            name=str(given.get("task", "")),
            groups=(access.APPLICANT,),
            assignee=None,
            due=until,
            follow_up=None,
            priority=50,
            form_id=str(given.get("reply_form", "")),
            inputs=inputs,
            properties={},
        )
    )


def expire(work: Work, command: ExpireSupplement) -> Result:
    """Stop a case whose supplement is overdue; nothing happens where it came in after all, or has time left."""
    case = work.load(command.unit, command.case_id)
    if work.actor.kind != "system":
        raise ForbiddenError()
    begun = open_round(case)
    if begun is None or case.ended or work.now < begun["until"]:
        return Result()
    settle_round(work, EXPIRED, {})
    work.add(events.CaseCancelled(reason=str(limits(work.ports).get("expired", ""))))
    end(work, STOPPED)
    return Result()
