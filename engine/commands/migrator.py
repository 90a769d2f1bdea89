"""Many cases go over to another version, each in its own commit; or it is only looked whether they could."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from engine.commands.bus import Bus
from engine.commands.messages import MigrateCase
from engine.commands.migrating import moving
from engine.domain.actor import Actor
from engine.domain.errors import DomainError
from engine.ports import Ports

BATCH = 100  # ids read at once


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one case: `fits`, or the problems in the way; what would close, open and change its key."""

    case_id: str
    code: str
    fits: bool
    problems: Sequence[Mapping[str, str]] = ()
    closes: tuple[str, ...] = ()
    opens: tuple[str, ...] = ()
    keys: Mapping[str, str] = field(default_factory=dict)


class Migrator:
    """Moves the cases of a version, or looks whether they could be moved."""

    def __init__(self, ports: Ports, bus: Bus) -> None:
        self._ports = ports
        self._bus = bus

    def look(self, actor: Actor, command: MigrateCase) -> Outcome:
        """A dry run of one case: nothing is written, nothing is locked."""
        case = self._ports.store.case(command.unit, command.case_id)
        shown: dict[str, Any] = {"case_id": command.case_id, "code": case.code if case else ""}
        try:
            _, moved = moving(self._ports, actor, case, command, self._ports.clock.now())
        except DomainError as error:
            return Outcome(**shown, fits=False, problems=problems_of(error))
        opens = tuple(wait.key for wait in moved.opened)
        return Outcome(**shown, fits=True, closes=moved.closed, opens=opens, keys=moved.keys)

    def move(self, actor: Actor, command: MigrateCase, key: str) -> Outcome:
        """Move one case and say how it went; a case that cannot go stays as it is."""
        outcome = self.look(actor, command)
        if not outcome.fits:
            return outcome
        try:
            self._bus.handle(command, actor, key)
        except DomainError as error:
            return replace(outcome, fits=False, problems=problems_of(error))
        return outcome

    def all(
        self, actor: Actor, command: MigrateCase, code: str, version: int, *, dry: bool, run: str
    ) -> Iterator[Outcome]:
        """Every running case of a version, one after the other; `command` says where to, its case id is filled in.

        `run` names this run: carried out again under the same name, nothing is moved twice.
        """
        for case_id in self._ids(command.unit, code, version):
            one = replace(command, case_id=case_id)
            yield self.look(actor, one) if dry else self.move(actor, one, f"migrate/{run}/{case_id}")

    def _ids(self, unit: str, code: str, version: int) -> Iterator[str]:
        after = ""
        while ids := self._ports.store.running(unit, code, version, after=after, limit=BATCH):
            yield from ids
            after = ids[-1]


def problems_of(error: DomainError) -> list[dict[str, str]]:
    """What stands in the way, in both languages; a refusal of another kind is one problem."""
    told = error.data.get("problems")
    return list(told) if told else [{"key": "", "reason": error.message, "reason_en": error.message_en}]
