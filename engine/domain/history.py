"""The append-only history: each event is chained to the one before by SHA-256."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from engine.domain.actor import Actor
from engine.domain.codec import dumps, event_data
from engine.domain.events import Event, Recorded

GENESIS = "0" * 64


def digest(record: Recorded) -> str:
    """SHA-256 in hex over everything in the record but its own hash."""
    place = (record.stream, record.seq, record.unit, record.at.isoformat())
    doer = (record.actor, record.on_behalf_of, record.cause)
    return _digest(place, doer, record.event, record.prev_hash, event_data(record.event))


def _digest(place: tuple[Any, ...], doer: tuple[Any, ...], event: Event, before: str, text: str) -> str:
    head = dumps([*place, *doer, event.tag, event.version, before])
    return hashlib.sha256(f"{head}{text}".encode()).hexdigest()


def record(
    events: Sequence[Event],
    texts: Sequence[str] | None = None,
    *,
    stream: str,
    unit: str,
    after: int,
    head: str,
    actor: Actor,
    at: datetime,
    cause: str,
) -> list[Recorded]:
    """The events as the next links of the chain that ends with sequence number `after` and hash `head`.

    `texts`: event_data of each, where they are at hand.
    """
    chain: list[Recorded] = []
    doer, instant = (actor.id, actor.on_behalf_of, cause), at.isoformat()
    for number, event in enumerate(events):
        seq, text = after + 1 + number, texts[number] if texts is not None else event_data(event)
        hashed = _digest((stream, seq, unit, instant), doer, event, head, text)
        chain.append(Recorded(stream, seq, unit, at, *doer, event, head, hashed, text))
        head = hashed
    return chain


def broken_links(chain: Iterable[Recorded]) -> list[str]:
    """What is wrong with a whole history, in order; empty when it is unbroken from the first event on."""
    problems: list[str] = []
    head, expected = GENESIS, 1
    for link in chain:
        if link.seq != expected:
            problems.append(f"{link.stream}: event {expected} is missing (found {link.seq})")
        if link.prev_hash != head:
            problems.append(f"{link.stream}: event {link.seq} is not chained to the one before")
        if digest(link) != link.hash:
            problems.append(f"{link.stream}: event {link.seq} was changed after it was written")
        head, expected = link.hash, link.seq + 1
    return problems
