"""Counting what has gone on, approving once and for all, entering what the house cannot know."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from engine.adapters.db import open_store, upgrade
from engine.commands.reporting import FiguresChangedError, Reporting
from engine.domain import events
from engine.domain.actor import Actor
from engine.domain.appliers import fold
from engine.domain.errors import ForbiddenError, FormInvalidError, RuleError
from engine.domain.history import record
from engine.domain.score import Given
from tests.support.counted import Counted, counted, town
from tests.support.facts import at
from tests.support.quarter import ACTOR, UNIT, quarter, write

LEADER = Actor(id="chairman1", name="Bình", kind="officer", unit=UNIT, groups=frozenset({"chairman"}))
COUNT = 30


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Counted]:
    url = f"sqlite:///{tmp_path / 'x.db'}"
    upgrade(url)
    store = open_store(url)
    write(store, list(quarter(town(), 11, COUNT)))
    yield counted(store, at("2023-03-20 09:00"))
    store.close()


def comment(house: Counted, case_id: str, when: str) -> None:
    """One more event of a case."""
    before = house.store.case(UNIT, case_id)
    assert before
    place: dict[str, Any] = {"stream": case_id, "unit": UNIT, "after": before.version, "head": before.head_hash}
    added = record([events.CaseRated(score=1, comment="")], **place, actor=ACTOR, at=at(when), cause="x")
    with house.store.begin() as uow:
        uow.save(before, fold([*house.store.events(case_id), *added]), added)
        uow.commit()


def test_only_cases_that_have_gone_on_are_counted_again(house: Counted) -> None:
    assert house.reporting.refresh() == COUNT
    assert house.reporting.refresh() == 0
    comment(house, f"{3:032x}", "2023-06-20 09:00")
    assert house.reporting.refresh() == 1
    found = house.figures.get(UNIT, f"{3:032x}")
    assert found
    assert found.ratings[-1].at == at("2023-06-20 09:00")


def test_rows_made_anew_from_histories_are_those_kept_up_along_the_way(house: Counted) -> None:
    house.reporting.refresh()
    for number in (1, 5, 9):
        comment(house, f"{number:032x}", "2023-06-20 09:00")
        house.reporting.refresh()
    span = (at("2000-01-01 00:00"), at("2099-01-01 00:00"))
    along = house.figures.touched(UNIT, *span)
    house.figures.forget(UNIT)
    assert house.reporting.refresh() == COUNT
    assert house.figures.touched(UNIT, *span) == along


def test_a_case_that_cannot_be_counted_does_not_keep_the_others_from_it(
    house: Counted, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    known = house.reporting._ports.catalog.procedure
    broken = house.store.events(f"{4:032x}")[0].event

    def procedure(code: str, version: int) -> Any:
        if code == broken.procedure:  # type: ignore[attr-defined]  # the first event
            raise KeyError(code)
        return known(code, version)

    monkeypatch.setattr(house.reporting._ports.catalog, "procedure", procedure)
    assert 0 < house.reporting.refresh() < COUNT
    assert "cannot be counted" in caplog.text


def approve(house: Counted, kind: str = "ii06a", **more: Any) -> Any:
    period = house.queries.period("2023-Q1", UNIT)
    house.reporting.refresh()
    seen = house.queries.draft(UNIT, kind, period).digest
    return house.reporting.approve(more.pop("actor", LEADER), kind, period, **{"seen": seen, **more})


@pytest.mark.parametrize("kind", ["ii06a", "766"])
def test_an_approved_report_stays_what_it_was_whatever_happens_to_its_cases(house: Counted, kind: str) -> None:
    first = approve(house, kind)
    for number in range(1, COUNT + 1):
        comment(house, f"{number:032x}", "2023-06-20 09:00")
    assert house.reports.all(UNIT, kind, "2023-Q1") == [first]
    assert first.whole
    assert approve(house, kind) == first  # the same figures once more: nothing new
    assert len(house.reports.all(UNIT, kind, "2023-Q1")) == 1


def test_other_figures_are_a_correction_that_needs_a_reason_and_keeps_the_first(house: Counted) -> None:
    first = approve(house, "766")
    house.reporting.enter(LEADER, house.queries.period("2023-Q1", UNIT), "1.1", Given(hits=1, total=2, source="Sở"))
    with pytest.raises(FormInvalidError):
        approve(house, "766")
    second = approve(house, "766", reason=" Bổ sung số liệu của Sở ")
    assert (second.revision, second.reason) == (2, "Bổ sung số liệu của Sở")
    assert house.reports.all(UNIT, "766", "2023-Q1") == [second, first]
    assert first.digest != second.digest


def test_figures_that_changed_since_they_were_looked_at_are_not_approved(house: Counted) -> None:
    with pytest.raises(FiguresChangedError):
        approve(house, seen="0" * 64)
    assert house.reports.all(UNIT, "ii06a", "2023-Q1") == []


def test_a_period_that_is_not_over_is_not_approved(house: Counted) -> None:
    early = counted(house.store, at("2023-03-14 23:59"))
    with pytest.raises(RuleError):
        approve(early)
    early.clock.set(at("2023-03-15 00:00"))
    assert approve(early).revision == 1


@pytest.mark.parametrize("group", ["one_stop", "administrator", "auditor"])
def test_leaders_alone_approve(house: Counted, group: str) -> None:
    with pytest.raises(ForbiddenError):
        approve(house, actor=replace(LEADER, groups=frozenset({group})))


@pytest.mark.parametrize(
    ("item", "given", "field"),
    [
        ("2.1", Given(hits=1, total=2, source="x"), "item"),
        ("9.9", Given(hits=1, total=2, source="x"), "item"),
        ("1.1", Given(hits=3, total=2, source="x"), "hits"),
        ("1.1", Given(hits=-1, total=2, source="x"), "hits"),
        ("1.1", Given(hits=0, total=0, source="x"), "total"),
        ("1.1", Given(hits=0, total=10**10, source="x"), "total"),
        ("1.1", Given(hits=1, total=2, source=" "), "source"),
    ],
)
def test_numbers_that_make_no_sense_are_refused_with_the_field(
    house: Counted, item: str, given: Given, field: str
) -> None:
    with pytest.raises(FormInvalidError) as refused:
        house.reporting.enter(LEADER, house.queries.period("2023-Q1", UNIT), item, given)
    assert set(refused.value.errors) == {field}


def test_only_leaders_and_administrators_enter_numbers(house: Counted) -> None:
    with pytest.raises(ForbiddenError):
        house.reporting.enter(ACTOR, house.queries.period("2023-Q1", UNIT), "1.1", Given(hits=1, total=2, source="x"))


def test_by_night_the_score_of_the_quarter_and_the_months_are_kept(house: Counted) -> None:
    house.reporting.nightly(house.clock.now())
    (score,) = house.reports.kept(UNIT, "766")
    assert (score.period, score.day.isoformat()) == ("2023-Q2", "2023-03-20")
    months = house.reports.kept(UNIT, "month")
    assert [one.period for one in months][:5] == ["2023-03", "2023-02", "2023-01", "2022-12", "2022-11"]
    assert sum(one.figures["received"] for one in months) > COUNT / 2
    house.reporting.nightly(house.clock.now() + timedelta(days=1))
    assert len(house.reports.kept(UNIT, "766")) == 2
    assert len(house.reports.kept(UNIT, "month")) == len(months)


def test_reporting_writes_no_event(house: Counted) -> None:
    before = {case_id: len(house.store.events(case_id)) for _, case_id in house.store.case_ids()}
    approve(house)
    house.reporting.nightly(house.clock.now())
    assert {case_id: len(house.store.events(case_id)) for _, case_id in house.store.case_ids()} == before
    assert isinstance(house.reporting, Reporting)
