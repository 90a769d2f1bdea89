"""Marks on the documents of a case, and another day for its result."""

from __future__ import annotations

from engine.commands import slips
from engine.commands.ending import extend_term
from engine.commands.handling_messages import MarkDocument, ReappointResult
from engine.commands.messages import Result
from engine.commands.work import Work
from engine.domain import access, events, handling
from engine.domain.case import Case
from engine.domain.errors import CaseEndedError, ForbiddenError, NotFoundError, RuleError
from engine.domain.filing import is_short_text

LONGEST_NOTE, LONGEST_REASON = 500, 2000


def mark(work: Work, command: MarkDocument) -> Result:
    """Keep the mark; nothing happens where the file bears it already, or bears it no more.

    An officer compares copies with originals and digitises what came on paper (Circular 01/2018/TT-VPCP, Decree
    107/2021/ND-CP); what is not good enough needs a word why.
    """
    case = _workable(work, command)
    file = handling.handed_in(case).get(command.sha256)
    if file is None or command.mark not in handling.MARKS:
        raise NotFoundError(what="tệp", id="")
    note = command.note.strip()
    if command.present and command.mark == handling.FAILED and not note:
        raise RuleError(
            reason="Hãy ghi giấy tờ không đạt ở điểm nào.", reason_en="Say in what way the document is not good enough."
        )
    if note and not is_short_text(note, LONGEST_NOTE):
        raise RuleError(
            reason=f"Ghi chú nhiều nhất {LONGEST_NOTE} ký tự, trên một dòng.",
            reason_en=f"A note has at most {LONGEST_NOTE} characters, on one line.",
        )
    if (command.mark in handling.marks_of(case, command.sha256)) != command.present:
        name, document = str(file.get("name") or ""), str(file.get("key") or "")
        work.add(
            events.DocumentMarked(
                sha256=command.sha256,
                name=name,
                document=document,
                mark=command.mark,
                present=command.present,
                by=work.actor.id,
                note=note if command.present else "",
            )
        )
    return Result()


def reappoint(work: Work, command: ReappointResult) -> Result:
    """Another day for the result, once, with the reason and an apology (form 04; Decree 61/2018/ND-CP, article 19).

    What the form says stands in the slip's data. `in_time`: the applicant is told at least a day before the old date.
    """
    case = _workable(work, command)
    groups = (access.DESK, *work.ports.catalog.settings.get("apology", {}).get("groups", ()))
    if not work.actor.in_any((*groups, *(group for task in case.tasks.values() for group in task.groups))):
        raise ForbiddenError()
    reason = command.reason.strip()[:LONGEST_REASON]
    if not reason:
        raise RuleError(reason="Hãy ghi rõ lý do.", reason_en="Say the reason.")
    moved = extend_term(work, case, reason=reason, due=command.due)
    before, calendar = moved.due_before, work.ports.catalog.calendar(case.unit)
    in_time = before is not None and calendar.day_of(work.now) < calendar.day_of(before)
    number = slips.apologise(work, moved, by=work.actor.id, in_time=in_time, kind=moved.kind)
    return Result(data={"number": number})


def _workable(work: Work, command: MarkDocument | ReappointResult) -> Case:
    case = access.check_sees(work.actor, work.load(command.unit, command.case_id))
    if work.actor.kind != "officer" or access.only_reads(work.actor):
        raise ForbiddenError()
    if case.ended:
        raise CaseEndedError(code=case.code)
    return case
