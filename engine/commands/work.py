"""The desk a handler works at: it adds events, and sees the state they fold to at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta, timezone
from typing import Any, TypeVar, cast

from engine.domain.actor import Actor
from engine.domain.appliers import apply
from engine.domain.case import Case
from engine.domain.codec import event_data, event_from
from engine.domain.context import case_context
from engine.domain.errors import DatabaseUnavailableError, DomainError, NotFoundError, StaleVersionError
from engine.domain.events import Event
from engine.domain.notice import Notice
from engine.domain.procedure import Procedure
from engine.domain.process import Call
from engine.domain.records import replace
from engine.ports import Ports, UnitOfWork

E = TypeVar("E", bound=Event)
NUMBER = '"@dec"'


class CounterOrderError(DomainError):
    """Số này phải lấy riêng, sau bước đang làm. | This number has to be drawn apart, after the step at hand."""

    code = "counter_order"


class Work:
    """One command in the making. Nothing is written before the bus commits; `events` is what will be recorded."""

    def __init__(self, ports: Ports, uow: UnitOfWork, actor: Actor, now: datetime) -> None:
        self.ports = ports
        self.uow = uow
        self.actor = actor
        self.now = now
        # the instant as it is recorded: with an offset, for a zone's name is not kept
        self.moment = now.replace(tzinfo=timezone(now.utcoffset() or timedelta()))
        self.before: Case | None = None
        self.events: list[Event] = []
        self.texts: list[str] = []  # of the events, as history will keep them
        self._case: Case | None = None
        self._looked: Mapping[str, Any] | None = None
        self._drawn = ""  # the counter a number was drawn from last
        self.told: list[tuple[int, Case, Notice]] = []  # after so many events, with the case as it then stood
        self.turns: list[tuple[int, Actor]] = [(0, actor)]  # who adds events from which number on

    def load(self, unit: str, case_id: str) -> Case:
        """Take up a case; NotFoundError."""
        self.before = self._case = self.uow.case(unit, case_id)
        if self.before is None:
            raise NotFoundError(what="hồ sơ", id="")
        return self.before

    @property
    def case(self) -> Case:
        """The state with all events added so far."""
        if self._case is None:
            raise NotFoundError(what="hồ sơ", id="")
        return self._case

    @property
    def procedure(self) -> Procedure:
        """The version the case is pinned to."""
        return self.ports.catalog.procedure(self.case.procedure, self.case.procedure_version)

    def add(self, event: E) -> E:
        """Decide an event; what is given back is the event as history will tell it.

        Names in order, numbers exact, instants with an offset: the next step sees now what a replay will see.
        """
        text = event_data(event)
        recorded = cast(E, event_from(event.tag, event.version, text))
        self._case = apply(self._case, recorded, self.moment, "")
        self.events.append(recorded)
        self.texts.append(text if NUMBER not in text else event_data(recorded))  # 1e-7 and 1E-7 are one number
        return recorded

    def tell(self, notice: Notice) -> None:
        """Write a notice along with the events: a second one under its key is the same one."""
        self.told.append((len(self.events), self.case, notice))

    def attempt(self, decide: Callable[[], None]) -> DomainError | None:
        """Decide all of it, or nothing: what stood in the way, when the process could not go on."""
        case, count, looked, told = self._case, len(self.events), self._looked, len(self.told)
        try:
            decide()
        except (DatabaseUnavailableError, StaleVersionError):  # not what the process stumbled over: the whole is void
            raise
        except DomainError as error:
            self._case, self._looked = case, looked
            del self.events[count:], self.texts[count:], self.told[told:]
            return error
        return None

    def call(self) -> Call:
        """What the next step of the process may look at."""
        case, self._looked = self.case, case_context(self.case)
        functions = self.ports.functions(case.unit)
        return Call(scopes=case.scopes, now=self.now, context=self._looked, functions=functions)

    @property
    def overlooked(self) -> bool:
        """Whether what expressions may read of the case has changed since the process took its last step."""
        if not self.events:
            return False
        looked = self._looked if self._looked is not None else case_context(self.before or self.case)
        return looked != case_context(self.case)

    @property
    def asked_by(self) -> Actor:
        """Whose command it is."""
        return self.turns[0][1]

    def act_in(self, groups: tuple[str, ...]) -> None:
        """The command is about what belongs to these groups: history says on whose behalf it is, if on anybody's."""
        self.actor = self.actor.acting_in(groups)
        self.turns[-1] = (self.turns[-1][0], self.actor)

    def hand_over(self, actor: Actor) -> None:
        """What comes from now on is done by somebody else."""
        self.actor = actor
        self.turns.append((len(self.events), actor))

    def number(self, counter: str) -> int:
        """The next number of a counter of the case's unit.

        Counters stay locked until the command ends: whoever needs several draws in the order of their names, so that no
        two wait for each other; CounterOrderError.
        """
        if counter < self._drawn:
            raise CounterOrderError(counter=counter)
        number = self.uow.next_number(self.case.unit, counter)
        self._drawn = counter
        return number

    def sealed(self, head: str) -> Case:
        """The state as it will be kept: at the hash its history then ends with."""
        return replace(self.case, head_hash=head)
