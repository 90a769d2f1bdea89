"""What a step of the process leaves behind: a case that waits for nothing is seen by somebody."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from engine.commands.messages import ClaimTask, CompleteTask
from tests.support.small_house import CLERK, UNIT, House


def test_a_case_that_has_not_ended_and_waits_for_nothing_raises_an_incident(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    house = House()
    case = house.file()
    house.do(ClaimTask(unit=UNIT, case_id=case.id, key="check#1"), CLERK)
    real = house.ports.runner.complete

    def swallow(*arguments: Any) -> Any:
        return replace(real(*arguments), opened=())

    monkeypatch.setattr(house.ports.runner, "complete", swallow)
    house.do(CompleteTask(unit=UNIT, case_id=case.id, key="check#1", data={"decision": "ok"}), CLERK)
    (incident,) = house.case(case.id).incidents.values()
    assert incident.kind == "process"


def test_a_case_that_goes_its_way_raises_none() -> None:
    house = House()
    case = house.checked()
    assert case.incidents == {}
