"""Signed results: how they are signed, found by strangers, and how a copy that somebody holds is checked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """What signing gave. `content`: the new PDF, or empty where the signature lies apart, in `signature` alone."""

    signature: str
    content: bytes = b""
    subject: str = ""  # of the certificate
    serial: str = ""  # of the certificate, in hex
    signed_at: str = ""  # the time-stamp's time, ISO 8601 with an offset
    level: str = ""  # PAdES B-LT


class Signing(Protocol):
    """Signs documents."""

    def sign(self, content: bytes, *, role: str, signer: str, key: str, officer: str = "") -> Signed:
        """Sign a PDF as `role` (leader, agency) in the name of `signer`; `key` names the job, `officer` the account
        whose decision it is, empty where nobody's: a key that is owned signs for its owner alone.

        SigningError where it cannot be done now: nothing half signed is ever given back. KeyOwnerError, KeyLockedError.
        """
        ...


class Sealing(Protocol):
    """Puts the agency's electronic seal alone on papers that no leader signs."""

    def seal(self, content: bytes, *, signer: str, reason: str, place: str) -> Signed:
        """The PDF with the seal of the agency `signer`, a line on its first page saying so; `reason` and `place` stand
        in the signature. SigningError where it cannot be done now: nothing half signed is ever given back. NoKeyError.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class SignatureFinding:
    """One signature of a copy. `problems`: codes of what is wrong with it, none of a good one; see `PROBLEMS`."""

    signer: str
    subject: str
    issuer: str
    serial: str
    at: datetime | None  # trusted, from the time-stamp
    problems: tuple[str, ...] = ()


PROBLEMS = (
    "altered",  # the signed bytes are others
    "changed_later",  # something other than a further signature was added behind it
    "wrong_signature",
    "untrusted",
    "revoked",
    "no_revocation_data",
    "expired",
    "no_timestamp",
    "bad_timestamp",
    "weak",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyFinding:
    """What a copy itself says. `readable`: it is a PDF that can be checked. `digests`: SHA-256 of the file and of each
    earlier state that it holds, the file first."""

    readable: bool
    why: str = ""  # not_pdf | damaged | encrypted | too_large
    signatures: tuple[SignatureFinding, ...] = ()
    digests: tuple[str, ...] = ()

    @property
    def sound(self) -> bool:
        """Whether it bears signatures and nothing is wrong with any of them."""
        return bool(self.signatures) and not any(one.problems for one in self.signatures)


class CopyChecker(Protocol):
    """Checks signed PDFs against the trust list of the house."""

    def check(self, content: bytes) -> CopyFinding:
        """What the copy says; never raises on what it holds."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Registered:
    """Where a result lies that was found by its token or by one of its files."""

    unit: str
    case_id: str
    document: str


class ResultRegister(Protocol):
    """Finds results of all units for people who hold a paper or a file of them."""

    def by_token(self, token: str) -> Registered | None:
        """The result whose public page has this token."""
        ...

    def by_file(self, digests: Sequence[str]) -> Registered | None:
        """The result that one of these files, SHA-256 in hex, was once; the first of them that is known decides."""
        ...
