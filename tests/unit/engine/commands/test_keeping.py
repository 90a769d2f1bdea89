"""Asking outside parties: whatever they do is an answer, and only administrators of the house ask."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import pytest

from engine.commands.keeping import Keeping
from engine.domain.actor import Actor
from engine.domain.errors import ForbiddenError, NotFoundError
from engine.domain.outside_trial import Trial
from engine.ports.house_state import Beat

NOW = datetime(2026, 11, 3, 8, 0, tzinfo=UTC)
ADMIN = Actor(id="a", name="A", kind="officer", unit="xa", groups=frozenset({"administrator"}))


class Notes:
    """What was kept."""

    def __init__(self) -> None:
        self.kept: dict[str, Trial] = {}
        self.heard: list[Beat] = []

    def beat(self, beat: Beat) -> None:
        self.heard.append(beat)

    def beats(self) -> list[Beat]:
        return self.heard

    def note_trial(self, trial: Trial) -> None:
        self.kept[trial.party] = trial

    def trials(self, unit: str) -> dict[str, Trial]:
        return self.kept

    def late(self, before: datetime) -> dict[str, int]:
        return {}

    def open_tasks(self, unit: str, groups: Sequence[str], most: int = 1000) -> dict[str, int]:
        return {}

    def clock(self) -> datetime:
        return NOW


class Clock:
    def now(self) -> datetime:
        return NOW


def _fail() -> str:
    raise OSError("no route to secret-of-ours")


def keeping(notes: Notes) -> Keeping:
    instants = iter((1.0, 1.25))
    return Keeping(
        unit="xa",
        process="host/1",
        release="0.2.0",
        state=notes,
        clock=Clock(),
        sections={"mail": {"password": "secret-of-ours"}, "payments": {"prefix": "MC"}, "post": {}},
        askers={"mail": _fail, "post": lambda: "HTTP 200"},
        started_at=NOW,
        _real=lambda: next(instants),
    )


def test_an_answer_is_kept_with_how_long_it_took() -> None:
    notes = Notes()
    trial = keeping(notes).ask(ADMIN, "post")
    assert (trial.well, trial.said, trial.millis, trial.who) == (True, "HTTP 200", 250, "a")
    assert notes.kept == {"post": trial}


def test_a_failure_is_an_answer_without_our_secrets() -> None:
    trial = keeping(Notes()).ask(ADMIN, "mail")
    assert (trial.well, trial.said) == (False, "OSError: no route to ••••••")


def test_parties_are_shown_with_what_they_said_last_and_whether_they_can_be_asked() -> None:
    notes = Notes()
    house = keeping(notes)
    trial = house.ask(ADMIN, "post")
    assert house.parties(ADMIN) == [
        ("mail", {"password": "••••••"}, True, None),
        ("payments", {"prefix": "MC"}, False, None),
        ("post", {}, True, trial),
    ]


@pytest.mark.parametrize(
    ("actor", "party", "error"),
    [
        (Actor(id="c", name="C", kind="officer", unit="xa", groups=frozenset({"chairman"})), "post", ForbiddenError),
        (Actor(id="b", name="B", kind="officer", unit="xa-khac", groups=ADMIN.groups), "post", ForbiddenError),
        (ADMIN, "payments", NotFoundError),
        (ADMIN, "unknown", NotFoundError),
    ],
)
def test_others_and_unknown_parties_are_refused(actor: Actor, party: str, error: type[Exception]) -> None:
    notes = Notes()
    with pytest.raises(error):
        keeping(notes).ask(actor, party)
    assert notes.kept == {}


def test_a_process_says_that_it_is_alive_and_has_no_more_to_do() -> None:
    notes = Notes()
    assert keeping(notes).beat() == 0
    assert notes.heard == [Beat(unit="xa", process="host/1", release="0.2.0", started_at=NOW, beat_at=NOW)]
