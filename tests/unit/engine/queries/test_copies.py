"""What a copy is worth."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from engine.ports.results import CopyFinding, SignatureFinding
from engine.queries.copies import judge

A, B, C, STRANGE = "a" * 64, "b" * 64, "c" * 64, "e" * 64


@dataclass(frozen=True)
class Kept:
    """A result of the house: drafted, signed, sealed."""

    standing: Any = "valid"
    sha256: str = C
    files: tuple[str, ...] = (A, B, C)


def finding(*problems: str, digests: tuple[str, ...] = (C,), signed: bool = True) -> CopyFinding:
    one = SignatureFinding(signer="B", subject="", issuer="", serial="", at=None, problems=problems)
    return CopyFinding(readable=True, signatures=(one,) if signed else (), digests=digests)


@pytest.mark.parametrize(
    ("copy", "found", "code"),
    [
        (finding(), Kept(), "genuine"),
        (finding(signed=False), Kept(), "genuine"),  # signed apart from the file: the digest alone decides
        (finding(), Kept(standing="revoked"), "revoked"),
        (finding(), Kept(standing="replaced"), "replaced"),
        (finding(), Kept(standing="unsigned"), "unsigned"),
        (finding(digests=(B, A)), Kept(), "earlier"),
        (finding(signed=False, digests=(A,)), Kept(), "earlier"),
        (finding("changed_later", digests=(STRANGE, C, B, A)), Kept(), "altered"),
        (finding(digests=(STRANGE, C, B, A)), Kept(), "altered"),  # nothing wrong by itself, yet not what was issued
        (finding("altered"), None, "altered"),
        (finding("wrong_signature", "untrusted"), None, "altered"),
        (finding("untrusted", digests=(STRANGE,)), None, "untrusted"),
        (finding("revoked"), Kept(), "untrusted"),
        (finding("no_timestamp"), Kept(standing="revoked"), "untrusted"),
        (finding(digests=(STRANGE,)), None, "foreign"),
        (finding(signed=False, digests=(STRANGE,)), None, "unknown"),
    ],
)
def test_a_copy_is_worth(copy, found, code) -> None:
    verdict = judge(copy, found)
    assert verdict.code == code
    assert verdict.good is (code == "genuine")


def test_a_copy_of_another_result_is_not_good_for_this_code() -> None:
    other = Kept(sha256=STRANGE, files=(STRANGE,))
    assert judge(finding(), Kept(), other).code == "other"
    assert judge(finding(), Kept(), Kept()).code == "genuine"
    assert judge(finding("altered", digests=(STRANGE, A)), Kept(), other).code == "altered"


def test_what_cannot_be_read_is_no_verdict_on_signatures() -> None:
    verdict = judge(CopyFinding(readable=False, why="encrypted"), Kept())
    assert (verdict.code, verdict.checks) == ("unreadable", {})


def test_the_list_of_checks_names_what_failed_in_any_signature() -> None:
    checks = judge(finding("changed_later", "expired", digests=(STRANGE,)), None).checks
    assert {name for name, held in checks.items() if not held} == {"coverage", "validity", "issued"}
    assert "in_force" not in checks
    assert all(judge(finding(), Kept()).checks.values())
