"""Points of shares, exactly; what cannot be counted has none."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.adapters.report_rules import read_rules, read_scheme
from engine.domain.score import Given, Item, Scheme, ScoreGroup, by_group, points_of, score
from engine.domain.score_basis import ProcedureFacts
from tests.support.facts import basis, received, signed, solved

CATALOG = Path(__file__).resolve().parents[4] / "catalog"


def test_the_catalogs_score_has_a_hundred_points_in_the_groups_of_the_decision() -> None:
    scheme = read_rules(CATALOG).scheme
    assert {group.id: int(group.most) for group in scheme.groups} == {
        "openness": 18, "progress": 20, "service": 12, "payment": 10, "satisfaction": 18, "digitisation": 22,
    }  # fmt: skip
    assert sum(item.most for item in scheme.items) == 100
    assert len({item.id for item in scheme.items}) == len(scheme.items)
    assert [x.id for x in scheme.items if not x.formula] == ["1.1", "1.2", "1.3", "1.4", "4.3", "4.4"]
    assert all(x.confidence == "low" for x in scheme.items if not x.formula)


@pytest.mark.parametrize(
    ("share", "full_at", "points"),
    [
        (Fraction(0), 80, "0.00"),
        (Fraction(4, 10), 80, "2.00"),
        (Fraction(8, 10), 80, "4.00"),
        (Fraction(1), 80, "4.00"),
        (Fraction(1, 3), 100, "1.33"),
        (Fraction(1, 800), 100, "0.01"),  # 0.005: half up
    ],
)
def test_points_grow_with_the_share_up_to_the_threshold(share: Fraction, full_at: int, points: str) -> None:
    assert points_of(Decimal(4), share, full_at) == Decimal(points)


@given(hits=st.integers(0, 10**6), more=st.integers(0, 10**6), full_at=st.integers(1, 100))
def test_points_lie_between_nothing_and_all(hits: int, more: int, full_at: int) -> None:
    share = Fraction(hits, hits + more + 1)
    assert 0 <= points_of(Decimal("4.5"), share, full_at) <= Decimal("4.5")


def a_scheme(*items: Item) -> Scheme:
    return Scheme(
        version="t",
        groups=(ScoreGroup(id="g", name="G", name_en="G", most=sum(x.most for x in items)),),
        items=items,  # type: ignore[arg-type]  # a sum of decimals
    )


def item(name: str, **changes: object) -> Item:
    values = {"id": name, "group": "g", "name": name, "name_en": name, "most": Decimal(10)}
    return Item(**{**values, **changes})  # type: ignore[arg-type]  # whatever a test changes


def test_what_nobody_entered_has_no_points_and_is_not_counted() -> None:
    found = score(a_scheme(item("1.1"), item("2.1", formula="in_time")), basis(cases=(solved(),)), {})
    assert [x.points for x in found.items] == [None, Decimal("10.00")]
    assert (found.points, found.counted) == (Decimal("10.00"), Decimal(10))
    assert by_group(a_scheme(item("1.1"), item("2.1")), found.items) == {"g": Decimal("10.00")}
    assert by_group(a_scheme(item("1.1")), found.items) == {"g": None}


def test_entered_numbers_count_with_their_source() -> None:
    entered = {"1.1": Given(hits=1, total=4, source="Sở Tư pháp")}
    found = score(a_scheme(item("1.1")), basis(), entered).items[0]
    assert (found.points, found.of, found.source) == (Decimal("2.50"), "entered", "Sở Tư pháp")


def test_an_item_is_scaled_by_another_one_once_that_is_known() -> None:
    scheme = a_scheme(item("1.4"), item("3.3", formula="filed_online", scaled_by="1.4"))
    cases = (received(channel="online", outcomes=(signed("2023-01-09 09:00"),)),)
    assert score(scheme, basis(cases=cases), {}).items[1].points == Decimal("10.00")
    half = {"1.4": Given(hits=1, total=2, source="Cổng")}
    assert score(scheme, basis(cases=cases), half).items[1].points == Decimal("5.00")


def test_nothing_to_count_gives_no_points_rather_than_none_of_them() -> None:
    (found,) = score(a_scheme(item("3.1", formula="offered_online")), basis(), {}).items
    assert (found.points, found.total) == (None, 0)
    one = (ProcedureFacts(code="1", online=False, fee=False, pays_online=False),)
    (found,) = score(a_scheme(item("3.1", formula="offered_online")), basis(procedures=one), {}).items
    assert (found.points, found.missed) == (Decimal("0.00"), ("1",))


@pytest.mark.parametrize(
    "wrong",
    [
        {"group": [{"id": "g", "name": "", "name_en": "", "most": "1"}]},
        {"item": [{"id": "1", "group": "g", "name": "", "name_en": "", "most": "0", "formula": "eval"}]},
        {"item": [{"id": "1", "group": "g", "name": "", "name_en": "", "most": "0", "scaled_by": "2"}]},
    ],
)
def test_a_scheme_that_does_not_add_up_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="points|no formula|no item"):
        read_scheme(wrong, "")
