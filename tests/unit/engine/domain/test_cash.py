"""Cash of a case: how it folds, and which receipt was written over it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from engine.domain.appliers import apply
from engine.domain.case import Case
from engine.domain.cash import in_hand, moves_of
from engine.domain.events import CashGivenBack, CashTaken, Event, PaymentReceived
from tests.support.cases import START, case


def folded(*events: Event) -> Case:
    """A case after these, a minute apart."""
    found = case(fee_total=20000)
    for number, event in enumerate(events):
        found = apply(found, event, START + timedelta(minutes=number), "")
    return found


def taken(key: str, amount: int = 12000, drawer: str = "d1") -> CashTaken:
    return CashTaken(key=key, amount=amount, by="anh", drawer=drawer)


def booked(receipt: str, amount: int = 12000, provider: str = "cash") -> PaymentReceived:
    return PaymentReceived(order=f"{provider}/{receipt}", provider=provider, amount=amount, reference=receipt)


def shown(found: Case) -> list[Any]:
    return [(one.key, one.amount, one.receipt) for one in moves_of(found)]


def test_a_taking_bears_the_receipt_that_came_of_it() -> None:
    assert shown(folded(taken("pay#1"), booked("0001/2022"))) == [("in/pay#1", 12000, "0001/2022")]


def test_a_taking_has_no_receipt_while_the_process_is_stuck() -> None:
    assert shown(folded(taken("pay#1"))) == [("in/pay#1", 12000, "")]


def test_money_that_came_otherwise_is_no_cash_in_hand() -> None:
    assert shown(folded(booked("0001/2022"), booked("V1", provider="vnpay"))) == []


def test_an_earlier_receipt_belongs_to_no_later_taking() -> None:
    found = folded(booked("0001/2022"), taken("pay#1", 8000), booked("0002/2022", 8000))
    assert shown(found) == [("in/pay#1", 8000, "0002/2022")]


def test_a_receipt_over_another_sum_is_not_taken_for_this_one() -> None:
    assert shown(folded(taken("pay#1"), booked("0001/2022", 8000))) == [("in/pay#1", 12000, "")]


def test_two_takings_bear_two_receipts_in_their_order() -> None:
    found = folded(taken("pay#1"), taken("pay#2"), booked("0001/2022"), booked("0002/2022"))
    assert [receipt for _, _, receipt in shown(found)] == ["0001/2022", "0002/2022"]


def test_what_goes_back_names_the_receipt_of_what_came_in() -> None:
    back = CashGivenBack(order="cash/0001/2022", amount=12000, by="tam", drawer="d2")
    found = folded(taken("pay#1"), booked("0001/2022"), back)
    came, went = moves_of(found)
    assert (came.way, went.way, went.receipt, went.drawer, went.officer) == ("in", "out", "0001/2022", "d2", "tam")
    assert went.at == START + timedelta(minutes=2)


def test_a_task_is_known_by_its_own_taking() -> None:
    found = folded(taken("pay#1"))
    assert in_hand(found, "pay#1")
    assert not in_hand(found, "pay#2")
