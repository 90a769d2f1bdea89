"""How a stand-in sends what it has to tell: in its own time, again when told, and until it is taken."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import requests

from web.standins.book import Book

TRIES = 10
PATIENCE = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """Something to be sent. `send` gives the answer, `taken` says whether it need not come again."""

    party: str
    what: str
    fields: dict[str, Any]
    send: Callable[[], requests.Response]
    taken: Callable[[requests.Response], bool]
    pause: float = 5.0


def deliver(book: Book, delivery: Delivery, *, after: float = 0.0, wait: bool = False) -> None:
    """Send in the background, `after` seconds from now; with `wait` the first time at once and before this returns."""
    repeats = book.mood(delivery.party).repeat
    if wait:
        first = _once(book, delivery)
        if first and not repeats:
            return
    thread = threading.Thread(target=_all, args=(book, delivery, repeats, after), daemon=True)
    thread.start()


def _all(book: Book, delivery: Delivery, repeats: int, after: float) -> None:
    time.sleep(after)
    for number in range(TRIES):
        if _once(book, delivery):
            break
        if number + 1 < TRIES:
            time.sleep(delivery.pause)
    for _ in range(repeats):
        _once(book, delivery)


def _once(book: Book, delivery: Delivery) -> bool:
    try:
        answer = delivery.send()
        taken, said = delivery.taken(answer), f"{answer.status_code} {answer.text[:200]}"
    except (requests.RequestException, ValueError) as error:
        taken, said = False, type(error).__name__
    book.note(delivery.party, f"{delivery.what} → {said}", delivery.fields)
    return taken
