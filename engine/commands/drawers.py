"""Cash drawers of officers: opened with a float, closed with a count, one at a time for each person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from engine.domain.actor import Actor
from engine.domain.cash import Move
from engine.domain.drawer import (
    LONGEST_REASON,
    Drawer,
    DrawerClosedError,
    DrawerLeftOpenError,
    DrawerShortError,
    NoDrawerError,
    Reckoned,
    read_counts,
    worth,
)
from engine.domain.errors import ForbiddenError, FormInvalidError, NotFoundError
from engine.domain.fee import money
from engine.ports import Ports
from engine.ports.drawers import Drawers

HOLDERS = ("cashier", "one_stop")  # who may have a drawer
LEADERS = ("chairman", "administrator")  # who close what others left open
REQUIRED = "required"


class CashDrawers:
    """Rows apart from cases; the money itself is in the cases' histories. Denominations and whether cash needs a drawer
    are data (`[cash]` of settings.toml; `cash_drawer` of a unit goes before)."""

    def __init__(self, ports: Ports, drawers: Drawers) -> None:
        self._ports = ports
        self._drawers = drawers

    @property
    def _rules(self) -> Mapping[str, Any]:
        found: Mapping[str, Any] = self._ports.catalog.settings.get("cash", {})
        return found

    @property
    def denominations(self) -> Sequence[int]:
        """Notes and coins in use, in dong, the largest first."""
        return sorted((int(one) for one in self._rules.get("denominations", ())), reverse=True)

    def required(self, unit: str) -> bool:
        """Whether nobody of the unit takes cash without an open drawer."""
        own = self._ports.catalog.settings["units"].get(unit, {}).get("cash_drawer")
        return bool((own or self._rules.get("drawer", REQUIRED)) == REQUIRED)

    def today(self, unit: str) -> date:
        """The day by the unit's own clock."""
        return self._ports.catalog.calendar(unit).day_of(self._ports.clock.now())

    def current(self, actor: Actor) -> Drawer | None:
        """The drawer the officer has open, of whatever day."""
        return self._drawers.open_of(actor.unit, actor.id)

    def is_left(self, drawer: Drawer) -> bool:
        """Whether it is of an earlier day. After a clock was set back it may be of a later one, and serves."""
        return drawer.day < self.today(drawer.unit)

    def for_cash(self, actor: Actor) -> str:
        """The id of the drawer that cash goes into now; "" where the unit works without and none is open.

        NoDrawerError, DrawerLeftOpenError.
        """
        drawer = self.current(actor)
        if drawer is not None and not self.is_left(drawer):
            return drawer.id
        if not self.required(actor.unit):
            return ""
        raise NoDrawerError() if drawer is None else DrawerLeftOpenError(day=_written(drawer.day))

    def for_giving_back(self, actor: Actor, amount: int) -> str:
        """The same for cash that goes out; DrawerShortError when there is not so much in it."""
        drawer_id = self.for_cash(actor)
        drawer = self._drawers.get(actor.unit, drawer_id) if drawer_id else None
        if drawer is not None and (left := self.reckoned(drawer).expected) < amount:
            raise DrawerShortError(left=_grouped(left), amount=_grouped(amount))
        return drawer_id

    def reckoned(self, drawer: Drawer) -> Reckoned:
        """The drawer with its cash."""
        return Reckoned(drawer=drawer, moves=tuple(self._drawers.moves(drawer.unit, [drawer.id])))

    def mine(self, actor: Actor, drawer_id: str) -> Drawer:
        """A drawer that the actor may close: the own one, or for leaders one that was left open. NotFoundError."""
        drawer = self._drawers.get(actor.unit, drawer_id)
        if drawer is None or not (drawer.officer == actor.id or (actor.in_any(LEADERS) and self.is_left(drawer))):
            raise NotFoundError(what="két", id="")
        return drawer

    def open(self, actor: Actor, typed: Mapping[int, str]) -> Drawer:
        """Open a drawer with what was counted into it; pressed twice it is the same one.

        ForbiddenError, FormInvalidError, DrawerLeftOpenError.
        """
        if actor.kind != "officer" or not actor.in_any(HOLDERS):
            raise ForbiddenError()
        counts, now = self._counts(typed), self._ports.clock.now()
        wanted = Drawer(
            unit=actor.unit,
            id=self._ports.ids.new(),
            officer=actor.id,
            day=self.today(actor.unit),
            opened_at=now,
            opening=counts,
        )
        found = self._drawers.open(wanted)
        if self.is_left(found):
            raise DrawerLeftOpenError(day=_written(found.day))
        return found

    def close(self, actor: Actor, drawer_id: str, typed: Mapping[int, str], reason: str) -> Drawer:
        """Close a drawer with what was counted; pressed twice it is the same closing.

        NotFoundError, FormInvalidError (under `reason` when the count differs and nobody says why), DrawerClosedError.
        """
        self.mine(actor, drawer_id)
        counts, said = self._counts(typed), reason.strip()[:LONGEST_REASON]

        def decide(drawer: Drawer, moves: Sequence[Move]) -> Drawer:
            if drawer.closed_at is not None:
                return self._closed_before(drawer, counts)
            expected = Reckoned(drawer=drawer, moves=tuple(moves)).expected
            _check_explained(worth(counts) - expected, said)
            at = max(self._ports.clock.now(), drawer.opened_at)  # a clock may have been set back
            return replace(drawer, closed_at=at, closed_by=actor.id, closing=counts, expected=expected, reason=said)

        closed = self._drawers.close(actor.unit, drawer_id, decide)
        if closed is None:
            raise NotFoundError(what="két", id="")
        return closed

    def _closed_before(self, drawer: Drawer, counts: Mapping[int, int]) -> Drawer:
        assert drawer.closed_at is not None
        if drawer.closing == counts:
            return drawer
        zone = self._ports.catalog.calendar(drawer.unit).zone
        raise DrawerClosedError(at=f"{drawer.closed_at.astimezone(zone):%H:%M %d/%m/%Y}")

    def _counts(self, typed: Mapping[int, str]) -> Mapping[int, int]:
        return read_counts({one: typed.get(one, "") for one in self.denominations})


def _check_explained(difference: int, reason: str) -> None:
    if difference and not reason:
        word = "thừa" if difference > 0 else "thiếu"
        said = f"Kiểm {word} {money(abs(difference))} so với số phải có. Đếm lại; nếu vẫn lệch thì ghi lý do."
        raise FormInvalidError({"reason": [said]})


def _written(day: date) -> str:
    return f"{day:%d/%m/%Y}"


def _grouped(amount: int) -> str:
    return f"{amount:,}".replace(",", ".")
