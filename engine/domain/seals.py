"""The agency's electronic seal upon the desk's papers: which papers bear one, which file it made, whether it counts.

Circular 01/2018/TT-VPCP, article 9: the forms of the desk are signed electronically where they are electronic; by whose
certificate is not said. Here it is the agency's, for an officer's own key asks its PIN at each signature. Form 04 the
head of the agency signs before it is sealed, and an agency seals only what bears the signature of whoever is competent
(Decree 30/2020/NĐ-CP, article 32.2.d). Which forms are sealed is data: `[[seals.paper]]` of settings.toml.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from engine.domain.case import Case
from engine.domain.case_events import PaperSealed
from engine.domain.codec import dumps
from engine.domain.records import replace
from engine.domain.results import Standing

Paper = Mapping[str, Any]
KEPT = ("sha256", "size", "token", "mark", "signer", "subject", "serial", "signed_at", "level")


def sealed(case: Case, e: PaperSealed, at: datetime) -> Case:
    """The paper has its seal; there is never a second one."""
    seal = {**{name: getattr(e, name) for name in KEPT}, "at": at, "seq": case.version + 1}
    which = (e.kind, e.number)
    papers = ({**one, "seal": seal} if (one["kind"], one["number"]) == which else one for one in case.receipts)
    return replace(case, receipts=tuple(papers))


def rule_of(settings: Mapping[str, Any], kind: str) -> Mapping[str, Any]:
    """What the house says of sealing this kind of paper: kind, name, sealed, source; empty where it says nothing."""
    rules: list[Mapping[str, Any]] = settings.get("seals", {}).get("paper", [])
    return next((one for one in rules if one["kind"] == kind), {})


def issued(case: Case, kind: str, number: str) -> Paper | None:
    """The paper of this number."""
    return next((one for one in case.receipts if (one["kind"], one["number"]) == (kind, number)), None)


def seal_of(case: Case, kind: str, number: str) -> Mapping[str, Any] | None:
    """The seal of the paper of this number."""
    found = issued(case, kind, number)
    return found.get("seal") if found else None


def document_of(case: Case, paper: Paper) -> str:
    """What a sealed paper is called among all that can be verified."""
    return f"{case.code}/P/{paper['kind']}/{paper['number']}"


def all_sealed(case: Case) -> Iterator[Paper]:
    """The papers of the case that bear a seal."""
    return (one for one in case.receipts if "seal" in one)


def find(case: Case, document: str) -> Paper | None:
    """The sealed paper of this name."""
    return next((one for one in all_sealed(case) if document_of(case, one) == document), None)


def struck(case: Case, paper: Paper) -> Mapping[str, Any]:
    """How the paper's number was struck out of its book (reason, by, at); empty while it stands."""
    book = f"receipt/{paper['kind']}/"
    mine = (one for one in case.struck if one["written"] == paper["number"] and one["book"].startswith(book))
    return next(mine, {})


def standing(case: Case, paper: Paper) -> Standing:
    """Whether a sealed paper counts: while its number stands in the book."""
    return "revoked" if struck(case, paper) else "valid"


def same_but_for_seals(case: Case, seen: int) -> bool:
    """Whether nothing has happened since version `seen` but that papers got their seals: a download must not be in the
    way of who is filling in a form about the case."""
    since = [one for one in all_sealed(case) if one["seal"]["seq"] > seen]
    return case.version - seen == len(since)


def mark_of(case: Case, kind: str, number: str) -> str:
    """A short digest of what the paper is about, printed beside its QR code: a code moved to another paper shows."""
    digest = hashlib.sha256(dumps([case.unit, case.code, kind, number]).encode()).hexdigest()[:8].upper()
    return f"{digest[:4]}-{digest[4:]}"
