"""When two texts say the same: case, accents' form, punctuation, numbering and remarks in brackets do not count."""

from __future__ import annotations

import re
import unicodedata

NUMBERING = re.compile(r"^\s*(?:[ivx]+\.|\d+[.)]|[a-zđ]\))\s*", re.IGNORECASE)
BRACKETS = re.compile(r"\([^()]*\)")
SHARE = 0.6  # of the words of the shorter text


def words(text: str) -> list[str]:
    """The words of a text, lower case."""
    plain = NUMBERING.sub("", unicodedata.normalize("NFC", text))
    return re.findall(r"[^\W_]+", (BRACKETS.sub(" ", plain).strip() or plain).casefold())


def same(one: str, other: str) -> bool:
    """Whether the texts are equal but for case, punctuation, numbering and brackets."""
    return words(one) == words(other)


def alike(one: str, other: str) -> bool:
    """Whether they are the same, or the shorter one's words stand, most of them, in the longer one."""
    first, second = set(words(one)), set(words(other))
    if not first or not second:
        return first == second
    return len(first & second) >= SHARE * min(len(first), len(second))
