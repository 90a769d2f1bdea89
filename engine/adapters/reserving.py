"""A number reserved under a key, step by step in one transaction: where a database cannot do it in one statement."""

from __future__ import annotations

from datetime import datetime

from engine.ports import Remembered, UnitOfWork


def reserved(uow: UnitOfWork, unit: str, counter: str, key: str, at: datetime) -> int:
    """The number that was drawn under the key, or the next one of the counter, which is committed."""
    seen = uow.recall(unit, key)
    if seen is not None:
        return int(seen.result["number"])
    number = uow.next_number(unit, counter)
    uow.remember(unit, key, Remembered(fingerprint=counter, result={"number": number}), at)
    uow.commit()
    return number
