"""What each item of the score counts."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from engine.domain.case_facts import Digitised, Paid, Rated
from engine.domain.score_basis import Basis, ComplaintFacts, Counted, ProcedureFacts
from engine.domain.score_formulas import FORMULAS
from tests.support.facts import at, basis, received, signed, solved

IN, AFTER = at("2023-01-09 09:00"), at("2023-03-15 00:00")
ONLINE = Paid(at=IN, provider="vnpay", amount=8000, online=True)
CASH = Paid(at=IN, provider="cash", amount=8000, online=False)
LATE = Paid(at=AFTER, provider="vnpay", amount=8000, online=True)
DONE = (signed("2023-01-09 09:00"),)


def count(name: str, *cases: Any, **more: Any) -> Counted:
    found: Basis = basis(cases=cases, **more)
    return FORMULAS[name](found)


def test_a_case_in_time_is_told_from_a_late_one_by_its_code() -> None:
    found = count("in_time", solved("A"), solved("B", done="2023-01-20 09:00"), received("C"))
    assert (found.met, found.missed, found.of) == (("A",), ("B", "C"), "cases")


def test_an_online_case_needs_its_result_as_a_signed_file() -> None:
    found = count(
        "filed_online",
        received("A", channel="online", outcomes=DONE),
        received("B", channel="online"),
        received("C", channel="online", paper_result=False),
        received("D", outcomes=DONE),
        received("E", channel="online", outcomes=(signed("2023-01-09 09:00", gone="2023-02-01 09:00"),)),
        received("F", channel="online", outcomes=(signed("2023-03-15 09:00"),)),
        received("G", when="2022-12-14 09:00", channel="online", outcomes=DONE),
    )
    assert (found.met, found.missed) == (("A", "C"), ("B", "D", "E", "F"))


def test_only_cases_with_a_fee_above_zero_can_be_paid_online() -> None:
    fee = {"fee": 8000, "fee_at": IN}
    found = count(
        "paid_online",
        received("A", **fee, payments=(ONLINE,)),
        received("B", **fee, payments=(CASH,)),
        received("C", fee=0, fee_at=IN, payments=()),
        received("D"),
        received("E", **fee, payments=(LATE,)),
        received("F", fee=8000, fee_at=AFTER),
        received("G", **fee, payments=(CASH, ONLINE)),
    )
    assert (found.met, found.missed) == (("A", "G"), ("B", "E"))


def test_digitised_is_a_paper_and_the_result() -> None:
    found = count(
        "digitised",
        received("A", papers=(Digitised(at=IN),), outcomes=DONE),
        received("B", papers=(Digitised(at=IN),)),
        received("C", outcomes=DONE),
        received("D", papers=(Digitised(at=AFTER),), outcomes=DONE),
        received("E", papers=(Digitised(at=IN),), paper_result=False),
        received("F", papers=(Digitised(at=IN, gone_at=AFTER - timedelta(days=1)),), outcomes=DONE),
        received("G", papers=(Digitised(at=IN, gone_at=AFTER),), outcomes=DONE),
    )
    assert found.met == ("A", "E", "G")
    assert count("electronic_result", received("A", outcomes=DONE), received("B", paper_result=False)).met == ("A",)
    assert count("electronic_result", received("B", paper_result=False)).share is None
    assert count("national_identity", received("A", assurance=2), received("B", assurance=1)).met == ("A",)


def test_procedures_are_counted_by_what_the_catalog_offers() -> None:
    offered = (
        ProcedureFacts(code="1", online=True, fee=True, pays_online=True),
        ProcedureFacts(code="2", online=True, fee=True, pays_online=False),
        ProcedureFacts(code="3", online=False, fee=False, pays_online=False),
    )
    assert count("offered_online", procedures=offered).missed == ("3",)
    assert count("fees_payable_online", procedures=offered).met == ("1",)
    used = count("used_online", received("A", procedure="2", channel="online"), procedures=offered)
    assert (used.met, used.missed) == (("2",), ("1",))


def complaint(name: str, filed: datetime, answered: datetime | None = None, case_id: str = "") -> ComplaintFacts:
    return ComplaintFacts(
        id=name, case_id=case_id, filed_at=filed, limit=filed + timedelta(days=10), answered_at=answered
    )


def test_complaints_are_late_by_their_limit_or_by_the_end_of_the_period() -> None:
    found = count(
        "answered_in_time",
        complaints=(
            complaint("a", IN, IN + timedelta(days=10)),
            complaint("b", IN, IN + timedelta(days=11)),
            complaint("c", IN),
            complaint("d", AFTER - timedelta(days=3)),
            complaint("e", AFTER - timedelta(days=3), AFTER + timedelta(days=40)),
        ),
    )
    assert (found.met, found.missed) == (("a", "d", "e"), ("b", "c"))


def test_an_answer_that_leads_to_another_complaint_about_the_case_did_not_content() -> None:
    answered = IN + timedelta(days=1)
    found = count(
        "content_with_answers",
        complaints=(
            complaint("a", IN, answered, "id-A"),
            complaint("b", answered + timedelta(days=1), answered + timedelta(days=2), "id-A"),
            complaint("c", IN, answered),
            complaint("d", answered + timedelta(days=1), answered + timedelta(days=2)),
        ),
    )
    assert found.missed == ("a",)


def test_satisfaction_is_less_by_late_cases_and_by_bad_words() -> None:
    found = count(
        "satisfied",
        solved("A"),
        solved("B", done="2023-01-20 09:00"),
        solved("C", ratings=(Rated(at=IN, score=5), Rated(at=IN, score=2))),
        solved("D", ratings=(Rated(at=IN, score=3),)),
        solved("E", ratings=(Rated(at=AFTER, score=1),)),
        solved("F"),
        complaints=(complaint("x", IN, None, "id-F"),),
    )
    assert (found.hits, found.total, found.missed) == (3, 6, ("B", "C", "F"))


def test_who_is_late_and_complained_about_counts_twice_but_never_below_nothing() -> None:
    late = solved("A", done="2023-01-20 09:00", ratings=(Rated(at=IN, score=1),))
    assert count("satisfied", late).hits == 0


@pytest.mark.parametrize("name", sorted(FORMULAS))
def test_nothing_gives_nothing(name: str) -> None:
    found = FORMULAS[name](basis())
    assert (found.hits, found.total, found.share) == (0, 0, None)
