"""Signing keys as pages show them: whose one is, how long its certificate lasts, what it asks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import g

from engine.domain.errors import DatabaseUnavailableError, DomainError
from engine.domain.signing_key import SigningKey
from web import errors
from web.house import house


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyView:
    """A key as pages show it: days left and the threshold it has come below; why it cannot sign now, where it cannot.

    `key` is None where the house signs without keys, or has none for this person.
    """

    key: SigningKey | None = None
    days: int | None = None
    warning: int | None = None
    refusal: errors.Refusal | None = None

    @property
    def asks_pin(self) -> bool:
        """Whether its PIN is asked; the password of the account otherwise."""
        return self.key is not None and self.key.asks_pin


def own_key() -> KeyView:
    """The key that would sign for the present person."""
    key = None
    try:
        key = house().desk.signatures.key(g.actor)
        if key is not None:
            house().desk.signatures.check(g.actor, key)
    except DatabaseUnavailableError:
        raise
    except DomainError as error:
        return view_of(key, errors.of_domain(error))
    return view_of(key)


def view_of(key: SigningKey | None, refusal: errors.Refusal | None = None) -> KeyView:
    """The key with what is left of its time."""
    if key is None:
        return KeyView(refusal=refusal)
    now, rules = house().clock.now(), house().catalog.settings["signing_keys"]
    warning = key.warning(now, rules["warn_days"])
    return KeyView(key=key, days=key.days_left(now), warning=warning, refusal=refusal)


def every_key() -> Sequence[KeyView]:
    """All keys of the house, those that end first in front."""
    found = [view_of(key) for key in house().desk.signatures.all()]
    return sorted(found, key=lambda one: (one.days is None, one.days or 0))
