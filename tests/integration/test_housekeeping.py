"""Administrators at their pages: people, groups, lists, and the log of all of it."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from engine.ports import Account
from tests.support.desk import UNIT, Desk, desk_on_stage
from tests.support.web_client import Browser
from web.app import create_app
from web.auth import COOKIE, hash_password, token_hash

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


def browser(desk: Desk, flask: Flask, who: str) -> Browser:
    """Somebody who has signed in."""
    client, now = flask.test_client(), desk.clock.now()
    token = f"token-of-{who}-{now.timestamp()}"
    desk.app.accounts.open_session(who, token_hash(token), now, now + timedelta(hours=9))
    client.set_cookie(COOKIE, token)
    return Browser(client)


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
