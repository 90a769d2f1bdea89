"""Recording and revoking that somebody acts for somebody else, and what that lets people do at this moment."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine.commands.changes import change
from engine.domain.access import STEERERS
from engine.domain.actor import Actor
from engine.domain.errors import ForbiddenError, NotFoundError
from engine.domain.mandate import (
    Mandate,
    MandateProblemsError,
    MandateRules,
    WantedMandate,
    empowered,
    in_the_way,
    made,
    problems_of,
    revoked,
)
from engine.domain.staffing import Officer
from engine.ports import Clock, Ids
from engine.ports.mandates import MandateRevision, MandateStore

SHOWN = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Mandates:
    """For leaders and administrators of the unit; ForbiddenError for anybody else."""

    store: MandateStore
    clock: Clock
    ids: Ids
    settings: Callable[[], Mapping[str, Any]]

    @property
    def rules(self) -> MandateRules:
        """What the settings allow."""
        return rules_of(self.settings())

    def empowered(self, actor: Actor) -> Actor:
        """The actor with what others' mandates lend at this very moment; anybody but an officer as they are."""
        if actor.kind != "officer":
            return actor
        running = self.store.running(actor.unit, actor.id, self.clock.now())
        return empowered(actor, running, self.rules.signers) if running else actor

    def all(self, actor: Actor) -> list[Mandate]:
        """Those of the unit, the latest end first."""
        _check(actor)
        return self.store.latest(actor.unit, limit=SHOWN)

    def record(self, actor: Actor, wanted: WantedMandate) -> Mandate:
        """A new mandate; MandateProblemsError in plain words."""
        _check(actor)
        now = self.clock.now()

        def decide(staff: Sequence[Officer], others: Sequence[Mandate]) -> MandateRevision:
            people = {one.id: one for one in staff}
            problems = problems_of(wanted, people, self.rules, by=actor.id, today=now.date())
            if problems:
                raise MandateProblemsError(problems)
            new = made(wanted, people[wanted.deputy], id=self.ids.new(), by=actor.id, now=now)
            if problems := in_the_way(new, others, {one.id: one.name for one in staff}):
                raise MandateProblemsError(problems)
            return self._revision(actor, "mandate:recorded", new, {})

        return self.store.revise(actor.unit, now, decide)

    def revoke(self, actor: Actor, mandate_id: str, reason: str) -> Mandate:
        """End it now; NotFoundError, MandateOverError, MandateProblemsError."""
        _check(actor)
        now = self.clock.now()

        def decide(_staff: Sequence[Officer], others: Sequence[Mandate]) -> MandateRevision:
            found = next((one for one in others if one.id == mandate_id), None)
            if found is None:
                raise NotFoundError(what="ủy quyền còn hiệu lực", id=mandate_id)
            after = revoked(found, by=actor.id, reason=" ".join(reason.split()), now=now)
            return self._revision(actor, "mandate:revoked", after, _told(found))

        return self.store.revise(actor.unit, now, decide)

    def _revision(self, actor: Actor, what: str, after: Mandate, before: Mapping[str, Any]) -> MandateRevision:
        done = change(
            self.ids,
            self.clock,
            actor,
            what=what,
            subject=after.principal,
            before=before,
            after=_told(after),
            reason=after.reason,
        )
        return MandateRevision(mandate=after, change=done)


def rules_of(settings: Mapping[str, Any]) -> MandateRules:
    """The section `[mandates]` of the house's settings."""
    own = settings["mandates"]
    return MandateRules(
        never=frozenset(own["never"]), signers=frozenset(own["signers"]), longest_days=own["longest_days"]
    )


def _told(mandate: Mandate) -> dict[str, Any]:
    """What the log keeps of a mandate."""
    days = {"starts_at": mandate.starts_at.isoformat(), "ends_at": mandate.end.isoformat()}
    words = {"basis": mandate.basis, "acting": mandate.acting, "title": mandate.title}
    return {"deputy": mandate.deputy, "groups": sorted(mandate.groups), **days, **words}


def _check(actor: Actor) -> None:
    if actor.kind != "officer" or not actor.in_any(STEERERS):
        raise ForbiddenError()
