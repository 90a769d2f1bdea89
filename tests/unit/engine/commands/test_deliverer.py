"""Notices leave by the channel that is wanted and works, and what does not leave is not forgotten."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from engine.adapters.clock import SteppedClock
from engine.adapters.memory_notices import MemoryNotices
from engine.commands.deliverer import LEASE, MOST
from engine.domain.errors import DatabaseUnavailableError
from engine.domain.notice import Attachment, KeptNotice, Notice, Preferences
from tests.support.small_house import NINE, UNIT
from tests.support.told_house import Told

ALL = Preferences(email=True, sms=True, zalo=True)


@pytest.fixture
def told() -> Told:
    return Told(MemoryNotices(), SteppedClock(NINE))


def put(told: Told, key: str = "k1", **changes: Any) -> None:
    now = told.clock.now()
    values: dict[str, Any] = {"account": "lan", "phone": "0903000111", "email": "lan@example.vn", "data": {"code": "H"}}
    values |= {"template": "case_received", "created_at": now, "run_at": now, **changes}
    told.queue.put([Notice(unit=UNIT, key=key, **values)])


def the(told: Told) -> KeptNotice:
    (kept,) = told.queue.listed(UNIT)
    return kept


def run(told: Told, until: datetime) -> None:
    """Let time pass as a ticker would."""
    told.deliverer.drain()
    while (at := told.queue.soonest(told.clock.now())) is not None and at <= until:
        told.clock.set(at)
        told.deliverer.drain()


def test_by_default_a_mail_is_sent_and_nothing_else(told: Told) -> None:
    put(told)
    assert told.deliverer.run_due() == 1
    assert told.sent() == {"zalo": [], "sms": [], "email": ["case_received"]}
    assert (the(told).state, the(told).tries[0].provider_id) == ("sent", "id-1")
    assert told.deliverer.run_due() == 0


def test_zalo_then_sms_then_mail(told: Told) -> None:
    told.queue.prefer(UNIT, "lan", ALL, NINE)
    told.channels["zalo"].refused = told.channels["sms"].refused = 1
    put(told)
    told.deliverer.drain()
    assert [(each.channel, each.outcome) for each in the(told).tries] == [
        ("zalo", "refused"),
        ("sms", "refused"),
        ("email", "sent"),
    ]
    assert the(told).state == "sent"


def test_what_is_down_is_tried_again_ever_later_and_then_another_stands_in(told: Told) -> None:
    told.queue.prefer(UNIT, "lan", Preferences(email=True, sms=True), NINE)
    told.channels["sms"].down = MOST[0]
    put(told)
    run(told, NINE + timedelta(hours=5))
    tries = [each for each in the(told).tries]
    assert [each.channel for each in tries] == ["sms"] * MOST[0] + ["email"]
    gaps = [later.at - earlier.at for earlier, later in zip(tries, tries[1:], strict=False)]
    assert gaps[: MOST[0] - 1] == [timedelta(seconds=30 * 2**n) for n in range(MOST[0] - 1)]
    assert the(told).state == "sent"


def test_a_mail_server_that_is_down_for_half_a_day_loses_nothing(told: Told) -> None:
    told.channels["email"].down = 15
    put(told)
    run(told, NINE + timedelta(hours=12))
    assert the(told).state == "sent"


def test_what_no_channel_takes_is_a_dead_letter_that_somebody_can_send_again(told: Told) -> None:
    told.channels["email"].refused = 1
    put(told)
    told.deliverer.drain()
    assert (the(told).state, the(told).tries[0].error) == ("failed", "no such address")
    told.queue.again(UNIT, the(told).notice.id, NINE)
    told.deliverer.drain()
    assert the(told).state == "sent"
    assert len(told.sent()["email"]) == 1


def test_who_opted_out_of_everything_finds_it_in_the_inbox(told: Told) -> None:
    told.queue.prefer(UNIT, "lan", Preferences(email=False), NINE)
    put(told)
    told.deliverer.drain()
    assert the(told).state == "inbox"
    assert told.sent() == {"zalo": [], "sms": [], "email": []}


def test_an_opt_out_holds_for_what_waits_already(told: Told) -> None:
    told.channels["email"].down = 1
    put(told)
    told.deliverer.drain()
    told.queue.prefer(UNIT, "lan", Preferences(email=False), NINE)
    run(told, NINE + timedelta(hours=5))
    assert told.sent()["email"] == []
    assert the(told).state == "inbox"


def test_at_night_a_message_waits_for_the_morning(told: Told) -> None:
    told.queue.prefer(UNIT, "lan", Preferences(email=False, sms=True), NINE)
    told.clock.set(NINE.replace(hour=23, minute=30))
    put(told)
    told.deliverer.drain()
    assert (told.sent()["sms"], the(told).state) == ([], "open")
    morning = NINE.replace(hour=6) + timedelta(days=1)
    assert told.queue.soonest(told.clock.now()) == morning
    run(told, morning)
    assert told.sent()["sms"] == ["case_received"]


def test_a_mail_with_files_goes_beside_the_short_message(told: Told) -> None:
    told.queue.prefer(UNIT, "lan", ALL, NINE)
    told.files["ab"] = b"%PDF"
    put(told, attachments=(Attachment(sha256="ab", name="Kết quả.pdf"),))
    told.deliverer.drain()
    assert told.sent() == {"zalo": ["case_received"], "sms": [], "email": ["case_received"]}
    assert told.channels["email"].sent[0].files[0][1] == b"%PDF"
    assert the(told).state == "sent"


def test_one_half_that_is_down_does_not_send_the_other_half_twice(told: Told) -> None:
    told.queue.prefer(UNIT, "lan", ALL, NINE)
    told.files["ab"] = b"%PDF"
    told.channels["email"].down = 1
    put(told, attachments=(Attachment(sha256="ab", name="Kết quả.pdf"),))
    run(told, NINE + timedelta(hours=1))
    assert told.sent() == {"zalo": ["case_received"], "sms": [], "email": ["case_received"]}


def test_a_code_is_sent_by_night_wiped_at_once_and_never_by_mail(told: Told) -> None:
    told.clock.set(NINE.replace(hour=23))
    told.desk.tell(template="otp", data={"otp": "482913"}, key="otp/1", phone="0903000111", email="lan@example.vn")
    told.deliverer.drain()
    assert "482913" in told.channels["sms"].sent[0].text
    assert told.sent()["email"] == []
    assert the(told).notice.data == {}


def test_a_code_that_is_void_is_not_sent_any_more(told: Told) -> None:
    told.channels["sms"].down = 100
    told.desk.tell(template="otp", data={"otp": "482913"}, key="otp/1", phone="0903000111")
    run(told, NINE + timedelta(hours=1))
    assert (the(told).state, the(told).notice.data) == ("failed", {})
    told.desk.tell(template="otp", data={"otp": "482914"}, key="otp/2", phone="0903000111")
    told.clock.advance(timedelta(minutes=5))
    told.deliverer.drain()
    assert told.queue.listed(UNIT)[0].state == "expired"
    assert told.queue.listed(UNIT)[0].notice.data == {}


def test_a_missing_file_is_told_and_not_tried_for_ever(told: Told) -> None:
    put(told, attachments=(Attachment(sha256="gone", name="x.pdf"),))
    run(told, NINE + timedelta(hours=20))
    assert the(told).state == "failed"
    assert told.sent()["email"] == []


def test_a_channel_that_is_down_holds_up_no_others(told: Told) -> None:
    told.queue.prefer(UNIT, "hung", Preferences(email=False, sms=True), NINE)
    told.channels["email"].down = 1
    put(told, "k1")
    put(told, "k2")
    put(told, "k3", account="hung")
    told.deliverer.run_due()
    assert told.channels["email"].down == 0, "the second was not tried while the channel was down a moment ago"
    assert told.sent() == {"zalo": [], "sms": ["case_received"], "email": []}
    run(told, NINE + timedelta(hours=1))
    assert len(told.sent()["email"]) == 2


def test_what_a_lease_leaves_no_time_for_is_left_to_the_next(told: Told) -> None:
    class Slow:
        sent = 0

        def send(self, message: Any) -> str:
            told.clock.advance(LEASE)
            self.sent += 1
            return "x"

    slow = Slow()
    told.channels["email"] = slow  # type: ignore[assignment]  # another kind of channel
    put(told, "k1")
    put(told, "k2")
    told.deliverer.run_due()
    assert slow.sent == 1
    told.deliverer.run_due()
    assert slow.sent == 2


def test_a_database_that_is_away_is_no_channels_fault(told: Told) -> None:
    class Away:
        def send(self, message: Any) -> str:
            raise DatabaseUnavailableError()

    told.channels["email"] = Away()  # type: ignore[assignment]  # another kind of channel
    put(told)
    with pytest.raises(DatabaseUnavailableError):
        told.deliverer.run_due()
    assert the(told).tries == ()


def test_who_dies_between_sending_and_noting_it_sends_again_under_the_same_key(told: Told) -> None:
    put(told)
    (claim,) = told.queue.claim(NINE, limit=1, lease=LEASE)
    told.deliverer._try(claim, "email", NINE)  # and then nothing: the process is gone
    assert told.deliverer.drain() == 0
    told.clock.advance(LEASE)
    told.deliverer.drain()
    first, second = told.channels["email"].sent
    assert first.key == second.key, "the channel can tell that it is the same"
    assert (the(told).state, len(the(told).tries)) == ("sent", 1)


def test_a_message_that_is_put_off_alone_holds_up_no_other(told: Told) -> None:
    told.channels["email"].down, told.channels["email"].alone = 1, True
    put(told, "k1")
    put(told, "k2")
    told.deliverer.run_due()
    assert len(told.sent()["email"]) == 1
    run(told, NINE + timedelta(minutes=1))
    assert len(told.sent()["email"]) == 2


def test_a_file_that_cannot_be_read_yet_holds_up_no_other_notice(told: Told) -> None:
    put(told, "k1", data={"code": ["no", "code"], "path": {"a": "b"}, "items": 7})

    def content(name: str) -> bytes:
        raise OSError("the disk is gone")

    object.__setattr__(told.deliverer._composer, "content", content)
    put(told, "k2", attachments=(Attachment(sha256="ab", name="x.pdf"),))
    put(told, "k3")
    told.deliverer.run_due()
    assert len(told.sent()["email"]) == 2
    object.__setattr__(told.deliverer._composer, "content", lambda name: b"%PDF")
    run(told, NINE + timedelta(minutes=1))
    assert len(told.sent()["email"]) == 3
