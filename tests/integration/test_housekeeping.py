"""Administrators at their pages: people, groups, lists, and the log of all of it."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from datetime import date, timedelta
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from engine.ports import Account
from tests.support.desk import ROOT, UNIT, Desk, desk_on_stage
from tests.support.officers import browser
from tests.support.web_client import Browser
from web.app import create_app
from web.auth import hash_password

PEOPLE = "/can-bo/quan-tri/nguoi"
PASSWORD = "Một-mật-khẩu-9"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with desk_on_stage(tmp_path) as found:
        put(found, "quantri", {"administrator"})
        put(found, "quantri2", {"administrator"})
        put(found, "mai", {"one_stop"}, name="Lê Thị Mai")
        put(found, "chutich", {"chairman"})
        put(found, "nguoi-xa-khac", {"administrator"}, unit="xa-khac", name="Người Xã Khác")
        put(found, "dan", set(), kind="citizen", name="Người Dân")
        yield found


def put(desk: Desk, login: str, groups: set[str], *, unit: str = UNIT, kind: Any = "officer", name: str = "") -> None:
    own: dict[str, Any] = {"password_hash": hash_password(PASSWORD), "profile": {}, "kind": kind, "unit": unit}
    desk.app.accounts.put(Account(id=login, login=login, name=name or login, groups=frozenset(groups), **own))


@pytest.fixture
def flask(desk: Desk) -> Flask:
    return create_app(desk.app)


def signs_in(flask: Flask, login: str, password: str, status: int = 302) -> Browser:
    found = Browser(flask.test_client())
    found.get("/dang-nhap")
    found.post("/dang-nhap", {"login": login, "password": password}, status)
    return found


def shown_password(page: str) -> str:
    found = re.search(r'<code class="big">([a-z0-9-]{14})</code>', page)
    assert found, page
    return found[1]


def test_the_list_holds_the_officers_of_the_unit_and_is_searched_without_marks(desk: Desk, flask: Flask) -> None:
    admin = browser(desk, flask, "quantri")
    page = admin.get(PEOPLE)
    assert "Lê Thị Mai" in page
    assert "Người Xã Khác" not in page
    assert "Người Dân" not in page
    assert "Lê Thị Mai" in admin.get(f"{PEOPLE}?q=le+thi")
    assert "Lê Thị Mai" not in admin.get(f"{PEOPLE}?nhom=chairman")
    assert "Lê Thị Mai" not in admin.get(f"{PEOPLE}?khoa=1")
    for other in ("nguoi-xa-khac", "dan"):
        admin.get(f"{PEOPLE}/{other}", 404)
        admin.post(f"{PEOPLE}/{other}", {"_action": "lock", "reason": "x"}, 404)


def test_a_new_officer_gets_in_with_the_password_shown_once_and_must_change_it_first(desk: Desk, flask: Flask) -> None:
    admin = browser(desk, flask, "quantri")
    admin.get(f"{PEOPLE}/them")
    answer = admin.post(f"{PEOPLE}/them", {"login": "hung", "name": "Trần Hùng", "groups": "one_stop"}, 200)
    password = shown_password(answer.text)
    assert answer.headers["Cache-Control"] == "no-store"
    assert password not in admin.get(PEOPLE)
    assert password not in admin.get("/can-bo/quan-tri/nhat-ky")
    hung = signs_in(flask, "hung", password)
    for path in ("/can-bo/", "/can-bo/ho-so", "/tai-khoan"):
        assert hung.client.get(path).headers["Location"] == "/tai-khoan/mat-khau"
    hung.get("/tai-khoan/mat-khau")
    hung.post("/tai-khoan/mat-khau", {"password": PASSWORD, "again": PASSWORD})
    hung.get("/can-bo/")
    signs_in(flask, "hung", password, 422)
    signs_in(flask, "hung", PASSWORD).get("/can-bo/")


def test_a_one_time_password_cannot_be_kept_and_runs_out(desk: Desk, flask: Flask) -> None:
    admin = browser(desk, flask, "quantri")
    admin.get(f"{PEOPLE}/mai")
    password = shown_password(admin.post(f"{PEOPLE}/mai", {"_action": "reset", "_seen": seen(admin)}, 200).text)
    signs_in(flask, "mai", PASSWORD, 422)
    mai = signs_in(flask, "mai", password)
    mai.get("/tai-khoan/mat-khau")
    assert "do quản trị đặt" in mai.page
    mai.post("/tai-khoan/mat-khau", {"password": password, "again": password}, 422)
    desk.clock.set(desk.clock.now() + timedelta(hours=73))
    assert "hết hạn" in signs_in(flask, "mai", password, 422).page


def seen(admin: Browser) -> str:
    return admin.hidden("_seen")


def test_new_groups_count_at_the_next_request_of_a_session_that_goes_on(desk: Desk, flask: Flask) -> None:
    admin, mai = browser(desk, flask, "quantri"), browser(desk, flask, "mai")
    mai.get("/can-bo/tiep-nhan")
    admin.get(f"{PEOPLE}/mai")
    admin.post(f"{PEOPLE}/mai", {"_action": "change", "_seen": seen(admin), "name": "Mai", "groups": "cashier"})
    mai.get("/can-bo/tiep-nhan", 403)
    mai.get("/can-bo/thu-phi/sao-ke")


def test_a_locked_officer_is_out_at_the_next_request_and_told_why_not_in(desk: Desk, flask: Flask) -> None:
    admin, mai = browser(desk, flask, "quantri"), browser(desk, flask, "mai")
    admin.get(f"{PEOPLE}/mai")
    admin.post(f"{PEOPLE}/mai", {"_action": "lock", "_seen": seen(admin), "reason": ""}, 422)
    admin.post(f"{PEOPLE}/mai", {"_action": "lock", "_seen": seen(admin), "reason": "Nghỉ việc từ tháng 11"})
    assert mai.client.get("/can-bo/").headers["Location"].startswith("/dang-nhap")
    assert "bị khóa" in signs_in(flask, "mai", PASSWORD, 422).page
    assert "bị khóa" not in signs_in(flask, "mai", "sai", 422).page
    assert "Nghỉ việc từ tháng 11" in admin.get(f"{PEOPLE}/mai")
    admin.post(f"{PEOPLE}/mai", {"_action": "unlock", "_seen": seen(admin), "reason": "Đi làm lại"})
    signs_in(flask, "mai", PASSWORD).get("/can-bo/")


def test_nobody_locks_themselves_out_and_two_do_not_overwrite_each_other(desk: Desk, flask: Flask) -> None:
    one, other = browser(desk, flask, "quantri"), browser(desk, flask, "quantri2")
    one.get(f"{PEOPLE}/quantri")
    change = {"_action": "change", "name": "Tên khác", "groups": "one_stop"}
    one.post(f"{PEOPLE}/quantri", {**change, "_seen": seen(one)}, 409)
    assert "Tên khác" in one.page
    one.get(f"{PEOPLE}/mai")
    other.get(f"{PEOPLE}/mai")
    one.post(f"{PEOPLE}/mai", {**change, "_seen": seen(one)})
    other.post(f"{PEOPLE}/mai", {**change, "name": "Tên thứ ba", "_seen": seen(other)}, 409)
    assert "Một quản trị khác vừa sửa" in other.page


def test_a_group_without_anybody_is_shown_as_one_whose_tasks_would_wait(desk: Desk, flask: Flask) -> None:
    page = browser(desk, flask, "chutich").get("/can-bo/quan-tri/nhom")
    rows = {name: row for row in page.split("<tr") if (name := "".join(re.findall(r"nhom=([a-z_]+)", row)))}
    assert "sẽ chờ mãi" in rows["records_clerk"]
    assert "sẽ chờ mãi" not in rows["one_stop"]
    assert "applicant" not in rows


def test_a_list_is_looked_at_by_line_and_taken_over_when_it_is_sound(desk: Desk, flask: Flask) -> None:
    admin, path = browser(desk, flask, "quantri"), f"{PEOPLE}/nhap"
    admin.get(path)
    bad = "login;name;groups\nhung;Trần Hùng;Văn thư\nmai;Trùng;one_stop\n9;Số;kings\n"
    admin.post(path, {"file": (io.BytesIO(bad.encode()), "a.csv")}, 422)
    assert "Dòng 3" in admin.page
    assert "Dòng 4" in admin.page
    assert desk.app.accounts.by_login("hung") is None
    good = "login;name;groups\nhung;Trần Hùng;Văn thư\nloc;Lộc “ngoặc”;one_stop|cashier\n"
    admin.post(path, {"file": (io.BytesIO(good.encode("utf-8-sig")), "a.csv")}, 200)
    assert desk.app.accounts.by_login("hung") is None
    page = admin.post(path, {"_action": "take", "content": good}, 200).text
    assert len(re.findall(r'<code class="big">', page)) == 2
    found = desk.app.accounts.by_login("loc")
    assert found
    assert (found.name, found.groups) == ("Lộc “ngoặc”", {"one_stop", "cashier"})
    admin.post(path, {"_action": "take", "content": good}, 422)


def test_whatever_was_done_is_read_by_auditors_of_the_unit_alone(desk: Desk, flask: Flask) -> None:
    put(desk, "thanhtra", {"auditor"})
    put(desk, "thanhtra-xa-khac", {"auditor"}, unit="xa-khac")
    admin = browser(desk, flask, "quantri")
    admin.get(f"{PEOPLE}/mai")
    change = {"_action": "change", "name": "Lê Thị Mai Anh", "groups": "one_stop"}
    admin.post(f"{PEOPLE}/mai", {**change, "_seen": seen(admin)})
    page = browser(desk, flask, "thanhtra").get("/can-bo/quan-tri/nhat-ky")
    assert "Lê Thị Mai → Lê Thị Mai Anh" in page
    assert "Lê Thị Mai" not in browser(desk, flask, "thanhtra-xa-khac").get("/can-bo/quan-tri/nhat-ky")


def test_leaders_look_and_change_nothing(desk: Desk, flask: Flask) -> None:
    leader = browser(desk, flask, "chutich")
    assert "_action" not in leader.get(f"{PEOPLE}/mai")
    leader.post(f"{PEOPLE}/mai", {"_action": "lock", "reason": "x"}, 403)
    leader.get(f"{PEOPLE}/them", 403)


CALENDAR = "/can-bo/quan-tri/lich"
PAPER = {"paper": "TB 5015/TB", "issued": "01/12/2022"}


def look(admin: Browser, status: int = 200, **typed: str) -> str:
    """Ask what a day would do."""
    day = {"day": "26/12/2022", "kind": "holiday", "name": "Nghỉ hoán đổi", "like": "mon", **PAPER, **typed}
    return str(admin.post(CALENDAR, {"_action": "look", "_number": admin.hidden("_number"), **day}, status).text)


def write(admin: Browser) -> None:
    """Do what was looked at."""
    kept = {"content": unescape(admin.hidden("content")), "_number": admin.hidden("_number"), **PAPER}
    admin.post(CALENDAR, {"_action": "take", **kept})


def test_a_day_off_is_looked_at_then_counted_and_each_term_says_by_which_calendar(desk: Desk, flask: Flask) -> None:
    happy = min((ROOT / "catalog" / "xac-nhan-tinh-trang-hon-nhan" / "tests").glob("*.toml"))
    before = desk.play(happy, steps=2)
    assert before.deadline
    admin = browser(desk, flask, "quantri")
    assert "chưa được xác nhận" in admin.get(CALENDAR)
    due = before.deadline.due.astimezone(desk.clock.now().tzinfo)
    assert "chưa ghi gì" in look(admin, day=f"{due:%d/%m/%Y}")
    assert before.code in admin.page
    assert desk.app.catalog.calendar(UNIT).version == "2026.1"
    write(admin)
    known = desk.app.catalog.calendar(UNIT)
    assert (known.version, known.is_working_day(due.date())) == ("2026.1+1", False)
    assert desk.app.catalog.calendar("xa-khac").version == "2026.1"
    kept = desk.app.store.case(UNIT, before.id)
    assert kept
    assert kept.deadline == before.deadline
    after = desk.play(happy, steps=2, check=False)
    assert after.deadline
    assert (before.deadline.adjustments[0].calendar, after.deadline.adjustments[0].calendar) == ("2026.1", "2026.1+1")
    assert after.deadline.due > before.deadline.due
    assert "Sửa ngày trong lịch" in admin.get("/can-bo/quan-tri/nhat-ky")


def test_days_that_passed_and_lists_with_mistakes_are_not_written(desk: Desk, flask: Flask) -> None:
    admin = browser(desk, flask, "quantri")
    admin.get(CALENDAR)
    assert "từ ngày mai" in look(admin, 422, day="19/12/2022")
    assert "Dòng 2" in look(admin, 422, day="hôm qua")
    assert "Hãy ghi số" in look(admin, 422, paper="")
    content = "date;kind;name\n26/12/2022;nghỉ;Một\n24/12/2022;nghỉ;Thứ bảy\n"
    admin.post(CALENDAR, {"_action": "take", "content": content, "_number": "0", **PAPER}, 422)
    assert "24/12/2022" in admin.page
    assert desk.app.catalog.calendar(UNIT).version == "2026.1"


def test_who_looked_before_another_wrote_is_told_and_nothing_is_lost(desk: Desk, flask: Flask) -> None:
    one, other = browser(desk, flask, "quantri"), browser(desk, flask, "quantri2")
    for admin in (one, other):
        admin.get(CALENDAR)
        look(admin)
    write(one)
    kept = {"content": unescape(other.hidden("content")), "_number": "0", **PAPER}
    other.post(CALENDAR, {"_action": "take", **kept}, 422)
    assert "vừa sửa lịch" in other.page


HOURS = {
    "_action": "hours",
    "valid_from": "22/12/2022",
    "morning_from": "07:00",
    "morning_until": "11:00",
    "afternoon_from": "13:00",
    "afternoon_until": "16:00",
    "weekday": ["1", "2", "3", "4", "5"],
}


def test_office_hours_change_from_a_day_on_and_may_be_taken_back_until_then(desk: Desk, flask: Flask) -> None:
    admin = browser(desk, flask, "quantri")
    admin.get(CALENDAR)
    admin.post(CALENDAR, {**HOURS, **PAPER, "_number": "0", "valid_from": "19/12/2022", "morning_from": "bảy"}, 422)
    assert "Ghi giờ như 07:30." in admin.page
    assert "từ ngày mai" in admin.page
    assert 'value="bảy"' in admin.page, "what was typed is still there"
    admin.post(CALENDAR, {**HOURS, **PAPER, "_number": "0"})
    known = desk.app.catalog.calendar(UNIT)
    ends = [f"{known.end_of_day(date(2022, 12, day)):%H:%M}" for day in (21, 22)]
    assert (ends, known.version) == (["17:00", "16:00"], "2026.1+1")
    assert desk.app.catalog.calendar("xa-khac").version == "2026.1"
    assert "13:00–16:00" in admin.get(CALENDAR)
    back = {"_action": "drop", "valid_from": "22/12/2022", "_number": "1"}
    admin.post(CALENDAR, back)
    assert f"{desk.app.catalog.calendar(UNIT).end_of_day(date(2022, 12, 22)):%H:%M}" == "17:00"
    admin.get(CALENDAR)
    admin.post(CALENDAR, {**back, "_number": "2"}, 422)
    assert "Đổi giờ làm việc" in admin.get("/can-bo/quan-tri/nhat-ky")


def test_hours_that_another_administrator_wrote_meanwhile_are_not_written_over(desk: Desk, flask: Flask) -> None:
    one, other = browser(desk, flask, "quantri"), browser(desk, flask, "quantri2")
    for admin in (one, other):
        admin.get(CALENDAR)
    one.post(CALENDAR, {**HOURS, **PAPER, "_number": "0"})
    other.post(CALENDAR, {**HOURS, **PAPER, "_number": "0"}, 422)
    assert "vừa sửa lịch" in other.page


def test_a_confirmed_year_is_no_longer_missed(desk: Desk, flask: Flask) -> None:
    admin = browser(desk, flask, "quantri")
    admin.get(CALENDAR)
    confirm = {"_action": "confirm", "_number": "0", **PAPER}
    admin.post(CALENDAR, {**confirm, "year": "2031"}, 422)
    admin.post(CALENDAR, {**confirm, "year": "2023"})
    assert "chưa được xác nhận" not in admin.get(CALENDAR)
    browser(desk, flask, "chutich").post(CALENDAR, {**confirm, "year": "2023"}, 400)


def test_facts_of_the_unit_are_seen_on_every_page_and_kept_from_the_other_unit(desk: Desk, flask: Flask) -> None:
    path, facts = "/can-bo/quan-tri/don-vi", {"parent": "UBND huyện Mới", "place": "Mới", "hotline": "028 1234 567"}
    facts |= {"agency_code": "000.01.02.H29", "signer_name": "Trần Thị Ký", "signer_title": "Phó Chủ tịch"}
    admin = browser(desk, flask, "quantri")
    admin.get(path)
    admin.post(path, {**facts, "name": "", "valid_from": "18/12/2022"}, 422)
    assert "028 1234 567" in admin.page
    admin.post(path, {**facts, "name": "UBND xã Mới", "valid_from": "19/12/2022"})
    admin.get(path)
    admin.post(path, {**facts, "name": "UBND xã Sang Năm", "valid_from": "01/01/2023"})
    page = flask.test_client().get("/").text
    assert "UBND xã Mới" in page
    assert "028 1234 567" in page
    assert desk.app.catalog.settings["units"][UNIT]["signer_name"] == "Trần Thị Ký"
    elsewhere = browser(desk, flask, "nguoi-xa-khac")
    assert "UBND xã Mới" not in elsewhere.get(path)
    elsewhere.post(path, {**facts, "name": "UBND xã Khác", "valid_from": "19/12/2022"})
    assert "UBND xã Khác" in elsewhere.get("/can-bo/")
    assert "UBND xã Khác" not in admin.get("/can-bo/")
    desk.clock.set(desk.clock.now() + timedelta(days=20))
    assert "UBND xã Sang Năm" in flask.test_client().get("/").text


def test_fees_are_shown_with_their_ground_and_what_is_uncertain(desk: Desk, flask: Flask) -> None:
    page = browser(desk, flask, "chutich").get("/can-bo/quan-tri/phi")
    procedure = desk.app.catalog.current_all(desk.clock.now().date())
    assert [one.code for one in procedure if one.code not in page] == []
    assert "chưa chắc chắn" in page
    assert "catalog deploy" in page


def test_templates_are_shown_as_people_would_read_them(desk: Desk, flask: Flask) -> None:
    admin = browser(desk, flask, "quantri")
    page = admin.get("/can-bo/quan-tri/mau")
    keys = re.findall(r'href="/can-bo/quan-tri/mau/([a-z_]+)"', page)
    assert len(keys) > 10
    for key in keys:
        assert not re.search(r"<dd>.*\{[a-z_]+\}.*</dd>", admin.get(f"/can-bo/quan-tri/mau/{key}")), key
    admin.get("/can-bo/quan-tri/mau/nothing", 404)


def test_connections_are_shown_without_secrets_and_tried_by_administrators(tmp_path: Path) -> None:
    file = tmp_path / "connectors.toml"
    file.write_text('[post]\nurl = "http://127.0.0.1:9/post"\nkey = "very-secret-key"\nlocal = true\n', "utf-8")
    with desk_on_stage(tmp_path, connectors=file) as desk:
        put(desk, "quantri", {"administrator"})
        put(desk, "chutich", {"chairman"})
        flask = create_app(desk.app)
        admin, path = browser(desk, flask, "quantri"), "/can-bo/quan-tri/ket-noi"
        assert "very-secret-key" not in admin.get(path)
        assert "http://127.0.0.1:9/post" in admin.page
        admin.post(f"{path}/post", {})
        assert "ConnectionError" in admin.get(path)
        admin.post(f"{path}/files", {}, 404)
        leader = browser(desk, flask, "chutich")
        assert "Thử" not in leader.get(path).split("<section", 1)[1]
        leader.post(f"{path}/post", {}, 403)


def test_health_tells_of_the_database_the_processes_and_what_is_late(desk: Desk, flask: Flask) -> None:
    admin = browser(desk, flask, "quantri")
    assert "Chưa có tiến trình nào" in admin.get("/can-bo/quan-tri/tinh-trang")
    assert desk.app.desk.administration.keeping.beat() == 0
    page = admin.get("/can-bo/quan-tri/tinh-trang")
    assert "đang chạy" in page
    assert "cấu trúc mới nhất" in page
    desk.clock.set(desk.clock.now() + timedelta(minutes=2))
    assert "im lặng" in admin.get("/can-bo/quan-tri/tinh-trang")
    happy = min((ROOT / "catalog" / "xac-nhan-tinh-trang-hon-nhan" / "tests").glob("*.toml"))
    desk.play(happy, steps=2)
    desk.clock.set(desk.clock.now() + timedelta(days=400))
    again = browser(desk, flask, "quantri")
    assert "cần xem" in again.get("/can-bo/quan-tri/tinh-trang")
