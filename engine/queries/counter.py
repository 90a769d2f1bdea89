"""Finding the person who stands at the counter among those who came before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine.domain import access
from engine.domain.actor import Actor
from engine.domain.case import Case
from engine.domain.errors import ForbiddenError
from engine.domain.folding import without_marks
from engine.ports import Ports, ReadModels

FACTS = ("name", "id_number", "phone", "email", "address")
SHOWN = 8  # people; who is not among them types more
LOOKED_AT = 24  # cases
SHORTEST = 2  # letters


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """An applicant of an earlier case, whom it tells of (`case_id`); `facts`: see FACTS."""

    case_id: str
    facts: Mapping[str, str]
    cases: int


class Persons:
    """Looks in the cases of the officer's unit only."""

    def __init__(self, ports: Ports, models: ReadModels) -> None:
        self._ports = ports
        self._models = models

    def find(self, actor: Actor, text: str) -> Sequence[Known]:
        """Applicants by identity number, phone, case code or name without marks, the latest first; each once.

        ForbiddenError for whoever is not of the desk; SearchTooWideError.
        """
        _check_desk(actor)
        if len(text.strip()) < SHORTEST:
            return []
        rows = self._models.cases(actor.unit, {"search": text.strip()}, after=None, limit=LOOKED_AT)
        found: dict[tuple[str, str], Known] = {}
        for case in self._cases(actor, rows):
            facts = facts_of(case)
            key = (facts["id_number"], "" if facts["id_number"] else without_marks(facts["name"]) + facts["phone"])
            first = found.get(key)
            latest = (first.case_id, first.facts) if first else (case.id, facts)
            found[key] = Known(case_id=latest[0], facts=latest[1], cases=first.cases + 1 if first else 1)
        return list(found.values())[:SHOWN]

    def _cases(self, actor: Actor, rows: Sequence[Mapping[str, Any]]) -> Iterator[Case]:
        for row in rows:
            case = self._ports.store.case(actor.unit, str(row["case_id"]))
            if case is not None:
                yield case

    def known(self, actor: Actor, case_id: str) -> Mapping[str, str]:
        """The applicant of a case; NotFoundError, ForbiddenError."""
        _check_desk(actor)
        return facts_of(access.check_sees(actor, self._ports.store.case(actor.unit, case_id)))


def facts_of(case: Case) -> dict[str, str]:
    """Who the applicant is, and what the declaration says of their identity document."""
    found = {name: str(case.applicant.get(name) or "") for name in FACTS}
    return {**found, **_document(case.application, found["id_number"])}


def _document(application: Mapping[str, Any], number: str) -> dict[str, str]:
    """When and where the document of this number was issued, where some answer of the declaration says so."""
    for answer in application.values():
        if isinstance(answer, Mapping) and number and answer.get("so") == number and answer.get("ngay_cap"):
            return {"id_issue_date": str(answer["ngay_cap"]), "id_issue_place": str(answer.get("noi_cap") or "")}
    return {}


def _check_desk(actor: Actor) -> None:
    if actor.kind != "officer" or not actor.in_any((access.DESK,)):
        raise ForbiddenError()
