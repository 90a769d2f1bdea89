"""What the house asks for itself: lost notices, orders nobody paid, statements, refunds, and the account of a day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from engine.commands.messages import WithdrawCase
from engine.commands.payment_messages import BookTransfer, DelayRefund, RetryRefund, SettleRefund
from engine.domain.case import Case
from engine.domain.errors import (
    ForbiddenError,
    NotFoundError,
    PaymentMismatchError,
    PaymentRefusedError,
    RuleError,
    StaleVersionError,
)
from engine.ports.payments import Line, Notice
from tests.support.paying_house import CASHIER, STORES, PayingHouse, opened
from tests.support.small_house import ADMIN, CITIZEN, CLERK, UNIT
from tests.support.threads import at_once

MINUTE = timedelta(minutes=1)


@pytest.fixture(params=STORES)
def house(request: pytest.FixtureRequest) -> Iterator[PayingHouse]:
    with opened(request) as house:
        yield house


@pytest.fixture(params=["sqlite"])
def one(request: pytest.FixtureRequest) -> Iterator[PayingHouse]:
    with opened(request) as house:
        yield house


def paid(order: str, **changes: object) -> Notice:
    facts = {"order": order, "amount": 3000, "outcome": "paid", "code": "00", "reference": "14"}
    return Notice(**{**facts, **changes})  # type: ignore[arg-type]  # changes are the notice's own fields


def later(house: PayingHouse, minutes: int) -> None:
    house.clock.set(house.clock.now() + minutes * MINUTE)
    house.reconciler.ask(house.clock.now())


# orders that hang


def test_a_lost_notice_is_found_by_asking_and_booked_once(house: PayingHouse) -> None:
    case = house.asked()
    order = house.begin(case)
    house.vnpay.known[order] = paid(order)
    later(house, 10)
    assert house.vnpay.asked == []
    later(house, 10)
    assert house.entry(case, order)["paid"] is True
    later(house, 60)
    assert house.vnpay.asked == [order]
    assert house.hear(house.signed(order, vnp_TransactionNo="14")) == "02"
    assert house.money(case, "payment:received") == ["payment:received"]
    house.prove(case.id)


def test_an_order_nobody_paid_is_given_up_after_its_time_and_the_case_goes_on_waiting(house: PayingHouse) -> None:
    case = house.asked()
    order = house.begin(case)
    later(house, 20)
    assert "failed" not in house.entry(case, order)
    later(house, 20)
    assert house.entry(case, order)["failed"] == "expired"
    assert house.ledger.unsettled(UNIT, house.clock.now(), limit=9) == []
    assert house.collector.ways(house.case(case.id))
    assert house.hear(house.signed(order)) == "00"
    house.prove(case.id)


def test_a_failure_that_was_not_told_is_learnt_by_asking(one: PayingHouse) -> None:
    case = one.asked()
    order = one.begin(case)
    one.vnpay.known[order] = paid(order, outcome="failed", code="02")
    later(one, 20)
    assert one.entry(case, order)["failed"] == "02"


def test_another_amount_is_not_booked_by_asking_either(one: PayingHouse) -> None:
    case = one.asked()
    order = one.begin(case)
    one.vnpay.known[order] = paid(order, amount=1)
    later(one, 20)
    assert one.entry(case, order)["paid"] is False


def test_a_silent_provider_is_asked_once_and_nothing_is_given_up(one: PayingHouse) -> None:
    orders = [one.begin(one.asked()) for _ in range(3)]
    one.vnpay.known.update({order: ConnectionError("silent") for order in orders})
    later(one, 90)
    assert len(one.vnpay.asked) == 1
    assert len(one.ledger.unsettled(UNIT, one.clock.now(), limit=9)) == 3


# statements


@pytest.mark.parametrize("text", ["{0}", "NGUYEN THI LAN CK {0} FT123", "mbvcb.12.{0}.ct tu 1 toi 2", "GD {1} {2}"])
def test_a_transfer_is_matched_by_number_amount_and_account(house: PayingHouse, text: str) -> None:
    case = house.asked()
    order = house.begin(case, "vietqr")
    lines = [house.line("FT1", text.format(order.upper(), order[:6], order[6:]))]
    assert house.statements.take(lines) == (1, 0)
    assert house.entry(case, order)["paid"] is True
    assert house.statements.take(lines) == (0, 0)
    assert house.money(case, "payment:received") == ["payment:received"]
    (line,) = house.ledger.lines(UNIT, "matched", limit=9)
    assert (line["order"], line["case_code"]) == (order, case.code)
    house.prove(case.id)


def test_a_statement_read_by_two_at_once_counts_once(house: PayingHouse) -> None:
    case = house.asked()
    order = house.begin(case, "vietqr")
    lines = [house.line("FT1", order), house.line("FT2", "khac")]
    taken = at_once([lambda: house.statements.take(lines)] * 3)
    assert not [one for one in taken if isinstance(one, Exception)], taken
    assert sum(added for added, _ in taken) == 2
    assert house.money(case, "payment:received", "refund") == ["payment:received"]
    assert [line["id"] for line in house.ledger.lines(UNIT, "suspense", limit=9)] == ["0123456789/FT2"]


def test_what_does_not_fit_lies_in_suspense_and_says_why(house: PayingHouse) -> None:
    case = house.asked()
    order, other = house.begin(case, "vietqr"), house.begin(house.asked(), "vietqr")
    lines = [
        house.line("1", "chuyen tien an sang"),
        house.line("2", "MC2610050001A"),
        house.line("3", order, amount=2999),
        house.line("4", order, account="999"),
        house.line("5", f"{order} {other}"),
        house.line("6", house.begin(case, "vnpay")),
    ]
    assert house.statements.take(lines) == (6, 6)
    found = {line["id"].split("/")[1]: line["reason"] for line in house.ledger.lines(UNIT, "suspense", limit=9)}
    assert found == {"1": "no_number", "2": "no_number", "3": "amount", "4": "account", "5": "several", "6": "unknown"}
    assert house.entry(case, order)["paid"] is False


def test_a_second_transfer_for_one_order_is_money_of_its_own(house: PayingHouse) -> None:
    case = house.asked()
    order = house.begin(case, "vietqr")
    assert house.statements.take([house.line("1", order), house.line("2", order)]) == (2, 1)
    (line,) = house.ledger.lines(UNIT, "suspense", limit=9)
    assert (line["reason"], line["order"]) == ("twice", order)


def test_a_transfer_after_its_codes_time_is_booked_all_the_same(one: PayingHouse) -> None:
    case = one.asked()
    order = one.begin(case, "vietqr")
    later(one, 5 * 24 * 60)
    assert one.entry(case, order)["failed"] == "expired"
    one.statements.take([one.line("1", order)])
    assert one.entry(case, order)["paid"] is True


def test_a_cashier_says_what_a_line_paid_for(house: PayingHouse) -> None:
    case = house.asked()
    house.statements.take([house.line("1", "phi xac nhan")])
    house.collector.match_by_hand(CASHIER, "0123456789/1", f" {case.code.lower()} ", "Theo giấy báo có")
    paid_by = house.case(case.id).payments[-1]
    assert (paid_by["paid"], paid_by["reference"]) == (True, "0123456789/1")
    (line,) = house.ledger.lines(UNIT, "settled", limit=9)
    assert (line["case_code"], line["by"], line["reason"]) == (case.code, CASHIER.id, "Theo giấy báo có")
    with pytest.raises(StaleVersionError):
        house.collector.match_by_hand(CASHIER, "0123456789/1", case.code, "")
    house.prove(case.id)


def test_a_line_matched_by_two_cashiers_at_once_pays_once(house: PayingHouse) -> None:
    cases = [house.asked(), house.asked()]
    house.statements.take([house.line("1", "phi")])
    at_once([lambda c=c: house.collector.match_by_hand(CASHIER, "0123456789/1", c.code, "") for c in cases])
    assert sum(one["paid"] for case in cases for one in house.case(case.id).payments) == 1


def test_a_line_that_does_not_fit_the_case_is_refused_and_stays(one: PayingHouse) -> None:
    case, line = one.asked(), "0123456789/1"
    one.statements.take([one.line("1", "phi", amount=2999)])
    with pytest.raises(PaymentMismatchError):
        one.collector.match_by_hand(CASHIER, line, case.code, "")
    with pytest.raises(NotFoundError):
        one.collector.match_by_hand(CASHIER, line, "KHONG-CO", "")
    with pytest.raises(NotFoundError):
        one.collector.match_by_hand(CASHIER, "0123456789/9", case.code, "")
    with pytest.raises(ForbiddenError):
        one.collector.match_by_hand(CLERK, line, case.code, "")
    assert [row["id"] for row in one.ledger.lines(UNIT, "suspense", limit=9)] == [line]


def test_a_line_is_marked_returned_with_a_reason(one: PayingHouse) -> None:
    one.statements.take([one.line("1", "nham")])
    with pytest.raises(RuleError):
        one.collector.give_line_back(CASHIER, "0123456789/1", " ")
    one.collector.give_line_back(CASHIER, "0123456789/1", "Chuyển nhầm, UNC 12")
    (line,) = one.ledger.lines(UNIT, "returned", limit=9)
    assert line["reason"] == "Chuyển nhầm, UNC 12"
    with pytest.raises(StaleVersionError):
        one.collector.give_line_back(CASHIER, "0123456789/1", "again")


def test_only_a_cashier_books_a_transfer(one: PayingHouse) -> None:
    case = one.asked()
    facts = {"unit": UNIT, "case_code": case.code, "order": "MC1", "provider": "vietqr", "amount": 3000}
    for actor in (CLERK, CITIZEN, ADMIN):
        with pytest.raises(ForbiddenError):
            one.do(BookTransfer(reference="x", **facts), actor)  # type: ignore[arg-type]  # facts by name


# refunds


def owed(house: PayingHouse, provider: str = "vnpay") -> tuple[Case, str]:
    """A case that was paid and withdrawn."""
    case = house.asked()
    order = house.begin(case, provider)
    row = house.ledger.order(UNIT, order)
    assert row is not None
    house.collector.pay(UNIT, row, "14")
    house.do(WithdrawCase(unit=UNIT, case_id=case.id, reason="Thôi"), CITIZEN)
    return case, order


def give_back(house: PayingHouse, *minutes: int) -> None:
    for each in minutes:
        house.clock.set(house.clock.now() + each * MINUTE)
        house.reconciler.give_back(house.clock.now())


def test_a_refund_is_told_to_the_provider_and_noted_with_its_code(house: PayingHouse) -> None:
    case, order = owed(house)
    give_back(house, 1, 5, 60)
    refund = house.entry(case, order)["refund"]
    assert (refund["state"], refund["code"], refund["reference"]) == ("settled", "00", "R" + order)
    assert house.vnpay.refunded == [order]
    assert house.money(case, "refund") == ["refund:requested", "refund:settled"]
    house.prove(case.id)


def test_a_refund_whose_answer_was_lost_is_asked_again_and_books_once(house: PayingHouse) -> None:
    case, order = owed(house)
    house.vnpay.moods = [ConnectionError("timed out"), ConnectionError("timed out")]
    give_back(house, 1, 1, 10, 30)
    refund = house.entry(case, order)["refund"]
    assert (refund["state"], refund["code"]) == ("settled", "94")
    assert house.vnpay.refunded == [order]
    assert house.money(case, "refund") == [
        "refund:requested",
        "refund:delayed",
        "refund:delayed",
        "refund:settled",
    ]
    house.prove(case.id)


def test_two_processes_that_give_back_at_once_note_it_once(house: PayingHouse) -> None:
    case, order = owed(house)
    house.clock.set(house.clock.now() + MINUTE)
    at_once([lambda: house.reconciler.give_back(house.clock.now())] * 3)
    assert house.money(case, "refund") == ["refund:requested", "refund:settled"]


def test_a_refusal_is_an_incident_until_a_cashier_lets_it_be_tried_again(house: PayingHouse) -> None:
    case, order = owed(house)
    house.vnpay.moods = [PaymentRefusedError(order=order, reason="95")]
    give_back(house, 1, 60, 600)
    (incident,) = house.case(case.id).incidents.values()
    assert (incident.kind, incident.key) == ("payment", order)
    house.do(RetryRefund(unit=UNIT, case_id=case.id, order=order), CASHIER)
    assert house.case(case.id).incidents == {}
    give_back(house, 1)
    assert house.entry(case, order)["refund"]["state"] == "settled"
    house.prove(case.id)


def test_a_provider_that_stays_silent_is_given_up_for_an_incident(one: PayingHouse) -> None:
    case, order = owed(one)
    one.vnpay.moods = [ConnectionError("silent")] * 20
    give_back(one, *[400] * 12)
    assert len(one.case(case.id).incidents) == 1
    assert one.entry(case, order)["refund"]["attempt"] == 8


def test_what_no_provider_gives_back_a_cashier_does_and_says_how(one: PayingHouse) -> None:
    case, order = owed(one, "vietqr")
    give_back(one, 1, 60)
    assert one.entry(case, order)["refund"]["state"] == "asked"
    facts = {"unit": UNIT, "case_id": case.id, "order": order, "code": "hand"}
    with pytest.raises(RuleError):
        one.do(SettleRefund(reference=" ", **facts), CASHIER)
    for actor in (CLERK, ADMIN, CITIZEN):
        with pytest.raises(ForbiddenError):
            one.do(SettleRefund(reference="UNC 7", **facts), actor)
    one.do(SettleRefund(reference="UNC 7", **facts), CASHIER)
    assert one.entry(case, order)["refund"]["reference"] == "UNC 7"
    assert one.do(SettleRefund(reference="UNC 8", **facts), CASHIER).data == {"already": True}


def test_what_was_never_to_go_back_cannot(one: PayingHouse) -> None:
    case = one.asked()
    order = one.begin(case)
    facts = {"unit": UNIT, "case_id": case.id, "order": order}
    with pytest.raises(NotFoundError):
        one.do(SettleRefund(code="hand", reference="x", **facts), CASHIER)
    with pytest.raises(ForbiddenError):
        one.do(DelayRefund(error="x", retry_at=None, **facts), CASHIER)


# the account of a day


def close(house: PayingHouse, *lines: Line) -> dict[str, object]:
    house.vnpay.lines = list(lines)
    house.clock.set(house.clock.now() + timedelta(days=1))
    house.reconciler.close_day(house.clock.now())
    return dict(next(row for row in house.ledger.accounts(UNIT, limit=9) if row["provider"] == "vnpay"))


def told(house: PayingHouse, order: str, amount: int = 3000) -> Line:
    return Line(id=f"T{order}", account="", amount=amount, text="", at=house.clock.now(), order=order)


def test_a_day_on_which_both_sides_agree_has_no_differences(house: PayingHouse) -> None:
    case = house.asked()
    order = house.begin(case)
    house.hear(house.signed(order))
    account = close(house, told(house, order))
    assert (account["ours_sum"], account["theirs_sum"], account["differences"]) == (3000, 3000, [])
    house.reconciler.close_day(house.clock.now())
    assert len(house.ledger.accounts(UNIT, limit=9)) == 2


def test_differences_of_a_day_are_named_and_what_can_be_mended_is_mended(house: PayingHouse) -> None:
    missed, unsure, other, gone = (house.asked() for _ in range(4))
    found, open_one, wrong, ours = (house.begin(case) for case in (missed, unsure, other, gone))
    house.vnpay.known[found] = paid(found)
    house.hear(house.signed(ours))
    lines = [told(house, found), told(house, open_one), told(house, wrong, 5000), told(house, "MC9")]
    account = close(house, *lines)
    kinds = {row["order"]: row["kind"] for row in account["differences"]}  # type: ignore[attr-defined]  # rows
    assert kinds == {open_one: "unbooked", wrong: "amount", "MC9": "unknown", ours: "missing"}
    assert house.entry(missed, found)["paid"] is True
    assert account["count"] == 4


def test_an_order_of_the_other_side_of_midnight_is_no_difference(one: PayingHouse) -> None:
    case = one.asked()
    order = one.begin(case)
    one.hear(one.signed(order))
    one.vnpay.known[order] = paid(order)
    assert close(one)["differences"] == []


def test_a_provider_without_an_account_is_told_as_such(one: PayingHouse) -> None:
    case = one.asked()
    one.hear(one.signed(one.begin(case)))
    one.clock.set(one.clock.now() + timedelta(days=1))
    one.reconciler.close_day(one.clock.now())
    account = next(row for row in one.ledger.accounts(UNIT, limit=9) if row["provider"] == "vnpay")
    assert (account["told"], account["ours_sum"]) == (False, 3000)
