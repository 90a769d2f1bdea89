"""Makes values fit for a template: plain JSON, only characters the fonts can show, sums and dates also in words."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Collection, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from functools import lru_cache
from typing import Any

from engine.domain.number_words import LIMIT, date_in_words, sum_in_words, time_in_words

MISSING = "□"  # what stands for a character that no font of the house can show
_DATE = re.compile(r"(\d{4}-\d{2}-\d{2})(?:T(\d{2}):(\d{2}))?", re.ASCII)


def as_json(data: Mapping[str, Any], characters: Collection[int]) -> str:
    """`data` as JSON text, keys sorted so that equal data give equal bytes.

    `words` is added: the tree of `application` and `variables` with each whole number as a sum in words and each ISO
    date, also one with a time of day, in words. Text is brought to NFC, control characters are dropped; what is not in
    `characters` (code points) becomes □.
    """
    plain = _plain(data, _letters(frozenset(characters)))
    words = {name: _words(plain.get(name)) for name in ("application", "variables")}
    return json.dumps({**plain, "words": words}, ensure_ascii=False, sort_keys=True)


class _Letters(dict[int, str | None]):
    """What each character becomes; found out when it comes up for the first time."""

    def __init__(self, characters: frozenset[int]) -> None:
        super().__init__({ord(c): c for c in "\n\t"})
        self._characters = characters

    def __missing__(self, code: int) -> str | None:
        control = unicodedata.category(chr(code)) == "Cc"
        found = self[code] = None if control else chr(code) if code in self._characters else MISSING
        return found


_letters = lru_cache(maxsize=8)(_Letters)  # by the set of characters itself, whose hash Python keeps


def _plain(value: Any, letters: _Letters) -> Any:
    if isinstance(value, str):
        return _shown(value, letters)
    if isinstance(value, Mapping):
        return {_shown(str(k), letters): _plain(v, letters) for k, v in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(v, letters) for v in value]
    return _scalar(value)


def _scalar(value: Any) -> Any:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if value is None or isinstance(value, bool | int | float):
        return value
    raise TypeError(f"no template can show a {type(value).__name__}")


def _shown(text: str, letters: _Letters) -> str:
    return unicodedata.normalize("NFC", text).translate(letters)


def _words(value: Any) -> Any:
    """The same tree in words; what has no words is null."""
    if isinstance(value, dict):
        return {k: _words(v) for k, v in value.items()}
    if isinstance(value, list):
        return [_words(v) for v in value]
    if isinstance(value, int) and not isinstance(value, bool):
        return sum_in_words(value) if 0 <= value < LIMIT else None
    return _date_words(value) if isinstance(value, str) else None


def _date_words(text: str) -> str | None:
    found = _DATE.fullmatch(text)
    if found is None:
        return None
    try:
        day = date_in_words(date.fromisoformat(found[1]))
        return day if found[2] is None else time_in_words(time(int(found[2]), int(found[3])), day)
    except ValueError:  # looks like a date and is none, such as 2022-02-30
        return None
