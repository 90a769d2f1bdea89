"""A leader's own key: its PIN opens it for one act, it signs for nobody else, and not beyond its certificate."""

from __future__ import annotations

import logging
import unicodedata
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from engine.commands.leading_messages import RecordSignature
from engine.commands.messages import ClaimTask, CompleteTask
from engine.domain.actor import Actor
from engine.domain.case import Case
from engine.domain.errors import DomainError, TaskNotOpenError
from engine.domain.signing_key import KeyLockedError, KeyOwnerError, KeyWindowError
from engine.replay import Auditor
from tests.support.desk import UNIT, officer
from tests.support.followed import Followed, open_of
from tests.support.key_store import Keys, beginning, boxes, ending, house_with, send, to_sign
from tests.support.signing import LEADER, Office, now, office
from tests.support.web_client import Browser
from web.auth import hash_password

PIN = "Mã-Khóa 4711 ễ"
PAGE = "/can-bo/ky"


@pytest.fixture(scope="module")
def shared() -> Iterator[Office]:
    with office() as found:
        yield found


@pytest.fixture
def room(shared: Office) -> Iterator[Office]:
    yield shared
    shared.book.turn("tsa", refuse=False, delay=0.0, lie="")


@pytest.fixture
def keys(room: Office, tmp_path: Path) -> Keys:
    return Keys(room, tmp_path)


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Any]:
    """Opens houses, and closes them when the test is over."""
    with ExitStack() as stack:
        yield lambda keys, url="": stack.enter_context(house_with(keys, tmp_path, url))


def leader_of(house: Followed, name: str = "binh") -> Browser:
    leader = house.person(name, "chairman")
    leader.get(PAGE)
    return leader


def events(house: Followed, case: Case, tag: str) -> list[Any]:
    return [link.event for link in house.app.store.events(case.id) if link.event.tag == tag]


def untouched(house: Followed, cases: list[Case]) -> bool:
    house.app.worker.drain()
    return all(house.case(case.id).version == case.version for case in cases)


def held_but_not_signed(house: Followed, case: Case, who: Actor, error: type[DomainError]) -> dict[str, str]:
    """Claim the task of signing on the work screen and sign there, which is refused; which task it was."""
    which = {"unit": UNIT, "case_id": case.id, "key": open_of(case, "sign_result").key}
    house.app.handle(ClaimTask(**which), who, "claim")
    with pytest.raises(error):
        house.app.handle(CompleteTask(**which, data={"decision": "signed"}), who, "sign")
    return which


def test_one_pin_signs_a_batch_and_the_key_is_shut_again(keys: Keys, opened: Any) -> None:
    house = opened(keys.leader("binh", PIN))
    cases = to_sign(house, 2)
    leader = leader_of(house)
    assert "Số PIN của khóa ký" in send(leader, _action="review")
    assert "Mật khẩu của anh/chị" not in leader.page
    assert "Đã ký 2 trên 2 hồ sơ" in send(leader, pin=PIN)
    for case in cases:
        (signed,) = events(house, case, "result:signed")
        assert (signed.signer, signed.role, signed.level) == (LEADER, "leader", "PAdES B-LT")
        assert open_of(house.case(case.id), "seal_result")
        assert Auditor(house.app.ports).differences(case.id) == []
    content = house.app.files.get(house.case(cases[0].id).results[0]["files"][0])
    with pytest.raises(KeyLockedError):
        house.app.ports.signing.sign(content, role="leader", signer=LEADER, key="k", officer="binh")


def test_the_pin_is_typed_in_either_form_of_its_marks(keys: Keys, opened: Any) -> None:
    house = opened(keys.leader("binh", unicodedata.normalize("NFD", PIN), unicodedata.normalize("NFD", LEADER)))
    to_sign(house)
    leader = leader_of(house)
    assert "Đã ký 1 trên 1 hồ sơ" in send(leader, pin=unicodedata.normalize("NFC", PIN))


@pytest.mark.parametrize("pin", ["", "sai", PIN.lower(), PIN + " ", "\0", "x" * 10_000])
def test_a_wrong_pin_signs_nothing(keys: Keys, opened: Any, pin: str) -> None:
    house = opened(keys.leader("binh", PIN))
    cases = to_sign(house)
    page = send(leader_of(house), 422, pin=pin)
    assert "Số PIN của khóa ký không đúng; chưa ký hồ sơ nào." in page
    assert untouched(house, cases)


def test_after_five_wrong_pins_the_right_one_is_refused_in_every_process_and_it_is_noted(
    keys: Keys, opened: Any, tmp_path: Path
) -> None:
    house = opened(keys.leader("binh", PIN))
    cases = to_sign(house)
    leader = leader_of(house)
    for _ in range(5):
        send(leader, 422, pin="sai")
    with house_with(keys, tmp_path, str(house.app.settings.database_url)) as other:
        again = leader_of(other)
        assert "Hãy đợi 15 phút" in send(again, 429, pin=PIN)
    assert untouched(house, cases)
    assert [one.account for one in house.app.desk.attempts.latest(UNIT) if one.page == "leading.sign"] == ["binh"]
    house.desk.clock.advance(timedelta(minutes=16))
    leader.get(PAGE)
    assert "Đã ký 1 trên 1 hồ sơ" in send(leader, pin=PIN)


