"""Who administers, and the line that a change leaves in the log."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from engine.adapters.clock import SteppedClock
from engine.commands.changes import change, check_administers
from engine.domain.actor import Actor, system
from engine.domain.errors import ForbiddenError

ADMIN = Actor(id="an", name="An", kind="officer", unit="xa-mau", groups=frozenset({"administrator", "one_stop"}))
NOW = datetime(2024, 6, 3, 8, 0, tzinfo=UTC)


class Numbered:
    def new(self) -> str:
        return "1" * 32

    def token(self) -> str:
        return "t"


def test_an_officer_of_the_group_administers() -> None:
    check_administers(ADMIN)


@pytest.mark.parametrize(
    "actor",
    [
        replace(ADMIN, groups=frozenset({"one_stop", "chairman"})),
        replace(ADMIN, groups=frozenset()),
        replace(ADMIN, kind="citizen"),
        system("xa-mau"),
    ],
)
def test_nobody_else_does(actor: Actor) -> None:
    with pytest.raises(ForbiddenError):
        check_administers(actor)


def test_a_line_says_who_changed_what_when_and_why_in_the_unit_of_who_did_it() -> None:
    told = {"what": "unit:facts_changed", "subject": "xa-mau", "before": {"name": "A"}, "after": {"name": "B"}}
    line = change(Numbered(), SteppedClock(NOW), ADMIN, **told, reason="đổi tên")  # type: ignore[arg-type]  # by name
    assert (line.unit, line.id, line.at, line.who, line.reason) == ("xa-mau", "1" * 32, NOW, "an", "đổi tên")
    assert (line.what, line.subject, line.before, line.after) == tuple(told.values())
