"""Old and large cases in a house on a database: what a command costs is counted in statements, bytes and calls."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import event

from engine.adapters.db import upgrade
from engine.commands.messages import CompleteTask
from tests.support.bpmn_builder import both, chain, each, end, flow, looped, process, start, user, xor
from tests.support.random_house import RandomHouse
from tests.support.small_house import CITIZEN, CLERK, UNIT, submit
from tests.support.work import calls

MINE = '<zeebe:assignmentDefinition assignee="clerk1" candidateGroups="one_stop"/><zeebe:formDefinition formId="any"/>'


@dataclass
class Cost:
    """What a command sent to the database, and how many calls it took."""

    statements: int = 0
    written: int = 0
    calls: int = 0


@pytest.fixture
def house(sqlite_url: str) -> Iterator[RandomHouse]:
    upgrade(sqlite_url)
    house = RandomHouse(sqlite_url)
    yield house
    house.close()


@contextmanager
def noted(house: RandomHouse) -> Iterator[Cost]:
    cost = Cost()

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_more: Any) -> None:
        cost.statements += 1
        cost.written += len(repr(parameters)) if statement.startswith(("INSERT", "UPDATE", "DELETE")) else 0

    event.listen(house.sql.engine, "before_cursor_execute", note)
    yield cost
    event.remove(house.sql.engine, "before_cursor_execute", note)


def begun(house: RandomHouse, data: bytes) -> str:
    procedure = house.deploy({"p": data}, "p")
    return str(house.do(submit(procedure=procedure.code), CITIZEN).case_id)


def done(house: RandomHouse, case_id: str, key: str, **data: Any) -> None:
    house.do(CompleteTask(unit=UNIT, case_id=case_id, key=key, data=data), CLERK)


def costed(house: RandomHouse, case_id: str, key: str, **data: Any) -> Cost:
    with noted(house) as cost:
        cost.calls = calls(lambda: done(house, case_id, key, **data))
    return cost


def test_the_thousandth_round_of_a_loop_costs_what_the_tenth_does(house: RandomHouse) -> None:
    parts = (start(), xor("enter"), user("ask", zeebe=MINE), xor("more", default="more-end"), end())
    case_id = begun(house, process("p", *parts, *chain("start", "enter", "ask", "more", "end"),
                                   flow("more", "enter", "=again")))  # fmt: skip
    costs: dict[int, Cost] = {}
    for number in range(1, 1001):
        if number in (10, 1000):
            costs[number] = costed(house, case_id, f"ask#{number}", again=True)
        else:
            done(house, case_id, f"ask#{number}", again=True)
    print(costs)
    assert costs[1000].statements == costs[10].statements
    assert costs[1000].written <= 1.2 * costs[10].written
    assert costs[1000].calls <= 1.2 * costs[10].calls


def test_twenty_parallel_blocks_in_a_row_run_and_their_state_grows_in_a_line(house: RandomHouse) -> None:
    parts, last = [start(), end()], "start"
    for number in range(20):
        split, join, left, right = (f"{name}{number}" for name in ("split", "join", "left", "right"))
        parts += [both(split), both(join), user(left, zeebe=MINE), user(right, zeebe=MINE)]
        parts += [*chain(last, split, left, join), *chain(split, right, join)]
        last = join
    case_id = begun(house, process("p", *parts, flow(last, "end")))
    sizes = []
    for number in range(20):
        sizes.append(len(house.case(case_id).snapshot))
        done(house, case_id, f"left{number}#1")
        done(house, case_id, f"right{number}#1")
    assert house.case(case_id).ended
    steps = [later - sooner for sooner, later in zip(sizes, sizes[1:], strict=False)]
    assert max(steps) - min(steps) <= 8, steps  # the ids get a digit longer


def test_a_hundred_branches_open_and_join_by_commands(house: RandomHouse) -> None:
    names = [f"t{number}" for number in range(100)]
    branches = [part for name in names for part in (user(name, zeebe=MINE), *chain("split", name, "join"))]
    case_id = begun(house, process("p", start(), both("split"), both("join"), end(), flow("start", "split"), *branches,
                                   flow("join", "end")))  # fmt: skip
    costs = [costed(house, case_id, f"{name}#1") for name in names]
    assert house.case(case_id).ended
    assert max(cost.statements for cost in costs) <= 9


def test_a_thousand_tasks_of_one_case_are_open_and_one_is_done(house: RandomHouse) -> None:
    many = looped(user("each", zeebe=MINE), each("=for i in 1..1000 return i"))
    case_id = begun(house, process("p", start(), many, end(), *chain("start", "each", "end")))
    assert len(house.case(case_id).tasks) == 1000
    cost = costed(house, case_id, "each#1/each#500")
    assert len(house.case(case_id).tasks) == 999
    assert cost.statements <= 9
