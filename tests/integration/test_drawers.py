"""Cash drawers through the pages of a real house: opened, filled, counted, reported; nothing lost or doubled."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from engine.adapters.db.unit_of_work import SqlUnitOfWork
from engine.commands.drawer_messages import TakeCash
from engine.commands.messages import CancelCase, ClaimTask
from engine.domain.actor import Actor
from engine.domain.case import Case
from engine.domain.codec import plain
from engine.domain.drawer import Drawer, Reckoned
from engine.domain.errors import DatabaseUnavailableError, ProcessStuckError
from engine.replay import rebuilt
from engine.scenarios import read
from tests.support.desk import ROOT, UNIT, desk_on_stage, officer, open_desk
from tests.support.followed import Followed, open_of
from tests.support.web_client import Browser

PLACE = "/can-bo/ket-tien"
SCENARIO = ROOT / "catalog" / "chung-thuc-ban-sao" / "tests" / "02_ban_giay_tai_quay.toml"
FEE = 16000  # of that scenario
NINE = read(SCENARIO).start_at  # the day of that scenario: later ones are all on it
PAID = {"method": "cash", "payer_name": "Trần Quốc Hùng", "received": True}
EVERY = ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]


@pytest.fixture
def followed(tmp_path: Path) -> Iterator[Followed]:
    with desk_on_stage(tmp_path) as desk:
        desk.clock.set(NINE)
        yield Followed(desk)


@pytest.fixture
def anh(followed: Followed) -> Browser:
    return followed.person("anh", "cashier")


def open_drawer(who: Browser, **counts: str) -> None:
    who.get(f"{PLACE}/mo")
    who.post(f"{PLACE}/mo", {f"count.{name[1:]}": text for name, text in counts.items()})


def current(followed: Followed, account: str = "anh") -> Drawer:
    found = followed.app.desk.drawers.keeping.current(officer("cashier", name=account))
    assert found is not None
    return found


def reckoned(followed: Followed, drawer: Drawer) -> Reckoned:
    return followed.app.desk.drawers.keeping.reckoned(drawer)


def owing(followed: Followed) -> Case:
    """A case of the counter whose fee is to be taken."""
    return followed.play(SCENARIO, 1)


def at_the_task(who: Browser, case: Case) -> str:
    """The page of the task that takes the fee, open and claimed."""
    key = open_of(case, "collect_fee_at_desk").key
    here = f"/can-bo/ho-so/{case.id}/viec?key={key.replace('#', '%23').replace('/', '%2F')}"
    who.get(here)
    who.post(here, {"_action": "claim"})
    who.get(here)
    return here


def pay(followed: Followed, who: Browser, case: Case, status: int = 302, **more: Any) -> Case:
    here = f"/can-bo/quay/ho-so/{case.id}"
    who.get(here)
    who.post(f"{here}/thu-tien", {"given": "", **more}, status)
    followed.app.worker.drain()
    return followed.case(case.id)


def tags(followed: Followed, case: Case) -> list[str]:
    return [link.event.tag for link in followed.app.store.events(case.id)]


def test_without_a_drawer_no_cash_is_taken_and_the_page_leads_to_opening_and_back(
    followed: Followed, anh: Browser
) -> None:
    case = owing(followed)
    here = f"/can-bo/quay/ho-so/{case.id}"
    page = anh.get(here)
    assert "chưa mở két hôm nay" in page
    assert "Khách đưa" not in page
    assert f"{PLACE}/mo?next={here}" in page
    old_page = {"given": "", "_key": "from-an-old-page"}
    assert "chưa mở két hôm nay" in anh.post(f"{here}/thu-tien", old_page, 409).text
    assert open_of(followed.case(case.id), "collect_fee_at_desk").assignee is None  # not even claimed
    counted = anh.get(f"{PLACE}/mo?next={here}")
    asked = followed.app.desk.drawers.keeping.denominations
    assert len(asked) > 8
    assert all(f'name="count.{one}"' in counted for one in asked)
    answer = anh.post(f"{PLACE}/mo", {"next": here, "count.1000": "10"})
    assert answer.headers["Location"] == here
    assert "Khách đưa" in anh.get(here)


def test_at_the_task_itself_cash_is_refused_in_words_and_what_was_typed_stays(followed: Followed, anh: Browser) -> None:
    case = owing(followed)
    here = at_the_task(anh, case)
    typed = {"_action": "complete", "method": "cash", "payer_name": "Trần Quốc Hùng", "received": "true"}
    page = anh.post(here, typed, 409).text
    assert "chưa mở két hôm nay" in page
    assert f'href="{PLACE}/mo"' in page
    assert 'value="Trần Quốc Hùng"' in page
    open_drawer(anh)
    anh.get(here)
    anh.post(here, typed)
    assert [move.amount for move in reckoned(followed, current(followed)).moves] == [FEE]


def test_a_transfer_needs_no_drawer_and_lies_in_none(followed: Followed, anh: Browser) -> None:
    case = owing(followed)
    here = at_the_task(anh, case)
    typed = {"method": "transfer", "reference": "FT1", "payer_name": "Trần Quốc Hùng", "received": "true"}
    anh.post(here, {"_action": "complete", **typed})
    assert "cash:taken" not in tags(followed, case)


def test_cash_lies_in_the_drawer_with_its_receipt_and_a_double_click_puts_it_there_once(
    followed: Followed, anh: Browser
) -> None:
    open_drawer(anh, d1000="50")
    case = owing(followed)
    here = f"/can-bo/quay/ho-so/{case.id}"
    anh.get(here)
    own = anh.own()
    for _ in range(2):
        anh.client.post(f"{here}/thu-tien", data={**own, "given": "20000"})
    followed.app.worker.drain()
    paid = followed.case(case.id)
    (move,) = reckoned(followed, current(followed)).moves
    (slip,) = [one for one in paid.receipts if one["kind"] == "fee"]
    assert (move.amount, move.receipt, move.officer, move.case_code) == (FEE, slip["number"], "anh", case.code)
    assert tags(followed, case).count("cash:taken") == 1
    assert "Thu tiền mặt 16.000 đồng" in followed.person("mai", "one_stop").get(f"/can-bo/ho-so/{case.id}")


def test_counted_right_it_closes_and_counted_wrong_it_asks_why(followed: Followed, anh: Browser) -> None:
    open_drawer(anh, d1000="50")
    pay(followed, anh, owing(followed))
    drawer = current(followed)
    here = f"{PLACE}/{drawer.id}/dong"
    assert "66.000 đồng" in anh.get(here)
    page = anh.post(here, {"count.1000": "64", "count.500": "ba"}, 422).text
    assert 'value="ba"' in page
    assert 'aria-invalid="true"' in page
    page = anh.post(here, {"count.1000": "64"}, 422).text
    assert "thiếu 2.000 đồng" in page
    assert 'value="64"' in page
    anh.post(here, {"count.1000": "64", "reason": "Thối nhầm <b>"})
    page = anh.get(f"{PLACE}?ngay={drawer.day}")
    assert "thiếu 2.000 đồng" in page
    assert "Thối nhầm &lt;b&gt;" in page
    assert "1.000 × 64" in page
    again = anh.client.post(here, data={**anh.own(), "count.1000": "66"})  # of a page that was open beside
    assert again.headers["Location"].endswith(str(drawer.day))
    assert "số đã kiểm không sửa được" in anh.get(f"{PLACE}?ngay={drawer.day}")
    assert anh.client.get(here).headers["Location"].endswith(str(drawer.day))


def test_whoever_shares_the_desk_sees_the_own_drawer_and_leaders_see_all(followed: Followed, anh: Browser) -> None:
    tam, binh = followed.person("tam", "one_stop", "cashier"), followed.person("binh", "chairman")
    for who in (anh, tam):
        open_drawer(who, d1000="50")
    first = pay(followed, anh, owing(followed))
    second = pay(followed, tam, owing(followed))
    numbers = [one["number"] for case in (first, second) for one in case.receipts if one["kind"] == "fee"]
    assert [number in anh.get(PLACE) for number in numbers] == [True, False]
    assert [number in tam.get(PLACE) for number in numbers] == [False, True]
    assert [number in binh.get(PLACE) for number in numbers] == [True, True]
    assert "32.000 đồng" in binh.page
    anh.get(f"{PLACE}/{current(followed, 'tam').id}/dong", 404)
    binh.get(f"{PLACE}/{current(followed, 'tam').id}/dong", 404)  # it is not left open
    followed.person("duc", "justice_officer").get(PLACE, 403)
    account = followed.app.accounts.by_id("binh")
    assert account is not None
    followed.app.accounts.put(replace(account, unit="xa-khac"))
    page = followed.person("binh").get(PLACE)
    assert "Không có két nào" in page
    assert numbers[0] not in page


def test_what_was_left_open_is_told_to_its_officer_and_closed_by_a_leader(followed: Followed, anh: Browser) -> None:
    open_drawer(anh, d1000="50")
    pay(followed, anh, owing(followed))
    drawer, case = current(followed), owing(followed)
    followed.desk.clock.advance(timedelta(days=1))
    here = f"/can-bo/quay/ho-so/{case.id}"
    anh, binh = followed.person("anh", "cashier"), followed.person("binh", "chairman")
    assert f"Két ngày {drawer.day:%d/%m/%Y} của anh/chị chưa đóng" in anh.get(here)
    assert anh.client.get(f"{PLACE}/mo?next={here}").headers["Location"] == f"{PLACE}/{drawer.id}/dong?next={here}"
    assert "số tiền đã thu vẫn được giữ nguyên" in anh.get(PLACE)
    assert "Đóng thay" in binh.get(PLACE)
    assert "Anh/chị đóng thay" in binh.get(f"{PLACE}/{drawer.id}/dong")
    binh.post(f"{PLACE}/{drawer.id}/dong", {"count.1000": "66"})
    assert "người đóng: binh" in binh.get(f"{PLACE}?ngay={drawer.day}")
    open_drawer(anh)
    assert current(followed).day == drawer.day + timedelta(days=1)


@pytest.mark.parametrize("text", ["2022-02-30", "hôm qua", "0001-01-01", "9999-12-31", "1" * 400, "\0"])
def test_a_day_that_is_none_is_told_and_today_is_shown(followed: Followed, anh: Browser, text: str) -> None:
    answer = anh.client.get(PLACE, query_string={"ngay": text})
    assert answer.status_code == 422
    assert "Ngày phải ghi theo dạng" in answer.text
    assert anh.client.get(f"{PLACE}/tai", query_string={"ngay": text, "dang": "csv"}).status_code == 400


def test_an_empty_day_has_a_page_and_papers_of_its_own(followed: Followed, anh: Browser) -> None:
    assert "Không có két nào trong ngày này" in anh.get(f"{PLACE}?ngay=2022-01-02")
    for kind in ("pdf", "xlsx", "csv"):
        assert anh.client.get(f"{PLACE}/tai?ngay=2022-01-02&dang={kind}").status_code == 200
    anh.get(f"{PLACE}/tai?dang=exe", 400)
    anh.get(f"{PLACE}/{'0' * 32}/dong", 404)


def test_the_report_reconciles_with_the_receipts_of_the_day_on_the_page_on_paper_and_in_the_table(
    followed: Followed, anh: Browser
) -> None:
    tam, binh = followed.person("tam", "one_stop", "cashier"), followed.person("binh", "chairman")
    for who in (anh, tam):
        open_drawer(who, d1000="50")
    cases = [pay(followed, who, owing(followed)) for who in (anh, tam, anh)]
    drawer = current(followed)
    anh.get(f"{PLACE}/{drawer.id}/dong")
    anh.post(f"{PLACE}/{drawer.id}/dong", {"count.1000": "83", "reason": "Khách cho"})
    links = [link for case in cases for link in followed.app.store.events(case.id)]
    receipts = {link.event.number for link in links if link.event.tag == "receipt:issued" and link.event.kind == "fee"}  # type: ignore[attr-defined]  # of these tags
    booked = {link.event.reference: link.event.amount for link in links if link.event.tag == "payment:received"}  # type: ignore[attr-defined]  # of this tag
    assert booked.keys() == receipts
    page = binh.get(PLACE)
    assert all(number in page for number in receipts)
    assert f"thu <strong>{sum(booked.values()):,} đồng".replace(",", ".") in page
    content = binh.client.get(f"{PLACE}/tai?dang=pdf").data
    assert content == binh.client.get(f"{PLACE}/tai?dang=pdf").data
    paper = " ".join(" ".join(one.extract_text() for one in PdfReader(io.BytesIO(content)).pages).split())
    for word in (*receipts, "BÁO CÁO KÉT TIỀN MẶT", "Két chưa đóng", "thừa 1.000 đồng", "Khách cho", "48.000 đồng"):
        assert word in paper, (word, paper)
    rows = list(
        csv.reader(io.StringIO(binh.client.get(f"{PLACE}/tai?dang=csv").data.decode("utf-8-sig")), delimiter=";")
    )
    assert {row[5]: int(row[6]) for row in rows[1:]} == booked
    book = load_workbook(io.BytesIO(binh.client.get(f"{PLACE}/tai?dang=xlsx").data)).active
    assert book is not None
    cells = [cell for row in book.iter_rows(values_only=True) for cell in row if cell is not None]
    assert receipts <= set(cells)
    assert sum(cell for cell in cells if isinstance(cell, int | float)) == sum(booked.values())


def test_refunds_in_cash_leave_the_drawer_and_no_more_than_lies_in_it(followed: Followed, anh: Browser) -> None:
    open_drawer(anh, d1000="50")
    case = pay(followed, anh, owing(followed))
    (order,) = [one["order"] for one in case.payments]
    stop = CancelCase(unit=UNIT, case_id=case.id, reason="Trùng hồ sơ")
    followed.app.handle(stop, officer("chairman"), f"stop-{case.id}")
    place, fields = "/can-bo/thu-phi/hoan-tien", {"case": case.id, "order": order, "way": "cash", "_action": "settle"}
    assert "Tiền mặt, từ két của tôi" in anh.get(place)
    stranger = followed.person("tam", "cashier")
    stranger.get(place)
    assert "chưa mở két hôm nay" in stranger.post(place, {**fields, "reference": "PC 1"}, 409).text
    open_drawer(stranger, d1000="1")
    stranger.get(place)
    assert "chỉ còn 1.000 đồng" in stranger.post(place, {**fields, "reference": "PC 1"}, 422).text
    anh.get(place)
    anh.post(place, {**fields, "reference": "PC 1"})
    one = reckoned(followed, current(followed))
    assert (one.taken, one.given_back, one.expected) == (FEE, FEE, 50000)
    assert tags(followed, case)[-2:] == ["refund:settled", "cash:given_back"]
    anh.get(place)
    anh.client.post(place, data={**anh.own(), **fields, "reference": "PC 2"})
    assert tags(followed, case).count("cash:given_back") == 1
    assert "Hoàn tiền mặt" in anh.get(PLACE)
    assert b"%PDF" in anh.client.get(f"{PLACE}/tai?dang=pdf").data


def test_money_given_back_otherwise_leaves_no_drawer(followed: Followed, anh: Browser) -> None:
    open_drawer(anh)
    case = pay(followed, anh, owing(followed))
    followed.app.handle(CancelCase(unit=UNIT, case_id=case.id, reason="Trùng"), officer("chairman"), "stop")
    fields = {"case": case.id, "order": case.payments[0]["order"], "_action": "settle", "reference": "UNC 9"}
    anh.get("/can-bo/thu-phi/hoan-tien")
    anh.post("/can-bo/thu-phi/hoan-tien", {**fields, "way": "hand"})
    assert reckoned(followed, current(followed)).given_back == 0


def test_whoever_works_without_pages_needs_no_drawer_and_is_in_the_report(followed: Followed) -> None:
    case = followed.play(SCENARIO)
    taken = next(link for link in followed.app.store.events(case.id) if link.event.tag == "cash:taken")
    day = taken.at.date()
    page = followed.person("binh", "chairman").get(f"{PLACE}?ngay={day}")
    assert "Ngoài két" in page
    assert "16.000 đồng" in page
    assert "Ngoài két" not in followed.person("anh", "cashier").get(f"{PLACE}?ngay={day}")  # somebody else's
    content = followed.person("binh").client.get(f"{PLACE}/tai?ngay={day}&dang=pdf").data
    assert "ngoài két" in " ".join(one.extract_text() for one in PdfReader(io.BytesIO(content)).pages)


@pytest.mark.parametrize("kind", EVERY)
def test_a_process_that_dies_before_or_after_its_commit_neither_loses_nor_doubles_cash(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    desk = open_desk(tmp_path, request.getfixturevalue(f"deployed_{kind}_url"), deployed=True)
    followed, actor = Followed(desk), officer("cashier", name="anh")
    drawer = desk.app.desk.drawers.keeping.open(actor, {1000: "50"})
    case = owing(followed)
    key = open_of(case, "collect_fee_at_desk").key
    which = {"unit": UNIT, "case_id": case.id, "key": key}
    desk.app.handle(ClaimTask(**which), actor, "claim")
    take = TakeCash(**which, data=PAID, drawer=drawer.id)
    commit = SqlUnitOfWork.commit

    def dies(uow: SqlUnitOfWork) -> None:
        uow._connection.rollback()
        raise DatabaseUnavailableError()

    if kind == "sqlite":  # on PostgreSQL the save is its own commit
        monkeypatch.setattr(SqlUnitOfWork, "commit", dies)
        with pytest.raises(DatabaseUnavailableError):
            desk.app.handle(take, actor, "take")
        assert reckoned(followed, drawer).moves == ()
        monkeypatch.setattr(SqlUnitOfWork, "commit", commit)
    desk.app.handle(take, actor, "take")  # and here the process is gone: no page follows, no worker
    assert reckoned(followed, drawer).expected == 50000 + FEE
    desk.app.handle(take, actor, "take")
    rows = plain(desk.app.store.rows(case.id))
    desk.app.store.rebuild(rebuilt(desk.app.ports, case.id))
    assert plain(desk.app.store.rows(case.id)) == rows
    assert reckoned(followed, drawer).taken == FEE
    desk.app.store.close()


def test_cash_of_a_step_that_is_stuck_lies_in_the_drawer_and_not_twice_when_it_is_mended(
    followed: Followed, anh: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_drawer(anh)
    case = owing(followed)
    runner = type(followed.app.ports.runner)
    complete = runner.complete

    def stuck(*args: Any, **named: Any) -> Any:
        raise ProcessStuckError(element="collect_fee_at_desk", reason="thử", reason_en="a trial")

    monkeypatch.setattr(runner, "complete", stuck)
    pay(followed, anh, case, 409)
    (move,) = reckoned(followed, current(followed)).moves
    assert (move.amount, move.receipt) == (FEE, "")
    assert "chưa có biên lai" in anh.get(PLACE)
    monkeypatch.setattr(runner, "complete", complete)
    pay(followed, anh, followed.case(case.id))
    (move,) = reckoned(followed, current(followed)).moves
    assert move.receipt
    assert "chưa có biên lai" not in anh.get(PLACE)


def test_a_unit_that_works_without_drawers_takes_cash_as_ever(
    followed: Followed, anh: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(followed.app.catalog.settings["cash"], "drawer", "optional")
    paid = pay(followed, anh, owing(followed))
    (entry,) = paid.cash
    assert (entry["drawer"], entry["amount"]) == ("", FEE)
    assert "Ngoài két" in anh.get(PLACE)


def test_the_applicant_is_told_of_the_payment_and_not_of_the_drawer(followed: Followed, anh: Browser) -> None:
    open_drawer(anh)
    path = ROOT / "catalog" / "ban-sao-trich-luc" / "tests" / "02_co_quan_tai_quay.toml"
    case = pay(followed, anh, followed.play(path, 4))
    assert "cash:taken" in tags(followed, case)
    owner = Actor(id=str(case.applicant["account"]), name="", kind="citizen", unit=UNIT)
    shown = [row.tag for row in followed.app.queries.case(owner, case.id).history]
    assert "payment:received" in shown
    assert "cash:taken" not in shown
