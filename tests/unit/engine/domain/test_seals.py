"""Seals upon the papers of a case: which paper bears one, whether it counts, and whom it is in the way of."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from engine.domain import events, seals
from engine.domain.appliers import apply
from engine.domain.case import Case
from engine.domain.event import Event
from tests.support.cases import case as made

AT = datetime(2026, 11, 27, 3, 0, tzinfo=UTC)


def issued(number: str, kind: str = "intake") -> Event:
    return events.ReceiptIssued(kind=kind, number=number, data={})


def sealed(number: str, kind: str = "intake") -> Event:
    facts = {name: f"{name} of {number}" for name in seals.KEPT if name != "size"}
    return events.PaperSealed(kind=kind, number=number, size=7, **facts)


def struck(number: str, book: str = "receipt/intake/2026") -> Event:
    return events.NumberCancelled(
        book=book, number=int(number.partition("/")[0]), written=number, reason="nhầm", by="c"
    )


def after(*happened: Event) -> Case:
    case = made()
    for event in happened:
        case = apply(case, event, AT, "")
    return case


def test_only_the_paper_of_that_kind_and_number_is_sealed() -> None:
    case = after(
        issued("0001/2026"), issued("0001/2026", "supplement"), issued("0002/2026"), sealed("0001/2026", "supplement")
    )
    assert [("seal" in one) for one in case.receipts] == [False, True, False]
    seal = seals.seal_of(case, "supplement", "0001/2026")
    assert seal
    assert (seal["sha256"], seal["size"], seal["at"]) == ("sha256 of 0001/2026", 7, AT)
    assert seals.seal_of(case, "intake", "0001/2026") is None
    assert seals.seal_of(case, "intake", "0009/2026") is None


def test_a_sealed_paper_is_found_by_its_name_alone() -> None:
    case = after(issued("0001/2026"), issued("0002/2026"), sealed("0002/2026"))
    one, two = case.receipts
    assert seals.find(case, seals.document_of(case, two)) == two
    assert seals.find(case, seals.document_of(case, one)) is None  # it bears none
    assert seals.find(case, f"{case.code}/R1") is None
    assert list(seals.all_sealed(case)) == [two]


@pytest.mark.parametrize(
    ("what", "standing"),
    [
        ([], "valid"),
        ([struck("0001/2026")], "revoked"),
        ([struck("0002/2026")], "valid"),
        ([struck("0001/2026", "receipt/supplement/2026")], "valid"),
    ],
)
def test_it_counts_while_its_number_stands_in_its_own_book(what: list[Event], standing: str) -> None:
    case = after(issued("0001/2026"), issued("0002/2026"), sealed("0001/2026"), *what)
    paper = case.receipts[0]
    assert seals.standing(case, paper) == standing
    assert bool(seals.struck(case, paper)) is (standing == "revoked")


def test_a_rule_is_found_by_kind_and_what_is_not_named_has_none() -> None:
    settings = {"seals": {"paper": [{"kind": "intake", "sealed": True}, {"kind": "apology", "sealed": False}]}}
    assert seals.rule_of(settings, "intake")["sealed"] is True
    assert seals.rule_of(settings, "apology")["sealed"] is False
    assert seals.rule_of(settings, "refusal") == {}
    assert seals.rule_of({}, "intake") == {}


def test_nothing_but_seals_leaves_what_somebody_has_seen_as_it_was() -> None:
    first = after(issued("0001/2026"), issued("0002/2026"))
    once = apply(first, sealed("0001/2026"), AT, "")
    twice = apply(once, sealed("0002/2026"), AT, "")
    for case in (first, once, twice):
        assert seals.same_but_for_seals(case, first.version)
    assert seals.same_but_for_seals(twice, once.version)
    assert not seals.same_but_for_seals(first, first.version - 1)
    assert not seals.same_but_for_seals(first, first.version + 1)
    other = apply(twice, issued("0003/2026"), AT, "")
    for seen in (first, once, twice):
        assert not seals.same_but_for_seals(other, seen.version)
    assert seals.same_but_for_seals(other, other.version)


def test_the_short_code_is_another_one_for_another_paper() -> None:
    case = after()
    codes = {seals.mark_of(case, kind, n) for kind in ("intake", "refusal") for n in ("0001/2026", "0002/2026")}
    assert len(codes) == 4
    assert all(len(one) == 9 for one in codes)
