"""How many statements a command costs: the database is asked for what is needed, once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event, text

from engine.adapters.db import SqlAccounts, SqlNotices, SqlReadModels, upgrade
from engine.adapters.db.look import QUEUES, claiming, looking
from engine.commands.messages import AddComment, ClaimTask, CompleteTask
from engine.queries.cases import CaseQueries
from tests.support.small_house import CHAIRMAN, CITIZEN, CLERK, UNIT, submit
from tests.support.sql_house import SqlHouse
from tests.support.told_house import with_notices

# Look and save. Filing draws a number, and the test reads the case; for a job there is a look for what is due, a claim
# that brings the case along, and the save. On SQLite, in the same process, a job looks again, and a save takes a
# statement for each table; a claim changes the task and its place in the queues, and a term begins and ends.
COSTS = {
    "postgresql": {"file": 4, "claim": 2, "complete": 2, "job": 3, "last": 2},
    "sqlite": {"file": 8, "claim": 6, "complete": 8, "job": 10, "last": 8},
}


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def house(request: pytest.FixtureRequest) -> Iterator[SqlHouse]:
    url = request.getfixturevalue(f"{request.param}_url")
    upgrade(url)
    house = SqlHouse(url)
    yield house
    house.close()


@contextmanager
def counted(house: SqlHouse) -> Iterator[list[str]]:
    """The statements sent meanwhile, transaction control left out."""
    found: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if not statement.startswith("BEGIN"):
            found.append(" ".join(statement.split())[:100])

    event.listen(house.sql.engine, "before_cursor_execute", note)
    yield found
    event.remove(house.sql.engine, "before_cursor_execute", note)


def test_a_command_costs_few_statements(house: SqlHouse) -> None:
    with counted(house) as filing:
        case = house.case(house.do(submit(), CITIZEN).case_id)
    with counted(house) as claiming:
        house.do(ClaimTask(unit=UNIT, case_id=case.id, key="check#1"), CLERK)
    with counted(house) as completing:
        house.do(CompleteTask(unit=UNIT, case_id=case.id, key="check#1", data={"decision": "ok"}), CLERK)
    with counted(house) as working:
        house.worker.drain(1)
    house.do(ClaimTask(unit=UNIT, case_id=case.id, key="sign#1"), CHAIRMAN)
    with counted(house) as ending:
        house.do(CompleteTask(unit=UNIT, case_id=case.id, key="sign#1", data={}), CHAIRMAN)
    sent = {"file": filing, "claim": claiming, "complete": completing, "job": working, "last": ending}
    numbers = {name: len(statements) for name, statements in sent.items()}
    assert numbers == COSTS[house.sql.engine.dialect.name], "\n".join(f"{n}: {x}" for n, s in sent.items() for x in s)


def test_what_is_told_of_a_step_costs_postgresql_no_statement_and_sqlite_one(house: SqlHouse) -> None:
    def costs() -> list[int]:
        with counted(house) as filing:
            case = house.case(house.do(submit(), CITIZEN).case_id)
        house.do(ClaimTask(unit=UNIT, case_id=case.id, key="check#1"), CLERK)
        with counted(house) as completing:
            house.do(CompleteTask(unit=UNIT, case_id=case.id, key="check#1", data={"decision": "ok"}), CLERK)
        house.worker.drain()
        return [len(filing), len(completing)]

    silent = costs()
    with_notices(house, SqlNotices(house.sql))
    telling = costs()
    # the clerk's step has a job that tells: it comes along, and on SQLite so do the tables of what it leads to
    more = {"postgresql": (0, 0), "sqlite": (1, 4)}[house.sql.engine.dialect.name]
    assert telling == [count + each for count, each in zip(silent, more, strict=True)]


def test_a_note_touches_no_queue(house: SqlHouse) -> None:
    case = house.file()
    with counted(house) as sent:
        house.do(AddComment(unit=UNIT, case_id=case.id, text="Xem giúp"), CLERK)
    assert len(sent) == {"postgresql": 2, "sqlite": 4}[house.sql.engine.dialect.name], "\n".join(sent)
    assert not [statement for statement in sent if " task" in statement]


def test_a_repeated_command_asks_for_its_answer_only(house: SqlHouse) -> None:
    house.do(submit(), CITIZEN, "once")
    with counted(house) as sent:
        assert house.do(submit(), CITIZEN, "once").repeated
    assert len(sent) == 1


@pytest.mark.postgres
@pytest.mark.parametrize("of_unit", [False, True])
@pytest.mark.parametrize("kind", ["timer", "job"])
def test_among_a_hundred_thousand_waiting_rows_what_is_due_is_found_by_the_index(
    postgres_url: str, kind: Any, of_unit: bool
) -> None:
    upgrade(postgres_url)
    house = SqlHouse(postgres_url)
    more = {"timer": ("", ""), "job": (", type, attempt", ", 'notify', 0")}[kind]
    rows = (
        f"INSERT INTO {kind} (unit, case_id, key, element_id, run_at{more[0]}) "
        f"SELECT 'xa-mau', lpad(to_hex(n), 32, '0'), 'a#1', 'a', now() + n * interval '1 minute'{more[1]} "
        "FROM generate_series(1, 100000) AS n"
    )
    now = "'2026-01-01T00:00:00+00:00'"
    own = (f"'{UNIT}'",) if of_unit else ()
    claim = claiming("postgresql", kind, of_unit) % (*own, now, now, "20", now)
    looked = looking("postgresql", of_unit) % ((*own, now, now) * len(QUEUES))
    with house.sql.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(rows))
        connection.execute(text(f"ANALYZE {kind}"))
        for query in (claim, looked):
            lines = [str(row[0]) for row in connection.exec_driver_sql(f"EXPLAIN {query}")]
            plan = "\n".join(lines)
            assert f"Seq Scan on {kind}" not in plan, plan
            assert f"ix_{kind}_run_at" in plan, plan
    house.close()


def test_a_page_of_a_long_history_asks_no_more_than_one_of_a_short_one(house: SqlHouse) -> None:
    models, accounts = SqlReadModels(house.sql), SqlAccounts(house.sql)
    queries = CaseQueries(house.ports, models, accounts, house.ports.runner)
    case = house.file()
    house.do(AddComment(unit=UNIT, case_id=case.id, text="Xem giúp"), CLERK)
    with counted(house) as short:
        queries.case(CLERK, case.id)
    for number in range(30):
        house.do(AddComment(unit=UNIT, case_id=case.id, text=f"Ghi chú {number}"), CLERK)
    with counted(house) as long:
        assert len(queries.case(CLERK, case.id).history) > 30
    assert len(long) == len(short), "\n".join(long)
