"""A house whose procedures a test draws itself, in as many versions as it needs, on memory or on a database."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from engine.adapters.db import open_store, upgrade
from engine.commands.bus import Bus
from engine.commands.worker import Worker
from engine.domain.actor import Actor
from engine.domain.case import Case
from engine.domain.codec import dumps, plain
from engine.domain.errors import NotFoundError
from engine.domain.procedure import Procedure
from engine.replay import rebuilt, replay
from tests.support.bpmn_builder import Part, process
from tests.support.small_house import PROCEDURE, UNIT, House, SmallCatalog

SECOND_ADMIN = Actor(id="admin2", name="Quản trị hai", kind="officer", unit=UNIT, groups=frozenset({"administrator"}))
STORES = ["memory", "sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]
CLERKS = '<zeebe:assignmentDefinition candidateGroups="one_stop"/><zeebe:formDefinition formId="any"/>'


def version(number: int, *parts: Part, **changes: Any) -> Procedure:
    """A version of one procedure with the process these parts draw."""
    files = {"process.bpmn": process("small", *parts), **changes.pop("files", {})}
    return replace(PROCEDURE, version=number, digest=f"digest{number}", files=files, **changes)


class AnyForms:
    """Forms that take whatever is typed."""

    def validate(
        self, procedure: Procedure, form_id: str, data: Mapping[str, Any], context: Mapping[str, Any]
    ) -> dict[str, Any]:
        return dict(data)


class VersionedCatalog(SmallCatalog):
    """The versions a test drew; the newest is in force unless told."""

    def __init__(self, *versions: Procedure) -> None:
        super().__init__()
        self.drawn = {each.version: each for each in versions}
        self.newest = max(self.drawn)  # the one that new cases get

    def procedure(self, code: str, version: int) -> Procedure:
        if code != PROCEDURE.code or version not in self.drawn:
            raise NotFoundError(what="thủ tục", id=code)
        return self.drawn[version]

    def current(self, code: str, day: date) -> Procedure:
        return self.procedure(code, self.newest)

    def in_force(self, day: date) -> list[Procedure]:
        return [self.drawn[self.newest]]

    def versions(self, code: str) -> list[Procedure]:
        return list(self.drawn.values())


class SteeredHouse(House):
    """The engine with drawn versions; `url` None keeps everything in memory."""

    def __init__(self, *versions: Procedure, url: str | None = None) -> None:
        super().__init__()
        self.catalog = VersionedCatalog(*versions)
        self.url = url
        if url is not None:
            self.store: Any = open_store(url)
        self.ports = replace(self.ports, catalog=self.catalog, forms=AnyForms(), store=self.store)
        self.bus = Bus(self.ports)
        self.worker = Worker(self.ports, self.bus, "test")

    def close(self) -> None:
        """Give the connections back."""
        if self.url is not None:
            self.store.close()

    def tags(self, case: Case, after: int = 0) -> list[str]:
        """The tags of what happened since event `after`."""
        return [link.event.tag for link in self.store.events(case.id, after=after)]

    def prove(self, case_id: str) -> Case:
        """Drop everything but the events, rebuild, compare with what was there, and walk the process again."""
        live = self.case(case_id)
        rows = plain(self.store.rows(case_id))
        again = rebuilt(self.ports, case_id)
        assert dumps(again) == dumps(live)
        self.store.rebuild(again)
        assert plain(self.store.rows(case_id)) == rows
        assert replay(self.ports, UNIT, case_id) == []
        return live

    def do(self, command: Any, actor: Actor, key: str | None = None) -> Any:
        """Carry out a command and prove the case it touched, also when the command is refused."""
        try:
            result = super().do(command, actor, key)
        except Exception:
            if getattr(command, "case_id", None) and self.store.case(None, command.case_id):
                self.prove(command.case_id)
            raise
        if result.case_id and self.store.case(None, result.case_id):
            self.prove(result.case_id)
        return result


@contextmanager
def opened(request: pytest.FixtureRequest, *versions: Procedure) -> Iterator[SteeredHouse]:
    """A house on the store that the test asks for, one of STORES."""
    url = None if request.param == "memory" else request.getfixturevalue(f"{request.param}_url")
    if url is not None:
        upgrade(url)
    house = SteeredHouse(*versions, url=url)
    try:
        yield house
    finally:
        house.close()


def which(case: Case, **more: Any) -> dict[str, Any]:
    """What every command about a case begins with."""
    return {"unit": UNIT, "case_id": case.id, **more}
