"""A deputy at work: what is lent at the pages, on whose behalf history says, whose title the paper bears."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from engine.commands.messages import ClaimTask, CompleteTask
from engine.domain.case import Case
from engine.domain.errors import ForbiddenError
from tests.support.desk import UNIT, desk_on_stage
from tests.support.followed import HAPPY, Followed, open_of
from tests.support.papers import text_of
from tests.support.web_client import Browser
from web.auth import actor_of

PAGE = "/can-bo/lam-thay"


@pytest.fixture
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Followed]:
    with desk_on_stage(tmp_path_factory.mktemp("mandates")) as desk:
        yield Followed(desk)


@pytest.fixture
def admin(house: Followed) -> Browser:
    house.person("binh", "chairman")
    house.person("duc", "justice_officer")
    return house.person("quantri", "administrator")


def wanted(house: Followed, **other: str) -> dict[str, str]:
    today = house.app.clock.now().date()
    days = {"first": today.isoformat(), "last": (today + timedelta(days=1)).isoformat()}
    people = {"principal": "binh", "deputy": "duc", "groups": "chairman", "kind": "acting"}
    words = {"basis": "Quyết định số 15/QĐ-UBND", "acting": "TUQ. Chủ tịch", "title": "Công chức Tư pháp"}
    return {**people, **days, **words, **other}


def record(house: Followed, admin: Browser) -> None:
    admin.get(f"{PAGE}/them")
    admin.post(f"{PAGE}/them", wanted(house))


def signs(house: Followed, case: Case, who: str) -> None:
    """As a page does it: whoever signed in, with what is lent at this very moment."""
    account = house.app.accounts.by_id(who)
    assert account
    actor = house.app.desk.mandates.empowered(actor_of(account))
    which = {"unit": UNIT, "case_id": case.id, "key": open_of(case, "sign_result").key}
    house.app.handle(ClaimTask(**which), actor, f"claim-{who}-{case.id}")
    house.app.handle(CompleteTask(**which, data={"decision": "signed"}), actor, f"sign-{who}-{case.id}")
    house.app.worker.drain()


def paper(house: Followed, case: Case) -> str:
    return text_of(house.app.files.get(house.case(case.id).results[-1]["sha256"]))


def test_the_paper_bears_the_deputys_name_and_title_and_history_says_for_whom(house: Followed, admin: Browser) -> None:
    case = house.desk.play(HAPPY, steps=5, check=False)
    record(house, admin)
    signs(house, case, "duc")
    said = paper(house, case)
    assert "TUQ. CHỦ TỊCH" in said
    assert "CÔNG CHỨC TƯ PHÁP" in said
    assert "Nguyễn Văn Bình" not in said
    done = [link for link in house.app.store.events(case.id) if link.event.tag == "task:completed"][-1]
    assert (done.actor, done.on_behalf_of) == ("duc", "binh")


def test_while_it_holds_the_chairman_signs_with_the_own_title(house: Followed, admin: Browser) -> None:
    case = house.desk.play(HAPPY, steps=5, check=False)
    record(house, admin)
    signs(house, case, "binh")
    said = paper(house, case)
    assert "Nguyễn Văn Bình" in said
    assert "TUQ." not in said


def test_a_second_after_its_end_the_deputy_signs_nothing_though_the_task_was_claimed(
    house: Followed, admin: Browser
) -> None:
    case = house.desk.play(HAPPY, steps=5, check=False)
    record(house, admin)
    (mandate,) = house.app.desk.mandates.store.latest(UNIT, limit=5)
    house.desk.clock.set(mandate.ends_at)
    with pytest.raises(ForbiddenError):
        signs(house, case, "duc")
    assert house.app.ports.groups_of is not None
    assert "chairman" not in house.app.ports.groups_of(UNIT, "duc")


def test_the_deputy_sees_the_lent_queue_and_no_more_once_it_is_revoked(house: Followed, admin: Browser) -> None:
    duc = house.person("duc", "justice_officer")
    queue = "/can-bo/?group=chairman"
    assert queue not in duc.get("/can-bo/")
    record(house, admin)
    page = duc.get("/can-bo/")
    assert "Anh/chị đang làm thay binh" in page
    (mandate,) = house.app.desk.mandates.store.latest(UNIT, limit=5)
    admin.get(f"{PAGE}/{mandate.id}/thu-hoi")
    assert "nhiều nhất 300" in admin.post(f"{PAGE}/{mandate.id}/thu-hoi", {"reason": ""}, 422).text
    admin.post(f"{PAGE}/{mandate.id}/thu-hoi", {"reason": "đã về"})
    assert "đang làm thay" not in duc.get("/can-bo/")
    assert "đã về" in admin.get(PAGE)
    admin.get(f"{PAGE}/{mandate.id}/thu-hoi", 409)


def test_a_refusal_keeps_what_was_typed(house: Followed, admin: Browser) -> None:
    record(house, admin)
    admin.get(f"{PAGE}/them")
    answer = admin.post(f"{PAGE}/them", wanted(house, basis="Quyết định <b>khác</b>"), 422).text
    assert "đã được giao làm thay trong thời gian này" in answer
    assert "Quyết định &lt;b&gt;khác&lt;/b&gt;" in answer
    admin.get(f"{PAGE}/them")
    itself = admin.post(f"{PAGE}/them", wanted(house, deputy="binh"), 422).text
    assert "Không ai làm thay chính mình" in itself
