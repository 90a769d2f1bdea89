"""What a result's template gets, and what a draft must not have."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

from engine.domain.paper_data import draft_data, result_data
from tests.support.cases import case as make_case

AT = datetime(2022, 12, 19, 8, 30, tzinfo=UTC)
UNIT = {
    "name": "Ủy ban nhân dân xã Mẫu",
    "parent": None,
    "place": "Mẫu",
    "signer_name": "Nguyễn Văn Bình",
    "signer_title": "Chủ tịch",
    "tax_code": "not for templates",
}


def test_a_result_has_its_number_day_and_signer() -> None:
    data = result_data(make_case(), {"so_ban": Decimal("2.5"), "luc": AT}, UNIT, number="12/2022", at=AT)
    assert data["result"]["number"] == "12/2022"
    assert data["result"]["date"] == "2022-12-19"
    assert data["signer"] == {"name": "Nguyễn Văn Bình", "title": "Chủ tịch", "acting": ""}
    assert set(data["unit"]) == {"name", "parent", "place"}
    assert data["variables"] == {"so_ban": "2.5", "luc": AT.isoformat()}


def test_a_draft_has_none_of_them_and_says_what_it_is() -> None:
    data = draft_data(make_case(), {}, UNIT, at=AT)
    assert data["draft"] is True
    assert data["signer"] is None
    assert (data["result"]["number"], data["result"]["date"], data["result"]["year"]) == (None, None, 2022)
