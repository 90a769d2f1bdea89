"""The process runner reads diagrams once and compiles what takes a step, not all that is deployed."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from engine.adapters import process_runner
from engine.adapters.process_runner import SpiffProcessRunner
from engine.domain.procedure import Procedure
from engine.domain.process import Call
from tests.support.bpmn_builder import Part, begin, chain, element, end, process, start, user
from tests.support.small_house import PROCEDURE, House

NOON = datetime(2022, 12, 19, 12, 0, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
ASK = (user("ask"), end(), *chain("start", "ask", "end"))
DAILY = (begin("daily", "timer", "R/P1D"), *chain("daily", "ask"))
UNRUNNABLE = (element("complexGateway", "x"), *chain("ask", "x"))


def version(*parts: Part, number: int = 1) -> Procedure:
    files = {"process.bpmn": process("small", start(), *ASK, *parts)}
    return replace(PROCEDURE, version=number, digest=f"d{number}", files=files)


@pytest.fixture
def compiled(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The processes that were compiled since, by their ids."""
    found: list[str] = []

    class Counted(process_runner.Runner):
        def __init__(self, definition, *rest):  # type: ignore[no-untyped-def]  # hands on what it is given
            found.append(definition.id)
            super().__init__(definition, *rest)

    monkeypatch.setattr(process_runner, "Runner", Counted)
    return found


def test_a_version_is_compiled_once_and_only_when_it_takes_a_step(compiled: list[str]) -> None:
    runner, call = SpiffProcessRunner({}), Call(scopes={}, now=NOON)
    assert [each.kind for each in runner.starts(version())] == ["none"]
    assert compiled == []
    first = runner.start(version(), call)
    runner.complete(version(), first.snapshot, first.opened[0].key, {}, call)
    assert compiled == ["small"]


def test_a_worker_that_begins_compiles_nothing_that_only_people_file(compiled: list[str]) -> None:
    House().worker.run_due()
    assert compiled == []


def test_what_begins_by_itself_is_told_when_it_can_be_run(compiled: list[str]) -> None:
    found = SpiffProcessRunner({}).starts(version(*DAILY))
    assert [(each.element_id, each.kind, each.name) for each in found] == [
        ("start", "none", ""),
        ("daily", "timer", "R/P1D"),
    ]
    assert compiled == ["small"]


def test_what_cannot_be_run_begins_nothing_by_itself() -> None:
    assert SpiffProcessRunner({}).starts(version(*DAILY, *UNRUNNABLE)) == ()
    assert SpiffProcessRunner({}).starts(replace(PROCEDURE, files={})) == ()


def test_a_diagram_that_two_versions_hold_is_read_once() -> None:
    runner = SpiffProcessRunner({})
    one, two = (runner.library(version(number=number)).definitions["small"] for number in (1, 2))
    assert one is two
