"""Cash of a case as it lies in somebody's drawer: how its facts fold, and which receipt belongs to which."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from engine.domain import cash_events as events
from engine.domain.case import Case
from engine.domain.event import Event
from engine.domain.records import replace

CASH = "cash"  # the provider that is no provider: money in hand
Way = Literal["in", "out"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """Cash that came in or went out for a case, in dong. `receipt`: of what came in; "" while there is none."""

    case_id: str
    case_code: str
    procedure: str
    key: str
    way: Way
    amount: int
    at: datetime
    officer: str
    drawer: str
    receipt: str


def moves_of(case: Case) -> Iterator[Move]:
    """All cash of a case in its order; each taking with the receipt that was written over it."""
    booked, used = _booked(case), 0
    for one in case.cash:
        receipt = one.get("receipt", "")
        if one["way"] == "in":
            at = max(int(one["booked"]), used)
            if at < len(booked) and booked[at]["amount"] == one["amount"]:
                receipt, used = str(booked[at]["reference"] or ""), at + 1
        yield Move(
            case_id=case.id,
            case_code=case.code,
            procedure=case.procedure,
            key=f"{one['way']}/{one['key']}",
            way=one["way"],
            amount=one["amount"],
            at=one["at"],
            officer=one["by"],
            drawer=one["drawer"],
            receipt=receipt,
        )


def in_hand(case: Case, key: str) -> bool:
    """Whether cash was taken with this task already."""
    return any((one["way"], one["key"]) == ("in", key) for one in case.cash)


def _booked(case: Case) -> list[Mapping[str, Any]]:
    """Payments in cash, in the order of their receipts."""
    return [one for one in case.payments if one["provider"] == CASH and one["paid"]]


def _taken(case: Case, e: events.CashTaken, at: datetime) -> Case:
    """`booked`: how many payments in cash had their receipt before; the next one is this one's."""
    entry = {"way": "in", "key": e.key, "amount": e.amount, "by": e.by, "drawer": e.drawer, "at": at}
    return replace(case, cash=(*case.cash, {**entry, "booked": len(_booked(case))}))


def _given_back(case: Case, e: events.CashGivenBack, at: datetime) -> Case:
    entry = {"way": "out", "key": e.order, "amount": e.amount, "by": e.by, "drawer": e.drawer, "at": at}
    return replace(case, cash=(*case.cash, {**entry, "receipt": e.order.removeprefix(f"{CASH}/")}))


CASH_APPLIERS: dict[type[Event], Callable[[Case, Any, datetime], Case]] = {
    events.CashTaken: _taken,
    events.CashGivenBack: _given_back,
}
