"""What every queue of notices promises: a key once, a claim for one, an inbox for its owner, wishes that hold."""

from __future__ import annotations

from dataclasses import replace
from datetime import time, timedelta
from typing import Any

import pytest

from engine.adapters.db import SqlNotices, SqlStore, SqlTokens
from engine.adapters.memory import MemoryStore
from engine.adapters.memory_notices import MemoryTokens
from engine.domain.notice import DEFAULT, Attachment, Notice, Preferences, Try
from engine.ports import Store
from engine.ports.notices import NoticeLease, NoticeQueue, Settled, Token, Tokens
from tests.support.cases import START, UNIT, case, history
from tests.support.threads import at_once

MINUTE = timedelta(minutes=1)


def notice(number: int = 1, **changes: Any) -> Notice:
    values: dict[str, Any] = {
        "unit": UNIT,
        "key": f"case{number}/received",
        "template": "case_received",
        "event": "case:status_changed",
        "case_id": f"{number:032d}",
        "account": "lan",
        "phone": "0903000111",
        "email": "lan@example.vn",
        "data": {"code": f"H-{number}", "procedure": {"vi": "Khai sinh", "en": "Birth"}, "items": ["một", "hai"]},
        "attachments": (Attachment(sha256="a" * 64, name="Giấy khai sinh.pdf"),),
        "created_at": START + timedelta(seconds=number),
        "run_at": START + timedelta(seconds=number),
    }
    return Notice(**{**values, **changes})


def tried(outcome: Any = "sent", channel: str = "email", provider_id: str = "m1") -> Try:
    return Try(channel=channel, at=START, outcome=outcome, provider_id=provider_id)


@pytest.fixture
def queue(store: Store) -> NoticeQueue:
    if isinstance(store, MemoryStore):
        return store.notices()
    assert isinstance(store, SqlStore)
    return SqlNotices(store)


@pytest.fixture
def tokens(store: Store) -> Tokens:
    return SqlTokens(store) if isinstance(store, SqlStore) else MemoryTokens()


def take(queue: NoticeQueue, minutes: float = 1, limit: int = 10) -> list[NoticeLease]:
    return queue.claim(START + minutes * MINUTE, limit=limit, lease=MINUTE)


def done(queue: NoticeQueue, *tries: Try, state: Any = "sent") -> None:
    (claim,) = take(queue)
    assert queue.settle(claim, Settled(tries=tries, state=state), START)


def test_a_notice_comes_back_as_it_was_put_and_twice_under_one_key_is_once(queue: NoticeQueue) -> None:
    first = notice()
    queue.put([first])
    queue.put([replace(first, template="other"), notice(2)])
    kept = queue.of_account(UNIT, "lan")
    assert [each.notice.key for each in kept] == [notice(2).key, first.key]
    assert kept[1].notice == first
    assert (kept[1].state, kept[1].attempts, kept[1].read_at, kept[1].tries) == ("open", 0, None, ())


def test_the_same_key_in_another_unit_is_another_notice(queue: NoticeQueue) -> None:
    queue.put([notice(), notice(unit="xa-khac")])
    assert [len(queue.of_account(unit, "lan")) for unit in (UNIT, "xa-khac")] == [1, 1]


def test_text_of_any_kind_is_kept(queue: NoticeQueue) -> None:
    odd = notice(data={"text": "Ế 😀 \0 'x' \\ %s"}, email="lan\0@example.vn")
    queue.put([odd])
    (kept,) = queue.of_account(UNIT, "lan")
    assert kept.notice.data["text"].replace("\0", "") == "Ế 😀  'x' \\ %s"


def test_what_a_case_tells_is_kept_with_the_case_and_lost_with_it(store: Store, queue: NoticeQueue) -> None:
    begun = case()
    with store.begin() as uow:
        uow.save(None, begun, history(begun), None, [notice(), notice()])
    assert queue.of_account(UNIT, "lan") == [], "nothing was committed"
    with store.begin() as uow:
        uow.save(None, begun, history(begun), None, [notice(), notice()])
        uow.commit()
    assert len(queue.of_account(UNIT, "lan")) == 1
    store.rebuild(begun)
    assert len(queue.of_account(UNIT, "lan")) == 1, "what was told is no part of the state that is rebuilt"


def test_what_is_due_is_claimed_once_and_oldest_first(queue: NoticeQueue) -> None:
    queue.put([notice(3), notice(1), notice(2), notice(4, run_at=START + 10 * MINUTE)])
    assert queue.soonest(START) == START + timedelta(seconds=1)
    first, second = take(queue, limit=2), take(queue, limit=2)
    assert [each.kept.notice.key for each in first + second] == [notice(n).key for n in (1, 2, 3)]
    assert take(queue) == []
    assert queue.soonest(START + MINUTE) == START + 10 * MINUTE


def test_an_expired_lease_shuts_its_holder_out(queue: NoticeQueue) -> None:
    queue.put([notice()])
    (old,) = take(queue)
    (new,) = take(queue, 2)
    assert (new.fence, new.kept.attempts) == (old.fence + 1, 2)
    assert not queue.settle(old, Settled(tries=(tried(),), state="sent"), START)
    assert queue.settle(new, Settled(tries=(tried("later"),), run_at=START + 5 * MINUTE), START)
    assert take(queue, 4) == []
    (again,) = take(queue, 5)
    assert [each.outcome for each in again.kept.tries] == ["later"]


