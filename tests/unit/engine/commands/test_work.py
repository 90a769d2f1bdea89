"""What a step sees while it is taken is what a replay will see: names in order, numbers exact, instants plain."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from engine.commands.bus import Bus
from engine.commands.messages import ClaimTask, CompleteTask
from engine.commands.work import Work
from engine.domain.codec import event_data, event_from
from engine.domain.errors import DatabaseUnavailableError, DomainError, RuleError, StaleVersionError
from engine.domain.events import Recorded
from engine.domain.procedure import Procedure
from engine.replay import replay
from tests.support import bpmn_builder as b
from tests.support import small_house
from tests.support.small_house import CLERK, UNIT, House

ORDER = "=get entries(application)[1].key"
INSTANT = "=string(case.submitted_at)"
DIAGRAM = b.process(
    "small",
    b.start(),
    b.element(
        "callActivity",
        "call",
        b.extensions(
            '<zeebe:calledElement processId="inner" propagateAllChildVariables="false"/>',
            b.mappings({"first": ORDER, "at": INSTANT}, {}),
        ),
    ),
    b.end(),
    *b.chain("start", "call", "end"),
)
INNER = b.process(
    "inner",
    b.start(),
    b.element(
        "userTask",
        "check",
        b.extensions(
            '<zeebe:assignmentDefinition candidateGroups="one_stop"/>',
            '<zeebe:formDefinition formId="check"/>',
            b.mappings({}, {"said": "=string(answer)", "sum": "=number + 1"}),
        ),
    ),
    b.end(),
    *b.chain("start", "check", "end"),
)


class UnsortedForms:
    """Clean values in the order in which a form gives them, with fractions as they come from JSON."""

    def validate(
        self, procedure: Procedure, form_id: str, data: Mapping[str, Any], context: Mapping[str, Any]
    ) -> dict[str, Any]:
        return dict(data)


def as_stored(link: Recorded) -> Recorded:
    """The link as a database gives it back."""
    kind = link.event
    return replace(link, event=event_from(kind.tag, kind.version, event_data(kind)))


def test_a_step_is_taken_from_what_history_will_tell(monkeypatch: pytest.MonkeyPatch) -> None:
    files = {"process.bpmn": DIAGRAM, "inner.bpmn": INNER}
    monkeypatch.setattr(small_house, "PROCEDURE", replace(small_house.PROCEDURE, files=files))
    house = House()
    house.ports = replace(house.ports, forms=UnsortedForms())
    house.bus = Bus(house.ports)
    filed = house.do(small_house.submit(application={"zebra": 0.1, "ant": "x"}), small_house.CITIZEN)
    case = house.case(filed.case_id)
    assert case.scopes["call#1"] == {"first": "ant", "at": "2022-12-19T09:00:00+07:00"}
    assert case.application == {"ant": "x", "zebra": Decimal("0.1")}
    (key,) = case.tasks
    house.do(ClaimTask(unit=UNIT, case_id=case.id, key=key), CLERK)
    data = {"number": 0.1, "answer": {"zebra": 1, "ant": 2}}
    house.do(CompleteTask(unit=UNIT, case_id=case.id, key=key, data=data), CLERK)
    stored = [as_stored(link) for link in house.store.events(case.id)]
    monkeypatch.setattr(house.store, "events", lambda stream: stored)
    assert replay(house.ports, None, case.id) == []


@pytest.mark.parametrize("error", [DatabaseUnavailableError(), StaleVersionError()], ids=repr)
def test_what_the_database_says_in_the_middle_of_a_step_is_nothing_the_process_stumbled_over(
    error: DomainError,
) -> None:
    def decide() -> None:
        raise error

    stuck = RuleError(reason="x", reason_en="x")

    def stumble() -> None:
        raise stuck

    house = House()
    with house.store.begin() as uow:
        work = Work(house.ports, uow, CLERK, small_house.NINE)
        with pytest.raises(type(error)):
            work.attempt(decide)
        assert work.attempt(stumble) is stuck
