"""The deployed catalog grows while people read it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from types import SimpleNamespace
from typing import Any

from engine.adapters.deployed_catalog import DeployedCatalog
from engine.domain.procedure import Procedure
from tests.unit.web.fake_house import PROCEDURE

TODAY = date(2026, 8, 3)


class Store:
    """Deployments by (code, version); the file `code` is all they hold."""

    def __init__(self) -> None:
        self.deployed: list[Any] = []

    def deploy(self, *codes: str) -> None:
        self.deployed += [SimpleNamespace(code=code, version=1, files={"code": code.encode()}) for code in codes]

    def deployments(self, known: frozenset[tuple[str, int]]) -> list[Any]:
        return [each for each in self.deployed if (each.code, each.version) not in known]


def test_whoever_reads_while_versions_are_added_sees_all_of_them_or_none() -> None:
    store, seen = Store(), list[list[str]]()

    def read(files: Mapping[str, bytes]) -> Procedure:
        if "a" in known:  # somebody looks at the list in the middle of it
            seen.append([one.code for one in catalog.current_all(TODAY)])
        return replace(PROCEDURE, code=files["code"].decode())

    known: set[str] = set()
    catalog = DeployedCatalog(store, read, groups={}, statuses={}, settings={}, calendar=None)  # type: ignore[arg-type]  # stands in for a store; no calendar is asked for
    store.deploy("a")
    assert [one.code for one in catalog.current_all(TODAY)] == ["a"]
    known.add("a")
    store.deploy("b", "c")
    assert [one.code for one in catalog.current_all(TODAY)] == ["a"]
    assert [one.code for one in catalog.in_force(TODAY)] == ["a", "b", "c"]
    assert seen == [["a"], ["a"]]
