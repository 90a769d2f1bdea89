"""Choosing how the result is returned, and rating a case that has ended."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from engine.commands.following_messages import ChangeDelivery, RateCase
from engine.commands.messages import Result
from engine.commands.work import Work
from engine.domain import access, events
from engine.domain.case import Case
from engine.domain.errors import CaseEndedError, ForbiddenError, FormInvalidError, RuleError
from engine.domain.filing import is_short_text
from engine.domain.procedure import offers

SEAL = "agency"  # whose signature makes a result final
ADDRESS: Mapping[str, int] = {"name": 120, "phone": 20, "address": 500}
SCORES = range(1, 6)


def change_delivery(work: Work, command: ChangeDelivery) -> Result:
    """The applicant, or the desk for the applicant, chooses another way until the result is sealed."""
    case = access.check_sees(work.actor, work.load(command.unit, command.case_id))
    if case.ended:
        raise CaseEndedError(code=case.code)
    if not (access.is_applicant(work.actor, case) or work.actor.in_any((access.DESK,))):
        raise ForbiddenError()
    if is_sealed(case, work.procedure.result.name if work.procedure.result else None):
        raise RuleError(
            reason="Kết quả đã được đóng dấu nên không đổi cách nhận được nữa; hãy liên hệ Bộ phận Một cửa.",
            reason_en="The result is sealed; ask the one-stop desk for another way of getting it.",
        )
    if not offers(case.level, command.delivery) or command.delivery not in work.procedure.deliveries:
        raise FormInvalidError({"delivery": ["Thủ tục này không có cách nhận kết quả đã chọn. Hãy chọn cách khác."]})
    address = _address(command.address) if command.delivery == "post" else {}
    if (command.delivery, address) != (case.delivery, dict(case.delivery_address)):
        work.add(events.DeliveryChanged(before=case.delivery, after=command.delivery, address=address))
    return Result()


def is_sealed(case: Case, result: str | None) -> bool:
    """Whether the procedure's own result bears the agency's seal."""
    return any(
        mark["role"] == SEAL for made in case.results if result in (None, made["name"]) for mark in made["signatures"]
    )


def _address(address: Any) -> dict[str, str]:
    """Where the post goes to; FormInvalidError beside each field."""
    given = address if isinstance(address, Mapping) else {}
    found = {name: value.strip() if isinstance(value := given.get(name), str) else "" for name in ADDRESS}
    wrong = {name: ["Hãy nhập mục này; bưu tá cần nó để giao."] for name, value in found.items() if not value}
    for name, longest in ADDRESS.items():
        if found[name] and not is_short_text(found[name], longest):
            wrong[name] = [f"Hãy nhập nhiều nhất {longest} ký tự, trên một dòng."]
    if wrong:
        raise FormInvalidError(wrong)
    return found


def rate(work: Work, command: RateCase) -> Result:
    """The applicant rates the case once it has ended; it may be changed for as long as the house's settings say."""
    case = access.check_sees(work.actor, work.load(command.unit, command.case_id))
    if not access.is_applicant(work.actor, case):
        raise ForbiddenError()
    if not case.ended:
        raise RuleError(
            reason="Hồ sơ chưa giải quyết xong nên chưa đánh giá được.",
            reason_en="The case is not finished yet; rate it then.",
        )
    comment = _comment(work, command)
    if case.rating and work.now > case.rating["first_at"] + timedelta(days=_days(work)):
        raise RuleError(reason="Đã hết thời gian sửa đánh giá.", reason_en="The time for changing your rating is over.")
    if not case.rating or (case.rating["score"], case.rating["comment"]) != (command.score, comment):
        work.add(events.CaseRated(score=command.score, comment=comment))
    return Result()


def _days(work: Work) -> int:
    return int(work.ports.catalog.settings.get("rating", {}).get("change_days", 0))


def _comment(work: Work, command: RateCase) -> str:
    wrong = {}
    if type(command.score) is not int or command.score not in SCORES:
        wrong["score"] = ["Hãy chọn từ 1 đến 5."]
    longest = work.ports.catalog.settings["limits"]["comment"]
    if len(command.comment.strip()) > longest:
        wrong["comment"] = [f"Nhận xét dài nhất {longest} ký tự."]
    if wrong:
        raise FormInvalidError(wrong)
    return command.comment.strip()
