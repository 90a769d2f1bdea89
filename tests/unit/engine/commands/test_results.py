"""Who may take back or replace what was signed, and what the history says of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from engine.commands.result_messages import ReplaceResult, RevokeResult
from engine.domain import events
from engine.domain.case import Case
from engine.domain.errors import DomainError, ForbiddenError, NotFoundError, RuleError
from engine.replay import Auditor
from tests.support.signed_house import SignedHouse
from tests.support.small_house import ADMIN, CHAIRMAN, CITIZEN, CLERK, STRANGER, UNIT


@pytest.fixture
def house() -> SignedHouse:
    return SignedHouse()


def revoke(case: Case, **more: Any) -> RevokeResult:
    return RevokeResult(
        **{"unit": UNIT, "case_id": case.id, "document": f"{case.code}/R1", "reason": "sai tên", **more}
    )


def replace_by(case: Case, new: str, **more: Any) -> ReplaceResult:
    values = {"unit": UNIT, "case_id": case.id, "document": f"{case.code}/R1", "reason": "cải chính", **more}
    return ReplaceResult(**{"new_document": new, **values})


def tags(house: SignedHouse, case: Case) -> list[str]:
    return [link.event.tag for link in house.store.events(case.id)]


def test_a_result_gets_a_token_of_its_own_that_is_printed_and_kept(house: SignedHouse) -> None:
    first, second = house.issued(), house.issued()
    printed = [asked["verify"] for asked in house.documents.asked]
    kept = [(case.results[0]["token"], case.results[0]["mark"]) for case in (first, second)]
    assert [(one["token"], one["mark"]) for one in printed] == kept
    assert [one["address"] for one in printed] == ["https://xa.example.vn"] * 2
    assert len({token for token, _ in kept}) == 2
    assert all(len(token) == 22 for token, _ in kept)


def test_a_paper_without_an_address_to_lead_to_bears_no_code() -> None:
    house = SignedHouse()
    object.__setattr__(house.ports, "address", "")
    house.issued()
    assert "verify" not in house.documents.asked[0]


def test_the_leader_revokes_a_result_and_its_case_replays(house: SignedHouse) -> None:
    case = house.issued()
    house.do(revoke(case), CHAIRMAN)
    after = house.case(case.id)
    assert after.results[0]["revoked"]["reason"] == "sai tên"
    assert tags(house, case)[-1] == "result:revoked"
    assert Auditor(house.ports).differences(case.id) == []


@pytest.mark.parametrize("actor", [CLERK, ADMIN, CITIZEN, STRANGER])
def test_nobody_else_revokes_or_replaces(house: SignedHouse, actor) -> None:
    case, newer = house.issued(), house.issued()
    for command in (revoke(case), replace_by(case, f"{newer.code}/R1")):
        with pytest.raises((ForbiddenError, NotFoundError)):
            house.do(command, actor)
    assert house.case(case.id) == case


@pytest.mark.parametrize(
    ("changes", "error"),
    [({"reason": "  "}, RuleError), ({"document": "x/R1"}, NotFoundError), ({"document": ""}, NotFoundError)],
)
def test_a_revocation_names_a_result_and_a_reason(house: SignedHouse, changes, error) -> None:
    case = house.issued()
    with pytest.raises(error):
        house.do(revoke(case, **changes), CHAIRMAN)
    assert house.case(case.id) == case


def test_what_is_revoked_stays_revoked(house: SignedHouse) -> None:
    case, newer = house.issued(), house.issued()
    house.do(revoke(case), CHAIRMAN)
    for command in (revoke(case), replace_by(case, f"{newer.code}/R1")):
        with pytest.raises(RuleError):
            house.do(command, CHAIRMAN)


def test_a_result_is_replaced_by_a_later_one_of_another_case(house: SignedHouse) -> None:
    case = house.issued()
    house.clock.advance(timedelta(days=1))
    newer = house.issued()
    house.do(replace_by(case, f"{newer.code}/R1"), CHAIRMAN)
    replaced = house.case(case.id).results[0]["replaced"]
    assert (replaced["document"], replaced["number"]) == (f"{newer.code}/R1", newer.results[0]["number"])
    assert house.case(newer.id) == newer
    assert Auditor(house.ports).differences(case.id) == []


def test_a_result_is_not_replaced_by_an_older_an_unsigned_or_an_unknown_one(house: SignedHouse) -> None:
    older = house.issued()
    house.clock.advance(timedelta(days=1))
    case = house.issued()
    house.clock.advance(timedelta(days=1))
    unsigned = house.file()
    house.worker.run_due()  # the paper is made; the first signature comes in the next round
    assert house.case(unsigned.id).results[0]["signatures"] == []
    for wanted in (f"{older.code}/R1", f"{case.code}/R1", f"{unsigned.code}/R1", f"{older.code}/R9", "", "/", "x/R1"):
        with pytest.raises(DomainError):
            house.do(replace_by(case, wanted), CHAIRMAN)
    assert house.case(case.id) == case


def test_revoking_twice_at_once_is_recorded_once(house: SignedHouse) -> None:
    case = house.issued()
    house.do(revoke(case), CHAIRMAN, "same")
    assert house.do(revoke(case), CHAIRMAN, "same").repeated
    assert tags(house, case).count("result:revoked") == 1


def test_a_signature_that_lies_apart_leaves_the_file_as_it_is(house: SignedHouse) -> None:
    result = house.issued().results[0]
    assert result["files"] == [result["sha256"]]
    found = [link.event for link in house.store.events(house.issued().id)]
    assert all(not e.signed_sha256 for e in found if isinstance(e, events.ResultSigned))
