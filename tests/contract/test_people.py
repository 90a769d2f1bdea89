"""What every keeper of registrations, codes, identities and sessions promises."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from engine.adapters.db import SqlAccounts, SqlPeople
from engine.adapters.memory_people import MemoryAccounts
from engine.adapters.memory_registrations import MemoryPeople
from engine.domain.errors import StaleVersionError
from engine.domain.registration import Registration
from engine.ports import Account, Accounts
from engine.ports.people import Identity, PeopleStore
from tests.contract.conftest import KINDS
from tests.support.samples import NOW, SECOND, UNIT
from tests.support.threads import at_once

HOUR = timedelta(hours=1)
BEGUN = Registration(
    id="r1",
    unit=UNIT,
    way="mobile",
    subtype="person",
    step="begun",
    wants="code",
    given={"name": "Đặng Thị Mai", "phone": "0903000111"},
    facts={},
    reference={},
    begun_at=NOW,
    expires_at=NOW + HOUR,
)
LAN = Account(
    id="lan", login="lan", name="Lan", kind="citizen", unit=UNIT, groups=frozenset(), password_hash="x", profile={}
)
LINK = Identity(unit=UNIT, issuer="idp", subject="s1", account_id="lan", linked_at=NOW)
Both = tuple[PeopleStore, Accounts]


@pytest.fixture(params=KINDS)
def both(request: pytest.FixtureRequest) -> Both:
    if request.param == "memory":
        accounts = MemoryAccounts()
        return MemoryPeople(accounts), accounts
    store = request.getfixturevalue(f"{request.param}_store")
    return SqlPeople(store), SqlAccounts(store)


@pytest.fixture
def people(both: Both) -> PeopleStore:
    return both[0]


def test_a_registration_is_found_as_it_was_begun_and_only_in_its_unit(people: PeopleStore) -> None:
    people.begin(BEGUN)
    assert people.registration(UNIT, "r1") == BEGUN
    assert people.registration("xa-khac", "r1") is None
    assert people.registration(UNIT, "r2") is None


def test_of_two_who_save_the_same_state_one_is_told(people: PeopleStore) -> None:
    people.begin(BEGUN)
    proven = people.save(replace(BEGUN, step="proven", facts={"id_number": "079190001234"}))
    assert proven.version == 2
    assert people.registration(UNIT, "r1") == proven
    with pytest.raises(StaleVersionError):
        people.save(replace(BEGUN, step="proven"))
    with pytest.raises(StaleVersionError):
        people.save(replace(BEGUN, id="never"))


def test_of_many_who_save_at_once_one_gets_through(people: PeopleStore) -> None:
    people.begin(BEGUN)
    answers = at_once([lambda: people.save(replace(BEGUN, step="proven"))] * 6)
    assert len([one for one in answers if isinstance(one, Registration)]) == 1


def test_what_ran_out_is_cleared_away_when_another_begins(people: PeopleStore) -> None:
    people.begin(BEGUN)
    people.begin(replace(BEGUN, id="r2", begun_at=NOW + HOUR, expires_at=NOW + 2 * HOUR))
    assert people.registration(UNIT, "r1") is None


def put(people: PeopleStore, digest: str = "d1", subject: str = "s", **more: Any) -> None:
    given = {"payload": "p", "sent": NOW, "expires": NOW + HOUR, **more}
    people.put_code(UNIT, subject, digest, **given)


def test_a_code_is_right_once(people: PeopleStore) -> None:
    put(people)
    assert people.try_code(UNIT, "s", "d1", NOW, limit=3) == ("right", "p")
    assert people.try_code(UNIT, "s", "d1", NOW, limit=3) == ("over", "")
    assert people.try_code("xa-khac", "s", "d1", NOW, limit=3) == ("over", "")


def test_wrong_tries_count_and_the_right_code_comes_too_late_after_them(people: PeopleStore) -> None:
    put(people)
    assert [people.try_code(UNIT, "s", "no", NOW, limit=3)[0] for _ in range(3)] == ["wrong"] * 3
    assert people.try_code(UNIT, "s", "d1", NOW, limit=3) == ("over", "")
    put(people, "d2")
    assert people.try_code(UNIT, "s", "d1", NOW, limit=3)[0] == "wrong", "the one before no longer counts"
    assert people.try_code(UNIT, "s", "d2", NOW, limit=3)[0] == "right"


def test_a_code_lives_until_its_end_and_not_before_it_was_sent(people: PeopleStore) -> None:
    put(people)
    assert people.try_code(UNIT, "s", "d1", NOW + HOUR, limit=3)[0] == "over"
    assert people.try_code(UNIT, "s", "d1", NOW - HOUR, limit=3)[0] == "over", "a clock that was set back"
    assert people.try_code(UNIT, "s", "d1", NOW + HOUR - SECOND, limit=3)[0] == "right"


def test_guesses_made_at_once_are_all_counted_and_a_code_is_spent_once(people: PeopleStore) -> None:
    put(people)
    at_once([lambda: people.try_code(UNIT, "s", "no", NOW, limit=50)] * 8)
    assert people.try_code(UNIT, "s", "d1", NOW, limit=8)[0] == "over"
    put(people)
    verdicts = [one[0] for one in at_once([lambda: people.try_code(UNIT, "s", "d1", NOW, limit=8)] * 6)]
    assert sorted(verdicts) == ["over"] * 5 + ["right"]


def test_an_identity_belongs_to_one_account(people: PeopleStore) -> None:
    people.link(LINK)
    people.link(replace(LINK, linked_at=NOW + HOUR))
    people.link(replace(LINK, subject="s2", linked_at=NOW + HOUR))
    with pytest.raises(StaleVersionError):
        people.link(replace(LINK, account_id="hung"))
    assert people.account_of(UNIT, "idp", "s1") == "lan"
    assert people.account_of(UNIT, "other", "s1") is None
    assert people.account_of("xa-khac", "idp", "s1") is None
    assert [(one.subject, one.linked_at) for one in people.identities(UNIT, "lan")] == [
        ("s1", NOW),
        ("s2", NOW + HOUR),
    ]


def opened(both: Both, *tokens: str, account: Account = LAN) -> PeopleStore:
    people, accounts = both
    accounts.put(account)
    for number, token in enumerate(tokens):
        accounts.open_session(account.id, token, NOW + number * SECOND, NOW + HOUR)
        people.note_session(token, f"agent {token}", NOW + number * SECOND)
    return people


def test_sessions_are_listed_newest_first_with_what_was_noted(both: Both) -> None:
    people = opened(both, "t1", "t2")
    both[1].open_session("lan", "bare", NOW - SECOND, NOW + HOUR)
    people.seen("t1", NOW + 30 * SECOND)
    people.raise_session("t1", NOW + 31 * SECOND)
    rows = people.sessions("lan", NOW + 40 * SECOND)
    assert [one.token_hash for one in rows] == ["t2", "t1", "bare"]
    assert (rows[1].agent, rows[1].seen_at, rows[1].raised_at) == ("agent t1", NOW + 30 * SECOND, NOW + 31 * SECOND)
    assert (rows[2].agent, rows[2].seen_at, rows[2].raised_at) == ("", NOW - SECOND, None)
    assert people.raised_at("t1") == NOW + 31 * SECOND
    assert people.raised_at("t2") is people.raised_at("never") is None
    assert people.sessions("lan", NOW + HOUR) == []


def test_all_sessions_but_one_end_and_nobody_ends_anothers(both: Both) -> None:
    people = opened(both, "t1", "t2", "t3")
    opened(both, "h1", account=replace(LAN, id="hung", login="hung"))
    people.close_one("hung", "t1")
    assert len(people.sessions("lan", NOW)) == 3
    people.close_one("lan", "t1")
    assert people.close_sessions("lan", but="t2") == 1
    assert [one.token_hash for one in people.sessions("lan", NOW)] == ["t2"]
    assert people.close_sessions("lan") == 1
    assert len(people.sessions("hung", NOW)) == 1


def test_a_session_opened_anew_under_the_same_token_is_not_raised(both: Both) -> None:
    people = opened(both, "t1")
    people.raise_session("t1", NOW)
    people.note_session("t1", "again", NOW)
    assert people.raised_at("t1") is None


def test_attempts_can_be_looked_at_without_counting_and_forgotten(both: Both) -> None:
    people, accounts = both
    assert people.attempts("login:lan", NOW, HOUR) == 0
    accounts.count_attempt("login:lan", NOW, HOUR)
    assert people.attempts("login:lan", NOW, HOUR) == people.attempts("login:lan", NOW, HOUR) == 1
    people.forget_attempts("login:lan")
    assert people.attempts("login:lan", NOW, HOUR) == 0
