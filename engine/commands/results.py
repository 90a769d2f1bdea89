"""Taking back and replacing what was signed: the paper stays, its public page tells what became of it."""

from __future__ import annotations

from typing import Any

from engine.commands.messages import Result
from engine.commands.result_messages import ReplaceResult, RevokeResult
from engine.commands.work import Work
from engine.domain import access, events, results
from engine.domain.case import Case
from engine.domain.errors import ForbiddenError, NotFoundError, RuleError

SIGNERS = ("chairman",)


def revoke(work: Work, command: RevokeResult) -> Result:
    """Who signs for the commune takes back what was signed, and says why."""
    result = _counting(work, command)
    document, reason = result["document"], _reason(command.reason)
    work.add(events.ResultRevoked(document=document, reason=reason, by=work.actor.id))
    return Result()


def replace(work: Work, command: ReplaceResult) -> Result:
    """The newer result has to count itself, and to have been issued later."""
    result, reason = _counting(work, command), _reason(command.reason)
    wanted = command.new_document.strip()
    case = _case_of(work, wanted)
    new = results.find(case, wanted) if case else None
    if case is None or new is None:
        raise NotFoundError(what="kết quả", id=wanted[:120])
    if results.standing(case, new) != "valid" or new["at"] <= result["at"]:
        raise RuleError(
            reason="Kết quả thay thế phải được cấp sau và đang có hiệu lực.",
            reason_en="The result that replaces it has to be issued later and to be in force.",
        )
    work.add(
        events.ResultReplaced(
            document=result["document"], new_document=wanted, number=new["number"], reason=reason, by=work.actor.id
        )
    )
    return Result()


def _counting(work: Work, command: RevokeResult | ReplaceResult) -> Any:
    """The result, of a case that the actor signs for, while it is in force."""
    case = access.check_sees(work.actor, work.load(command.unit, command.case_id))
    if not (work.actor.unit == case.unit and work.actor.kind == "officer" and work.actor.in_any(SIGNERS)):
        raise ForbiddenError()
    result = results.find(case, command.document)
    if result is None:
        raise NotFoundError(what="kết quả", id=command.document[:120])
    if results.standing(case, result) != "valid":
        raise RuleError(
            reason="Chỉ thu hồi hoặc thay thế được kết quả đã ký và đang có hiệu lực.",
            reason_en="Only a result that is signed and in force can be revoked or replaced.",
        )
    return result


def _case_of(work: Work, document: str) -> Case | None:
    """The case that a result's name begins with, when it is one of the unit."""
    code = document.rpartition("/")[0]
    if code == work.case.code:
        return work.case
    case_id = work.uow.case_id_by_code(work.case.unit, code)
    return work.ports.store.case(work.case.unit, case_id) if case_id else None


def _reason(text: str) -> str:
    if not text.strip():
        raise RuleError(reason="Hãy ghi rõ lý do.", reason_en="Say the reason.")
    return text.strip()[:2000]
