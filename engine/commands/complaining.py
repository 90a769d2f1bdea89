"""Complaints and suggestions: filed by a person about a case or in general, answered by an officer within the term."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from engine.domain import access
from engine.domain.actor import Actor
from engine.domain.errors import ForbiddenError, FormInvalidError, NotFoundError, RuleError
from engine.domain.filing import is_short_text
from engine.ports import Ports
from engine.ports.following import Complaint, Complaints

KINDS = ("complaint", "suggestion")
ANSWERS = ("answered", "refused", "asked")
UNANSWERED = ("open", "asked")
ANSWERERS = ("one_stop", "chairman", "administrator")


class Complaining:
    """Rows of their own: what people say about the house is no fact of the case that its officers handle."""

    def __init__(self, ports: Ports, complaints: Complaints) -> None:
        self._ports = ports
        self._complaints = complaints

    def file(self, actor: Actor, key: str, *, kind: str, text: str, case_id: str = "") -> Complaint:
        """Keep what a citizen says, once per key; FormInvalidError, NotFoundError for a case that is not theirs."""
        if actor.kind != "citizen":
            raise ForbiddenError()
        settings, now = self._ports.catalog.settings, self._ports.clock.now()
        said = _checked(text, settings["limits"]["comment"])
        if kind not in KINDS:
            raise FormInvalidError({"kind": ["Hãy chọn phản ánh hay kiến nghị."]})
        code = access.check_sees(actor, self._ports.store.case(None, case_id)).code if case_id else ""
        days = settings.get("complaints", {}).get("answer_working_days", 0)
        due = self._ports.catalog.calendar(actor.unit).working_day_end(now, days)
        complaint = Complaint(
            unit=actor.unit,
            id=key,
            account=actor.id,
            case_id=case_id,
            case_code=code,
            kind=kind,
            text=said,
            filed_at=now,
            due_at=due,
        )
        self._complaints.add(complaint)
        return complaint

    def answer(self, actor: Actor, complaint_id: str, *, state: str, text: str) -> Complaint:
        """An officer answers, refuses with a reason, or asks for more; what is answered stays answered."""
        _check_answers(actor)
        found = self._complaints.get(actor.unit, complaint_id)
        if found is None:
            raise NotFoundError(what="phản ánh", id="")
        if found.state not in UNANSWERED:
            raise RuleError(reason="Phản ánh này đã được trả lời.", reason_en="It has been answered already.")
        if state not in ANSWERS:
            raise FormInvalidError({"state": ["Hãy chọn cách trả lời."]})
        said = _checked(text, self._ports.catalog.settings["limits"]["textarea"])
        now = self._ports.clock.now()
        after = replace(found, state=state, answer=said, answered_by=actor.id, answered_at=now)
        self._complaints.answer(after, found.state)
        return after

    def mine(self, actor: Actor) -> Sequence[Complaint]:
        """What the person filed, newest first."""
        return self._complaints.of_account(actor.unit, actor.id)

    def waiting(self, actor: Actor) -> Sequence[Complaint]:
        """What an officer has to answer, due first."""
        _check_answers(actor)
        return [one for state in UNANSWERED for one in self._complaints.of_unit(actor.unit, state)]


def _check_answers(actor: Actor) -> None:
    if actor.kind != "officer" or not actor.in_any(ANSWERERS):
        raise ForbiddenError()


def _checked(text: str, longest: int) -> str:
    said = text.strip()
    if not said:
        raise FormInvalidError({"text": ["Hãy viết nội dung."]})
    if len(said) > longest:
        raise FormInvalidError({"text": [f"Nội dung dài nhất {longest} ký tự (anh/chị viết {len(said)})."]})
    if not is_short_text(said.replace("\n", " ").replace("\t", " "), longest):
        raise FormInvalidError({"text": ["Nội dung có ký tự lạ; hãy gõ lại."]})
    return said
