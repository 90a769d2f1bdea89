"""Searching long lists on PostgreSQL: every way finds the same, the right one is chosen, and none takes for ever."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import event, text

from engine.adapters.db import SqlReadModels, SqlStore, open_store, search
from engine.adapters.db import inbox_search as ways
from engine.adapters.db.bulk import analyze, multiply, put_cases
from engine.adapters.db.search import few, searching
from engine.adapters.db.tables import CASE, TASK
from engine.adapters.memory import MemoryStore
from engine.adapters.memory_models import MemoryReadModels
from engine.domain.case import Case
from engine.domain.errors import SearchTooWideError
from engine.ports import ReadModels
from tests.support.samples import NOW, SECOND, UNIT, a_case, by_key, keep, task

pytestmark = pytest.mark.postgres
GROUPS = ("one_stop", "judicial", "chairman")
NAMES = ("Đặng Văn Ước", "Nguyễn Thị Hường", "Nguyễn Lê An", "100%_\\ Ty")
FILTERS: list[dict[str, Any]] = [
    {},
    {"mine": True},
    {"group": "one_stop"},
    {"group": "land"},
    {"overdue": NOW + 20 * SECOND},
    {"procedure": "0.000002"},
]


@pytest.fixture
def store(postgres_url: str) -> Iterator[SqlStore]:
    store = open_store(postgres_url)
    yield store
    store.close()


def cases() -> list[Case]:
    """Forty cases; tasks in one to three groups, some held by clerk1, some due together, some never."""
    return [
        a_case(
            n,
            procedure=f"0.00000{1 + n % 2}",
            applicant={"name": NAMES[n % len(NAMES)], "phone": f"09{n:08d}"},
            tasks=by_key(
                task(
                    "a#1",
                    *GROUPS[: n % 4],
                    due=None if n % 5 == 0 else NOW + (n % 7) * 10 * SECOND,
                    assignee="clerk1" if n % 3 == 0 else None,
                )
            ),
        )
        for n in range(40)
    ]


def everything(models: ReadModels, filters: dict[str, Any], groups: tuple[str, ...] = GROUPS) -> list[Any]:
    """Places of all pages of seven."""
    found: list[Any] = []
    after = None
    while page := models.inbox(UNIT, groups, "clerk1", filters, after=after, limit=7):
        found += [(row["case_id"], row["key"], row["groups"]) for row in page]
        after = page[-1]["cursor"]
    return found


@pytest.mark.parametrize("way", ["walk", "short walk", "words"])
def test_every_way_finds_the_same(store: SqlStore, monkeypatch: pytest.MonkeyPatch, way: str) -> None:
    twin = MemoryStore()
    for each in cases():
        keep(store, each)
        keep(twin, each)
    monkeypatch.setattr(ways, "few", lambda *_: way == "words")
    monkeypatch.setattr(ways, "WALK", 3 if way == "short walk" else 1000)
    for words in ("nguyen", "Đặng", "ng", "0900000007", "%_", "vắng mặt"):
        for filters in FILTERS:
            sought = {**filters, "search": words}
            expected = everything(MemoryReadModels(twin), sought)
            assert everything(SqlReadModels(store), sought) == expected, sought
    assert everything(SqlReadModels(store), {"search": "nguyen"}, ()) == everything(
        MemoryReadModels(twin), {"search": "nguyen"}, ()
    ), "of nobody's groups"


def long_queue(store: SqlStore) -> None:
    put_cases(store, cases())
    for table in ("task", "task_group"):
        multiply(store, table, 500)
    analyze(store)


def test_rare_words_lead_and_common_ones_do_not(store: SqlStore, monkeypatch: pytest.MonkeyPatch) -> None:
    long_queue(store)
    monkeypatch.setattr(search, "FEW", 1000)
    with searching(store.engine) as connection:
        assert few(connection, TASK, UNIT, "không có ai")
        assert few(connection, TASK, UNIT, "qx"), "two letters that begin no word"
        assert not few(connection, TASK, UNIT, "nguyễn")
        assert not few(connection, TASK, UNIT, "%")
        connection.execute(text("DROP INDEX ix_task_search"))
        assert not few(connection, TASK, UNIT, "không có ai")


def plans(store: SqlStore, models: SqlReadModels, filters: dict[str, Any]) -> str:
    """How PostgreSQL goes about the queries of a look into the queue."""
    found: list[str] = []

    def note(connection: Any, cursor: Any, statement: str, values: Any, *_more: Any) -> None:
        if statement.startswith("SELECT task.") or statement.startswith("SELECT found."):
            rows = cursor.connection.execute(f"EXPLAIN {statement}", values).fetchall()
            found.append("\n".join(row[0] for row in rows))

    event.listen(store.engine, "before_cursor_execute", note)
    models.inbox(UNIT, GROUPS, "clerk1", filters, after=None, limit=50)
    event.remove(store.engine, "before_cursor_execute", note)
    return "\n".join(found)


def test_rare_words_go_by_their_index_and_common_ones_along_the_queue_without_sorting_it(store: SqlStore) -> None:
    long_queue(store)
    models = SqlReadModels(store)
    rare = plans(store, models, {"search": "không có ai"})
    assert "ix_task_search" in rare, rare
    assert "ix_task_group_queue" not in rare, rare
    common = plans(store, models, {"search": "nguyễn"})
    assert "Merge Append" in common, common
    assert "ix_task_group_queue" in common, common
    assert "Seq Scan" not in rare + common


@pytest.mark.parametrize("filters", FILTERS[:1] + FILTERS[-1:])
def test_who_has_the_longest_name_is_found_by_its_end_on_a_walk_too(
    store: SqlStore, monkeypatch: pytest.MonkeyPatch, filters: dict[str, Any]
) -> None:
    monkeypatch.setattr(ways, "few", lambda *_: False)
    name = "😀𝕏" * 250 + " cuối cùng"
    longest = a_case(77, procedure="0.000002", applicant={"name": name}, tasks=by_key(task("a#1", *GROUPS)))
    for each in (*cases(), longest):
        keep(store, each)
    asked = {**filters, "search": "Cuối Cùng"}
    found = SqlReadModels(store).inbox(UNIT, GROUPS, "clerk1", asked, after=None, limit=50)
    assert [row["case_id"] for row in found] == [longest.id]


@pytest.mark.parametrize("typed", ["000.00.00.h29-221219-0001", " 000.00.00.H29-221219-0001 "])
def test_a_whole_code_finds_its_case_alone_by_an_index_of_its_own(store: SqlStore, typed: str) -> None:
    codes = ("000.00.00.H29-221219-0001", "000.00.00.H29-221219-00012", "100.00.00.H29-221219-0001")
    memory = MemoryStore()
    for number, code in enumerate(codes):
        case = a_case(number + 1000, code=code, tasks=by_key(task("a#1", "one_stop")))
        for kept in (store, memory):
            keep(kept, case)
    asked: dict[str, Any] = {"search": typed}
    for models in (SqlReadModels(store), MemoryReadModels(memory)):
        rows = models.inbox(UNIT, ("one_stop",), None, asked, after=None, limit=10)
        assert [row["case_code"] for row in rows] == [codes[0]]
        assert [row["code"] for row in models.cases(UNIT, asked, after=None, limit=10)] == [codes[0]]
    many = "000.05.12.H29-221219-00003"
    long_queue(store)
    assert "ix_task_case_code" in plans(store, SqlReadModels(store), {"search": many})


def test_a_search_that_takes_too_long_is_refused_in_words(store: SqlStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "SECONDS", 0.05)
    with pytest.raises(SearchTooWideError), searching(store.engine) as connection:
        connection.execute(text("SELECT pg_sleep(60)"))
    with searching(store.engine) as connection:
        assert connection.execute(text("SELECT 1")).scalar_one() == 1, "the connection goes on to be used"
    with store.reading() as connection:
        assert connection.execute(text("SHOW statement_timeout")).scalar_one() == "0", "and is as it was"


def test_cases_are_found_by_rare_words_as_by_common_ones(store: SqlStore, monkeypatch: pytest.MonkeyPatch) -> None:
    for each in cases():
        keep(store, each)
    models = SqlReadModels(store)
    found = [models.cases(UNIT, {"search": "nguyen", "ended": False}, after=None, limit=9)]
    with searching(store.engine) as connection:
        first = few(connection, CASE, UNIT, "nguyen")
    monkeypatch.setattr("engine.adapters.db.read_models.few", lambda *_: not first)
    found.append(models.cases(UNIT, {"search": "nguyen", "ended": False}, after=None, limit=9))
    assert found[0] == found[1]
    assert len(found[0]) == 9


def test_the_next_instant_is_one_step_into_each_index(store: SqlStore) -> None:
    rows = (
        "INSERT INTO timer (unit, case_id, key, element_id, run_at, fence)"
        " SELECT 'u', lpad(n::text, 32, '0'), 'k', 'e', now() + n * interval '1 minute', 0"
        " FROM generate_series(1, 20000) n"
    )
    with store.engine.begin() as connection:
        connection.execute(text(rows))
    analyze(store)
    seen: list[str] = []

    def note(connection: Any, cursor: Any, statement: str, values: Any, *_more: Any) -> None:
        plan = cursor.connection.execute(f"EXPLAIN {statement}", values).fetchall()
        seen.append("\n".join(row[0] for row in plan))

    event.listen(store.engine, "before_cursor_execute", note)
    assert store.soonest(NOW) is not None
    event.remove(store.engine, "before_cursor_execute", note)
    assert len(seen) == 1, "one statement for all kinds"
    assert "ix_timer_run_at" in seen[0], seen[0]
    assert "Seq Scan on timer" not in seen[0], seen[0]
