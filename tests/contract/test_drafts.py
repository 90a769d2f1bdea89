"""What every keeper of drafts, of files on their way and of reports promises."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from datetime import UTC, timedelta
from functools import partial
from typing import Any

import pytest

from engine.adapters.db import SqlDrafts, SqlPageReports, SqlViewingCopies
from engine.adapters.memory_drafts import MemoryDrafts, MemoryPageReports, MemoryViewingCopies
from engine.domain.drafting import Draft
from engine.domain.errors import StaleVersionError
from engine.ports.drafts import Drafts, Incoming, PageReport, PageReports
from engine.ports.uploads import ViewingCopies
from tests.contract.conftest import KINDS
from tests.support.samples import NOW, SECOND, UNIT
from tests.support.threads import at_once

NFD = unicodedata.normalize("NFD", "bản chính.pdf")
DRAFT = Draft(
    id="d1",
    unit=UNIT,
    account="lan",
    procedure="0.000001",
    procedure_version=2,
    created_at=NOW,
    updated_at=NOW,
    delivery="post",
    on_behalf_of={"kind": "person", "name": "Cụ Tư"},
    data={"ho_ten": "Lê\x00 “Tư”", "rows": [{"tep": [{"sha256": "a" * 64, "name": NFD, "size": 3}]}], "so": 2.5},
    prefilled={"ho_ten": "Lê Tư"},
    section="phan_mot",
    sections={"phan_mot": 1},
    overwritten=({"section": "phan_mot", "at": "2022-12-19T09:00:00+07:00", "data": {"so": 1}},),
)
FILE = Incoming(unit=UNIT, draft="d1", key="k1", path="tep", name="ảnh.png", size=10, received=0, at=NOW)


@pytest.fixture(params=KINDS)
def drafts(request: pytest.FixtureRequest) -> Drafts:
    if request.param == "memory":
        return MemoryDrafts()
    return SqlDrafts(request.getfixturevalue(f"{request.param}_store"))


def test_a_draft_is_found_as_it_was_put(drafts: Drafts) -> None:
    drafts.add(DRAFT)
    assert drafts.get(UNIT, "d1") == DRAFT
    assert drafts.get(UNIT, "d2") is None
    assert drafts.get("xa-khac", "d1") is None
    with pytest.raises(StaleVersionError):
        drafts.add(replace(DRAFT, account="hung"))


def test_only_the_version_after_the_newest_is_saved(drafts: Drafts) -> None:
    drafts.add(DRAFT)
    second = replace(DRAFT, version=2, data={"so": 3}, sending=True, warned_at=NOW)
    drafts.save(second)
    assert drafts.get(UNIT, "d1") == second
    for stale in (replace(DRAFT, version=2), replace(DRAFT, version=4), replace(DRAFT, id="d9", version=2)):
        with pytest.raises(StaleVersionError):
            drafts.save(stale)
    assert drafts.get(UNIT, "d1") == second


def test_of_several_who_save_the_same_version_at_once_one_does(drafts: Drafts) -> None:
    drafts.add(DRAFT)
    found = at_once([partial(drafts.save, replace(DRAFT, version=2, data={"so": n})) for n in range(4)])
    assert sorted(type(one).__name__ for one in found) == ["NoneType"] + ["StaleVersionError"] * 3
    kept = drafts.get(UNIT, "d1")
    assert kept is not None
    assert kept.data == {"so": next(n for n, one in enumerate(found) if one is None)}


def test_an_account_sees_its_open_drafts_last_changed_first(drafts: Drafts) -> None:
    for number, account, case_id in ((1, "lan", None), (2, "lan", None), (3, "hung", None), (4, "lan", "c1")):
        at = NOW + number * SECOND
        drafts.add(replace(DRAFT, id=f"d{number}", account=account, case_id=case_id, updated_at=at))
    assert [one.id for one in drafts.of(UNIT, "lan")] == ["d2", "d1"]
    assert drafts.of("xa-khac", "lan") == []


def test_untouched_drafts_are_those_changed_before_an_instant(drafts: Drafts) -> None:
    for number in range(4):
        drafts.add(replace(DRAFT, id=f"d{number}", updated_at=NOW + number * SECOND))
    assert [one.id for one in drafts.untouched(UNIT, NOW + 2 * SECOND)] == ["d0", "d1"]
    assert [one.id for one in drafts.untouched(UNIT, (NOW + SECOND).astimezone(UTC))] == ["d0"]
    assert drafts.untouched("xa-khac", NOW + timedelta(days=1)) == []


def test_a_removed_draft_is_gone_with_what_was_on_its_way_and_may_be_removed_again(drafts: Drafts) -> None:
    drafts.add(DRAFT)
    drafts.append(FILE, 0, b"abc")
    for _ in range(2):
        drafts.remove(UNIT, "d1")
    assert drafts.get(UNIT, "d1") is None
    assert drafts.incoming(UNIT, "d1", "k1") is None
    assert drafts.on_their_way(UNIT, "d1") == 0


def test_a_file_comes_part_by_part_in_order(drafts: Drafts) -> None:
    assert drafts.incoming(UNIT, "d1", "k1") is None
    for offset, content in ((0, b"abc\x00"), (4, b"defghi")):
        found = drafts.append(replace(FILE, at=NOW + SECOND), offset, content)
        assert found.received == offset + len(content)
        assert drafts.content(found) == b"abc\x00defghi"[: found.received]
    assert drafts.incoming(UNIT, "d1", "k1") == replace(FILE, received=10, at=NOW + SECOND)


@pytest.mark.parametrize("offset", [0, 2, 4, 99])
def test_a_part_out_of_order_is_refused_and_changes_nothing(drafts: Drafts, offset: int) -> None:
    drafts.append(FILE, 0, b"abc")
    with pytest.raises(StaleVersionError):
        drafts.append(FILE, offset, b"xy")
    kept = drafts.incoming(UNIT, "d1", "k1")
    assert kept is not None
    assert drafts.content(kept) == b"abc"


def test_of_the_same_part_sent_twice_at_once_one_is_kept(drafts: Drafts) -> None:
    drafts.append(FILE, 0, b"abc")
    found = at_once([lambda: drafts.append(FILE, 3, b"def")] * 3)
    assert sum(isinstance(one, StaleVersionError) for one in found) == 2
    kept = drafts.incoming(UNIT, "d1", "k1")
    assert kept is not None
    assert drafts.content(kept) == b"abcdef"


def test_what_is_on_its_way_is_counted_by_draft_and_dropped_by_key(drafts: Drafts) -> None:
    for draft, key in (("d1", "k1"), ("d1", "k2"), ("d2", "k1")):
        drafts.append(replace(FILE, draft=draft, key=key), 0, b"abc")
    assert drafts.on_their_way(UNIT, "d1") == 6
    drafts.drop(UNIT, "d1", "k1")
    drafts.drop(UNIT, "d1", "k1")
    assert drafts.on_their_way(UNIT, "d1") == 3
    assert drafts.incoming(UNIT, "d2", "k1") is not None


@pytest.fixture(params=KINDS)
def reports(request: pytest.FixtureRequest) -> PageReports:
    if request.param == "memory":
        return MemoryPageReports()
    return SqlPageReports(request.getfixturevalue(f"{request.param}_store"))


def test_reports_come_newest_first(reports: PageReports) -> None:
    def report(number: int, **more: Any) -> PageReport:
        values: dict[str, Any] = {"unit": UNIT, "id": f"r{number}", "at": NOW + number * SECOND, "kind": "page"}
        return PageReport(**{**values, "account": "lan", "page": "/nop/1", "text": "Nút bị che", **more})

    for one in (report(1), report(2), report(3, unit="xa-khac")):
        reports.add(one)
    assert reports.newest(UNIT) == [report(2), report(1)]
    assert reports.newest(UNIT, 1) == [report(2)]


@pytest.fixture(params=KINDS)
def copies(request: pytest.FixtureRequest) -> ViewingCopies:
    if request.param == "memory":
        return MemoryViewingCopies()
    return SqlViewingCopies(request.getfixturevalue(f"{request.param}_store"))


def test_a_viewing_copy_is_the_last_one_noted(copies: ViewingCopies) -> None:
    assert copies.of(UNIT, "a" * 64) is None
    copies.put(UNIT, "a" * 64, "b" * 64, "signed")
    copies.put(UNIT, "a" * 64, "c" * 64, "signed")
    assert copies.of(UNIT, "a" * 64) == "c" * 64
    assert copies.of("xa-khac", "a" * 64) is None
