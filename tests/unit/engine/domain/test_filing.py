"""Who files, and how well the account was proven; hostile input is in tests/integration/test_hostile_input.py."""

from __future__ import annotations

from typing import Any

import pytest

from engine.domain.errors import AssuranceError, FormInvalidError
from engine.domain.filing import check_applicant, check_assurance

LAN = {"name": "Nguyễn Thị Lan", "account": "citizen1", "id_number": "079190001234"}
RULES = {"assurance": {"level_3": 0, "level_4": 1}}


@pytest.mark.parametrize("level", [0, 1, 2])
def test_an_applicant_may_say_how_the_account_was_proven(level: int) -> None:
    check_applicant({**LAN, "assurance": level, "proven_by": "post", "subtype": "enterprise", "organisation_code": "1"})


@pytest.mark.parametrize("nonsense", [3, -1, True, "2", 1.0, [], {"a": 1}])
def test_a_level_that_is_none_is_refused(nonsense: Any) -> None:
    with pytest.raises(FormInvalidError) as refused:
        check_applicant({**LAN, "assurance": nonsense})
    assert list(refused.value.errors) == ["applicant.assurance"]


@pytest.mark.parametrize(
    "more", [{"proven_by": "x" * 21}, {"proven_by": 7}, {"proven": ["name"]}, {"subtype": "a\x00"}]
)
def test_what_else_an_account_keeps_does_not_travel(more: dict[str, Any]) -> None:
    with pytest.raises(FormInvalidError):
        check_applicant({**LAN, **more})


@pytest.mark.parametrize(("level", "proven", "let_in"), [(3, 0, True), (4, 0, False), (4, 1, True), (4, 2, True)])
def test_an_account_has_to_be_proven_as_well_as_the_house_asks(level: int, proven: int, let_in: bool) -> None:
    if let_in:
        check_assurance({**LAN, "assurance": proven}, level, RULES)
        return
    with pytest.raises(AssuranceError) as refused:
        check_assurance({**LAN, "assurance": proven}, level, RULES)
    assert "mức 1" in refused.value.message


def test_who_files_at_the_desk_and_a_house_without_such_rules_ask_nothing() -> None:
    check_assurance(LAN, 4, RULES)
    check_assurance({**LAN, "assurance": 0}, 4, {})
