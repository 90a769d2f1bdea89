"""Eight people press “claim the next one” at once: each gets another task or hears that none is left."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from engine.adapters.db import SqlReadModels, upgrade
from engine.commands.inbox_claiming import Claimer
from engine.commands.inbox_messages import SetFollowUp
from engine.commands.messages import ClaimTask, SuspendCase
from engine.domain.errors import DatabaseUnavailableError, TaskTakenError
from engine.queries.queues import Queues
from tests.support.small_house import ADMIN, CHAIRMAN, CLERK, OTHER_CLERK, UNIT
from tests.support.sql_house import SqlHouse
from tests.support.threads import at_once

PEOPLE = [replace(CLERK, id=f"clerk{number}") for number in range(8)]


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def house(request: pytest.FixtureRequest) -> Iterator[SqlHouse]:
    url = request.getfixturevalue(f"{request.param}_url")
    upgrade(url)
    house = SqlHouse(url)
    yield house
    house.close()


def claimer(house: SqlHouse) -> Claimer:
    return Claimer(house.bus, house.sql, Queues(house.clock, SqlReadModels(house.sql)))


def holder(house: SqlHouse, case_id: str) -> str | None:
    return house.case(case_id).tasks["check#1"].assignee


@pytest.mark.parametrize("waiting", [0, 5, 8, 12])
def test_each_gets_another_task_or_is_told_that_nothing_waits(house: SqlHouse, waiting: int) -> None:
    cases = [house.file().id for _ in range(waiting)]
    claims = claimer(house)
    found = at_once([partial(claims.next, person, f"press/{person.id}", {}) for person in PEOPLE])
    assert [one for one in found if isinstance(one, Exception)] == []
    got = [one for one in found if one is not None]
    assert len(got) == len(set(got)) == min(waiting, 8)
    assert sorted(case_id for case_id, _ in got) == sorted(cases)[:8], "the most urgent ones"  # type: ignore[misc]  # no exceptions by now
    for person, one in zip(PEOPLE, found, strict=True):
        if one is not None:
            assert holder(house, one[0]) == person.id  # type: ignore[index]  # the same


def test_a_double_click_takes_one_task(house: SqlHouse) -> None:
    for _ in range(3):
        house.file()
    claims = claimer(house)
    found = at_once([partial(claims.next, CLERK, "same press", {})] * 2)
    assert found[0] == found[1] != None  # noqa: E711  # a pair, not nothing
    assert claims.next(CLERK, "same press", {}) == found[0]
    assert len(Queues(house.clock, SqlReadModels(house.sql)).inbox(CLERK, filters={"mine": True}).rows) == 1


def test_what_rests_and_what_is_held_still_is_passed_over(house: SqlHouse) -> None:
    resting, still, free = (house.file().id for _ in range(3))
    until = house.clock.now().replace(hour=23)
    house.do(SetFollowUp(unit=UNIT, case_id=resting, key="check#1", until=until, reason="Chờ"), CLERK)
    house.do(SuspendCase(unit=UNIT, case_id=still, reason="Đang kiểm tra"), ADMIN)
    assert claimer(house).next(CLERK, "a", {}) == (free, "check#1")
    assert claimer(house).next(OTHER_CLERK, "b", {}) is None


def test_the_next_one_keeps_to_the_queue_that_is_looked_at(house: SqlHouse) -> None:
    house.file()
    assert claimer(house).next(CHAIRMAN, "a", {}) is None
    assert claimer(house).next(CLERK, "b", {"procedure": "0.999999"}) is None
    assert claimer(house).next(CLERK, "c", {"group": "one_stop", "procedure": "0.000001"}) is not None


def test_of_many_those_that_are_free_are_taken_and_of_the_others_it_is_said_who_has_them(house: SqlHouse) -> None:
    mine, theirs = house.file().id, house.file().id
    house.do(ClaimTask(unit=UNIT, case_id=theirs, key="check#1"), OTHER_CLERK)
    wanted = [(mine, "check#1"), (theirs, "check#1"), (mine, "check#1"), ("0" * 32, "check#1")]
    for _ in range(2):  # a second click says the same
        done = claimer(house).many(CLERK, "many", wanted)
        assert done.taken == ((mine, "check#1"),)
        assert isinstance(done.refused[theirs, "check#1"], TaskTakenError)
        assert done.refused[theirs, "check#1"].data["assignee"] == "clerk2"
        assert done.refused["0" * 32, "check#1"].code == "not_found"


def test_a_database_that_is_away_is_told_as_such(house: SqlHouse, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: Any, **__: Any) -> Any:
        raise DatabaseUnavailableError()

    case = house.file()
    monkeypatch.setattr(house.bus, "handle", away)
    with pytest.raises(DatabaseUnavailableError):
        claimer(house).next(CLERK, "a", {})
    with pytest.raises(DatabaseUnavailableError):
        claimer(house).many(CLERK, "a", [(case.id, "check#1")])