def test_what_is_over_is_not_claimed_and_its_secret_is_gone(queue: NoticeQueue) -> None:
    queue.put([notice(data={"otp": "123456"})])
    (claim,) = take(queue)
    assert queue.settle(claim, Settled(tries=(tried(),), state="sent", wipe=True), START + MINUTE)
    assert take(queue, 1000) == []
    (kept,) = queue.of_account(UNIT, "lan")
    assert (kept.state, kept.finished_at, kept.notice.data) == ("sent", START + MINUTE, {})


def test_many_claimers_at_once_share_the_notices_without_overlap(queue: NoticeQueue) -> None:
    queue.put([notice(number) for number in range(1, 31)])

    def drain() -> list[str]:
        found: list[str] = []
        while batch := take(queue, limit=3):
            found += [each.kept.notice.key for each in batch]
        return found

    found = at_once([drain] * 4)
    assert not [each for each in found if isinstance(each, Exception)], found
    keys = [key for part in found if not isinstance(part, Exception) for key in part]
    assert sorted(keys) == sorted(notice(number).key for number in range(1, 31))


def test_a_claim_brings_what_the_account_wants_now(queue: NoticeQueue) -> None:
    wants = Preferences(email=False, sms=True, lang="en", quiet_from=time(20, 30), quiet_to=time(7))
    queue.put([notice(1), notice(2, account="hung"), notice(3, account="")])
    queue.prefer(UNIT, "lan", Preferences(), START)
    queue.prefer(UNIT, "lan", wants, START)
    assert [each.wants for each in take(queue)] == [wants, DEFAULT, DEFAULT]
    assert queue.preferences(UNIT, "lan") == wants
    assert queue.preferences("xa-khac", "lan") == DEFAULT


def test_the_inbox_is_its_owners_alone_and_goes_on_where_it_ended(queue: NoticeQueue) -> None:
    queue.put([notice(number) for number in range(1, 6)])
    queue.put([notice(9, account="hung")])
    first = queue.of_account(UNIT, "lan", limit=2)
    rest = queue.of_account(UNIT, "lan", limit=9, before=first[-1].notice.id)
    assert [each.notice.key for each in first + rest] == [notice(n).key for n in (5, 4, 3, 2, 1)]
    assert queue.unread(UNIT, "lan") == 5
    assert queue.one(UNIT, first[0].notice.id) == first[0]
    assert queue.one("xa-khac", first[0].notice.id) is None
    queue.read(UNIT, "lan", START, [first[0].notice.id, notice(9, account="hung").id])
    assert [queue.unread(UNIT, name) for name in ("lan", "hung")] == [4, 1]
    queue.read(UNIT, "lan", START)
    assert [queue.unread(UNIT, name) for name in ("lan", "hung")] == [0, 1]


def test_a_channel_tells_the_end_once_and_only_of_what_it_took(queue: NoticeQueue) -> None:
    queue.put([notice()])
    done(queue, tried("sent", "sms", "S1"))
    assert not queue.called_back("sms", "S2", "delivered", START), "nobody sent that"
    assert not queue.called_back("zalo", "S1", "delivered", START), "another channel's"
    assert not queue.called_back("sms", "", "delivered", START)
    assert queue.called_back("sms", "S1", "delivered", START)
    assert not queue.called_back("sms", "S1", "undelivered", START), "its end is known"
    (kept,) = queue.of_case(UNIT, notice().case_id)
    assert (kept.state, kept.tries[0].outcome) == ("sent", "delivered")


def test_what_did_not_arrive_goes_back_into_the_queue(queue: NoticeQueue) -> None:
    queue.put([notice()])
    done(queue, tried("sent", "sms", "S1"))
    assert queue.called_back("sms", "S1", "undelivered", START + MINUTE, "state 4")
    (claim,) = take(queue, 1)
    assert [(each.outcome, each.error) for each in claim.kept.tries] == [("undelivered", "state 4")]


def test_only_a_failed_notice_is_tried_again_and_its_failures_are_forgiven(queue: NoticeQueue) -> None:
    queue.put([notice()])
    key = notice().id
    assert not queue.again(UNIT, key, START)
    done(queue, tried("refused"), state="failed")
    assert queue.counts(UNIT) == {"failed": 1}
    assert [each.notice.id for each in queue.listed(UNIT, "failed")] == [key]
    assert not queue.again("xa-khac", key, START)
    assert queue.again(UNIT, key, START)
    (claim,) = take(queue)
    assert [each.forgiven for each in claim.kept.tries] == [True]
    assert queue.listed(UNIT, "failed") == []


def test_a_token_is_renewed_by_one_of_many(tokens: Tokens) -> None:
    assert tokens.current(UNIT, "zalo") is None
    first = Token(access="a1", refresh="r1", expires_at=START, version=1)
    assert tokens.replace(UNIT, "zalo", first)
    assert not tokens.replace(UNIT, "zalo", first)
    until = START + MINUTE
    begun = at_once([lambda: tokens.begin(UNIT, "zalo", 1, START, until)] * 4)
    assert [each for each in begun if each is True] == [True], begun
    assert not tokens.begin(UNIT, "zalo", 1, START, until)
    assert tokens.begin(UNIT, "zalo", 1, until, until + MINUTE), "whoever had it is gone"
    second = replace(first, access="a2", refresh="r2", version=2)
    assert tokens.replace(UNIT, "zalo", second)
    assert not tokens.replace(UNIT, "zalo", replace(second, access="late")), "the late one changes nothing"
    assert tokens.current(UNIT, "zalo") == second
    assert not tokens.begin(UNIT, "zalo", 1, until + MINUTE, until + 2 * MINUTE), "there is a newer one"
    assert tokens.begin(UNIT, "zalo", 2, START, until)
