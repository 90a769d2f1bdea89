"""The desk's papers of a case: which there are, and each as a PDF (Circular 01/2018/TT-VPCP, article 9)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.domain import access, events
from engine.domain.actor import Actor
from engine.domain.appliers import apply
from engine.domain.case import Case
from engine.domain.errors import NotFoundError
from engine.domain.events import Recorded
from engine.domain.procedure import Procedure
from engine.ports import Accounts, Ports
from engine.ports.paper_seals import Make, Seals
from engine.ports.papers import Handover, PaperMaker, Setting, Slip, setting_of
from engine.queries.receipts import FEE

FORMS = {"intake": "01", "supplement": "02", "refusal": "03", "apology": "04"}
CONTROL = "05"
PDF = b"%PDF"


@dataclass(frozen=True, slots=True)
class Issued:
    """A form, and the case as the step left it that issued the form: what came later does not change a paper."""

    slip: Slip
    case: Case


class CasePapers:
    """Looks up what a paper says in the case and its history, and has it made."""

    def __init__(
        self,
        ports: Ports,
        accounts: Accounts,
        maker: PaperMaker,
        receipt: Callable[[Case, Mapping[str, Any]], bytes],
        seals: Seals,
    ) -> None:
        """`receipt` makes a fee receipt of a case."""
        self.seals = seals
        self._ports = ports
        self._accounts = accounts
        self._maker = maker
        self._receipt = receipt

    def form(self, actor: Actor, case_id: str, form: str, number: str = "") -> bytes:
        """Form 01 to 05 as PDF, of several the one with this number, else the last; NotFoundError while there is none.

        The control slip (05) is for the house alone. Of 01 to 04 the sealed file, if it is or can be sealed.
        """
        case = self._case(actor, case_id)
        history, setting = self._ports.store.events(case.id), setting_of(self._ports.catalog, case.unit)
        if form == CONTROL and actor.kind == "officer" and case.received_at:
            return self._maker.control(case, self._procedure(case), self.handovers(history), setting)
        fitting = [s for s in self._issued(history) if FORMS[s.slip.kind] == form and number in ("", s.slip.number)]
        if not fitting:
            raise NotFoundError(what="giấy", id=form)
        slip = fitting[-1].slip
        return self.seals.given(case, slip.kind, slip.number, self._made(fitting[-1], setting))

    def _made(self, one: Issued, setting: Setting) -> Make:
        return lambda proof: self._maker.slip(one.case, self._procedure(one.case), one.slip, setting, proof)

    def everything(self, actor: Actor, case_id: str) -> bytes:
        """All papers of the case in one PDF to print: forms, fee receipts, signed results (what was signed or sealed
        only its own file proves), the control slip last; NotFoundError while there is none. Nothing is sealed for it.
        """
        made = self._all(self._case(actor, case_id))
        if not made:
            raise NotFoundError(what="giấy", id="")
        return self._maker.together(made)

    def several(self, actor: Actor, case_ids: Sequence[str]) -> tuple[bytes, Sequence[str]]:
        """All papers of these cases in one PDF, case after case, and the ids of those that had any; NotFoundError where
        none has, or one is not for this actor's eyes."""
        made = {case.id: self._all(case) for case in [self._case(actor, one) for one in dict.fromkeys(case_ids)]}
        if not any(made.values()):
            raise NotFoundError(what="giấy", id="")
        whole = self._maker.together([paper for papers in made.values() for paper in papers])
        return whole, [case_id for case_id, papers in made.items() if papers]

    def _all(self, case: Case) -> list[bytes]:
        history = self._ports.store.events(case.id)
        procedure, setting = self._procedure(case), setting_of(self._ports.catalog, case.unit)
        made = [self._as_it_is(case, one, setting) for one in self._issued(history)]
        made += [self._receipt(case, one) for one in case.receipts if one["kind"] == FEE]
        results = [self._ports.files.get(str(one["sha256"])) for one in case.results if one.get("signatures")]
        made += [one for one in results if one.startswith(PDF)]
        if made and case.received_at:
            made.append(self._maker.control(case, procedure, self.handovers(history), setting))
        return made

    def _as_it_is(self, case: Case, one: Issued, setting: Setting) -> bytes:
        return self.seals.kept(case, one.slip.kind, one.slip.number) or self._made(one, setting)(None)

    def twice(self, content: bytes) -> bytes:
        """The paper in two copies: one for the applicant, one that stays with the case."""
        return self._maker.together([content, content])

    def handed_over(self, actor: Actor, case_id: str) -> list[Handover]:
        """Who gave the case to whom, and when; NotFoundError for a case the actor may not see."""
        return self.handovers(self._ports.store.events(self._case(actor, case_id).id))

    def handovers(self, history: Sequence[Recorded]) -> list[Handover]:
        """Every time a case passed from one part of the house to another, with who gave and who took."""
        return list(_Handovers(self._ports, self._accounts).of(history))

    def _case(self, actor: Actor, case_id: str) -> Case:
        unit = None if actor.kind == "citizen" else actor.unit
        return access.check_sees(actor, self._ports.store.case(unit, case_id))

    def _procedure(self, case: Case) -> Procedure:
        return self._ports.catalog.procedure(case.procedure, case.procedure_version)

    def _issued(self, history: Sequence[Recorded]) -> list[Issued]:
        """The forms of a case in the order in which they were issued."""
        found, case = list[Issued](), None
        waiting: list[Slip] = []  # of the command at hand, which may go on to change what they say
        slips = {link.seq: slip for link, slip in self._slips(history)}
        for link, after in zip(history, (*history[1:], None), strict=True):
            case = apply(case, link.event, link.at, link.hash)
            waiting += [slips[link.seq]] if link.seq in slips else []
            if after is None or after.cause != link.cause:
                found += [Issued(slip, case) for slip in waiting]
                waiting = []
        return found

    def _slips(self, history: Sequence[Recorded]) -> Iterator[tuple[Recorded, Slip]]:
        """`officer` is whose work led to the form."""
        last = ""
        for link in history:
            event = link.event
            if isinstance(event, events.TaskCompleted):
                last = event.by
            if isinstance(event, events.DeadlineAdjusted):
                last = event.by
            if isinstance(event, events.ReceiptIssued) and event.kind in FORMS:
                officer = self._accounts.by_id(last)
                name = officer.name if officer else ""
                yield link, Slip(kind=event.kind, number=event.number, at=link.at, officer=name, data=event.data)


