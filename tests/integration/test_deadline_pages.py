"""The dashboard of deadlines over a real engine: who sees what, where counts lead, apologies before the date."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from engine.adapters.db import SqlNotices
from engine.commands.handling_messages import AskSupplement
from engine.commands.messages import ClaimTask
from engine.domain.case import Case
from engine.domain.mandate import WantedMandate
from tests.integration.test_other_acts import hidden, sure
from tests.support.desk import UNIT, desk_on_stage, officer
from tests.support.followed import HAPPY, Followed, open_of

PAGE, LIST = "/can-bo/thoi-han", "/can-bo/thoi-han/ho-so"
REMINDED = "/can-bo/nhac-den-toi"
MINUTE = timedelta(minutes=1)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Followed]:
    with desk_on_stage(tmp_path) as desk:
        yield Followed(desk)


def held(house: Followed, name: str = "duc") -> Case:
    """A case in hand, whose review this officer holds."""
    case = house.play(HAPPY, 1)
    house.person(name, "justice_officer")
    key = open_of(case, "review_application").key
    command = ClaimTask(unit=UNIT, case_id=case.id, key=key)
    house.app.handle(command, officer("justice_officer", name=name), f"{name}/{case.id}")
    return house.case(case.id)


def due(case: Case) -> datetime:
    assert case.deadline is not None
    return case.deadline.due


def clock(house: Followed, now: datetime) -> None:
    house.desk.clock.set(now)


def shown(page: str) -> list[str]:
    return re.findall(r'data-open class="code" href="/can-bo/ho-so/(\w+)"', page)


def addresses(page: str) -> list[str]:
    return [html.unescape(one) for one in re.findall(rf'href="({LIST}[^"]*)"', page)]


def remind(house: Followed) -> None:
    """What the house does at its hours."""
    (routine,) = house.app.desk.deadlines.routines
    routine.work(house.app.clock.now())


def test_counts_lead_to_the_cases_they_count(house: Followed) -> None:
    cases = [held(house, "duc"), held(house, "hoa")]
    free = house.play(HAPPY, 1)
    clock(house, due(cases[0]) + MINUTE)
    binh = house.person("binh", "chairman")
    page = binh.get(PAGE)
    found = addresses(page)
    for asked in ("nguoi=duc", "nguoi=-", "nhom=justice_officer", f"thu-tuc={free.procedure}"):
        assert f"{LIST}?{asked}&muc=qua-han" in found
    assert shown(binh.get(f"{LIST}?muc=qua-han&nguoi=duc")) == [cases[0].id]
    assert shown(binh.get(f"{LIST}?muc=qua-han&nguoi=-")) == [free.id]
    for address in found:
        assert shown(binh.get(address)) or "muc=hom-nay" in address or "muc=sap-den" in address or "chua=1" in address
    everything = binh.get(f"{LIST}?muc=qua-han")
    assert set(shown(everything)) == {free.id, *(case.id for case in cases)}
    name = str(cases[0].applicant["name"])
    assert name not in everything, "names are masked"


@pytest.mark.parametrize(("who", "group"), [("binh", "chairman"), ("quantri", "administrator"), ("mai", "one_stop")])
def test_leaders_administrators_and_the_desk_see_everybodys(house: Followed, who: str, group: str) -> None:
    case = held(house)
    clock(house, due(case) + MINUTE)
    reader = house.person(who, group)
    assert "Theo người giữ việc" in reader.get(PAGE)
    assert shown(reader.get(f"{LIST}?muc=qua-han")) == [case.id]


def test_another_officer_sees_the_own_cases_and_is_refused_those_of_others(house: Followed) -> None:
    mine, other = held(house, "duc"), held(house, "hoa")
    clock(house, due(mine) + MINUTE)
    duc = house.person("duc", "justice_officer")
    page = duc.get(PAGE)
    assert "Thời hạn hồ sơ của tôi" in page
    assert "Theo người giữ việc" not in page
    assert shown(duc.get(f"{LIST}?muc=qua-han")) == [mine.id]
    assert shown(duc.get(f"{LIST}?muc=qua-han&nguoi=duc")) == [mine.id]
    for asked in ("nguoi=hoa", "nguoi=-", "nhom=justice_officer"):
        refused = duc.get(f"{LIST}?muc=qua-han&{asked}", 403)
        assert other.code not in refused
    noted = [one for one in house.app.desk.attempts.latest(UNIT, limit=50) if one.account == "duc"]
    assert sum(one.times for one in noted) == 3


def test_a_substitute_sees_the_cases_of_whom_they_stand_in_for(house: Followed) -> None:
    case = held(house, "duc")
    admin = officer("administrator", name="quantri")
    today = house.app.clock.now().date()
    wanted = WantedMandate(
        kind="leave",
        principal="duc",
        deputy="van",
        groups=frozenset({"justice_officer"}),
        first=today,
        last=due(case).date() + timedelta(days=3),
        basis="Đơn xin nghỉ phép",
    )
    van = house.person("van", "culture_officer")
    assert shown(van.get(LIST)) == []
    house.app.desk.mandates.record(admin, wanted)
    clock(house, due(case) - timedelta(hours=3))
    assert shown(van.get(f"{LIST}?muc=hom-nay")) == [case.id]
    remind(house)
    page = van.get(REMINDED)
    assert case.code in page
    assert "thay duc" in html.unescape(page)
    assert case.code not in house.person("duc").get(REMINDED)


def test_an_officer_of_another_unit_sees_none_of_it(house: Followed) -> None:
    case = held(house)
    clock(house, due(case) + MINUTE)
    house.person("xa", "chairman", "one_stop")
    account = house.app.accounts.by_id("xa")
    assert account
    house.app.accounts.put(replace(account, unit="xa-khac"))
    xa = house.person("xa")
    assert "Không có hồ sơ nào" in xa.get(PAGE)
    for asked in ("", "?muc=qua-han", "?muc=qua-han&nguoi=duc", f"?muc=qua-han&thu-tuc={case.procedure}"):
        assert case.code not in xa.get(f"{LIST}{asked}")


def test_a_unit_without_cases_is_told_so_and_a_band_that_is_none_is_refused(house: Followed) -> None:
    binh = house.person("binh", "chairman")
    assert "Không có hồ sơ nào" in binh.get(PAGE)
    assert "Không có hồ sơ nào" in binh.get(LIST)
    binh.get(f"{LIST}?muc=ngay-mai", 400)
    assert "Không có hồ sơ nào" in binh.get(f"{LIST}?muc=tat-ca&after=%5B%22x&nguoi={'x' * 500}")


def test_before_the_date_the_holder_apologises_and_the_citizen_is_told_the_new_day_and_why(house: Followed) -> None:
    first, second = held(house, "duc"), held(house, "duc")
    clock(house, due(first) - timedelta(days=1))
    duc, binh = house.person("duc"), house.person("binh", "chairman")
    page = binh.get(PAGE)
    assert re.search(r"<strong>2</strong> Chưa quá hạn, chưa xin lỗi", page)
    near = f"{LIST}?muc=sap-den"
    mine = duc.get(near)
    act = f"/can-bo/ho-so/{first.id}/thao-tac/hen-lai"
    assert f'href="{act}"' in mine
    asked = sure(duc, act, {"due": f"{due(first) + timedelta(days=1):%d/%m/%Y}", "reason": "Chờ xã cũ trả lời"})
    duc.post(act, {**hidden(asked), "_step": "do"})
    after = house.case(first.id)
    (told,) = [
        one.notice
        for one in SqlNotices(house.app.store).of_case(UNIT, first.id)
        if one.notice.template == "deadline_extended"
    ]
    assert told.data["reason"] == "Chờ xã cũ trả lời"
    assert told.data["due_at"] == due(after).isoformat()
    assert told.data["old_due_at"] == due(first).isoformat()
    page = duc.get(LIST)
    assert shown(page) == [second.id, first.id], "without an apology first"
    assert f'href="{act}"' not in page
    assert str(after.receipts[-1]["number"]) in page
    assert re.search(r"<strong>1</strong> Chưa quá hạn, chưa xin lỗi", binh.get(PAGE))
    assert shown(duc.get(f"{LIST}?muc=truoc-han&chua=1")) == [second.id]


def test_who_may_not_apologise_is_offered_no_such_thing(house: Followed) -> None:
    case = held(house)
    clock(house, due(case) - timedelta(hours=3))
    admin = house.person("quantri", "administrator")
    page = admin.get(LIST)
    assert shown(page) == [case.id]
    assert "thao-tac/hen-lai" not in page


def test_reminders_stand_where_mentions_do_and_are_read_by_opening_the_case(house: Followed) -> None:
    case = held(house)
    duc, binh = house.person("duc"), house.person("binh", "chairman")
    clock(house, due(case) - timedelta(hours=3))
    remind(house)
    remind(house)
    page = duc.get(REMINDED)
    assert page.count("Đến ngày hẹn trả") == 1
    assert re.search(r'data-number="mentions">1<', page)
    assert case.code not in binh.get(REMINDED)
    duc.get(f"/can-bo/ho-so/{case.id}")
    assert re.search(r'data-number="mentions">0<', duc.get(REMINDED))
    clock(house, due(case) + timedelta(days=4))
    remind(house)
    page = html.unescape(binh.get(REMINDED))
    assert "Quá hạn một ngày làm việc" in page
    assert "báo cáo lãnh đạo" in page
    assert re.search(r'data-number="mentions">1<', duc.get(REMINDED))


def test_a_case_that_waits_for_its_applicant_is_neither_counted_nor_reminded(house: Followed) -> None:
    case = held(house)
    data = {
        "reason": "Thiếu quyết định ly hôn",
        "missing_documents": "Quyết định ly hôn",
        "asked": [{"field": "ket_hon_voi", "remark": "Ghi rõ"}],
    }
    asked = AskSupplement(unit=UNIT, case_id=case.id, data=data)
    house.app.handle(asked, officer("justice_officer", name="duc"), "ask")
    clock(house, due(case) + timedelta(days=4))
    remind(house)
    duc, binh = house.person("duc"), house.person("binh", "chairman")
    assert case.code not in duc.get(REMINDED)
    assert case.code not in binh.get(REMINDED)
    assert shown(binh.get(f"{LIST}?muc=qua-han")) == []
