"""Drafts of an account: nobody else's, saved by many at once, sent once however interrupted, forgotten in time."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from engine.adapters.memory_drafts import MemoryDrafts
from engine.commands.drafting import MOST_OPEN, Drafting
from engine.domain.actor import Actor
from engine.domain.drafting import Draft, DraftSentError, DraftTooLargeError, Page
from engine.domain.errors import DatabaseUnavailableError, FormInvalidError, NotFoundError, RuleError
from tests.support.small_house import CITIZEN, NINE, PROCEDURE, UNIT, House, submit
from tests.support.threads import at_once

HUNG = Actor(id="hung", name="Hùng", kind="citizen", unit=UNIT)


class Desk:
    """A small house with its drafts."""

    def __init__(self) -> None:
        self.house, self.drafts = House(), MemoryDrafts()
        self.people: dict[str, Any] = {"lan": {"email": "lan@example.vn", "phone": "0903000111"}}
        self.drafting = Drafting(self.house.ports, self.house.bus, self.drafts, self.people.get)

    def begin(self, actor: Actor = CITIZEN) -> Draft:
        return self.drafting.begin(actor, self.house.ports.ids.new(), procedure=PROCEDURE.code, version=1)

    def save(self, draft: Draft, seen: int, **data: Any) -> tuple[Draft, bool]:
        page = Page(section="s", names=frozenset(data), data=data, seen=seen)
        return self.drafting.save(CITIZEN, draft.id, page)

    def cases(self) -> int:
        return len(self.house.store.case_ids())


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_a_draft_is_seen_by_its_owner_only_and_missing_in_the_same_words_for_others(desk: Desk) -> None:
    draft = desk.begin()
    assert desk.drafting.get(CITIZEN, draft.id) == draft
    said = []
    for actor, draft_id in ((HUNG, draft.id), (CITIZEN, "x"), (replace(CITIZEN, unit="xa-khac"), draft.id)):
        with pytest.raises(NotFoundError) as refusal:
            desk.drafting.get(actor, draft_id)
        said.append((refusal.value.message, refusal.value.data))
    assert len({str(one) for one in said}) == 1
    with pytest.raises(NotFoundError):
        desk.drafting.save(HUNG, draft.id, Page(section="s", names=frozenset({"x"}), data={"x": 1}, seen=1))
    desk.drafting.remove(HUNG, draft.id)
    assert desk.drafting.get(CITIZEN, draft.id) == draft


def test_begun_twice_under_one_id_it_is_one_draft_and_nobody_elses(desk: Desk) -> None:
    draft = desk.begin()
    again = desk.drafting.begin(CITIZEN, draft.id, procedure=PROCEDURE.code, version=1, data={"x": 1})
    assert again == draft
    with pytest.raises(NotFoundError):
        desk.drafting.begin(HUNG, draft.id, procedure=PROCEDURE.code, version=1)


def test_many_who_save_at_once_lose_no_page(desk: Desk) -> None:
    draft = desk.begin()
    pages = [Page(section=f"s{n}", names=frozenset({f"n{n}"}), data={f"n{n}": n}, seen=1) for n in range(5)]
    at_once([partial(desk.drafting.save, CITIZEN, draft.id, page) for page in pages])
    assert desk.drafting.get(CITIZEN, draft.id).data == {f"n{n}": n for n in range(5)}


def test_a_draft_too_long_is_refused_and_stays_as_it_was(desk: Desk) -> None:
    draft, _ = desk.save(desk.begin(), 1, purpose="học")
    with pytest.raises(DraftTooLargeError):
        desk.save(draft, 2, purpose="x" * 3000)
    assert desk.drafting.get(CITIZEN, draft.id) == draft


def test_too_many_open_drafts_are_refused(desk: Desk) -> None:
    for _ in range(MOST_OPEN):
        desk.begin()
    with pytest.raises(RuleError, match="rule"):
        desk.begin()
    assert desk.begin(HUNG).account == "hung"


def test_sent_twice_or_by_four_at_once_a_draft_makes_one_case(desk: Desk) -> None:
    draft = desk.begin()
    found = at_once([partial(desk.drafting.send, CITIZEN, draft.id, submit())] * 4)
    assert len(set(map(str, found))) == 1
    assert desk.drafting.send(CITIZEN, draft.id, submit()) == found[0]
    assert desk.cases() == 1
    assert desk.drafting.mine(CITIZEN) == []
    with pytest.raises(DraftSentError):
        desk.save(draft, 9, purpose="x")


def test_who_changed_an_answer_after_a_lost_connection_gets_the_case_that_was_made(desk: Desk) -> None:
    draft = desk.begin()
    desk.drafts.save(replace(draft, sending=True, version=2))  # so far the house came before it was killed …
    case_id = desk.house.bus.handle(submit(), CITIZEN, draft.key).case_id  # … or so far: nobody was told
    assert desk.drafting.mine(CITIZEN) == []
    assert desk.drafting.get(CITIZEN, draft.id).case_id == case_id
    assert desk.drafting.send(CITIZEN, draft.id, submit(application={"purpose": "khác"})) == case_id
    assert desk.cases() == 1


def test_killed_before_the_case_was_made_a_draft_stays_open_and_can_be_sent(desk: Desk) -> None:
    draft = desk.begin()
    desk.drafts.save(replace(draft, sending=True, version=2))
    saved, _ = desk.save(draft, 2, purpose="học")
    assert saved.case_id is None
    assert desk.drafting.send(CITIZEN, draft.id, submit())
    assert desk.cases() == 1


def test_what_is_refused_leaves_the_draft_open(desk: Desk) -> None:
    draft = desk.begin()
    with pytest.raises(FormInvalidError):
        desk.drafting.send(CITIZEN, draft.id, submit(application={}))
    kept = desk.drafting.get(CITIZEN, draft.id)
    assert (kept.sending, kept.case_id) == (False, None)
    assert desk.drafting.send(CITIZEN, draft.id, submit())


def test_while_the_database_is_away_the_draft_is_on_its_way_and_a_retry_makes_one_case(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft, real = desk.begin(), desk.house.bus.handle

    def broken(*args: Any) -> Any:
        real(*args)
        raise DatabaseUnavailableError()

    monkeypatch.setattr(desk.house.bus, "handle", broken)
    with pytest.raises(DatabaseUnavailableError):
        desk.drafting.send(CITIZEN, draft.id, submit())
    monkeypatch.undo()
    assert desk.drafting.send(CITIZEN, draft.id, submit())
    assert desk.cases() == 1


def test_an_untouched_draft_is_warned_of_once_and_then_forgotten(desk: Desk) -> None:
    draft = desk.begin()
    desk.begin(HUNG)  # who cannot be reached
    told = desk.house.messages.sent
    for days, expected in ((24, 0), (26, 1), (27, 1)):
        assert desk.drafting.expire(NINE + timedelta(days=days)) == 0
        assert len(told) == expected
    assert told == [f"draft/{draft.id}/expiring/1"]
    assert desk.drafting.get(CITIZEN, draft.id).warned_at is not None
    assert desk.drafting.expire(NINE + timedelta(days=31)) == 2
    assert desk.drafting.mine(CITIZEN) == []


def test_a_save_after_the_warning_begins_the_time_anew(desk: Desk) -> None:
    draft = desk.begin()
    desk.drafting.expire(NINE + timedelta(days=26))
    desk.house.clock.advance(timedelta(days=27))
    desk.save(draft, 2, purpose="học")
    assert desk.drafting.expire(NINE + timedelta(days=50)) == 0
    assert desk.drafting.get(CITIZEN, draft.id).warned_at is None
