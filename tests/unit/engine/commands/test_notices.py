"""Everybody reads their own notices and says what they want; deliveries are for administrators."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine.adapters.clock import SteppedClock
from engine.adapters.memory_notices import MemoryNotices
from engine.domain.errors import ForbiddenError, NotFoundError
from engine.domain.notice import Preferences
from tests.support.small_house import ADMIN, CHAIRMAN, CITIZEN, CLERK, NINE, UNIT
from tests.support.told_house import Told

HUNG = replace(CITIZEN, id="hung")


@pytest.fixture
def told() -> Told:
    return Told(MemoryNotices(), SteppedClock(NINE))


def test_the_inbox_shows_ones_own_notices_and_no_codes(told: Told) -> None:
    told.desk.tell(template="draft_expiring", data={"path": "/nhap/7"}, key="a", account=CITIZEN.id)
    told.desk.tell(template="draft_expiring", data={}, key="b", account=HUNG.id)
    told.desk.tell(template="otp", data={"otp": "1"}, key="c", account=CITIZEN.id, phone="0903000111")
    (own,) = told.desk.inbox(CITIZEN)
    assert own.notice.key == "a"
    assert told.desk.own(CITIZEN, own.notice.id) == own
    assert told.desk.own(HUNG, own.notice.id) is None
    assert all(
        told.desk.own(CITIZEN, each.notice.id) is None for each in told.queue.listed(UNIT) if each.notice.key != "a"
    )
    assert "https://dichvucong.xa-mau.example/nhap/7" in told.desk.shown(own, "vi")[1]


def test_reading_counts_down(told: Told) -> None:
    told.desk.tell(template="draft_expiring", data={}, key="a", account=CITIZEN.id)
    assert told.desk.unread(CITIZEN) == 1
    told.desk.read(HUNG)
    assert told.desk.unread(CITIZEN) == 1
    told.desk.read(CITIZEN)
    assert told.desk.unread(CITIZEN) == 0


def test_twice_under_one_key_is_once_and_an_unknown_template_is_refused(told: Told) -> None:
    for _ in range(2):
        told.desk.tell(template="draft_expiring", data={}, key="a", account=CITIZEN.id)
    assert len(told.desk.inbox(CITIZEN)) == 1
    with pytest.raises(NotFoundError):
        told.desk.tell(template="nothing", data={}, key="b", account=CITIZEN.id)


def test_wishes_are_kept_for_each_account(told: Told) -> None:
    told.desk.prefer(CITIZEN, Preferences(sms=True))
    assert told.desk.preferences(CITIZEN).sms
    assert not told.desk.preferences(HUNG).sms


@pytest.mark.parametrize("actor", [CITIZEN, CLERK, CHAIRMAN])
def test_deliveries_are_not_for_everybody(told: Told, actor: object) -> None:
    for ask in (told.desk.deliveries, told.desk.counts, lambda who: told.desk.again(who, "x")):
        with pytest.raises(ForbiddenError):
            ask(actor)  # type: ignore[operator]  # each takes an actor


def test_an_administrator_sends_a_dead_letter_again(told: Told) -> None:
    told.channels["email"].refused = 1
    told.desk.tell(template="draft_expiring", data={}, key="a", account=CITIZEN.id, email="lan@example.vn")
    told.deliverer.drain()
    assert told.desk.counts(ADMIN) == {"failed": 1}
    (dead,) = told.desk.deliveries(ADMIN, "failed")
    assert told.desk.again(ADMIN, dead.notice.id)
    assert not told.desk.again(ADMIN, dead.notice.id)
    assert told.desk.run_due() == 1
    assert told.desk.counts(ADMIN) == {"sent": 1}


def test_a_callback_is_nobodys_where_there_is_no_gateway(told: Told) -> None:
    assert not told.desk.called_back("secret", {"SMSID": "1", "SendStatus": "5"})
