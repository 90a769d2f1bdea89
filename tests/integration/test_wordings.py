"""Administrators say things in their own words: from a day on, for their unit, never for what was written before."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from pathlib import Path

import pytest
from flask import Flask

from engine.adapters.db.wordings import SqlWordings
from engine.domain.actor import Actor
from engine.domain.errors import ForbiddenError, NotFoundError, StaleVersionError
from engine.domain.notice import Notice
from engine.domain.wording import Wording, WordingProblemsError, texts_of
from engine.ports.administration import Change
from tests.support.desk import UNIT, Desk, citizen, officer, open_desk
from tests.support.officers import browser, staffed
from tests.support.threads import at_once
from tests.support.told_house import book
from tests.support.web_client import Browser

KEY, LIST = "case_received", "/can-bo/quan-tri/mau"
PATH, TODAY = f"{LIST}/{KEY}", "19/12/2022"
CATALOG = texts_of(book().templates[KEY])
OWN = {**CATALOG, "title": "Xã đã nhận hồ sơ {code}"}
ADMIN = officer("administrator")
ELSEWHERE = Actor(id="x", name="x", kind="officer", unit="xa-khac", groups=frozenset({"administrator"}))


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def desk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Desk]:
    desk = open_desk(tmp_path, request.getfixturevalue(f"deployed_{request.param}_url"), deployed=True)
    yield desk
    desk.app.store.close()


@pytest.fixture
def flask(desk: Desk) -> Flask:
    return staffed(desk)


def send(admin: Browser, answer: int = 302, action: str = "save", **typed: str) -> Browser:
    """Send the form of the page at hand."""
    if not admin.hidden("_number"):
        admin.get(PATH)
    form = {**OWN, "valid_from": TODAY, "_number": admin.hidden("_number"), "_action": action, **typed}
    admin.post(PATH, form, answer)
    return admin


def title(desk: Desk, notice: Notice) -> str:
    return desk.app.notices.composer.page(notice, "vi")[0]


def written(desk: Desk, unit: str = UNIT) -> Notice:
    """A notice that is written now."""
    now = desk.clock.now()
    return Notice(unit=unit, key="k", template=KEY, created_at=now, run_at=now, data={"code": "C-1"})


def test_a_notice_has_the_words_of_the_moment_it_was_written_however_late_it_is_sent(desk: Desk, flask: Flask) -> None:
    before = written(desk)
    desk.clock.set(desk.clock.now() + timedelta(hours=1))
    admin = send(browser(desk, flask, "quantri"))
    after = written(desk)
    assert (title(desk, before), title(desk, after)) == ("Đã tiếp nhận hồ sơ C-1", "Xã đã nhận hồ sơ C-1")
    assert title(desk, written(desk, "xa-khac")) == "Đã tiếp nhận hồ sơ C-1"
    desk.clock.set(desk.clock.now() + timedelta(hours=1))
    admin.get(PATH)
    send(admin, action="catalog")
    assert (title(desk, after), title(desk, written(desk))) == ("Xã đã nhận hồ sơ C-1", "Đã tiếp nhận hồ sơ C-1")


def test_words_of_a_later_day_wait_for_it_and_can_be_taken_back_until_then(desk: Desk, flask: Flask) -> None:
    admin = send(browser(desk, flask, "quantri"), valid_from="25/12/2022")
    assert title(desk, written(desk)) == "Đã tiếp nhận hồ sơ C-1"
    assert "25/12/2022 (chưa đến)" in admin.get(PATH)
    assert "đổi từ 25/12/2022" in admin.get(LIST)
    take = {"_action": "take_back", "edition": "1"}
    admin.get(PATH)
    admin.post(PATH, {**take, "_number": admin.hidden("_number")})
    assert "chưa đến" not in admin.get(PATH)
    admin.post(PATH, {**take, "_number": admin.hidden("_number")}, 404)
    admin.get(PATH)
    send(admin, valid_from="25/12/2022")
    desk.clock.set(desk.clock.now() + timedelta(days=6))
    assert title(desk, written(desk)) == "Xã đã nhận hồ sơ C-1"
    again = browser(desk, flask, "quantri")
    again.get(PATH)
    again.post(PATH, {"_action": "take_back", "edition": "3", "_number": again.hidden("_number")}, 422)
    assert "đã dùng" in again.page


def test_a_look_shows_a_sample_and_saves_nothing(desk: Desk, flask: Flask) -> None:
    admin = browser(desk, flask, "quantri")
    assert "{due_at}" in admin.get(PATH)
    send(admin, 200, "look", body="Kính gửi: {name}\nPhí: {amount}")
    assert "chưa lưu" in admin.page
    assert "Kính gửi: Nguyễn Thị Mẫu\nPhí: 8.000 đồng" in unescape(admin.page)
    send(admin, 422, "look", title="{ai_day}")
    assert 'id="title-error"' in admin.page
    assert desk.app.catalog.wordings(UNIT) == ()


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"title": ""}, "title"),
        ({"title": "Hồ sơ {ma}"}, "title"),
        ({"body": "Xem {link"}, "body"),
        ({"body": "{{ config }} {code.__class__}"}, "body"),
        ({"status": "Của {name}"}, "status"),
        ({"status_en": "x" * 31}, "status_en"),
        ({"body": "x" * 60_000}, "body"),
        ({"valid_from": "18/12/2022"}, "valid_from"),
        ({"valid_from": "mai"}, "valid_from"),
    ],
)
def test_a_mistake_is_told_at_its_field_and_what_was_typed_stays(
    desk: Desk, flask: Flask, typed: dict[str, str], field: str
) -> None:
    admin = send(browser(desk, flask, "quantri"), 422, **typed)
    assert re.findall(r'id="(\w+)-error"', admin.page) == [field]
    assert {**OWN, **typed}["title"] in unescape(admin.page)
    assert desk.app.catalog.wordings(UNIT) == ()


def test_words_that_a_newer_catalog_no_longer_knows_are_marked_where_they_stand(desk: Desk, flask: Flask) -> None:
    texts, now = {**OWN, "body": "Kính gửi: {ten_cu}\nĐã nhận."}, desk.clock.now()
    row = Wording(
        unit=UNIT, template=KEY, edition=1, valid_from=now.date(), texts=texts, changed_at=now, changed_by="an"
    )
    change = Change(unit=UNIT, id="1" * 32, at=now, who="an", what="notice:worded", subject=KEY)
    SqlWordings(desk.app.store).put(row, change)
    assert "Tên “ten_cu” không có ở đây." in browser(desk, flask, "quantri").get(PATH)
    assert desk.app.notices.composer.page(written(desk), "vi")[1] == "Đã nhận."


def test_earlier_words_come_back_into_the_form_and_marks_are_of_one_encoding(desk: Desk, flask: Flask) -> None:
    admin = send(browser(desk, flask, "quantri"), title=unicodedata.normalize("NFD", OWN["title"]))
    admin.get(PATH)
    send(admin, title="Lần hai {code}")
    assert "Lần hai {code}</textarea>" in admin.get(PATH)
    assert f"{OWN['title']}</textarea>" in admin.get(f"{PATH}?lan=1")
    assert "nội dung riêng từ 19/12/2022" in admin.get(LIST)
    assert [row.texts["title"] for row in desk.app.catalog.wordings(UNIT)] == [OWN["title"], "Lần hai {code}"]


def test_who_looked_before_another_wrote_is_told_and_what_was_typed_stays(desk: Desk, flask: Flask) -> None:
    one, other = browser(desk, flask, "quantri"), browser(desk, flask, "quantri2")
    one.get(PATH)
    other.get(PATH)
    send(one)
    send(other, 422, title="Của người thứ hai {code}")
    assert "vừa sửa nội dung" in other.page
    assert "Của người thứ hai" in other.page
    send(other, title="Của người thứ hai {code}")
    assert title(desk, written(desk)) == "Của người thứ hai C-1"


def test_of_many_who_save_at_once_one_does(desk: Desk) -> None:
    words, day = desk.app.desk.administration.wordings, desk.clock.now().date()
    done = at_once([lambda: words.put(ADMIN, KEY, OWN, day, 0)] * 4)
    assert sorted(type(one).__name__ for one in done) == ["StaleVersionError"] * 3 + ["Wording"]


def test_units_do_not_see_each_others_words(desk: Desk, flask: Flask) -> None:
    send(browser(desk, flask, "quantri"))
    elsewhere = browser(desk, flask, "nguoi-xa-khac")
    for path in (PATH, LIST, f"{PATH}?lan=1"):
        assert "Xã đã nhận" not in elsewhere.get(path)
    send(elsewhere, title="Của xã khác {code}")
    assert (title(desk, written(desk)), title(desk, written(desk, "xa-khac"))) == (
        "Xã đã nhận hồ sơ C-1",
        "Của xã khác C-1",
    )


def test_only_administrators_write_and_auditors_read_who_did(desk: Desk, flask: Flask) -> None:
    words, day = desk.app.desk.administration.wordings, desk.clock.now().date()
    for actor in (officer("chairman"), officer("one_stop"), citizen()):
        for act in (
            lambda actor=actor: words.put(actor, KEY, OWN, day, 0),
            lambda actor=actor: words.back(actor, KEY, day, 0),
            lambda actor=actor: words.take_back(actor, KEY, 1, 0),
        ):
            with pytest.raises(ForbiddenError):
                act()
    browser(desk, flask, "mai").get(PATH, 403)
    assert "<textarea" not in browser(desk, flask, "chutich").get(PATH)
    send(browser(desk, flask, "quantri"))
    page = browser(desk, flask, "thanhtra").get("/can-bo/quan-tri/nhat-ky")
    assert "Đã tiếp nhận hồ sơ {code} → Xã đã nhận hồ sơ {code}" in page


def test_refusals_of_the_desk_change_nothing(desk: Desk) -> None:
    words, day = desk.app.desk.administration.wordings, desk.clock.now().date()
    with pytest.raises(NotFoundError):
        words.put(ADMIN, "nothing", OWN, day, 0)
    with pytest.raises(NotFoundError):
        words.take_back(ADMIN, KEY, 1, 0)
    with pytest.raises(WordingProblemsError):
        words.put(ADMIN, KEY, {}, day, 0)
    for number in (-1, 4):
        with pytest.raises(StaleVersionError):
            words.put(ADMIN, KEY, OWN, day, number)
    assert (list(words.rows(ADMIN)), words.number(ADMIN), words.number(ELSEWHERE)) == ([], 0, 0)
    assert desk.app.desk.administration.log.latest(UNIT) == []
