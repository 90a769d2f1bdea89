"""What a copy of a result is worth: its own signatures, then what the house knows of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from engine.domain.results import Standing
from engine.ports.results import CopyFinding

# What is looked at in every signature, and which findings speak against it.
CHECKS: Mapping[str, frozenset[str]] = {
    "coverage": frozenset({"changed_later"}),
    "content": frozenset({"altered"}),
    "mathematics": frozenset({"wrong_signature"}),
    "chain": frozenset({"untrusted"}),
    "validity": frozenset({"expired", "revoked", "no_revocation_data"}),
    "timestamp": frozenset({"no_timestamp", "bad_timestamp"}),
    "strength": frozenset({"weak"}),
}
TOUCHED = frozenset({"altered", "changed_later", "wrong_signature"})
OURS = ("genuine", "earlier", "replaced", "revoked", "unsigned")


class Known(Protocol):
    """What the house knows of a result."""

    @property
    def standing(self) -> Standing:
        """Whether it counts."""

    @property
    def sha256(self) -> str:
        """Its newest file."""

    @property
    def files(self) -> tuple[str, ...]:
        """All its files, the unsigned first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyVerdict:
    """`code` decides the sentence; `checks` is the list of what was looked at: True held, False did not.

    genuine, replaced, revoked: byte for byte the file that was issued last. earlier: a file of it that lacks a later
    signature. unsigned: the house's own draft. altered: it was changed after signing. untrusted: signed, but not so
    that it could be relied on. foreign: soundly signed, and not known here. unknown: neither signed nor known.
    other: the file of another result than the one asked about. unreadable: see the finding's `why`.
    """

    code: str
    finding: CopyFinding
    checks: Mapping[str, bool] = field(default_factory=dict)

    @property
    def good(self) -> bool:
        """Whether the copy may be relied on."""
        return self.code == "genuine"


def judge(finding: CopyFinding, found: Known | None, expected: Known | None = None) -> CopyVerdict:
    """The verdict on a copy: `found` is the result it is or grew out of, `expected` the one that was asked about."""
    if not finding.readable:
        return CopyVerdict(code="unreadable", finding=finding)
    code = _code(finding, found)
    if code in OURS and expected is not None and found is not None and expected.files != found.files:
        code = "other"
    return CopyVerdict(code=code, finding=finding, checks=_checks(finding, found))


def _code(finding: CopyFinding, found: Known | None) -> str:
    problems = {problem for one in finding.signatures for problem in one.problems}
    if found is None:
        return _stranger(finding, problems)
    digest = finding.digests[0]
    if digest not in found.files or problems & TOUCHED:
        return "altered"
    if problems:
        return "untrusted"
    if digest != found.sha256:
        return "earlier"
    return "genuine" if found.standing == "valid" else found.standing


def _stranger(finding: CopyFinding, problems: set[str]) -> str:
    if problems & TOUCHED:
        return "altered"
    if problems:
        return "untrusted"
    return "foreign" if finding.signatures else "unknown"


def _checks(finding: CopyFinding, found: Known | None) -> dict[str, bool]:
    checks: dict[str, bool] = {}
    if finding.signatures:
        problems = [set(one.problems) for one in finding.signatures]
        checks = {name: not any(against & each for each in problems) for name, against in CHECKS.items()}
    checks["issued"] = found is not None and finding.digests[0] == found.sha256
    if found is not None:
        checks["in_force"] = found.standing == "valid"
    return checks
