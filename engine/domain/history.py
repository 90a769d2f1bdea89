"""The append-only history: each event is chained to the one before by SHA-256."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from engine.domain.actor import Actor
from engine.domain.codec import dumps, event_data
from engine.domain.events import Event, Recorded

GENESIS = "0" * 64


def digest(record: Recorded, text: str | None = None) -> str:
    """SHA-256 in hex over everything in the record but its own hash; `text` is the event's, where it is at hand."""
    head = [
        record.stream,
        record.seq,
        record.unit,
        record.at.isoformat(),
        record.actor,
        record.on_behalf_of,
        record.cause,
        record.event.tag,
        record.event.version,
        record.prev_hash,
    ]
    return hashlib.sha256(f"{dumps(head)}{event_data(record.event) if text is None else text}".encode()).hexdigest()


def record(
    events: Sequence[Event], *, stream: str, unit: str, after: int, head: str, actor: Actor, at: datetime, cause: str
) -> list[Recorded]:
    """The events as the next links of the chain that ends with sequence number `after` and hash `head`."""
    chain: list[Recorded] = []
    for seq, event in enumerate(events, after + 1):
        text = event_data(event)
        link = Recorded(stream, seq, unit, at, actor.id, actor.on_behalf_of, cause, event, head, "", text)
        head = digest(link, text)
        chain.append(replace(link, hash=head))
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
