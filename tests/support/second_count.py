"""A database of a made-up quarter, and the comparison of its reports with the second count."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from datetime import datetime

from engine.adapters.db import SqlStore
from engine.domain import report_ii06a
from engine.domain.actor import Actor
from engine.domain.report import Draft
from engine.domain.report_period import Period
from engine.domain.score import Given
from engine.queries.figures.reports import lines_of
from tests.support import recount
from tests.support.counted import CATALOG, Counted, counted, files, raw, town
from tests.support.quarter import UNIT, complain, quarter, write

PERIODS = ("2023-Q1", "2022-Q4", "2023", "2023-01", "2023-02-01..2023-02-01")
LEADER = Actor(id="chairman1", name="Nguyễn Văn Bình", kind="officer", unit=UNIT, groups=frozenset({"chairman"}))
ENTERED = {"1.1": Given(hits=9, total=10, source="Sở"), "1.4": Given(hits=2, total=3, source="Cổng")}


def made(store: SqlStore, count: int, seed: int) -> Counted:
    """A database with so many cases, everything counted, a week after the quarter."""
    histories = list(quarter(town(), seed, count))
    write(store, histories)
    complain(store, town(), seed, [(h[0].event.case_id, h[0].event.code) for h in histories])  # type: ignore[attr-defined]  # the first event
    house = counted(store, datetime(2023, 3, 22, 9, tzinfo=files().calendar.zone))
    assert house.reporting.refresh() == count
    return house


def check_all(house: Counted, periods: Sequence[str]) -> None:
    """Both reports over each period, with some entered numbers."""
    for period in periods:
        span = house.queries.period(period, UNIT)
        for item, given in ENTERED.items():
            house.reporting.enter(LEADER, span, item, given)
        check_both(house, span)


def second_count(store: SqlStore, period: Period) -> tuple[dict[str, list[int]], dict[str, tuple[int, int]]]:
    """Both reports by the other way."""
    days = recount.Days(CATALOG / "_shared" / "calendar.toml")
    heads = [tomllib.loads(path.read_text()) for path in CATALOG.glob("*/procedure.toml")]
    start = datetime(*period.first.timetuple()[:3], tzinfo=recount.HERE)
    end = datetime(*period.last.timetuple()[:3], tzinfo=recount.HERE) + recount.timedelta(days=1)
    rows = raw(store, "SELECT stream, tag, at, data FROM event ORDER BY stream, seq")
    cases = recount.told(rows, {(p["code"], p["version"]): p for p in heads}, days, end)
    told = [
        {**x, **{n: recount.instant(x[n]) if x[n] else None for n in ("filed_at", "answered_at")}}
        for x in raw(store, "SELECT * FROM complaint ORDER BY id")
    ]
    here = [x for x in told if start <= x["filed_at"] < end]
    known = [p for p in sorted(heads, key=lambda p: -p["version"]) if p["valid_from"] <= period.last]
    offered = list({p["code"]: p for p in known}.values())  # of each procedure the first version that is there
    terms = {"answer": 15, "refuse": 2, "ask": 5}
    return recount.ii06a(cases, start), recount.score_766(cases, here, offered, start, terms, days)


def table_of(draft: Draft) -> dict[str, list[int]]:
    return {row["field"]: [row["numbers"][str(n)] for n in report_ii06a.COLUMNS] for row in draft.figures["rows"]}


def check_both(house: Counted, period: Period) -> None:
    """Every number of both reports, and every case behind it."""
    table, shares = second_count(house.store, period)
    draft = house.queries.ii06a(UNIT, period)
    assert table_of(draft) == table
    assert report_ii06a.broken(report_ii06a.tabulate(lines_of(draft))) == []
    shares |= {item: (given.hits, given.total) for item, given in ENTERED.items()}
    items = tomllib.loads((CATALOG / "_shared" / "score_766.toml").read_text())["item"]
    expected = recount.points(items, shares)
    found = house.queries.score(UNIT, period)
    assert {x.id: (x.hits, x.total) for x in found.items if x.total} == {k: v for k, v in shares.items() if v[1]}
    assert {x.id: x.points for x in found.items if x.points is not None} == expected
    assert found.points == sum(expected.values())
