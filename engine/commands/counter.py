"""People who wait at the counter: drawing a number, calling the next, how long it takes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from engine.domain import access
from engine.domain.actor import Actor
from engine.domain.errors import ForbiddenError, NotFoundError, RuleError
from engine.ports import Ports
from engine.ports.counter import Ticket, Tickets

RECENT = 20  # people called last, whose waiting is averaged


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of business that people draw a number for: its key, the letter before the number, names."""

    key: str
    letter: str
    name: str
    name_en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """The day's queue: who is served, how many wait by kind, how many seconds people waited (None: nobody did)."""

    serving: tuple[Ticket, ...]
    waiting: Mapping[str, int]
    average: float | None


class Queueing:
    """Rows apart from cases, in transactions of their own. Kinds and windows are data (settings `queue`)."""

    def __init__(self, ports: Ports, tickets: Tickets) -> None:
        self._ports = ports
        self._tickets = tickets

    @property
    def _rules(self) -> Mapping[str, Any]:
        found: Mapping[str, Any] = self._ports.catalog.settings.get("queue", {})
        return found

    @property
    def kinds(self) -> Mapping[str, Kind]:
        """Kinds of business by key, in their order."""
        rows = self._rules.get("kinds", ())
        made = [Kind(key=one["key"], letter=one["letter"], name=one["vi"], name_en=one["en"]) for one in rows]
        return {kind.key: kind for kind in made}

    @property
    def windows(self) -> Sequence[str]:
        """Where people are served."""
        return [str(one) for one in self._rules.get("windows", ())]

    def day(self, unit: str, now: datetime) -> date:
        """The day by the unit's own clock: numbers begin anew at its midnight."""
        return self._ports.catalog.calendar(unit).day_of(now)

    def draw(self, unit: str, kind: str) -> Ticket:
        """A number for somebody; NotFoundError for a kind there is none of, RuleError when far too many wait."""
        if kind not in self.kinds:
            raise NotFoundError(what="loại việc", id="")
        now = self._ports.clock.now()
        if sum(self.board(unit).waiting.values()) >= int(self._rules.get("most_waiting", 200)):
            raise RuleError(
                reason="Hôm nay đã có quá nhiều người chờ; hãy hỏi cán bộ tại quầy.",
                reason_en="Too many people wait already; ask an officer at the counter.",
            )
        return self._tickets.draw(unit, self.day(unit, now), kind, now)

    def call(self, actor: Actor, window: str, kinds: Sequence[str]) -> Ticket | None:
        """The next one, at a window; ForbiddenError, RuleError for a window there is none of. None: nobody waits."""
        _check_desk(actor)
        if window not in self.windows:
            raise RuleError(reason="Hãy chọn cửa tiếp nhận.", reason_en="Choose a window.")
        wanted = [one for one in kinds if one in self.kinds] or list(self.kinds)
        now = self._ports.clock.now()
        return self._tickets.call(actor.unit, self.day(actor.unit, now), wanted, window=window, by=actor.id, at=now)

    def finish(self, actor: Actor, number: int) -> bool:
        """Done with somebody this officer called."""
        _check_desk(actor)
        now = self._ports.clock.now()
        return self._tickets.finish(actor.unit, self.day(actor.unit, now), number, by=actor.id, at=now)

    def link(self, actor: Actor, case_id: str) -> None:
        """Whoever this officer serves filed this case; nothing happens when nobody has a number."""
        self._tickets.link(actor.unit, self.day(actor.unit, self._ports.clock.now()), actor.id, case_id)

    def board(self, unit: str) -> Board:
        """The queue as it is now."""
        rows = self._tickets.of_day(unit, self.day(unit, self._ports.clock.now()))
        called = sorted((one for one in rows if one.called_at is not None), key=_called, reverse=True)
        waits = [one.waited or 0.0 for one in called[:RECENT]]
        waiting = [one.kind for one in rows if one.called_at is None]
        return Board(
            serving=tuple(one for one in called if one.done_at is None),
            waiting={kind: waiting.count(kind) for kind in self.kinds},
            average=sum(waits) / len(waits) if waits else None,
        )

    def ahead(self, unit: str, number: int) -> tuple[Ticket, int]:
        """Today's ticket of this number and how many of its kind are before it; NotFoundError."""
        rows = self._tickets.of_day(unit, self.day(unit, self._ports.clock.now()))
        mine = next((one for one in rows if one.number == number), None)
        if mine is None:
            raise NotFoundError(what="số thứ tự", id="")
        before = [one for one in rows if one.called_at is None and one.kind == mine.kind and one.number < number]
        return mine, len(before)


def _called(ticket: Ticket) -> tuple[datetime, int]:
    assert ticket.called_at is not None
    return ticket.called_at, ticket.number


def _check_desk(actor: Actor) -> None:
    if actor.kind != "officer" or not actor.in_any((access.DESK,)):
        raise ForbiddenError()
