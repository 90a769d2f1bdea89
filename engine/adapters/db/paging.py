"""Cursors: where a list goes on, as text in an address."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any


def cursor(at: datetime, *key: str) -> str:
    """The place of a row in a list ordered by an instant and then a key."""
    return json.dumps([at.isoformat(), *key])


def place(text: str | None, size: int) -> tuple[Any, ...] | None:
    """The instant and key of a cursor with `size` parts; None, the beginning, where somebody mangled it."""
    try:
        at, *key = json.loads(text or "")
        instant = datetime.fromisoformat(at)
    except (ValueError, TypeError):
        return None
    whole = len(key) == size - 1 and instant.tzinfo is not None and all(isinstance(part, str) for part in key)
    return (instant, *key) if whole else None