@dataclass(frozen=True, slots=True)
class _Given:
    """What a task that was done gave on: out of which group, by whom, when, and whether in time."""

    group: str
    person: str
    at: datetime
    result: str


class _Handovers:
    """Reads the hand-overs of one history: a task that is done gives, the next one that is made takes."""

    def __init__(self, ports: Ports, accounts: Accounts) -> None:
        self._groups = ports.catalog.groups
        self._accounts = accounts

    def of(self, history: Sequence[Recorded]) -> Iterator[Handover]:
        tasks: dict[str, events.TaskCreated] = {}
        taken: dict[str, tuple[datetime, str]] = {}
        given: list[tuple[str, _Given]] = []
        last: _Given | None = None
        for link in history:
            event = link.event
            if isinstance(event, events.TaskCreated):
                tasks[event.key] = event
                if last:
                    given.append((event.key, last))
            elif isinstance(event, events.TaskClaimed):
                taken[event.key] = link.at, event.assignee
            elif isinstance(event, events.TaskCompleted) and event.key in tasks:
                task = tasks[event.key]
                last = _Given(self._group(task), event.by, link.at, _result(task.due, link.at))
        for key, gift in given:
            if self._group(tasks[key]) != gift.group:
                yield self._handover(tasks[key], gift, taken.get(key))

    def _handover(self, task: events.TaskCreated, given: _Given, taken: tuple[datetime, str] | None) -> Handover:
        return Handover(
            giver=given.group,
            giver_name=self._name(given.person),
            taker=self._group(task),
            taker_name=self._name(taken[1]) if taken else "",
            given_at=given.at,
            taken_at=taken[0] if taken else None,
            task=task.name,
            result=given.result,
        )

    def _group(self, task: events.TaskCreated) -> str:
        first = task.groups[0] if task.groups else ""
        return self._groups[first].name if first in self._groups else first

    def _name(self, account_id: str) -> str:
        account = self._accounts.by_id(account_id)
        return account.name if account else ""


def _result(due: datetime | None, done: datetime) -> str:
    if due is None:
        return ""
    return "early" if done.date() < due.date() else "on_time" if done <= due else "late"
