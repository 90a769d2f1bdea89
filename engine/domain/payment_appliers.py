"""How facts about tries to pay and refunds fold into state; a released applier never changes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from engine.domain import events
from engine.domain.case import Case
from engine.domain.events import Event
from engine.domain.records import replace

KEPT = ("at", "expires_at", "details")  # of a try that was begun; an order without them was never at a provider
Entry = Mapping[str, Any]


def entry_of(case: Case, order: str) -> Entry | None:
    """What the case knows of an order."""
    return next((entry for entry in case.payments if entry["order"] == order), None)


def of_a_try(entry: Entry) -> bool:
    """Whether the payer chose the provider of this order: its money can be asked after and given back."""
    return "at" in entry


def _changed(case: Case, order: str, change: Callable[[Entry], Entry]) -> Case:
    return replace(case, payments=tuple(change(one) if one["order"] == order else one for one in case.payments))


def _begun(case: Case, e: events.PaymentBegun, at: datetime) -> Case:
    entry = {
        "order": e.order,
        "provider": e.provider,
        "amount": e.amount,
        "url": e.url,
        "paid": False,
        "reference": None,
        "at": at,
        "expires_at": e.expires_at,
        "details": e.details,
    }
    return replace(case, payments=(*case.payments, entry))


def received(case: Case, e: events.PaymentReceived, at: datetime) -> Case:
    """Paid, whatever was known of the order before; it comes last."""
    before = entry_of(case, e.order) or {}
    paid = {
        "order": e.order,
        "provider": e.provider,
        "amount": e.amount,
        "paid": True,
        "reference": e.reference,
        "paid_at": at,
        "url": before.get("url", ""),
    }
    others = tuple(one for one in case.payments if one["order"] != e.order)
    return replace(case, payments=(*others, {**paid, **{name: before[name] for name in KEPT if name in before}}))


def _failed(case: Case, e: events.PaymentFailed, at: datetime) -> Case:
    return _changed(case, e.order, lambda one: {**_without(one, "doubted"), "failed": e.code})


def _doubted(case: Case, e: events.PaymentDoubted, at: datetime) -> Case:
    return _changed(case, e.order, lambda one: {**_without(one, "failed"), "doubted": e.code})


def _asked_back(case: Case, e: events.RefundRequested, at: datetime) -> Case:
    refund = {"state": "asked", "why": e.why, "at": at, "amount": e.amount, "attempt": 0, "run_at": at, "error": ""}
    return _changed(case, e.order, lambda one: {**one, "refund": refund})


def _delayed(case: Case, e: events.RefundDelayed, at: datetime) -> Case:
    later = {"attempt": e.attempt, "run_at": e.retry_at, "error": e.error}
    return _changed(case, e.order, lambda one: {**one, "refund": {**one["refund"], **later}})


def _given_back(case: Case, e: events.RefundSettled, at: datetime) -> Case:
    done = {"state": "settled", "code": e.code, "reference": e.reference, "settled_at": at, "run_at": None}
    case = _changed(case, e.order, lambda one: {**one, "refund": {**one["refund"], **done}})
    return replace(case, incidents={k: i for k, i in case.incidents.items() if i.key != e.order})


def _without(entry: Entry, name: str) -> dict[str, Any]:
    return {key: value for key, value in entry.items() if key != name}


PAYMENT_APPLIERS: dict[type[Event], Callable[[Case, Any, datetime], Case]] = {
    events.PaymentBegun: _begun,
    events.PaymentReceived: received,
    events.PaymentFailed: _failed,
    events.PaymentDoubted: _doubted,
    events.RefundRequested: _asked_back,
    events.RefundDelayed: _delayed,
    events.RefundSettled: _given_back,
}
