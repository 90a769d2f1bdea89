"""The chain of events: any change, cut or swap shows."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from unicodedata import normalize

import pytest

from engine.domain.actor import Actor
from engine.domain.events import CaseCommented, Recorded, TaskClaimed
from engine.domain.history import GENESIS, broken_links, record

AT = datetime(2022, 12, 19, 1, 30, tzinfo=UTC)
CLERK = Actor(id="clerk1", name="Lê Thị Mai", kind="officer", unit="xa-mau", on_behalf_of="citizen1")


def chain(count: int = 4) -> list[Recorded]:
    notes = [CaseCommented(comment=str(i), text=f"Ghi chú số {i}", public=False) for i in range(count)]
    return record(notes, stream="c1", unit="xa-mau", after=0, head=GENESIS, actor=CLERK, at=AT, cause="k1")


def test_a_fresh_chain_is_unbroken_and_numbers_from_one() -> None:
    links = chain()
    assert broken_links(links) == []
    assert [link.seq for link in links] == [1, 2, 3, 4]
    assert links[0].prev_hash == GENESIS


def test_a_chain_goes_on_where_it_ended() -> None:
    links = chain()
    more = record(
        [TaskClaimed(key="check#1", assignee="clerk1")],
        stream="c1",
        unit="xa-mau",
        after=4,
        head=links[-1].hash,
        actor=CLERK,
        at=AT,
        cause="k2",
    )
    assert broken_links([*links, *more]) == []


@pytest.mark.parametrize(
    "change",
    [
        {"at": AT.replace(year=2021)},
        {"actor": "clerk2"},
        {"on_behalf_of": None},
        {"cause": "k9"},
        {"unit": "xa-khac"},
        {"event": CaseCommented(comment="1", text="Ghi chú so 1", public=False)},
    ],
    ids=lambda c: next(iter(c)),
)
def test_any_changed_field_shows(change: dict[str, object]) -> None:
    links = chain()
    links[1] = replace(links[1], **change)  # type: ignore[arg-type]  # the parameters name Recorded's own fields
    assert broken_links(links) == ["c1: event 2 was changed after it was written"]


def test_a_removed_event_shows() -> None:
    links = chain()
    del links[1]
    assert "c1: event 2 is missing (found 3)" in broken_links(links)


def test_two_swapped_events_show() -> None:
    links = chain()
    links[1], links[2] = links[2], links[1]
    assert broken_links(links)


def test_a_forged_event_with_a_right_hash_of_its_own_still_breaks_the_chain_after_it() -> None:
    links = chain()
    forged = record(
        [CaseCommented(comment="1", text="khác", public=False)],
        stream="c1",
        unit="xa-mau",
        after=1,
        head=links[0].hash,
        actor=CLERK,
        at=AT,
        cause="k1",
    )
    links[1] = forged[0]
    assert broken_links(links) == ["c1: event 3 is not chained to the one before"]


def test_composed_and_decomposed_vietnamese_hash_differently_so_neither_passes_for_the_other() -> None:
    def link(text: str) -> str:
        note = [CaseCommented(comment="1", text=text, public=False)]
        return record(note, stream="c", unit="u", after=0, head=GENESIS, actor=CLERK, at=AT, cause="k")[0].hash

    assert link(normalize("NFC", "Hồ sơ")) != link(normalize("NFD", "Hồ sơ"))
