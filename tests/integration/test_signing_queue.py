"""The leader's queue: drafts as they would be issued, several signatures at once, each case by itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader

from engine.commands.messages import AddComment
from engine.domain.case import Case
from engine.domain.errors import ForbiddenError, TaskNotOpenError
from tests.support.desk import UNIT, desk_on_stage, officer
from tests.support.followed import HAPPY, Followed, open_of
from tests.support.web_client import Browser
from web.auth import hash_password

PASSWORD = "mật khẩu lãnh đạo"
LEADER = officer("chairman", name="leader")


@pytest.fixture
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Followed]:
    with desk_on_stage(tmp_path_factory.mktemp("signing")) as desk:
        yield Followed(desk)


@pytest.fixture
def leader(house: Followed) -> Browser:
    browser = house.person("leader", "chairman")
    account = house.app.accounts.by_id("leader")
    assert account
    house.app.accounts.put(replace(account, password_hash=hash_password(PASSWORD)))
    return browser


def to_sign(house: Followed, count: int) -> list[Case]:
    """Cases that wait for the leader."""
    cases = [house.desk.play(HAPPY, steps=5, check=False) for _ in range(count)]
    assert all(open_of(case, "sign_result") for case in cases)
    return cases


def marks(leader: Browser, cases: list[Case]) -> list[str]:
    """What the boxes of these cases send, on the page the leader has."""
    found = re.findall(r'name="chosen" value="([^"]*)"', leader.page)
    return [next(one for one in found if one.startswith(f"{case.id}|")) for case in cases]


def send(leader: Browser, chosen: list[str], status: int = 200, **more: str) -> str:
    """Send the form of the last page with these chosen."""
    data: dict[str, Any] = {**leader.own(), "chosen": chosen, **more}
    answer = leader.client.post("/can-bo/ky", data=data)
    assert answer.status_code == status, answer.text[:2000]
    leader.page = answer.text
    return answer.text


def signed(house: Followed, cases: list[Case]) -> list[bool]:
    house.app.worker.drain()
    return [any(link.event.tag == "result:signed" for link in house.app.store.events(case.id)) for case in cases]


def test_the_draft_says_what_was_declared_and_is_marked_as_one(house: Followed) -> None:
    (case,) = to_sign(house, 1)
    key = open_of(case, "sign_result").key
    said = " ".join(
        page.extract_text() for page in PdfReader(BytesIO(house.app.desk.signing.draft(LEADER, case.id, key))).pages
    )
    assert "DỰ THẢO" in said
    assert str(case.applicant["name"]).casefold() in said.casefold()
    assert house.case(case.id).version == case.version, "looking draws no number"
    with pytest.raises(ForbiddenError):
        house.app.desk.signing.draft(officer("one_stop"), case.id, key)
    with pytest.raises(TaskNotOpenError):
        house.app.desk.signing.draft(LEADER, case.id, "gone#1")


def test_several_are_signed_at_once_after_a_second_look_and_the_password(house: Followed, leader: Browser) -> None:
    cases = to_sign(house, 3)
    page = leader.get("/can-bo/ky")
    assert all(case.code in page for case in cases)
    chosen = marks(leader, cases[:2])
    page = send(leader, chosen, _action="review")
    assert "Ký 2 hồ sơ" in page
    assert cases[2].code not in page
    page = send(leader, chosen, _action="sign", password=PASSWORD)
    assert "Đã ký 2 trên 2 hồ sơ" in page
    assert signed(house, cases) == [True, True, False]
    numbers = [house.case(case.id).results[-1]["number"] for case in cases[:2]]
    assert len(set(numbers)) == 2


def test_nothing_is_signed_with_a_wrong_password_and_tries_are_counted(house: Followed, leader: Browser) -> None:
    cases = to_sign(house, 1)
    leader.get("/can-bo/ky")
    chosen = marks(leader, cases)
    for _ in range(5):
        assert "Mật khẩu không đúng" in send(leader, chosen, 422, _action="sign", password="sai")
    send(leader, chosen, 429, _action="sign", password=PASSWORD)
    assert signed(house, cases) == [False]


def test_sending_twice_signs_once_and_says_the_same(house: Followed, leader: Browser) -> None:
    cases = to_sign(house, 2)
    leader.get("/can-bo/ky")
    chosen = marks(leader, cases)
    send(leader, chosen, _action="review")
    own = leader.own()
    for _ in range(2):
        answer = leader.client.post(
            "/can-bo/ky", data={**own, "chosen": chosen, "_action": "sign", "password": PASSWORD}
        )
        assert "Đã ký 2 trên 2 hồ sơ" in answer.text
    house.app.worker.drain()
    for case in cases:
        done = [link.event for link in house.app.store.events(case.id) if link.event.tag == "task:completed"]
        assert len({event.key for event in done}) == len(done)


def test_what_a_colleague_signed_meanwhile_is_told_and_the_others_are_signed(house: Followed, leader: Browser) -> None:
    first, second = to_sign(house, 2)
    leader.get("/can-bo/ky")
    chosen = marks(leader, [first, second])
    send(leader, chosen, _action="review")
    house.go_on(first, HAPPY, begin=5, steps=6)
    page = send(leader, chosen, _action="sign", password=PASSWORD)
    assert "Đã ký 1 trên 2 hồ sơ" in page
    assert "Chưa ký" in page
    assert signed(house, [first, second]) == [True, True]


def test_choosing_nothing_is_said(leader: Browser) -> None:
    leader.get("/can-bo/ky")
    assert "Hãy chọn ít nhất một hồ sơ" in send(leader, [], 422, _action="review")


def test_a_case_that_changed_since_it_was_opened_is_refused_and_the_others_are_signed(
    house: Followed, leader: Browser
) -> None:
    first, second, third = to_sign(house, 3)
    leader.get("/can-bo/ky")
    chosen = marks(leader, [first, second, third])
    comment = AddComment(unit=UNIT, case_id=second.id, text="Người nộp vừa gọi: sai ngày sinh")
    house.app.handle(comment, officer("one_stop"), "a-word-of-warning")
    page = send(leader, chosen, _action="review")
    assert page.count("đã thay đổi từ lúc mở</span>") == 1
    page = send(leader, chosen, _action="sign", password=PASSWORD)
    assert "Đã ký 2 trên 3 hồ sơ" in page
    assert f"Hồ sơ {second.code} đã thay đổi từ lúc mở" in page
    assert signed(house, [first, second, third]) == [True, False, True]
    task = open_of(house.case(second.id), "sign_result")
    assert task.assignee is None, "nothing half written: it was not even claimed"
    leader.get("/can-bo/ky")
    page = send(leader, marks(leader, [second]), _action="sign", password=PASSWORD)
    assert "Đã ký 1 trên 1 hồ sơ" in page, "looked at again, it is signed"


def test_a_draft_that_would_be_printed_otherwise_is_refused_though_the_case_stood_still(
    house: Followed, leader: Browser
) -> None:
    (case,) = to_sign(house, 1)
    leader.get("/can-bo/ky")
    (mark,) = marks(leader, [case])
    *seen, digest = mark.split("|")
    other = "|".join([*seen, digest[::-1]])
    page = send(leader, [other], _action="sign", password=PASSWORD)
    assert "đã thay đổi từ lúc mở" in page
    assert signed(house, [case]) == [False]


@pytest.mark.parametrize("mark", ["", "|", "x|y", "a|b|c|d", "a|b|1|ABC", "|".join("x" * 5000 for _ in range(4))])
def test_what_nobody_could_have_ticked_is_not_signed(house: Followed, leader: Browser, mark: str) -> None:
    (case,) = to_sign(house, 1)
    leader.get("/can-bo/ky")
    send(leader, [mark], 422, _action="review")
    assert signed(house, [case]) == [False]
