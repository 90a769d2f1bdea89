"""Cases as their pages show them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from functools import cache, partial
from typing import Any

from engine.domain import access, events
from engine.domain.actor import Actor
from engine.domain.case import Case, Job, Listener, Subscription, Task, Timer
from engine.domain.errors import ForbiddenError, NotFoundError
from engine.domain.events import ProcessAdvanced, Recorded
from engine.domain.procedure import Procedure
from engine.ports import Accounts, Ports, ProcessDiagrams, ReadModels
from engine.queries.history_texts import sentence
from engine.queries.views import CaseView, DiagramView, HistoryRow, Page, PublicCase


class CaseQueries:
    """Reads cases for people; everything asked for knows who asks."""

    def __init__(self, ports: Ports, models: ReadModels, accounts: Accounts, diagrams: ProcessDiagrams) -> None:
        self._ports = ports
        self._models = models
        self._accounts = accounts
        self._diagrams = diagrams

    def case(self, actor: Actor, case_id: str) -> CaseView:
        """The case with diagrams and history; NotFoundError when it is not there or not for this actor's eyes."""
        case = self._seen(actor, case_id)
        history = self._ports.store.events(case_id)
        procedure = self._ports.catalog.procedure(case.procedure, case.procedure_version)
        return CaseView(
            case=case,
            procedure=procedure,
            status=self._ports.catalog.statuses[case.status],
            diagrams=self._marked(procedure, history, case),
            history=self._rows(actor, history),
            open_messages=[s for s in case.subscriptions.values() if access.may_enter(actor, case, s)],
        )

    def case_by_code(self, code: str) -> PublicCase | None:
        """Status only, for anybody who knows the code."""
        found = self._models.find_code(code.strip().upper())
        case = self._ports.store.case(None, found) if found else None
        if case is None:
            return None
        procedure = self._ports.catalog.procedure(case.procedure, case.procedure_version)
        due = case.deadline.due if case.deadline else None
        return PublicCase(case.code, procedure.name, self._ports.catalog.statuses[case.status], case.submitted_at, due)

    def my_cases(
        self, actor: Actor, filters: Mapping[str, Any] | None = None, *, after: str | None = None, limit: int = 20
    ) -> Page:
        """The cases an account filed; filters `ended` and `status`."""
        wanted = {name: value for name, value in (filters or {}).items() if name in ("ended", "status")}
        own = {**wanted, "account": actor.id}
        return _page(self._models.cases(actor.unit, own, after=after, limit=limit), limit)

    def cases(self, actor: Actor, filters: Mapping[str, Any], *, after: str | None = None, limit: int = 50) -> Page:
        """Cases of the officer's unit."""
        if actor.kind != "officer" or not actor.groups:
            raise ForbiddenError()
        return _page(self._models.cases(actor.unit, filters, after=after, limit=limit), limit)

    def _seen(self, actor: Actor, case_id: str) -> Case:
        unit = None if actor.kind == "citizen" else actor.unit
        return access.check_sees(actor, self._ports.store.case(unit, case_id))

    def _rows(self, actor: Actor, history: Sequence[Recorded]) -> list[HistoryRow]:
        names: dict[str, str] = {"": ""}
        who = cache(self._actor_name)  # few people and many events: each is asked for once
        return [self._row(link, names, who) for link in history if actor.kind != "citizen" or _is_public(link)]

    def _row(self, link: Recorded, names: dict[str, str], who: Callable[[str], str]) -> HistoryRow:
        event = link.event
        key = getattr(event, "key", "")
        if getattr(event, "name", None) and key:
            names[key] = event.name  # type: ignore[attr-defined]  # events with a key and a drawn name
        vi, en = sentence(event, self._ports.catalog.statuses, partial(_name, names))
        return HistoryRow(
            seq=link.seq,
            at=link.at,
            actor=link.actor,
            actor_name=who(link.actor),
            on_behalf_of=link.on_behalf_of,
            for_name=who(link.on_behalf_of) if link.on_behalf_of else "",
            tag=event.tag,
            text_vi=vi,
            text_en=en,
            element_id=element_of(key) or None,
            data={f.name: getattr(event, f.name) for f in fields(event)},
        )

    def _actor_name(self, actor_id: str) -> str:
        account = self._accounts.by_id(actor_id)
        return account.name if account else "Hệ thống"

    def _marked(self, procedure: Procedure, history: Sequence[Recorded], case: Case) -> list[DiagramView]:
        """The procedure's own diagram first, then each called one that was entered."""
        visits = [v for link in history if isinstance(link.event, ProcessAdvanced) for v in link.event.path]
        waits = _waits(case)
        entered = list(dict.fromkeys([procedure.process_id, *(v.process_id for v in visits)]))
        views = []
        for process_id in entered:
            active = [w.element_id for w in waits if w.process_id == process_id]
            active += [element_of(part) for w in waits for part in w.scope.split("/") if part]
            try:
                name, xml, elements = self._diagrams.diagram(procedure, process_id)
            except NotFoundError:  # it was walked in an earlier version of the procedure, which called another process
                continue
            mine = [v for v in visits if v.process_id == process_id]
            views.append(
                DiagramView(
                    process_id=process_id,
                    name=name,
                    xml=xml,
                    visited=sorted({v.element_id for v in mine}),
                    flows=sorted({v.flow_id for v in mine if v.flow_id}),
                    active=sorted(set(active) & elements),
                )
            )
        return views


def _waits(case: Case) -> list[Task | Job | Subscription | Timer | Listener]:
    waits = case.tasks, case.jobs, case.subscriptions, case.timers, case.listeners
    return [wait for kind in waits for wait in kind.values()]


def element_of(key: str) -> str:
    """The element id at the end of a wait's key ("call_intake#1/check_documents#2" -> "check_documents")."""
    return key.rsplit("/", 1)[-1].rsplit("#", 1)[0]


def _name(names: Mapping[str, str], key: str) -> str:
    return names.get(key) or element_of(key)


PUBLIC = (
    events.CaseSubmitted,
    events.StatusChanged,
    events.DeadlineAdjusted,
    events.FeeAssessed,
    events.PaymentOrdered,
    events.PaymentBegun,
    events.PaymentReceived,
    events.PaymentFailed,
    events.PaymentDoubted,
    events.RefundRequested,
    events.RefundSettled,
    events.ReceiptIssued,
    events.ResultIssued,
    events.ResultDelivered,
    events.ResultRevoked,
    events.ResultReplaced,
    events.CaseWithdrawn,
    events.CaseCancelled,
    events.ApplicationAmended,
    events.DeliveryChanged,
    events.CaseRated,
)


def _is_public(link: Recorded) -> bool:
    """What the applicant is told; the house's own notes and workings stay inside."""
    if isinstance(link.event, events.CaseCommented):
        return link.event.public
    return isinstance(link.event, PUBLIC)


def _page(rows: list[Any], limit: int) -> Page:
    return Page(rows, rows[-1]["cursor"] if len(rows) == limit else None)
