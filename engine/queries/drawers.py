"""The daily report of cash drawers: what ought to lie in each, by which receipts, and what was counted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from engine.domain.actor import Actor
from engine.domain.cash import Move
from engine.domain.drawer import Drawer, Reckoned
from engine.domain.drawer_day import DayReport
from engine.ports import Ports
from engine.ports.drawers import Drawers
from engine.ports.inbox import Colleagues
from engine.ports.papers import Setting, setting_of

SEE_ALL = ("chairman", "administrator", "auditor")  # everybody else sees the own drawers
READERS = ("cashier", "one_stop", "finance_officer", *SEE_ALL)


class DrawerReports:
    """Reads drawers of the reader's own unit."""

    def __init__(self, ports: Ports, drawers: Drawers, colleagues: Colleagues) -> None:
        self._ports = ports
        self._drawers = drawers
        self._colleagues = colleagues

    def of_day(self, actor: Actor, day: date, today: date) -> DayReport:
        """The drawers of a day that the actor may see."""
        everybody = actor.in_any(SEE_ALL)
        drawers = self._seen(actor, self._drawers.of_day(actor.unit, day))
        moves = self._drawers.moves(actor.unit, [one.id for one in drawers])
        start = datetime.combine(day, time(), self._ports.catalog.calendar(actor.unit).zone)
        loose = self._drawers.loose(actor.unit, start, start + timedelta(days=1))
        left = self._seen(actor, self._drawers.left_open(actor.unit, day)) if day == today else []
        who = {one.officer for one in (*drawers, *left)} | {one.officer for one in loose}
        who |= {one.closed_by for one in drawers if one.closed_by}
        return DayReport(
            day=day,
            everybody=everybody,
            drawers=tuple(_reckoned(drawer, moves) for drawer in drawers),
            loose=tuple(one for one in loose if everybody or one.officer == actor.id),
            left_open=tuple(left),
            names=self._colleagues.names(actor.unit, sorted(who)),
        )

    def setting(self, actor: Actor) -> Setting:
        """What the unit's papers need."""
        return setting_of(self._ports.catalog, actor.unit)

    @staticmethod
    def _seen(actor: Actor, drawers: Sequence[Drawer]) -> list[Drawer]:
        return [one for one in drawers if actor.in_any(SEE_ALL) or one.officer == actor.id]


def _reckoned(drawer: Drawer, moves: Sequence[Move]) -> Reckoned:
    return Reckoned(drawer=drawer, moves=tuple(one for one in moves if one.drawer == drawer.id))
