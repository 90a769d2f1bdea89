"""One living case per message and correlation value, however many senders come at the same instant."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest

from engine.adapters.db import upgrade
from engine.commands.messages import CorrelateMessage
from engine.domain.actor import system
from engine.domain.codec import plain
from engine.domain.errors import DomainError
from engine.replay import rebuilt, replay
from tests.support import bpmn_builder as b
from tests.support.signal_house import asked, completed, made
from tests.support.small_house import UNIT
from tests.support.sql_house import SqlHouse
from tests.support.threads import at_once

TIMES = 15
PROCEDURE = made("0.000002", b.message("asked"), b.begin("by_message", "message", "asked"), asked("look"), b.end(),
                 *b.chain("by_message", "look", "end"))  # fmt: skip
PAYLOAD: dict[str, Any] = {
    "applicant": {"name": "Lan"},
    "application": {"purpose": "thử"},
    "channel": "desk",
    "delivery": "desk",
}


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def houses(request: pytest.FixtureRequest) -> Iterator[list[SqlHouse]]:
    url = request.getfixturevalue(f"{request.param}_url")
    upgrade(url)
    found = [SqlHouse(url, f"h{n}", PROCEDURE) for n in range(4)]
    yield found
    for each in found:
        each.close()


def send(house: SqlHouse, correlation: str, key: str | None = None) -> Any:
    command = CorrelateMessage(unit=UNIT, message="asked", correlation=correlation, payload=PAYLOAD)
    return house.do(command, system(UNIT, "agency"), key)


def test_of_senders_at_once_one_begins_the_case_and_the_others_are_told(houses: list[SqlHouse]) -> None:
    house = houses[0]
    for turn in range(TIMES):
        found = at_once([partial(send, each, f"k{turn}") for each in houses])
        refused = [each.code if isinstance(each, DomainError) else repr(each) for each in found if _failed(each)]
        assert refused == ["already_begun"] * 3, found
    ids = [case_id for _, case_id in house.store.case_ids()]
    assert len(ids) == TIMES
    assert len({house.case(case_id).code for case_id in ids}) == TIMES
    for case_id in ids:
        assert replay(house.ports, UNIT, case_id) == []
        rows = plain(house.store.rows(case_id))
        assert [row["case_code"] for row in rows["begun"]] == [house.case(case_id).code]
        house.store.rebuild(rebuilt(house.ports, case_id))
        assert plain(house.store.rows(case_id)) == rows


def test_the_value_is_free_again_when_the_case_has_ended(houses: list[SqlHouse]) -> None:
    house = houses[0]
    first = house.case(send(house, "k").case_id)
    completed(house, first, "look#1")
    assert house.store.rows(first.id)["begun"] == []
    assert send(houses[1], "k").case_id != first.id


def test_without_a_value_all_begin_but_the_same_command_begins_once(houses: list[SqlHouse]) -> None:
    found = at_once([partial(send, each, "") for each in houses])
    assert len({answer.case_id for answer in found}) == len(houses)
    found = at_once([partial(send, each, "", "same key") for each in houses])
    assert len({answer.case_id for answer in found}) == 1
    assert len(houses[0].store.case_ids()) == len(houses) + 1


def _failed(found: Any) -> bool:
    return isinstance(found, Exception)
