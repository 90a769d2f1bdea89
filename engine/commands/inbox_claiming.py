"""Takes the most urgent task that nobody holds, and many at once: who comes second is given the next one, no error."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from engine.commands.bus import Bus
from engine.commands.messages import ClaimTask
from engine.domain.actor import Actor
from engine.domain.errors import (
    CaseSuspendedError,
    DatabaseUnavailableError,
    DomainError,
    DuplicateCommandError,
    ForbiddenError,
    NotFoundError,
    StaleVersionError,
    TaskNotOpenError,
    TaskTakenError,
)
from engine.ports import Row, Store

PAGE, PAGES = 20, 10
# somebody was quicker, or the case does not move: another task will do
PASSED = (TaskTakenError, StaleVersionError, TaskNotOpenError, CaseSuspendedError, NotFoundError, ForbiddenError)
Which = tuple[str, str]  # case id, key of the task


class Free(Protocol):
    """Where tasks that nobody holds are read."""

    def inbox(self, actor: Actor, *, filters: Mapping[str, Any], after: str | None, limit: int) -> Any:
        """A page of a queue."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Claims:
    """What became of claiming several: those that are one's own now, and why others are not."""

    taken: tuple[Which, ...]
    refused: Mapping[Which, DomainError]


class Claimer:
    """Claims for officers."""

    def __init__(self, bus: Bus, store: Store, queues: Free) -> None:
        self._bus = bus
        self._store = store
        self._queues = queues

    def next(self, actor: Actor, key: str, filters: Mapping[str, Any]) -> Which | None:
        """Claim the most urgent free task of the actor's queue, narrowed by `filters`; None where nothing waits.

        Once per key: all tries go under the same one, so that a second click is told what the first one took.
        """
        if done := self._done(actor, key):
            return done
        for row in self._free(actor, filters):
            try:
                self._bus.handle(ClaimTask(unit=actor.unit, case_id=row["case_id"], key=row["key"]), actor, key)
            except DuplicateCommandError:  # the other click was through meanwhile
                return self._done(actor, key)
            except PASSED:
                continue
            return row["case_id"], row["key"]
        return None

    def many(self, actor: Actor, key: str, tasks: Sequence[Which]) -> Claims:
        """Claim each of these; DatabaseUnavailableError goes on to the caller, who may ask again under the same key."""
        taken, refused = [], {}
        for number, (case_id, task) in enumerate(dict.fromkeys(tasks)):
            command = ClaimTask(unit=actor.unit, case_id=case_id, key=task)
            try:
                self._bus.handle(command, actor, f"{key}/{number}")
            except DatabaseUnavailableError:
                raise
            except DomainError as error:
                refused[case_id, task] = error
            else:
                taken.append((case_id, task))
        return Claims(taken=tuple(taken), refused=refused)

    def _done(self, actor: Actor, key: str) -> Which | None:
        seen = self._store.remembered(actor.unit, key)
        return (seen.result["case_id"], seen.result["data"]["key"]) if seen else None

    def _free(self, actor: Actor, filters: Mapping[str, Any]) -> Iterator[Row]:
        after: str | None = None
        for _ in range(PAGES):
            page = self._queues.inbox(actor, filters={**filters, "free": True}, after=after, limit=PAGE)
            yield from page.rows
            after = page.next
            if after is None:
                return
