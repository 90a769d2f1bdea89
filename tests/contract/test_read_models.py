"""What every reader of queues and lists promises."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

import pytest

from engine.adapters.db import SqlReadModels
from engine.adapters.memory_models import MemoryReadModels
from engine.ports import COUNTED, ReadModels, Row, Store
from tests.support.samples import (
    NOW,
    SECOND,
    UNIT,
    a_case,
    by_key,
    case_id,
    change,
    incident,
    job,
    keep,
    task,
    term,
    timer,
)

GROUPS = ("one_stop", "judicial", "chairman")
DAY = timedelta(days=1)


@pytest.fixture
def models(store: Any) -> ReadModels:
    return SqlReadModels(store) if hasattr(store, "engine") else MemoryReadModels(store)


def inbox(models: ReadModels, *groups: str, after: str | None = None, limit: int = 50, **filters: Any) -> list[Row]:
    return models.inbox(UNIT, groups or GROUPS, "clerk1", filters, after=after, limit=limit)


def keys(rows: list[Row]) -> list[tuple[int, str]]:
    return [(int(row["case_id"], 16), row["key"]) for row in rows]


def pages(models: ReadModels, limit: int, **filters: Any) -> Iterator[list[Row]]:
    after = None
    while page := inbox(models, after=after, limit=limit, **filters):
        yield page
        after = page[-1]["cursor"]


def crowd(store: Store) -> None:
    """250 tasks in 50 cases and three groups; many fall due at the same instant, some never."""
    for number in range(50):
        due = [NOW + DAY, NOW + 2 * DAY, None][number % 3]
        tasks = (
            task(f"t{n}#1", *GROUPS[: 1 + (number + n) % 3], due=due, assignee=("clerk1" if n == 4 else None))
            for n in range(5)
        )
        keep(store, a_case(number, tasks=by_key(*tasks), deadline=term(NOW + 3 * DAY) if number % 2 else None))
    keep(store, a_case(999, unit="xa-khac", tasks=by_key(task("t#1", *GROUPS))))


@pytest.mark.parametrize("limit", [1 + 249, 7, 50])
def test_paging_gives_every_task_once_and_what_is_due_first(store: Store, models: ReadModels, limit: int) -> None:
    crowd(store)
    rows = [row for page in pages(models, limit) for row in page]
    assert len(rows) == len(set(keys(rows))) == 250
    dues = [row["due"] for row in rows]
    dated = [due for due in dues if due is not None]
    assert dues == dated + [None] * (250 - len(dated))
    assert dated == sorted(dated)


def test_paging_goes_on_where_it_was_when_a_task_before_it_is_done(store: Store, models: ReadModels) -> None:
    crowd(store)
    first = inbox(models, limit=10)
    store.rebuild(keep(store, a_case(2000, tasks=by_key(task("early#1", "one_stop", due=NOW)))))
    second = inbox(models, limit=10, after=first[-1]["cursor"])
    assert not set(keys(first)) & set(keys(second))
    assert len(second) == 10


@pytest.mark.parametrize(
    "cursor", ["x", "[]", "[1]", '["2022-12-19","a","b"]', '["2022-12-19T00:00:00+00:00",1,2]', "null", "{}"]
)
def test_a_mangled_cursor_begins_anew(store: Store, models: ReadModels, cursor: str) -> None:
    keep(store, a_case(1, tasks=by_key(task("check#1", "one_stop"))))
    assert keys(inbox(models, after=cursor)) == [(1, "check#1")]
    assert len(models.cases(UNIT, {}, after=cursor, limit=5)) == 1


def test_a_queue_shows_its_groups_and_the_persons_own(store: Store, models: ReadModels) -> None:
    tasks = by_key(
        task("a#1", "one_stop"),
        task("b#1", "chairman"),
        task("c#1", "land", assignee="clerk1"),
        task("d#1", "one_stop", "judicial", assignee="clerk2"),
        task("e#1", "one_stop", assignee="clerk1"),
    )
    keep(store, a_case(1, tasks=tasks))
    keep(store, a_case(2, unit="xa-khac", tasks=tasks))
    assert [row["key"] for row in inbox(models, "one_stop")] == ["a#1", "c#1", "d#1", "e#1"]
    assert [row["key"] for row in inbox(models, "one_stop", "chairman", group="chairman")] == ["b#1"]
    assert [row["key"] for row in inbox(models, "one_stop", group="land")] == [], "not a group of theirs"
    assert [row["key"] for row in inbox(models, "one_stop", mine=True)] == ["c#1", "e#1"]
    assert models.inbox(UNIT, [], None, {}, after=None, limit=9) == []
    assert inbox(models, "one_stop", group="one_stop")[1]["groups"] == ["judicial", "one_stop"]


def counts(
    models: ReadModels, assignee: str = "clerk1", most: int = COUNTED, **views: dict[str, Any]
) -> dict[str, int]:
    asked = {name: {**view, "most": most} for name, view in views.items()}
    return dict(models.counts(UNIT, GROUPS, "clerk1", asked))


def test_a_view_has_as_many_tasks_as_its_list(store: Store, models: ReadModels) -> None:
    crowd(store)
    views: dict[str, dict[str, Any]] = {
        "one": {"group": "one_stop"},
        "two": {"group": "judicial"},
        "mine": {"mine": True},
        "all": {},
        "free": {"free": True},
        "late": {"overdue": NOW + 2 * DAY},
        "free and late": {"free": True, "overdue": NOW + 2 * DAY, "group": "chairman"},
        "not theirs": {"group": "land"},
        "elsewhere": {"procedure": "none"},
    }
    lists = {name: len(inbox(models, limit=1000, **view)) for name, view in views.items()}
    assert counts(models, **views) == lists
    assert lists["mine"] == 50
    assert lists["all"] == 250
    assert lists["not theirs"] == 0


def test_counts_stop_where_nobody_needs_to_know_more(store: Store, models: ReadModels) -> None:
    many = (task(f"t{n}#1", "one_stop", "chairman", assignee="clerk1") for n in range(12))
    keep(store, a_case(1, tasks=by_key(*many, task("more#1", "judicial"))))
    views: dict[str, dict[str, Any]] = {"all": {}, "mine": {"mine": True}, "few": {"group": "judicial"}}
    assert counts(models, most=9, **views) == {"all": 9, "mine": 9, "few": 1}
    assert counts(models, **views) == {"all": 13, "mine": 12, "few": 1}, "a task of two groups is one"


def test_what_nobody_holds_is_listed_alone(store: Store, models: ReadModels) -> None:
    tasks = by_key(task("a#1", "one_stop"), task("b#1", "one_stop", assignee="clerk1"), task("c#1", "one_stop"))
    kept = keep(store, a_case(1, tasks=tasks))
    assert [row["key"] for row in inbox(models, free=True)] == ["a#1", "c#1"]
    change(store, kept, tasks={**kept.tasks, "a#1": task("a#1", "one_stop", assignee="clerk2")})
    assert [row["key"] for row in inbox(models, free=True)] == ["c#1"]
    assert inbox(models, free=True, mine=True) == []


def test_what_is_set_aside_steps_aside_until_its_day_or_until_it_is_late(store: Store, models: ReadModels) -> None:
    tasks = by_key(
        task("later#1", "one_stop", follow_up=NOW + DAY),
        task("back#1", "one_stop", follow_up=NOW),
        task("late#1", "one_stop", follow_up=NOW + DAY, due=NOW - SECOND),
        task("never#1", "one_stop"),
        task("mine#1", "land", assignee="clerk1", follow_up=NOW + DAY),
    )
    keep(store, a_case(1, tasks=tasks))
    assert {row["key"] for row in inbox(models, awake=NOW)} == {"back#1", "late#1", "never#1"}
    assert {row["key"] for row in inbox(models, asleep=NOW)} == {"later#1", "mine#1"}
    assert {row["key"] for row in inbox(models, awake=NOW + DAY)} == set(tasks), "the day has come"
    assert inbox(models, asleep=NOW + DAY) == []
    assert len(inbox(models)) == 5
    assert counts(models, aside={"asleep": NOW}, here={"awake": NOW}) == {"aside": 2, "here": 3}
    assert [row["key"] for row in inbox(models, mine=True, asleep=NOW)] == ["mine#1"]


FILED = {1: "Đặng Văn Ước", 2: "Nguyễn Thị Hường", 3: "100%_\\ Ty", 4: "Dang"}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("dang", {1, 4}),
        ("ĐẶNG", {1, 4}),
        ("đặng văn ước", {1}),
        ("huong", {2}),
        ("%", {3}),
        ("_", {3}),
        ("100%_\\", {3}),
        ("ng_y", set()),
        ("ng", {2}),  # so few letters begin a word: Đặng has them, too
        ("TH", {2}),
        ("00002 nguyen thi huong", {2}),
        ("00001 nguyen thi huong", set()),  # its end is there, the whole is not
        ("d", {1, 4}),
        ("ang", {1, 4}),
        ("00002", {2}),
        ("'; --", set()),
        ("", {1, 2, 3, 4}),
    ],
)
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_search_knows_no_marks_and_no_wildcards(
    store: Store, models: ReadModels, text: str, found: set[int], form: Any
) -> None:
    for number, name in FILED.items():
        keep(store, a_case(number, applicant={"name": name}, tasks=by_key(task("check#1", "one_stop"))))
    typed = unicodedata.normalize(form, text)
    assert {number for number, _ in keys(inbox(models, search=typed))} == found
    assert {int(row["case_id"], 16) for row in models.cases(UNIT, {"search": typed}, after=None, limit=9)} == found


def test_overdue_means_the_task_or_else_its_case_is_late(store: Store, models: ReadModels) -> None:
    late, soon = NOW - SECOND, NOW + SECOND
    keep(
        store,
        a_case(
            1, tasks=by_key(task("a#1", "one_stop", due=late), task("b#1", "one_stop", due=soon)), deadline=term(late)
        ),
    )
    keep(store, a_case(2, tasks=by_key(task("c#1", "one_stop")), deadline=term(late)))
    keep(store, a_case(3, tasks=by_key(task("d#1", "one_stop")), deadline=term(soon)))
    keep(store, a_case(4, tasks=by_key(task("e#1", "one_stop"))))
    assert {key for _, key in keys(inbox(models, overdue=NOW))} == {"a#1", "c#1"}


def test_tasks_are_narrowed_by_procedure(store: Store, models: ReadModels) -> None:
    for number in (1, 2):
        keep(store, a_case(number, procedure=f"0.00000{number}", tasks=by_key(task("a#1", "one_stop"))))
    assert keys(inbox(models, procedure="0.000002")) == [(2, "a#1")]
    assert keys(inbox(models, procedure="0.000002", search="lan")) == [(2, "a#1")]
    assert keys(inbox(models, procedure="0.000002", group="one_stop", free=True)) == [(2, "a#1")]


@pytest.mark.parametrize("text", ["079190001234", "0903000111", "190001234", "0111", "lan 0791"])
def test_a_case_is_found_by_identity_number_and_telephone_which_no_row_shows(
    store: Store, models: ReadModels, text: str
) -> None:
    person = {"name": "Lan", "id_number": "079190001234", "phone": "0903000111"}
    keep(store, a_case(1, applicant=person, tasks=by_key(task("a#1", "one_stop"))))
    keep(store, a_case(2, applicant={"name": "Lan"}, tasks=by_key(task("a#1", "one_stop"))))
    (row,) = inbox(models, search=text)
    assert int(row["case_id"], 16) == 1
    assert not {"079190001234", "0903000111"} & {str(value) for value in row.values()}


def listed(models: ReadModels, filters: Mapping[str, Any], after: str | None = None, limit: int = 100) -> list[int]:
    return [int(row["case_id"], 16) for row in models.cases(UNIT, filters, after=after, limit=limit)]


def test_cases_are_newest_first_and_paged_without_doubles_though_filed_at_the_same_instant(
    store: Store, models: ReadModels
) -> None:
    for number in range(25):
        keep(store, a_case(number, submitted_at=NOW + (number // 10) * SECOND))
    keep(store, a_case(99, unit="xa-khac"))
    found, after = [], None
    while page := models.cases(UNIT, {}, after=after, limit=4):
        found += page
        after = page[-1]["cursor"]
    assert [int(row["case_id"], 16) for row in found] == list(range(24, -1, -1))


def test_cases_are_narrowed_by_every_filter(store: Store, models: ReadModels) -> None:
    keep(store, a_case(1))
    keep(store, a_case(2, applicant={"account": "nam", "name": "Nam"}, status=4))
    keep(store, a_case(3, ended=True, status=9, procedure="0.000002"))
    assert listed(models, {"account": "nam"}) == [2]
    assert listed(models, {"status": 4}) == [2]
    assert listed(models, {"ended": False}) == [2, 1]
    assert listed(models, {"ended": True}) == [3]
    assert listed(models, {"procedure": "0.000002"}) == [3]
    assert listed(models, {"account": None, "status": None, "ended": None}) == [3, 2, 1]


def test_a_case_is_found_by_its_code_in_any_unit(store: Store, models: ReadModels) -> None:
    stored = keep(store, a_case(1, unit="xa-khac"))
    assert models.find_code(stored.code) == stored.id
    assert models.find_code("%") is None


def test_incidents_are_oldest_first_and_of_the_unit(store: Store, models: ReadModels) -> None:
    for number, at in ((1, NOW + SECOND), (2, NOW)):
        keep(store, a_case(number, incidents={case_id(number): incident(number, at)}))
    keep(store, a_case(3, unit="xa-khac", incidents={case_id(3): incident(3, NOW)}))
    rows = models.incidents(UNIT, limit=5)
    assert [int(row["id"], 16) for row in rows] == [2, 1]
    assert rows[0]["case_code"].endswith("00002")
    assert len(models.incidents(UNIT, limit=1)) == 1


def test_health_says_how_much_waits(store: Store, models: ReadModels) -> None:
    keep(store, a_case(1, jobs=by_key(job("a#1", NOW), job("b#1", None)), timers=by_key(timer("c#1", NOW))))
    health = models.health()
    assert (health["database"], health["migrated"], health["jobs"], health["timers"]) == (True, True, 2, 1)