def test_the_pin_is_nowhere_afterwards(
    keys: Keys, opened: Any, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    house = opened(keys.leader("binh", PIN))
    to_sign(house)
    leader = leader_of(house)
    send(leader, 422, pin=PIN + "?")
    assert PIN not in leader.page
    send(leader, pin=PIN)
    house.app.worker.drain()
    assert PIN not in caplog.text
    for path in (path for path in tmp_path.rglob("*") if path.is_file()):
        assert PIN.encode() not in path.read_bytes(), path


def test_a_form_with_a_pin_that_comes_after_the_session_ended_is_not_carried_along(keys: Keys, opened: Any) -> None:
    house = opened(keys.leader("binh", PIN))
    to_sign(house)
    leader = leader_of(house)
    data = {**leader.own(), "chosen": boxes(leader.page), "_action": "sign", "pin": PIN}
    house.desk.clock.advance(timedelta(days=100))
    answer = leader.client.post(PAGE, data=data)
    assert answer.status_code in (302, 400, 401)
    assert PIN not in answer.text


def test_what_was_decided_on_the_work_screen_waits_for_the_pin_and_no_worker_tries_it(keys: Keys, opened: Any) -> None:
    house = opened(keys.leader("binh", PIN))
    (case,) = to_sign(house)
    leader, actor = leader_of(house), officer("chairman", name="binh")
    which = {"unit": UNIT, "case_id": case.id, "key": open_of(case, "sign_result").key}
    house.app.handle(ClaimTask(**which), actor, "claim")
    house.app.handle(CompleteTask(**which, data={"decision": "signed"}), actor, "sign")
    house.app.worker.drain()
    waiting = house.case(case.id)
    (job,) = waiting.jobs.values()
    assert (job.awaits, job.run_at, waiting.incidents) == ("binh", None, {})
    assert waiting.results[0]["number"]
    assert Auditor(house.app.ports).differences(case.id) == []
    leader.get(PAGE)
    assert boxes(leader.page, "stamp") == [case.id]
    assert boxes(leader_of(house, "pho").page, "stamp") == [], "it waits for nobody else"
    leader.get(PAGE)
    assert "Đã ký 1 trên 1 hồ sơ" in send(leader, pin=PIN)
    assert open_of(house.case(case.id), "seal_result")
    assert boxes(leader.get(PAGE), "stamp") == []


def test_without_its_time_stamper_what_was_decided_waits_on_and_is_signed_later(
    keys: Keys, opened: Any, room: Office
) -> None:
    house = opened(keys.leader("binh", PIN))
    (case,) = to_sign(house)
    leader = leader_of(house)
    room.book.turn("tsa", refuse=True)
    page = send(leader, pin=PIN)
    assert "Đã ký 0 trên 1 hồ sơ" in page
    assert "Chưa ký số được" in page
    room.book.turn("tsa", refuse=False)
    leader.get(PAGE)
    assert "Đã ký 1 trên 1 hồ sơ" in send(leader, pin=PIN)
    assert len(events(house, case, "result:signed")) == 1


def test_the_same_form_sent_twice_signs_once(keys: Keys, opened: Any) -> None:
    house = opened(keys.leader("binh", PIN))
    (case,) = to_sign(house)
    leader = leader_of(house)
    data = {**leader.own(), "chosen": boxes(leader.page), "_action": "sign", "pin": PIN}
    for _ in range(2):
        assert "Đã ký 1 trên 1 hồ sơ" in leader.client.post(PAGE, data=data).text
    assert len(events(house, case, "result:signed")) == 1


def test_nobody_records_a_signature_that_waits_for_somebody_else(keys: Keys, opened: Any) -> None:
    house = opened(keys.leader("binh", PIN))
    (case,) = to_sign(house)
    actor = officer("chairman", name="binh")
    which = {"unit": UNIT, "case_id": case.id, "key": open_of(case, "sign_result").key}
    house.app.handle(ClaimTask(**which), actor, "claim")
    house.app.handle(CompleteTask(**which, data={"decision": "signed"}), actor, "sign")
    house.app.worker.drain()
    (job,) = house.case(case.id).jobs.values()
    forged = {"signature": "forged", "signer": LEADER}
    command = RecordSignature(unit=UNIT, case_id=case.id, key=job.key, outcome=forged)
    with pytest.raises(KeyOwnerError):
        house.app.handle(command, officer("chairman", name="pho"), "forge")
    with pytest.raises(TaskNotOpenError):
        house.app.handle(replace(command, key="gone#1"), actor, "forge-2")


@pytest.mark.parametrize("asks", [True, False])
def test_another_officers_key_signs_nothing_for_anybody_else(keys: Keys, opened: Any, asks: bool) -> None:
    house = opened(keys.leader("binh", PIN) if asks else keys.held("binh"))
    cases = to_sign(house)
    other = leader_of(house, "pho")
    assert "thuộc về người khác" in other.page
    page = send(other, 403, pin=PIN, password="x")
    assert "thuộc về người khác" in page
    actor = officer("chairman", name="pho")
    which = held_but_not_signed(house, cases[0], actor, KeyOwnerError)
    returned = {"decision": "returned", "return_reason": "Kiểm tra lại"}
    house.app.handle(CompleteTask(**which, data=returned), actor, "return")
    house.app.worker.drain()
    assert events(house, cases[0], "result:issued") == []


def mandate(house: Followed) -> None:
    house.person("binh", "chairman")
    house.person("duc", "justice_officer")
    admin = house.person("quantri", "administrator")
    today = house.app.clock.now().date()
    days = {"first": today.isoformat(), "last": (today + timedelta(days=1)).isoformat()}
    people = {"principal": "binh", "deputy": "duc", "groups": "chairman", "kind": "acting"}
    words = {"basis": "Quyết định số 15/QĐ-UBND", "acting": "KT. Chủ tịch", "title": "Phó Chủ tịch"}
    admin.get("/can-bo/lam-thay/them")
    admin.post("/can-bo/lam-thay/them", {**people, **days, **words})


def test_a_deputy_signs_with_the_own_key_while_the_mandate_runs(keys: Keys, opened: Any) -> None:
    house = opened(keys.leader("binh", "0000").leader("duc", PIN, "duc"))
    mandate(house)
    (case,) = to_sign(house)
    deputy = house.person("duc")
    deputy.get(PAGE)
    assert "Đã ký 1 trên 1 hồ sơ" in send(deputy, pin=PIN)
    (signed,) = events(house, case, "result:signed")
    assert (signed.signer, signed.acts_for, signed.acting) == ("duc", "binh", "KT. Chủ tịch")
    result = house.case(case.id).results[0]
    said = "Ký thay binh (KT. Chủ tịch)"
    pages = [f"/can-bo/ho-so/{case.id}/ket-qua/1", f"/ket-qua/{result['token']}"]
    assert all(said in deputy.get(page) for page in pages)
    history = deputy.get(f"/can-bo/ho-so/{case.id}")
    assert "ký thay binh (KT. Chủ tịch)" in history
    assert "duc, thay binh" in history
    assert Auditor(house.app.ports).differences(case.id) == []


def test_a_deputy_without_a_key_signs_nothing_not_even_with_the_principals(keys: Keys, opened: Any) -> None:
    house = opened(keys.leader("binh", PIN))
    mandate(house)
    cases = to_sign(house)
    deputy = house.person("duc")
    deputy.get(PAGE)
    assert "Chưa cài đặt chứng thư số cho duc" in send(deputy, 409, pin=PIN)
    assert untouched(house, cases)


@pytest.mark.parametrize("asks", [True, False])
@pytest.mark.parametrize("ended", [True, False])
def test_a_certificate_that_does_not_hold_refuses_before_anything_is_written(
    keys: Keys, opened: Any, room: Office, asks: bool, ended: bool
) -> None:
    """Ended yesterday, or begins tomorrow."""
    day = timedelta(days=1)
    made = ending(room, LEADER, now() - day) if ended else beginning(LEADER, now() + day)
    house = opened(keys.leader("binh", PIN, made=made) if asks else keys.held("binh", made=made))
    cases = to_sign(house)
    leader = leader_of(house)
    page = send(leader, 409, pin=PIN, password="x")
    assert "chỉ có hiệu lực từ" in page
    which = held_but_not_signed(house, cases[0], officer("chairman", name="binh"), KeyWindowError)
    assert events(house, cases[0], "task:completed")[-1].key != which["key"]


@pytest.mark.parametrize(("days", "warned"), [(200, False), (59, True), (29, True), (6, True)])
def test_a_certificate_that_ends_soon_is_warned_of_at_the_queue_and_on_the_health_page(
    keys: Keys, opened: Any, room: Office, days: int, warned: bool
) -> None:
    made = ending(room, LEADER, now() + timedelta(days=days, hours=1))
    house = opened(keys.leader("binh", PIN, made=made))
    page = leader_of(house).page
    assert f"còn {days} ngày" in page
    assert ("Hãy làm thủ tục gia hạn" in page) == warned
    health = house.person("quantri", "administrator").get("/can-bo/quan-tri/tinh-trang")
    assert f"còn {days} ngày" in health
    assert ("cần gia hạn" in health) == warned


def test_a_key_that_the_house_holds_asks_the_password_and_says_so(keys: Keys, opened: Any) -> None:
    house = opened(keys.held("binh"))
    to_sign(house)
    leader = leader_of(house)
    account = house.app.accounts.by_id("binh")
    house.app.accounts.put(replace(account, password_hash=hash_password("mật khẩu")))
    page = send(leader, _action="review")
    assert "Khóa ký do hệ thống giữ nên không hỏi số PIN" in page
    assert 'name="pin"' not in page
    assert "Mật khẩu không đúng" in send(leader, 422, password="sai")
    assert "Đã ký 1 trên 1 hồ sơ" in send(leader, password="mật khẩu")
