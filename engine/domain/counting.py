"""From the history of a case to what reports count of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from engine.domain import deadline, events
from engine.domain.calendar import WorkingCalendar
from engine.domain.case import Deadline
from engine.domain.case_facts import CaseFacts, Digitised, Entered, Outcome, Paid, Rated, StepFacts, TermPoint
from engine.domain.event import Recorded
from engine.domain.procedure import Procedure
from engine.domain.records import replace

AT_THE_DESK = "cash"  # the provider that is no provider: the cashier
SUPPLEMENT = "supplement"  # the kind of the slip
DIGITISED = "digitised"  # an officer's mark
MINUTE = 60


def facts_of(history: Sequence[Recorded], procedure: Procedure, calendar: WorkingCalendar) -> CaseFacts:
    """The record of a whole history, which begins with CaseSubmitted, in the procedure version it names."""
    filed = history[0].event
    assert isinstance(filed, events.CaseSubmitted)
    fee = _last(history, events.FeeAssessed)
    ended = next((x for x in history if isinstance(x.event, events.ProcessAdvanced) and x.event.ended), None)
    facts = CaseFacts(
        unit=filed.unit,
        case_id=filed.case_id,
        code=filed.code,
        version=history[-1].seq,
        procedure=filed.procedure,
        field=procedure.field,
        level=filed.level,
        channel=filed.channel,
        filed_at=history[0].at,
        last_at=history[-1].at,
        paper_result=procedure.result is not None,
        assurance=int(filed.applicant.get("assurance") or 0),
        statuses=tuple(Entered(at=at, status=e.after) for at, e in _all(history, events.StatusChanged)),
        asked_at=tuple(at for at, e in _all(history, events.ReceiptIssued) if e.kind == SUPPLEMENT),
        terms=tuple(_terms(history, calendar)),
        steps=tuple(_steps(history, calendar)),
        fee=fee[1].total if fee else None,
        fee_at=fee[0] if fee else None,
        payments=tuple(_paid(at, e) for at, e in _all(history, events.PaymentReceived)),
        outcomes=tuple(_outcomes(history, procedure)),
        papers=tuple(_papers(history)),
        ratings=tuple(Rated(at=at, score=e.score) for at, e in _all(history, events.CaseRated)),
        ended_at=ended.at if ended else None,
    )
    if facts.received_at is None or facts.solved_at is None:
        return facts
    return replace(facts, lasted=_minutes(calendar, facts.received_at, facts.solved_at))


def _all(history: Sequence[Recorded], kind: type[Any]) -> Iterator[tuple[datetime, Any]]:
    return ((link.at, link.event) for link in history if isinstance(link.event, kind))


def _last(history: Sequence[Recorded], kind: type[Any]) -> tuple[datetime, Any] | None:
    return next(_all(history[::-1], kind), None)


def _terms(history: Sequence[Recorded], calendar: WorkingCalendar) -> Iterator[TermPoint]:
    """Every change of the term, with the day it is measured by from then on."""
    term: Deadline | None = None
    for at, event in _all(history, events.DeadlineAdjusted):
        term = deadline.apply(term, event, at)
        due = deadline.measured_by(term, calendar)
        yield TermPoint(at=at, kind=event.kind, due=due, timeliness=event.timeliness or "")


def _steps(history: Sequence[Recorded], calendar: WorkingCalendar) -> Iterator[StepFacts]:
    """Tasks in the order in which they were created."""
    claimed: dict[str, datetime] = {}
    closed: dict[str, tuple[datetime, str]] = {}
    for link in history:
        if isinstance(link.event, events.TaskClaimed):
            claimed.setdefault(link.event.key, link.at)
        elif isinstance(link.event, events.TaskCompleted):
            closed[link.event.key] = link.at, link.event.by
        elif isinstance(link.event, events.TaskCancelled):
            closed[link.event.key] = link.at, ""
    for at, created in _all(history, events.TaskCreated):
        end, by = closed.get(created.key, (None, ""))
        taken = claimed.get(created.key) or end
        yield StepFacts(
            element_id=created.element_id,
            name=created.name,
            groups=created.groups,
            opened_at=at,
            closed_at=end,
            by=by,
            waited=_minutes(calendar, at, taken),
            lasted=_minutes(calendar, at, end),
        )


def _minutes(calendar: WorkingCalendar, start: datetime, end: datetime | None) -> int:
    return int(calendar.working_time(start, end).total_seconds()) // MINUTE if end is not None else 0


def _paid(at: datetime, event: events.PaymentReceived) -> Paid:
    return Paid(at=at, provider=event.provider, amount=event.amount, online=event.provider != AT_THE_DESK)


def _outcomes(history: Sequence[Recorded], procedure: Procedure) -> Iterator[Outcome]:
    """The procedure's own results; letters that say no are none."""
    signed: dict[str, datetime] = {}
    for at, event in _all(history, events.ResultSigned):
        signed.setdefault(event.document, at)
    gone = {event.document: at for at, event in _all(history, events.ResultRevoked)}
    name = procedure.result.name if procedure.result else None
    for at, event in _all(history, events.ResultIssued):
        if event.name == name and event.sha256:
            document = event.document
            yield Outcome(at=at, document=document, signed_at=signed.get(document), gone_at=gone.get(document))


def _papers(history: Sequence[Recorded]) -> Iterator[Digitised]:
    """Since when papers are files: handed in as such, or marked by an officer, file by file."""
    handing_in = (events.CaseSubmitted, events.ApplicationAmended)
    yield from (Digitised(at=x.at) for x in history if isinstance(x.event, handing_in) and x.event.documents)
    marked: dict[str, datetime] = {}
    for at, event in _all(history, events.DocumentMarked):
        if event.mark != DIGITISED:
            continue
        if event.present:
            marked.setdefault(event.sha256, at)
        elif event.sha256 in marked:
            yield Digitised(at=marked.pop(event.sha256), gone_at=at)
    yield from (Digitised(at=at) for at in marked.values())
