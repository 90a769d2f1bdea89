"""What an administrator says of the own unit, from a day on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from engine.commands.changes import change, check_administers
from engine.domain.actor import Actor
from engine.domain.unit_facts import UnitProblemsError, problems_of, tidy
from engine.ports import Clock, Ids
from engine.ports.administration import Facts, UnitBook


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitFacts:
    """`now_known`: facts in force by unit; `changed` is called once something was written."""

    book: UnitBook
    clock: Clock
    ids: Ids
    now_known: Mapping[str, Mapping[str, Any]]
    code_pattern: str
    changed: Callable[[], None]

    def history(self, actor: Actor) -> list[Facts]:
        """What was and will be said of the actor's unit, oldest first."""
        return [one for one in self.book.facts() if one.unit == actor.unit]

    def put(self, actor: Actor, typed: Mapping[str, str], valid_from: date | None) -> None:
        """New facts from that day on; ForbiddenError, UnitProblemsError."""
        check_administers(actor)
        facts, now = tidy(typed), self.clock.now()
        problems = problems_of(facts, valid_from, now.date(), self.code_pattern)
        if problems or valid_from is None:
            raise UnitProblemsError(problems)
        before = {name: text for name, text in self.now_known.get(actor.unit, {}).items() if facts.get(name) != text}
        done = change(
            self.ids,
            self.clock,
            actor,
            what="unit:facts_changed",
            subject=f"{actor.unit} {valid_from.isoformat()}",
            before=before,
            after={name: text for name, text in facts.items() if before.get(name, text) != text or name in before},
        )
        self.book.put_facts(Facts(unit=actor.unit, valid_from=valid_from, facts=facts), done)
        self.changed()
