"""Administrators change a fee from a day on: what was filed before keeps its fee, what is filed then has another."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask import Flask

from engine.domain.case import Case
from engine.domain.codec import dumps
from engine.domain.errors import DomainError, ForbiddenError, NotFoundError, StaleVersionError
from engine.domain.events import FeeAssessed
from engine.domain.unit_fees import Asked, FeeProblemsError
from engine.replay import rebuilt, replay
from engine.scenarios import Player, read
from tests.support.desk import ROOT, UNIT, Desk, citizen, officer, open_desk, procedure_of
from tests.support.officers import browser, staffed
from tests.support.threads import at_once
from tests.support.web_client import Browser

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
SCENARIO = ROOT / "catalog/xac-nhan-tinh-trang-hon-nhan/tests/01_truc_tuyen.toml"
CODE, KEY, COMPUTED = procedure_of(SCENARIO), "xac_nhan_tthn", "2.000815"
LIST = "/can-bo/quan-tri/phi"
PATH, BASIS = f"{LIST}/{CODE}/{KEY}", "Nghị quyết 30/2022/NQ-HĐND ngày 09/12/2022"
NEW = {"amount": "8.000", "basis": BASIS, "valid_from": "01/01/2023"}
ASKED = Asked(amount="8.000", waived=False, basis=BASIS, day="01/01/2023")
ADMIN = officer("administrator")


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def desk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Desk]:
    desk = open_desk(tmp_path, request.getfixturevalue(f"deployed_{request.param}_url"), deployed=True)
    yield desk
    desk.app.store.close()


@pytest.fixture
def flask(desk: Desk) -> Flask:
    return staffed(desk)


def save(admin: Browser, status: int = 302, **typed: str) -> Browser:
    """Open the page of the fee and send its form."""
    number = admin.hidden("_number") if admin.page else ""
    if not number:
        admin.get(PATH)
        number = admin.hidden("_number")
    admin.post(PATH, {**NEW, "_number": number, **typed}, status)
    return admin


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def file(desk: Desk, moment: str) -> str:
    """File the scenario's application online at a moment; the case's id."""
    desk.clock.set(at(moment))
    case_id = desk.app.handle(read(SCENARIO).filing(UNIT, CODE), citizen(), desk.app.ids.new()).case_id
    desk.app.worker.drain()
    return str(case_id)


def reviewed(desk: Desk, case_id: str) -> Case:
    """The case as far as its fee is assessed."""
    app = desk.app
    player = Player(app.ports, app.bus, app.worker, desk.clock, member=officer)
    return player.follow(case_id, read(SCENARIO), steps=2, check=False)


def lines(desk: Desk, case_id: str) -> list[dict[str, Any]]:
    told = [link.event for link in desk.app.store.events(case_id)]
    return [dict(line) for event in told if isinstance(event, FeeAssessed) for line in event.lines]


def proven(desk: Desk, case_id: str) -> None:
    """The history gives the very case, also once all else is dropped and built again."""
    store = desk.app.store
    again, live = rebuilt(desk.app.ports, case_id), store.case(None, case_id)
    assert dumps(again) == dumps(live)
    store.rebuild(again)
    assert dumps(store.case(None, case_id)) == dumps(live)
    assert replay(desk.app.ports, None, case_id) == []


def test_a_case_filed_before_the_day_keeps_its_fee_and_one_filed_on_the_day_has_the_new_one(desk: Desk) -> None:
    fees = desk.app.desk.administration.fees
    fees.put(ADMIN, CODE, KEY, ASKED, 0)
    old = file(desk, "2022-12-31T23:59:59")
    new = file(desk, "2023-01-01T00:00:00")
    desk.clock.set(at("2023-01-03T09:00:00"))
    assert (reviewed(desk, old).fee_total, reviewed(desk, new).fee_total) == (3000, 8000)
    (before,), (after,) = lines(desk, old), lines(desk, new)
    assert "edition" not in before
    assert "124/2016" in before["basis"]
    assert {name: after[name] for name in ("amount", "unit_amount", "basis", "edition", "exempted")} == {
        "amount": 8000,
        "unit_amount": 8000,
        "basis": BASIS,
        "edition": 1,
        "exempted": None,
    }
    for case_id in (old, new):
        proven(desk, case_id)
    fees.put(ADMIN, CODE, KEY, replace(ASKED, amount="9.000", day="05/01/2023"), 1)
    for case_id, total in ((old, 3000), (new, 8000)):
        proven(desk, case_id)
        assert rebuilt(desk.app.ports, case_id).fee_total == total


def test_what_a_resolution_waives_costs_nothing_and_says_why(desk: Desk) -> None:
    desk.app.desk.administration.fees.put(ADMIN, CODE, KEY, replace(ASKED, amount="", waived=True), 0)
    case_id = file(desk, "2023-01-03T08:00:00")
    assert reviewed(desk, case_id).fee_total == 0
    (line,) = lines(desk, case_id)
    assert (line["unit_amount"], line["amount"], line["exempted"], line["edition"]) == (3000, 0, BASIS, 1)
    proven(desk, case_id)


def test_the_page_takes_an_amount_with_its_day_and_everybody_reads_it(desk: Desk, flask: Flask) -> None:
    admin, people = browser(desk, flask, "quantri"), flask.test_client()
    assert "3.000 đồng" in admin.get(LIST)
    save(admin)
    page = admin.get(PATH)
    for told in ("01/01/2023 (chưa đến)", "8.000 đồng", BASIS, "3.000 đồng", "lần sửa 1 của đơn vị", "quantri"):
        assert told in page
    assert "8.000 đồng" in admin.get(LIST)
    public = people.get(f"/thu-tuc/{CODE}").text
    assert "3.000 đồng/trường hợp" in public
    assert "Hồ sơ nộp từ ngày 01/01/2023: <strong>8.000 đồng/trường hợp" in public
    desk.clock.set(at("2023-01-01T00:00:00"))
    public = people.get(f"/thu-tuc/{CODE}").text
    assert "<strong>8.000 đồng/trường hợp" in public
    assert BASIS in public
    assert "<strong>3.000 đồng/trường hợp" not in public
    page = browser(desk, flask, "chutich").get(PATH)
    assert "Trước đây" in page
    assert 'name="amount"' not in page


def test_the_preview_of_an_application_costs_what_counts_and_names_what_is_to_come(desk: Desk) -> None:
    desk.app.desk.administration.fees.put(ADMIN, CODE, KEY, ASKED, 0)
    context = {"application": dict(read(SCENARIO).application), "case": {"channel": "online"}}

    def preview() -> tuple[int, Any]:
        procedure = desk.app.catalog.current(CODE, desk.clock.now().date())
        found = desk.app.filing.fees(procedure, context)
        assert found
        return found.total, found.later

    assert preview() == (3000, (at("2023-01-01").date(), 8000))
    desk.clock.set(at("2023-01-01T00:00:00"))
    assert preview() == (8000, None)


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"amount": "tám nghìn"}, "amount-error"),
        ({"amount": "9" * 5000}, "amount-error"),
        ({"amount": "", "basis": "", "valid_from": ""}, "valid_from-error"),
        ({"basis": "x" * 5000}, "basis-error"),
        ({"waived": "1"}, "amount-error"),
        ({"valid_from": "19/12/2022"}, "valid_from-error"),
        ({"valid_from": "01/07/2025"}, "amount-error"),  # by then the procedure computes it
    ],
)
def test_a_mistake_is_told_at_its_field_and_what_was_typed_stays(
    desk: Desk, flask: Flask, typed: dict[str, str], told: str
) -> None:
    admin = save(browser(desk, flask, "quantri"), 422, **typed)
    assert f'id="{told}"' in admin.page
    assert {**NEW, **typed}["basis"][:200] in admin.page
    assert desk.app.catalog.unit_fees(UNIT) == ()


def test_marks_in_two_encodings_are_one_resolution(desk: Desk, flask: Flask) -> None:
    admin = browser(desk, flask, "quantri")
    save(admin, basis=unicodedata.normalize("NFD", BASIS))
    assert [row.basis for row in desk.app.desk.administration.fees.rows(ADMIN)] == [BASIS]
    admin.get(PATH)
    save(admin, 422, basis=unicodedata.normalize("NFC", BASIS), valid_from="02/01/2023")
    assert "Ngày đó đã thu mức này" in admin.page


def test_a_computed_fee_says_why_it_cannot_be_changed(desk: Desk, flask: Flask) -> None:
    key = desk.app.catalog.current(COMPUTED, desk.clock.now().date()).fees[0].key
    admin, path = browser(desk, flask, "quantri"), f"{LIST}/{COMPUTED}/{key}"
    page = admin.get(path)
    assert "tính theo công thức" in page
    assert 'name="amount"' not in page
    admin.get(PATH)
    admin.post(path, {**NEW, "_number": "0"}, 422)
    assert desk.app.catalog.unit_fees(UNIT) == ()
    admin.get(f"{LIST}/{CODE}/khong-co", 404)
    admin.get(f"{LIST}/9.999999/{KEY}", 404)


def test_a_change_is_taken_back_before_its_day_and_not_after(desk: Desk, flask: Flask) -> None:
    admin = browser(desk, flask, "quantri")
    save(admin)
    admin.get(PATH)
    take = {"_action": "take_back", "valid_from": "01/01/2023"}
    admin.post(PATH, {**take, "_number": admin.hidden("_number")})
    assert "01/01/2023" not in admin.get(PATH)
    assert desk.app.catalog.unit_fees(UNIT) == ()
    admin.post(PATH, {**take, "_number": admin.hidden("_number")}, 404)
    admin.get(PATH)
    save(admin)
    desk.clock.set(at("2023-01-01T08:00:00"))
    again = browser(desk, flask, "quantri2")
    assert "take_back" not in again.get(PATH)
    again.post(PATH, {**take, "_number": again.hidden("_number")}, 422)
    assert "đã áp dụng" in again.page
    assert len(desk.app.catalog.unit_fees(UNIT)) == 1


def test_who_looked_before_another_wrote_is_told_and_what_was_typed_stays(desk: Desk, flask: Flask) -> None:
    one, other = browser(desk, flask, "quantri"), browser(desk, flask, "quantri2")
    one.get(PATH)
    other.get(PATH)
    save(one)
    save(other, 422, amount="7.000")
    assert "vừa sửa mức thu" in other.page
    assert 'value="7.000"' in other.page
    save(other, amount="7.000")
    assert [row.amount for row in desk.app.catalog.unit_fees(UNIT)] == [7000]


def test_of_two_who_save_at_once_one_does(desk: Desk) -> None:
    fees = desk.app.desk.administration.fees
    asked = [replace(ASKED, amount=f"{number}.000") for number in (5, 6, 7, 8)]
    done = at_once([lambda one=one: fees.put(ADMIN, CODE, KEY, one, 0) for one in asked])  # type: ignore[misc]  # one for each
    assert sorted(type(one).__name__ for one in done) == ["StaleVersionError"] * 3 + ["UnitFee"]
    assert (len(fees.rows(ADMIN)), fees.number(ADMIN)) == (1, 1)


def test_units_do_not_see_each_others_fees(desk: Desk, flask: Flask) -> None:
    save(browser(desk, flask, "quantri"))
    elsewhere = browser(desk, flask, "nguoi-xa-khac")
    assert "8.000 đồng/trường hợp" not in elsewhere.get(PATH)
    save(elsewhere, amount="1.000", valid_from="20/12/2022")
    assert [row.amount for row in desk.app.catalog.unit_fees(UNIT)] == [8000]
    desk.clock.set(at("2022-12-20T08:00:00"))
    assert "1.000 đồng" not in flask.test_client().get(f"/thu-tuc/{CODE}").text
    assert reviewed(desk, file(desk, "2022-12-20T08:00:00")).fee_total == 3000


def test_only_administrators_change_fees_and_auditors_read_who_did(desk: Desk, flask: Flask) -> None:
    fees = desk.app.desk.administration.fees
    for actor in (officer("chairman"), officer("one_stop"), citizen()):
        with pytest.raises(ForbiddenError):
            fees.put(actor, CODE, KEY, ASKED, 0)
        with pytest.raises(ForbiddenError):
            fees.take_back(actor, CODE, KEY, at("2023-01-01").date(), 0)
    browser(desk, flask, "mai").get(PATH, 403)
    save(browser(desk, flask, "quantri"))
    page = browser(desk, flask, "thanhtra").get("/can-bo/quan-tri/nhat-ky")
    for told in ("Ghi mức thu mới", "3.000 đồng → 8.000 đồng", BASIS, "Lần sửa"):
        assert told in page
    case_id = file(desk, "2023-01-03T08:00:00")
    reviewed(desk, case_id)
    seq = next(link.seq for link in desk.app.store.events(case_id) if isinstance(link.event, FeeAssessed))
    page = browser(desk, flask, "thanhtra").get(f"/kiem-tra/{case_id}?seq={seq}")
    assert "lần sửa 1" in page
    assert BASIS in page


def test_refusals_of_the_desk_change_nothing(desk: Desk) -> None:
    fees = desk.app.desk.administration.fees
    refusals: list[tuple[str, str, Asked, int, type[DomainError]]] = [
        ("9.999999", KEY, ASKED, 0, NotFoundError),
        (CODE, "khong-co", ASKED, 0, NotFoundError),
        (CODE, KEY, replace(ASKED, day="01/07/2025"), 0, FeeProblemsError),
        (CODE, KEY, ASKED, -1, StaleVersionError),
        (CODE, KEY, ASKED, 3, StaleVersionError),
    ]
    for code, key, asked, number, refusal in refusals:
        with pytest.raises(refusal):
            fees.put(ADMIN, code, key, asked, number)
    assert (list(fees.rows(ADMIN)), fees.number(ADMIN)) == ([], 0)
    assert desk.app.desk.administration.log.latest(UNIT) == []
