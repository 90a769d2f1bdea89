"""The stage of a random process in a house: deployed as a procedure, moved by commands, rebuilt after every move."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from bpmn.model import ProcessDefinition
from bpmn.parse import parse
from engine.adapters.clock import SteppedClock
from engine.adapters.deployed_catalog import DeployedCatalog
from engine.adapters.process_runner import SpiffProcessRunner
from engine.commands.bus import Bus
from engine.commands.messages import (
    ClaimTask,
    CompleteJob,
    CompleteTask,
    CorrelateMessage,
    DeployProcedure,
    FireTimer,
)
from engine.domain.actor import system
from engine.domain.case import Case
from engine.domain.codec import dumps, plain
from engine.domain.events import MessageCorrelated, ProcessAdvanced, Recorded
from engine.domain.procedure import Procedure
from engine.ports import Due, Lease
from engine.replay import rebuilt, replay
from tests.support.calendars import CALENDAR
from tests.support.random_oracle import Place
from tests.support.random_walk import results_of
from tests.support.small_house import ADMIN, CITIZEN, CLERK, PROCEDURE, STATUSES, UNIT, SmallCatalog, submit
from tests.support.sql_house import SqlHouse

MACHINE = system(UNIT, "worker")
NOTHING: Mapping[str, bytes] = {}
LEASE = timedelta(seconds=60)


class AnyForms:
    """A form that takes what it is given."""

    def validate(self, procedure: Procedure, form_id: str, data: Mapping[str, Any], context: Any) -> dict[str, Any]:
        return dict(data)


class RandomHouse(SqlHouse):
    """A house whose procedures are deployed one by one, from files that hold nothing but diagrams."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.number = 0
        catalog = DeployedCatalog(self.sql, self._read, groups={}, statuses=STATUSES, settings=SmallCatalog().settings,
                                  calendar=CALENDAR)  # fmt: skip
        self.ports = replace(self.ports, catalog=catalog, forms=AnyForms(), runner=SpiffProcessRunner({}),
                             functions=lambda unit: CALENDAR.functions())  # fmt: skip
        self.bus = Bus(self.ports)

    def deploy(self, diagrams: Mapping[str, bytes], process_id: str, more: Mapping[str, bytes] = NOTHING) -> Procedure:
        """Deploy diagrams as a procedure of its own and return it."""
        self.number += 1
        files = {f"{name}.bpmn": data for name, data in diagrams.items()} | dict(more)
        files["code"] = f"9.{self.number:06d}".encode()
        files["process"] = process_id.encode()
        procedure = self._read(files)
        self.do(DeployProcedure(procedure=procedure), ADMIN)
        return procedure

    def _read(self, files: Mapping[str, bytes]) -> Procedure:
        code, process_id = files["code"].decode(), files["process"].decode()
        return replace(PROCEDURE, code=code, slug=code, digest=code, process_id=process_id, files=files,
                       valid_from=date(2022, 1, 1))  # fmt: skip


class EngineStage:
    """A case of a random procedure; after every command it is dropped, rebuilt from its events, and compared."""

    def __init__(
        self, house: RandomHouse, diagrams: Mapping[str, bytes], process_id: str, more: Mapping[str, bytes] = NOTHING
    ) -> None:
        self.house = house
        self.definitions: Mapping[str, ProcessDefinition] = {name: parse(data) for name, data in diagrams.items()}
        procedure = house.deploy(diagrams, process_id, more)
        self.case_id = house.do(submit(procedure=procedure.code), CITIZEN).case_id
        self._seen = 0
        self._leases: dict[str, Lease] = {}
        self._taken()

    @property
    def now(self) -> datetime:
        return self.house.clock.now()

    @property
    def case(self) -> Case:
        return self.house.case(self.case_id)

    def open(self) -> Mapping[str, datetime | None]:
        case = self.live
        untimed: dict[str, datetime | None] = dict.fromkeys((*case.tasks, *case.jobs, *case.subscriptions))
        return untimed | {key: timer.due for key, timer in case.timers.items()}

    def ended(self) -> bool:
        return self.live.ended

    def visited(self) -> list[tuple[str, str]]:
        return [(visit.process_id, visit.element_id) for event in self._advanced() for visit in event.path]

    def results(self) -> list[tuple[str, tuple[Any, ...]]]:
        return [found for event in self._advanced() for found in results_of(event.variables)]

    def complete(self, place: Place, values: Mapping[str, Any]) -> str:
        self.end_task(place.key, values)
        return place.key

    def fire(self, place: Place, now: datetime) -> str:
        self.fire_key(place.key, now)
        return place.key

    def deliver(self, place: Place) -> str:
        return self.deliver_key(place.key)

    def fail(self, place: Place, code: str, caught: bool) -> bool:
        return False  # no command ends a task with an error yet

    def signal(self, name: str) -> bool:
        return False  # signals come from inside a case only

    def end_task(self, key: str, values: Mapping[str, Any]) -> None:
        """Claim and complete a task of a person, or end a job."""
        if key in self.live.jobs:
            outcome = {"template": "t", "channel": "none", "recipient": ""}
            self._do(CompleteJob(lease=self._lease("job", key), outcome=outcome), MACHINE)
            return
        self._do(ClaimTask(unit=UNIT, case_id=self.case_id, key=key), CLERK)
        self._do(CompleteTask(unit=UNIT, case_id=self.case_id, key=key, data=values), CLERK)

    def fire_key(self, key: str, now: datetime) -> None:
        """Fire a timer at an instant."""
        clock: SteppedClock = self.house.clock
        clock.set(now)
        self._do(FireTimer(lease=self._lease("timer", key)), MACHINE)

    def deliver_key(self, key: str) -> str:
        """Deliver a message by its name and correlation; return the key of the wait that got it."""
        wait = self.live.subscriptions[key]
        message = CorrelateMessage(unit=UNIT, message=wait.message, correlation=wait.correlation, payload={})
        self._do(message, MACHINE)
        return next(link.event.key for link in self._fresh if isinstance(link.event, MessageCorrelated))

    def prove(self) -> None:
        """Walk the whole process again from its history."""
        assert replay(self.house.ports, UNIT, self.case_id) == []

    def _do(self, command: Any, actor: Any) -> None:
        self.house.do(command, actor)
        self._taken()

    def _lease(self, kind: Due, key: str) -> Lease:
        """Claim everything due and keep it; what was rebuilt since is claimed anew."""
        for lease in self.house.sql.claim(kind, self.now, limit=1000, lease=LEASE):
            if lease.case_id == self.case_id:
                self._leases[lease.key] = lease
        return self._leases[key]

    def _taken(self) -> None:
        """Compare the live case with what its events fold to, and go on with the rebuilt rows."""
        sql = self.house.sql
        live, rows = self.case, plain(sql.rows(self.case_id))
        again = rebuilt(self.house.ports, self.case_id)
        assert dumps(again) == dumps(live)
        sql.rebuild(again)
        assert plain(sql.rows(self.case_id)) == rows
        assert dumps(self.case) == dumps(live)
        self.live = again
        self._fresh: list[Recorded] = sql.events(self.case_id, after=self._seen)
        self._seen = live.version

    def _advanced(self) -> list[ProcessAdvanced]:
        return [link.event for link in self._fresh if isinstance(link.event, ProcessAdvanced)]
