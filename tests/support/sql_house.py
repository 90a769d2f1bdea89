"""The small house on a real database: what its commands do there, from several threads at once."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from engine.adapters.db import SqlStore, open_store
from engine.commands.bus import Bus
from engine.commands.worker import Worker
from engine.domain.case import Case
from engine.domain.procedure import Procedure
from tests.support.small_house import House


class SqlHouse(House):
    """A house whose store is SQL; others may be opened on the same database, with connections of their own."""

    def __init__(self, url: str, name: str = "test", *procedures: Procedure) -> None:
        super().__init__(*procedures)
        self.sql: SqlStore = open_store(url)
        self.url = url
        self.ports = replace(self.ports, store=self.sql)
        self.store: Any = self.sql
        self.bus = Bus(self.ports)
        self.worker = Worker(self.ports, self.bus, name)
        self._keys = 0
        self._name = name

    def do(self, command: Any, actor: Any, key: str | None = None) -> Any:
        """Carry out a command under a key that no other house uses."""
        self._keys += 1
        return self.bus.handle(command, actor, key or f"{self._name}/{self._keys}")

    def case(self, case_id: str) -> Case:
        """The stored case."""
        case = self.sql.case(None, case_id)
        assert case is not None
        return case

    def close(self) -> None:
        """Give the connections back."""
        self.sql.close()
