"""The benches in small: their figures have the agreed shape and agree with each other. Times are never asserted."""

from __future__ import annotations

import json
from functools import partial
from typing import Any

import pytest

from engine.adapters.db import open_store
from engine.bench.ceiling import UNIT as CEILING
from engine.bench.figures import lines, mean, percentile, shares, spread
from tests.support.command_line import Run, called

CASES, TASKS, TIMERS, DUE = 3, 2000, 1000, 10
both = pytest.mark.parametrize("database", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Run:
    return partial(called, monkeypatch, capfd, "bench")


def figures(run: Any, *arguments: str) -> dict[str, Any]:
    status, out, err = run(*arguments, "--json")
    assert (status, err) == (0, "")
    (found,) = json.loads(out)
    return dict(found)


@both
def test_whole_cases_are_played_and_the_figures_agree(run: Any, database: str, request: pytest.FixtureRequest) -> None:
    url = request.getfixturevalue(f"{database}_url")
    found = figures(run, "engine", "--db", url, "--cases", str(CASES), "--workers", "2")
    assert (found["cases_ended"], found["workers"]) == (CASES, 2)
    assert found["completions"] == found["user_tasks"] + found["jobs"]
    assert found["completions_per_s_less_outside"] >= found["completions_per_s"]
    assert found["completions_per_s_is"]
    assert found["user_tasks"] == 6 * CASES
    assert found["jobs"] == 11 * CASES
    assert found["jobs_of_their_own_commit"] == 3 * CASES, "receipts, fee, register entry and notices are done inside"
    commands = found["user_tasks"] + found["jobs_of_their_own_commit"] + CASES * 7
    assert found["commands"] == commands, "filed, and every task claimed"
    sent = found["sql_statements"]
    assert 1 <= sent["CompleteTask"] <= sent["most_for_a_completion"]
    assert sent["per_completion"] <= sent["per_completion_with_all_around_it"]
    assert 0 < found["bytes_per_case"]["events"] < found["bytes_per_case"]["all_rows"]
    alone = found["engine_alone_cpu"]
    assert alone["all_ms"] == pytest.approx(alone["load_ms"] + alone["step_ms"] + alone["save_ms"], abs=0.001)
    bare = found["ceiling"]
    assert bare["commits_per_case"] == found["commands"] / CASES + 1, "one for each command, one for a number"
    assert bare["share_of_it"] == pytest.approx(bare["seconds"] / found["seconds"], rel=0.02)
    store = open_store(url)
    assert len(store.case_ids()) == CASES + 1, "the sample and the cases; the ceiling's rows are gone"
    assert store.case_ids(CEILING) == []
    store.close()


@both
def test_timers_of_a_stream_all_fire_once(run: Any, database: str, request: pytest.FixtureRequest) -> None:
    url = request.getfixturevalue(f"{database}_url")
    found = figures(run, "timers", "--db", url, "--timers", str(TIMERS), "--due", str(DUE), "--rate", "50")
    assert TIMERS <= found["pending"] <= TIMERS + 3 * DUE
    assert (found["fell_due"], found["fired"], found["fired_twice"]) == (DUE, DUE, 0)
    late = found["lateness"]
    assert 0 <= late["p50_ms"] <= late["p95_ms"] <= late["p99_ms"] <= found["latest_ms"]


@both
def test_a_long_queue_is_looked_into_in_every_way(run: Any, database: str, request: pytest.FixtureRequest) -> None:
    url = request.getfixturevalue(f"{database}_url")
    found = figures(run, "inbox", "--db", url, "--tasks", str(TASKS), "--rounds", "2")
    assert TASKS <= found["open_tasks"] <= TASKS + 2
    assert 0 < found["groups_of_the_officer"] < found["groups"]
    assert list(found["query"]) == list(found["page"])
    assert {"first_page", "tenth_page", "one_group", "search_a_name"} <= set(found["query"])
    for each in [*found["query"].values(), *found["page"].values()]:
        assert 0 < each["p50_ms"] <= each["p95_ms"] <= each["p99_ms"]
        assert each["refused"] == 0


def test_a_database_that_holds_cases_is_refused(run: Any, sqlite_url: str) -> None:
    figures(run, "timers", "--db", sqlite_url, "--timers", "1", "--due", "1", "--workers", "1")
    for kind in ("engine", "inbox", "timers"):
        status, out, err = run(kind, "--db", sqlite_url)
        assert (status, out) == (2, "")
        assert "database_in_use" in err


def test_percentiles_are_values_that_were_found() -> None:
    assert percentile([], 0.5) == 0
    assert [percentile([4.0, 1.0, 3.0, 2.0], share) for share in (0.0, 0.5, 0.51, 0.99, 1.0)] == [1, 2, 3, 4, 4]
    assert spread([0.001] * 99 + [1.0]) == {"p50_ms": 1.0, "p95_ms": 1.0, "p99_ms": 1.0}
    assert [mean([]), mean([1, 2])] == [0, 1.5]
    assert [shares(7, 3), shares(1, 2)] == [[3, 2, 2], [1, 0]]


def test_figures_are_printed_a_line_each() -> None:
    text = "\n".join(lines({"a_b": 1234, "deep": {"c": 1.5}, "word": "x"}))
    assert [line.split() for line in text.splitlines()] == [["a", "b", "1,234"], ["deep"], ["c", "1.5"], ["word", "x"]]
