"""Incidents: a person mends the cause, then what was stuck is tried once more."""

from __future__ import annotations

from engine.commands.messages import NoteIncident, ResolveIncident, Result, RetryIncident
from engine.commands.taking import TAKE, take_or_keep, told, where
from engine.commands.wake import KIND as CONDITION
from engine.commands.work import Work
from engine.domain import access, events
from engine.domain.case import Incident
from engine.domain.errors import ForbiddenError, NotFoundError, RuleError

MENDERS = ("administrator",)


def resolve(work: Work, command: ResolveIncident) -> Result:
    """A person mended the cause: the job runs again, any other incident is closed with a note."""
    incident = _open(work, command)
    if not 1 <= command.retries <= 10:
        raise RuleError(reason="Số lần thử lại từ 1 đến 10.", reason_en="Between 1 and 10 tries.")
    if incident.kind == "message" and incident.kept is not None:
        raise RuleError(
            reason="Sự cố này đang giữ một thông tin đã nhận; hãy thử lại thay vì đóng.",
            reason_en="This incident keeps a message that came in; retry it rather than close it.",
        )
    work.add(
        events.IncidentResolved(
            incident=incident.id, key=incident.key, retries=command.retries, note=command.note.strip()[:2000]
        )
    )
    return Result()


def retry(work: Work, command: RetryIncident) -> Result:
    """Try once more, with what was kept; the incident closes when it succeeds and stays when it does not."""
    incident = _open(work, command)
    note = command.note.strip()[:2000]
    if incident.key in work.case.jobs:
        work.add(events.IncidentRetried(incident=incident.id, key=incident.key, note=note))
        return Result()
    if incident.kind == CONDITION:
        work.add(events.IncidentResolved(incident=incident.id, key="", retries=0, note=note))
        return Result()  # the process looks at its conditions again before the command ends
    if incident.kind not in TAKE:
        raise RuleError(
            reason="Sự cố này không có gì để thử lại; xử lý xong thì đóng lại kèm ghi chú.",
            reason_en="There is nothing to try again here; close it with a note once it is dealt with.",
        )
    access.check_moves(work.actor, work.case)
    work.add(events.IncidentRetried(incident=incident.id, key=incident.key, note=note))
    return _taken(work, incident)


def _taken(work: Work, incident: Incident) -> Result:
    """What was kept is taken in the name of whoever sent it; a timer is nobody's."""
    if incident.kind != "timer":
        answer = take_or_keep(work, incident.kind, incident.key, incident.kept or {}, by=incident.by)
        return Result(data={"stuck": answer.data["held"]}) if answer.data else answer
    error = work.attempt(lambda: TAKE["timer"](work, incident.key, {}, ""))
    if error is None:
        return Result()
    element = where(error, incident.key)
    work.add(
        events.IncidentRecurred(incident=incident.id, key=incident.key, element=element, error=error.message[:2000])
    )
    return Result(data={"stuck": {**told(error, incident.key), "incident": incident.id}})


def note(work: Work, command: NoteIncident) -> Result:
    """Write what is known."""
    incident = _open(work, command)
    text = command.note.strip()[:2000]
    if not text:
        raise RuleError(reason="Hãy ghi nội dung.", reason_en="Write something.")
    work.add(events.IncidentNoted(incident=incident.id, note=text, by=work.actor.id))
    return Result()


def _open(work: Work, command: ResolveIncident | RetryIncident | NoteIncident) -> Incident:
    case = work.load(command.unit, command.case_id)
    if work.actor.kind != "system" and not (work.actor.unit == case.unit and work.actor.in_any(MENDERS)):
        raise ForbiddenError()
    if command.incident not in case.incidents:
        raise NotFoundError(what="sự cố", id=command.incident)
    return case.incidents[command.incident]
