"""What a result is worth, which file counts, what it is called."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from typing import Any

import pytest

from engine.domain import results
from engine.domain.procedure import ResultRule
from tests.support.cases import case
from tests.support.small_house import PROCEDURE

LEADER, SEAL = {"role": "leader", "signer": "Bình"}, {"role": "agency", "signer": "UBND"}


def result(document: str = "c/R1", name: str = "Giấy", signatures: Any = (LEADER, SEAL), **more: Any) -> dict[str, Any]:
    return {"document": document, "name": name, "number": "01/2026", "signatures": list(signatures), **more}


@pytest.mark.parametrize(
    ("signatures", "ended", "more", "standing"),
    [
        ((), False, {}, "unsigned"),
        ((), True, {}, "unsigned"),
        ((LEADER,), False, {}, "unsigned"),
        ((LEADER,), True, {}, "valid"),
        ((LEADER, SEAL), False, {}, "valid"),
        ((LEADER, SEAL), True, {"replaced": {}}, "replaced"),
        ((LEADER, SEAL), True, {"replaced": {}, "revoked": {}}, "revoked"),
    ],
)
def test_a_result_counts_from_its_seal_until_it_is_taken_back(signatures, ended, more, standing) -> None:
    assert results.standing(replace(case(), ended=ended), result(signatures=signatures, **more)) == standing


def test_the_newest_signed_file_is_the_last_own_result_that_counts() -> None:
    procedure = replace(PROCEDURE, result=ResultRule(name="Giấy"))
    own, other = result("c/R1"), result("c/R2", "Tờ trình")
    unsigned, gone = result("c/R3", signatures=()), result("c/R4", revoked={})
    found = replace(case(), results=(own, other, unsigned, gone))
    assert results.newest_signed(found, procedure) == own
    assert results.newest_signed(replace(case(), results=(unsigned, gone)), procedure) is None
    assert results.newest_signed(found, replace(procedure, result=None)) == other


@pytest.mark.parametrize(
    ("name", "number", "wanted"),
    [
        ("Giấy khai sinh", "01/2026", "Giấy khai sinh 01-2026.pdf"),
        (unicodedata.normalize("NFD", "Giấy xác nhận"), "2/GXN", "Giấy xác nhận 2-GXN.pdf"),
        ("..\\x", "a\r\nb\x00", "..-x ab.pdf"),
    ],
)
def test_a_file_is_called_composed_and_without_slashes(name: str, number: str, wanted: str) -> None:
    assert results.file_name({"name": name, "number": number}) == wanted


def test_a_result_is_found_by_its_whole_name_only() -> None:
    found = replace(case(), results=(result("c/R1"), result("c/R11")))
    assert results.find(found, "c/R1") == found.results[0]
    assert results.find(found, "c/R") is None
