"""Providers' notices: replayed, reordered, forged, with another amount, for nobody, too late, at once. The state is
right each time, and each is answered as the protocol asks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from engine.commands.collector import Payer
from engine.commands.messages import CancelCase, SuspendCase, WithdrawCase
from engine.commands.payment_messages import OrderPayment, RecordOutcome
from engine.domain.case import Case
from engine.domain.errors import (
    CaseEndedError,
    DomainError,
    ForbiddenError,
    NotFoundError,
    PaymentMismatchError,
    RuleError,
)
from engine.ports.payments import Notice
from tests.support.paying_house import CASHIER, STORES, PayingHouse, drawn, opened
from tests.support.small_house import ADMIN, CHAIRMAN, CITIZEN, CLERK, STRANGER, UNIT, submit
from tests.support.threads import at_once


@pytest.fixture(params=STORES)
def house(request: pytest.FixtureRequest) -> Iterator[PayingHouse]:
    with opened(request) as house:
        yield house


@pytest.fixture(params=["sqlite"])
def one(request: pytest.FixtureRequest) -> Iterator[PayingHouse]:
    """For what does not depend on the database."""
    with opened(request) as house:
        yield house


def waits(house: PayingHouse, case: Case) -> bool:
    return any(wait.message == "payment_received" for wait in house.case(case.id).subscriptions.values())


def notices(house: PayingHouse) -> list[tuple[str, str]]:
    with house.store.engine.connect() as connection:
        return [
            tuple(row) for row in connection.execute(text('SELECT "order", verdict FROM payment_notice ORDER BY at'))
        ]


def test_a_try_is_an_order_of_its_own_apart_from_the_case_code_and_linked_to_it(one: PayingHouse) -> None:
    case = one.asked()
    first, second = one.begin(case), one.begin(case, "vietqr")
    assert first != second
    assert case.code not in first
    assert first.startswith("MC")
    row = one.ledger.order(UNIT, first)
    assert row is not None
    assert (row["case_code"], row["amount"], row["state"]) == (case.code, 3000, "open")
    assert waits(one, case)
    one.prove(case.id)


def test_the_same_form_sent_twice_begins_one_try(one: PayingHouse) -> None:
    case = one.asked()
    assert one.begin(case, key="form-1") == one.begin(case, key="form-1")
    assert one.money(case, "payment:begun") == ["payment:begun"]


def test_the_same_form_sent_at_once_begins_one_try(house: PayingHouse) -> None:
    case = house.asked()
    begun = at_once([lambda: house.collector.begin(CITIZEN, case.id, "vnpay", Payer(), "form-1")] * 4)
    assert len(set(begun)) == 1, begun
    assert house.money(case, "payment:begun") == ["payment:begun"]


def test_a_genuine_notice_is_booked_and_the_process_goes_on(house: PayingHouse) -> None:
    case = house.asked()
    order = house.begin(case)
    assert house.hear(house.signed(order)) == "00"
    house.worker.drain()
    paid = house.prove(case.id)
    assert house.entry(case, order)["paid"] is True
    assert not waits(house, case)
    assert [slip["kind"] for slip in paid.receipts] == ["fee"]
    assert notices(house) == [(order, "recorded")]


def test_a_notice_that_is_replayed_changes_nothing_and_is_answered_02(house: PayingHouse) -> None:
    case = house.asked()
    order = house.begin(case)
    fields = house.signed(order)
    assert [house.hear(fields) for _ in range(3)] == ["00", "02", "02"]
    assert house.money(case, "payment:received") == ["payment:received"]
    assert [verdict for _, verdict in notices(house)] == ["recorded", "repeated", "repeated"]


def test_the_same_notice_twice_at_once_is_booked_once(house: PayingHouse) -> None:
    case = house.asked()
    fields = house.signed(house.begin(case))
    assert sorted(map(str, at_once([lambda: house.hear(fields)] * 4))) == ["00", "02", "02", "02"]
    assert house.money(case, "payment:received") == ["payment:received"]
    house.prove(case.id)


def test_notices_of_two_tries_at_once_are_both_booked_and_one_goes_back(house: PayingHouse) -> None:
    case = house.asked()
    first, second = house.begin(case), house.begin(case)
    answers = at_once([lambda o=o: house.hear(house.signed(o)) for o in (first, second)])
    assert answers == ["00", "00"]
    assert house.money(case, "payment:received", "refund") == [
        "payment:received",
        "payment:received",
        "refund:requested",
    ]
    assert sum("refund" in one for one in house.case(case.id).payments) == 1
    house.prove(case.id)


def test_a_forged_notice_changes_nothing_and_is_answered_97(house: PayingHouse) -> None:
    case = house.asked()
    order = house.begin(case)
    good = house.signed(order)
    for wrong in ({**good, "vnp_SecureHash": "0" * 128}, {**good, "vnp_Amount": "1"}, {}, {"vnp_TxnRef": order}):
        assert house.hear(wrong) == "97"
    assert house.entry(case, order)["paid"] is False
    assert {verdict for _, verdict in notices(house)} == {"forged"}


def test_checks_come_in_the_order_of_the_protocol(one: PayingHouse) -> None:
    """The hash before the order, the order before the amount, the amount before what was confirmed already."""
    case = one.asked()
    order = one.begin(case)
    nobody = {"vnp_TxnRef": "MC2610050001A", "vnp_Amount": "1"}
    assert one.hear({**one.signed(order, **nobody), "vnp_SecureHash": "x"}) == "97"
    assert one.hear(one.signed(order, **nobody)) == "01"
    assert one.hear(one.signed(order, vnp_Amount="299900")) == "04"
    assert one.hear(one.signed(order)) == "00"
    assert one.hear(one.signed(order, vnp_Amount="299900")) == "04"
    assert one.hear(one.signed(order)) == "02"


@pytest.mark.parametrize("amount", ["299900", "300100", "300050", "3000", "0", "30000000"])
def test_another_amount_changes_nothing_and_is_answered_04(one: PayingHouse, amount: str) -> None:
    case = one.asked()
    order = one.begin(case)
    assert one.hear(one.signed(order, vnp_Amount=amount)) == "04"
    assert one.entry(case, order)["paid"] is False


@pytest.mark.parametrize("order", ["", "MC2610050001A", "H29", "x" * 200, "TEST2212190001A", "a\0b"])
def test_an_order_of_nobody_is_answered_01(house: PayingHouse, order: str) -> None:
    house.asked()
    assert house.hear(house.signed("", vnp_TxnRef=order)) == "01"


def test_an_order_of_another_provider_is_nobodys(one: PayingHouse) -> None:
    case = one.asked()
    assert one.hear(one.signed(one.begin(case, "vietqr"))) == "01"


def test_the_process_own_order_is_no_providers(one: PayingHouse) -> None:
    case = one.asked()
    assert one.hear(one.signed(case.payments[0]["order"])) == "01"


def test_a_signed_failure_is_recorded_and_the_payer_tries_again(house: PayingHouse) -> None:
    case = house.asked()
    order = house.begin(case)
    failure = house.signed(order, vnp_ResponseCode="24", vnp_TransactionStatus="02")
    assert [house.hear(failure), house.hear(failure)] == ["00", "02"]
    assert house.entry(case, order)["failed"] == "24"
    assert waits(house, case)
    again = house.begin(case)
    assert house.hear(house.signed(again)) == "00"
    assert [house.entry(case, one)["paid"] for one in (order, again)] == [False, True]
    house.prove(case.id)


def test_a_success_after_a_failure_is_booked(house: PayingHouse) -> None:
    case = house.asked()
    order = house.begin(case)
    house.hear(house.signed(order, vnp_ResponseCode="51", vnp_TransactionStatus="02"))
    assert house.hear(house.signed(order)) == "00"
    entry = house.entry(case, order)
    assert entry["paid"] is True
    assert "failed" not in entry


def test_a_failure_after_a_success_changes_nothing(house: PayingHouse) -> None:
    case = house.asked()
    order = house.begin(case)
    house.hear(house.signed(order))
    assert house.hear(house.signed(order, vnp_ResponseCode="24", vnp_TransactionStatus="02")) == "02"
    assert house.entry(case, order)["paid"] is True


def test_a_suspicious_payment_is_neither_paid_nor_failed_until_the_provider_says(house: PayingHouse) -> None:
    case = house.asked()
    order = house.begin(case)
    assert house.hear(house.signed(order, vnp_ResponseCode="07", vnp_TransactionStatus="07")) == "00"
    entry = house.entry(case, order)
    assert (entry["paid"], entry["doubted"], entry.get("failed")) == (False, "07", None)
    assert waits(house, case)
    house.clock.set(house.clock.now() + timedelta(days=2))
    house.reconciler.ask(house.clock.now())
    assert house.entry(case, order)["doubted"] == "07"
    assert house.hear(house.signed(order)) == "00"
    assert house.entry(case, order)["paid"] is True
    house.prove(case.id)


def test_money_for_a_case_that_has_ended_is_booked_and_goes_back(house: PayingHouse) -> None:
    case = house.asked()
    order = house.begin(case)
    house.do(WithdrawCase(unit=UNIT, case_id=case.id, reason="Không cần nữa"), CITIZEN)
    assert house.hear(house.signed(order)) == "00"
    entry = house.entry(case, order)
    assert (entry["paid"], entry["refund"]["why"]) == (True, "late")
    assert house.case(case.id).incidents == {}
    assert house.hear(house.signed(order)) == "02"
    house.prove(case.id)


def test_what_was_paid_goes_back_when_the_case_is_stopped(house: PayingHouse) -> None:
    case = house.asked()
    order = house.begin(case)
    house.hear(house.signed(order))
    house.do(CancelCase(unit=UNIT, case_id=case.id, reason="Trùng hồ sơ"), CHAIRMAN)
    assert house.entry(case, order)["refund"]["why"] == "ended"
    assert house.money(case, "refund") == ["refund:requested"]
    house.prove(case.id)


def test_money_for_a_suspended_case_is_booked_and_waits(one: PayingHouse) -> None:
    case = one.asked()
    order = one.begin(case)
    one.do(SuspendCase(unit=UNIT, case_id=case.id, reason="Xem lại"), ADMIN)
    assert one.hear(one.signed(order)) == "00"
    assert one.entry(case, order)["paid"] is True
    assert waits(one, case)


def test_an_unfinished_payment_says_nothing(one: PayingHouse) -> None:
    case = one.asked()
    order = one.begin(case)
    assert one.hear(one.signed(order, vnp_TransactionStatus="01")) == "00"
    assert one.money(case, "payment") == ["payment:ordered", "payment:begun"]


def test_a_database_that_is_gone_is_answered_99_so_that_the_notice_comes_again(
    one: PayingHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = one.asked()
    order = one.begin(case)
    with monkeypatch.context() as broken:
        broken.setattr(one.collector, "pay", _gone)
        assert one.hear(one.signed(order)) == "99"
    assert one.hear(one.signed(order)) == "00"


def _gone(*_: Any) -> Any:
    raise DomainError()


@pytest.mark.parametrize("actor", [CLERK, CASHIER])
def test_the_desk_may_begin_a_try_for_somebody(one: PayingHouse, actor: Any) -> None:
    case = one.asked()
    assert one.collector.begin(actor, case.id, "vnpay", Payer(), "desk-1")


@pytest.mark.parametrize(("actor", "error"), [(STRANGER, NotFoundError), (CHAIRMAN, ForbiddenError)])
def test_nobody_else_begins_a_try(one: PayingHouse, actor: Any, error: type[Exception]) -> None:
    case = one.asked()
    with pytest.raises(error):
        one.collector.begin(actor, case.id, "vnpay", Payer(), "other-1")
    assert one.money(case, "payment:begun") == []


def test_a_provider_that_is_not_offered_is_refused(one: PayingHouse) -> None:
    case = one.asked()
    with pytest.raises(RuleError):
        one.begin(case, "momo")
    with pytest.raises(NotFoundError):
        one.collector.hear(UNIT, "momo", {}, "")


def test_nothing_is_begun_for_what_is_paid_or_ended_or_not_due(one: PayingHouse) -> None:
    case = one.asked()
    one.hear(one.signed(one.begin(case)))
    with pytest.raises(RuleError):
        one.begin(case)
    assert one.collector.ways(one.case(case.id)) == ()
    ended = one.asked()
    one.do(WithdrawCase(unit=UNIT, case_id=ended.id, reason="Thôi"), CITIZEN)
    with pytest.raises(CaseEndedError):
        one.begin(ended)
    with pytest.raises(RuleError):
        one.begin(one.file())


def test_at_level_three_nothing_online_is_offered(request: pytest.FixtureRequest) -> None:
    request.param = "sqlite"
    with opened(request, drawn(level=3)) as three:
        case = three.case(three.do(submit(delivery="desk"), CITIZEN).case_id)
        assert three.collector.ways(case) == ()
        with pytest.raises(RuleError, match="tại quầy"):
            three.begin(case)


def test_a_command_with_another_amount_or_a_known_number_is_refused(one: PayingHouse) -> None:
    case = one.asked()
    order = one.begin(case)
    facts: dict[str, Any] = {"unit": UNIT, "case_id": case.id, "provider": "vnpay", "url": "x"}
    until = one.clock.now()
    for number, amount in (("MC9", 2999), ("MC9", 0), (order, 3000)):
        with pytest.raises(PaymentMismatchError):
            one.do(OrderPayment(order=number, amount=amount, expires_at=until, **facts), CITIZEN)


def test_only_the_machine_says_that_a_try_failed(one: PayingHouse) -> None:
    case = one.asked()
    order = one.begin(case)
    command = RecordOutcome(unit=UNIT, case_id=case.id, order=order, provider="vnpay", outcome="failed", code="24")
    for actor in (CITIZEN, CLERK, CASHIER):
        with pytest.raises(ForbiddenError):
            one.do(command, actor)


def test_a_notice_for_an_order_that_the_case_does_not_hold_is_a_mismatch(one: PayingHouse) -> None:
    case = one.asked()
    order = one.begin(case)
    with one.store.engine.begin() as connection:
        connection.execute(text("UPDATE payment_order SET amount = 5000"))
    assert one.collector.book(
        UNIT, "vnpay", Notice(order=order, amount=5000, outcome="paid", code="00", reference="1")
    ) == ("mismatch")
