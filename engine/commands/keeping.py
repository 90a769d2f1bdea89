"""Keeping the house running: a heartbeat of this process, outside parties asked when somebody wants to know."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from time import monotonic
from typing import Any

from engine.commands.changes import check_administers
from engine.domain.actor import Actor
from engine.domain.errors import ForbiddenError, NotFoundError
from engine.domain.outside_trial import Trial, masked, without_secrets
from engine.ports import Clock
from engine.ports.house_state import Beat, HouseState

LOG = logging.getLogger("motcua.keeping")


@dataclass(frozen=True, slots=True, kw_only=True)
class Keeping:
    """`sections`: of the connectors' file; `askers`: how a party is asked; both by the section's name."""

    unit: str
    process: str
    release: str
    state: HouseState
    clock: Clock
    sections: Mapping[str, Mapping[str, Any]]
    askers: Mapping[str, Callable[[], str]]
    started_at: datetime
    _real: Callable[[], float] = field(default=monotonic)

    def beat(self) -> int:
        """Say that this process is alive; 0: there is no more to do."""
        beat = Beat(
            unit=self.unit,
            process=self.process,
            release=self.release,
            started_at=self.started_at,
            beat_at=self.clock.now(),
        )
        self.state.beat(beat)
        return 0

    def parties(self, actor: Actor) -> list[tuple[str, Mapping[str, str], bool, Trial | None]]:
        """Each configured party: its name, its settings without secrets, whether it can be asked, what it said last."""
        trials = self.state.trials(actor.unit)
        return [(name, masked(own), name in self.askers, trials.get(name)) for name, own in self.sections.items()]

    def ask(self, actor: Actor, party: str) -> Trial:
        """Ask a party, outside of any transaction, and keep what it said; ForbiddenError, NotFoundError."""
        check_administers(actor)
        if actor.unit != self.unit:
            raise ForbiddenError()
        if party not in self.askers:
            raise NotFoundError(what="kết nối", id=party)
        began, at = self._real(), self.clock.now()
        try:
            said, well = self.askers[party](), True
        except Exception as error:  # whatever a library raises is the answer; it must not end in an error page
            LOG.warning("the party %s did not answer as it should: %s", party, type(error).__name__)
            said, well = f"{type(error).__name__}: {error}", False
        millis = int((self._real() - began) * 1000)
        said = without_secrets(said, self.sections.get(party, {}))
        trial = Trial(unit=actor.unit, party=party, at=at, who=actor.id, well=well, said=said, millis=millis)
        self.state.note_trial(trial)
        return trial
