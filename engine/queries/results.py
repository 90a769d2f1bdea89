"""Results and sealed papers as strangers may see them: by the token of a QR code, or by a copy that they hold."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.domain import results, seals
from engine.domain.case import Case
from engine.domain.errors import NotFoundError
from engine.domain.results import Standing
from engine.ports import Ports
from engine.ports.results import CopyChecker, CopyFinding, Registered, ResultRegister
from engine.queries.copies import CopyVerdict, judge

SIGNED = ("signer", "at", "subject", "serial", "signed_at", "level")  # what is told of a seal, as of a signature
TOKEN = re.compile(r"[A-Za-z0-9_-]{16,40}")


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultView:
    """A result, or a sealed paper of the desk (`kind`), on its public page. `applicant`: the whole name, pages mask it.

    `signatures` as the case keeps them, `finding` what the kept file itself says; `became`: reason, at and, of one that
    was replaced, number.
    """

    standing: Standing
    agency: str
    name: str
    number: str
    at: datetime
    applicant: str
    sha256: str
    mark: str
    files: tuple[str, ...]
    signatures: tuple[Mapping[str, Any], ...]
    became: Mapping[str, Any]
    finding: CopyFinding
    kind: str = ""


class ResultQueries:
    """Reads results for anybody who holds a paper or a file."""

    def __init__(self, ports: Ports, register: ResultRegister, checker: CopyChecker) -> None:
        self._ports = ports
        self._register = register
        self._checker = checker

    def by_token(self, token: str) -> ResultView | None:
        """The result with this token; None for any text that is no token of ours."""
        return self._view(self._register.by_token(token)) if TOKEN.fullmatch(token) else None

    def check(self, content: bytes, token: str = "") -> tuple[CopyVerdict, ResultView | None]:
        """What a copy is worth, and the result it belongs to; with a token it is compared with that result."""
        finding = self._checker.check(content)
        found = self._view(self._register.by_file(finding.digests))
        expected = self.by_token(token) if token else None
        return judge(finding, found, expected), found

    def _view(self, place: Registered | None) -> ResultView | None:
        case = self._ports.store.case(place.unit, place.case_id) if place else None
        if case is None or place is None:
            return None
        result, paper = results.find(case, place.document), seals.find(case, place.document)
        if result is not None:
            became: Mapping[str, Any] = result.get("revoked") or result.get("replaced") or {}
            facts = {name: result[name] for name in ("name", "number", "at", "sha256", "mark")}
            signatures, files = tuple(result["signatures"]), tuple(result["files"])
            standing = results.standing(case, result)
            return self._shown(case, standing, became, signatures=signatures, files=files, **facts)
        return self._paper(case, paper) if paper is not None else None

    def _paper(self, case: Case, paper: seals.Paper) -> ResultView:
        seal = paper["seal"]
        return self._shown(
            case,
            seals.standing(case, paper),
            {name: value for name, value in seals.struck(case, paper).items() if name in ("reason", "at")},
            name=str(seals.rule_of(self._ports.catalog.settings, paper["kind"]).get("name", paper["kind"])),
            kind=paper["kind"],
            number=paper["number"],
            at=paper["at"],
            sha256=seal["sha256"],
            mark=seal["mark"],
            files=(seal["sha256"],),
            signatures=({"role": results.SEAL, **{name: seal[name] for name in SIGNED}},),
        )

    def _shown(self, case: Case, standing: Standing, became: Mapping[str, Any], **facts: Any) -> ResultView:
        return ResultView(
            standing=standing,
            agency=self._ports.catalog.settings["units"].get(case.unit, {}).get("name", ""),
            applicant=str(case.applicant.get("name") or ""),
            became={name: became[name] for name in ("reason", "at", "number") if name in became},
            finding=self._own(facts["sha256"]),
            **facts,
        )

    def _own(self, sha256: str) -> CopyFinding:
        try:
            return self._checker.check(self._ports.files.get(sha256))
        except NotFoundError:
            return CopyFinding(readable=False, why="missing")
