"""A job that ends with a BPMN error: the diagram goes on where it is caught, else it is a failed try with its code."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest

from engine.commands.job_types import JOB_TYPES, JobType
from engine.commands.messages import ThrowJobError
from engine.domain.actor import system
from engine.domain.case import Case
from engine.domain.errors import JobError, LeaseLostError
from engine.domain.events import JobErrorThrown
from engine.replay import rebuilt, replay
from tests.support import bpmn_builder as b
from tests.support.signal_house import asked, filed, made
from tests.support.small_house import UNIT, House

PAYS = b.extensions('<zeebe:taskDefinition type="fee.collect" retries="2"/>')


def paying(caught: str) -> Any:
    """Pays; an error of this code, "" for any, leads to the cashier."""
    return made(
        "0.000002",
        b.named("error", "payment_refused"),
        b.named("error", "other"),
        b.start(),
        b.element("serviceTask", "pay", PAYS, name="Mở lệnh"),
        asked("done"),
        b.throwing("boundaryEvent", "refused", "error", caught, attachedToRef="pay"),
        asked("cashier"),
        b.end(),
        *b.chain("start", "pay", "done", "end"),
        *b.chain("refused", "cashier", "end"),
    )


def opened(caught: str, most: int = 0) -> tuple[House, Case]:
    house = House(procedure := paying(caught))
    house.payments.most = most
    case = filed(house, procedure)
    house.worker.drain()
    return house, house.case(case.id)


def tags(house: House, case: Case) -> Counter[str]:
    return Counter(link.event.tag for link in house.store.events(case.id))


@pytest.mark.parametrize("caught", ["payment_refused", ""], ids=["its code", "any code"])
def test_a_refused_payment_goes_where_the_diagram_catches_it(caught: str) -> None:
    house, case = opened(caught, most=-1)
    assert (case.tasks.keys(), case.jobs, case.incidents, case.payments) == ({"cashier#1"}, {}, {}, ())
    assert case.scopes[""]["error_code"] == "payment_refused"
    assert case.scopes[""]["refused_order"].endswith("P1")
    (thrown,) = [x.event for x in house.store.events(case.id) if isinstance(x.event, JobErrorThrown)]
    assert (thrown.key, thrown.code, "vượt mức" in thrown.reason) == ("pay#1", "payment_refused", True)
    assert tags(house, case)["job:completed"] == tags(house, case)["job:failed"] == 0
    assert replay(house.ports, UNIT, case.id) == []
    assert rebuilt(house.ports, case.id) == case


def test_an_error_caught_nowhere_is_tried_again_and_then_an_incident_with_its_code() -> None:
    house, case = opened("other", most=-1)
    assert (tags(house, case)["job:failed"], case.incidents) == (1, {})
    house.clock.advance(timedelta(hours=1))
    house.worker.drain()
    (incident,) = house.case(case.id).incidents.values()
    assert ("payment_refused" in incident.error, "pay" in incident.error, incident.kind) == (True, True, "job")
    assert tags(house, case)["job:error_thrown"] == 0
    assert replay(house.ports, UNIT, case.id) == []


def test_a_job_without_an_error_goes_on_as_ever() -> None:
    house, case = opened("payment_refused", most=0)
    assert case.tasks.keys() == {"done#1"}


def test_what_recording_throws_is_caught_too_and_nothing_of_the_try_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    def record(work: Any, job: Any, outcome: Any) -> dict[str, Any]:
        work.number("drawn")
        raise JobError("other", "không ghi được", {"why": 1})

    monkeypatch.setitem(JOB_TYPES, "fee.collect", JobType(record))
    house, case = opened("other")
    assert (case.tasks.keys(), case.scopes[""]["why"]) == ({"cashier#1"}, 1)
    assert house.store._content.counters.get((UNIT, "drawn")) is None  # the number was given back


def test_a_worker_that_was_overtaken_throws_nothing() -> None:
    house = House(procedure := paying(""))
    case = filed(house, procedure)
    (old,) = house.store.claim("job", house.clock.now(), limit=5, lease=timedelta(seconds=60))
    house.clock.advance(timedelta(minutes=2))
    house.worker.drain()
    with pytest.raises(LeaseLostError):
        house.do(ThrowJobError(lease=old, error="payment_refused", reason="x"), system(UNIT))
    assert house.case(case.id).tasks.keys() == {"done#1"}
