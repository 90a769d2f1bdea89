"""Outside parties as administrators see them: what is configured without its secrets, and what came of asking."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

HIDDEN = "••••••"
SECRET = re.compile(r"secret|password|passphrase|token|key|pin|credential", re.IGNORECASE)
PLAIN = re.compile(r"_url$|^url$|^page$|^keys$")  # addresses and names, though they look like secrets
USER_INFO = re.compile(r"//[^/@\s]+@")
SHORTEST = 6  # shorter values are looked for nowhere else: they would stand in every text


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What came of asking a party: whether it went well, what it said, how long it took."""

    unit: str
    party: str
    at: datetime
    who: str
    well: bool
    said: str
    millis: int


def masked(section: Mapping[str, Any]) -> dict[str, str]:
    """Names and values of a section; secrets are hidden, wherever in it they stand."""
    pairs = list(_flat(section, ""))
    secrets = sorted({text for name, text in pairs if _is_secret(name, text) and len(text) >= SHORTEST}, key=len)
    return {name: HIDDEN if _is_secret(name, text) else _without(text, secrets) for name, text in pairs}


def _is_secret(name: str, text: str) -> bool:
    last = name.rpartition(".")[2]
    if "://" in text and PLAIN.search(last):
        return False
    return SECRET.search(last) is not None


def _without(text: str, secrets: list[str]) -> str:
    for secret in reversed(secrets):
        text = text.replace(secret, HIDDEN)
    return USER_INFO.sub(f"//{HIDDEN}@", text)


def _flat(value: Any, name: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _flat(inner, f"{name}.{key}" if name else str(key))
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _flat(inner, name)
    else:
        yield name, str(value)


def without_secrets(text: str, section: Mapping[str, Any]) -> str:
    """What a party said, should it repeat a secret of ours; at most 300 signs."""
    secrets = [found for name, found in _flat(section, "") if _is_secret(name, found) and len(found) >= SHORTEST]
    return _without(" ".join(text.split()), sorted(secrets, key=len))[:300]
