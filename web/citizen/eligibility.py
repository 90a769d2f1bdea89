"""A short check before somebody files: questions drawn from the procedure's head, answers in the address, none kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from engine.domain.procedure import Procedure
from engine.ports.following import Answer, Pair, Question, Texts
from web.citizen.finding import folded

ALLOWED = {"True": "allowed", "False": "forbidden"}


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as this procedure asks it, with what was answered (None: nothing yet)."""

    question: Question
    answers: tuple[Answer, ...]
    given: Answer | None


def asked(texts: Texts, procedure: Procedure, given: Mapping[str, str]) -> list[Asked]:
    """The questions that concern the procedure, with the answers in `given`; what is no answer counts as none."""
    found = []
    authorised = ALLOWED.get(str(procedure.info.get("authorization_allowed")), "unsaid")
    for question in texts.questions:
        if _concerns(texts, procedure, question.about):
            answers = tuple(one for one in question.answers if one.only in ("", authorised))
            chosen = next((one for one in answers if one.value == given.get(question.id)), None)
            found.append(Asked(question, answers, chosen))
    return found


def _concerns(texts: Texts, procedure: Procedure, about: str) -> bool:
    if about == "commune":
        where = folded(str(procedure.info.get("jurisdiction") or ""))
        return bool(where) and not where.startswith(tuple(folded(one) for one in texts.anywhere))
    if about == "applicant":
        return bool(procedure.info.get("applicant"))
    return procedure.level == 3


def filled(pair: Pair, procedure: Procedure, unit: str) -> Pair:
    """A text with the procedure's own words in it."""
    words = {
        "{unit}": unit,
        "{jurisdiction}": str(procedure.info.get("jurisdiction") or "").rstrip("."),
        "{applicant}": str(procedure.info.get("applicant") or "").rstrip("."),
    }
    vi, en = pair
    for place, word in words.items():
        vi, en = vi.replace(place, word), en.replace(place, word)
    return vi, en


def verdict(questions: list[Asked]) -> str:
    """ "ask" while something is unanswered, "stop", "mind" or "go"."""
    outcomes = {one.given.outcome if one.given else "ask" for one in questions}
    return next((one for one in ("stop", "ask", "mind") if one in outcomes), "go")
