"""A case begins: filed by somebody, or opened by a message, a timer or a signal; checked and numbered the same way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from engine.commands.advance import advance
from engine.commands.messages import CorrelateMessage, Result, SubmitCase
from engine.commands.work import Work
from engine.domain import events, filing
from engine.domain.errors import (
    AlreadyBegunError,
    ForbiddenError,
    FormInvalidError,
    NotFoundError,
    NothingWaitsError,
    RuleError,
)
from engine.domain.procedure import Procedure, offers
from engine.domain.process import Start
from engine.ports import Ports

FILED = frozenset({"applicant", "application", "documents", "channel", "delivery"})  # the rest of a payload: variables
HOUSE = "house"  # channel and delivery of a case that nobody filed
LONGEST_CORRELATION = 400
Values = Mapping[str, Any]


def check_unit(work: Work, unit: str) -> None:
    """NotFoundError for a unit that the house does not serve."""
    if unit not in work.ports.catalog.settings["units"]:
        raise NotFoundError(what="đơn vị", id=unit[:60])


def checked(work: Work, procedure: Procedure, command: SubmitCase) -> dict[str, Any]:
    """The clean application; FormInvalidError or RuleError says what of a filing is wrong."""
    _check_ways(procedure, command)
    known = [sha256 for sha256 in filing.hashes(command.documents) if work.ports.files.exists(sha256)]
    filing.check_documents(command.documents, known)
    seen = {"case": _before_filing(command, procedure) | {"submitted_at": work.now}}
    return work.ports.forms.validate(procedure, procedure.form_id, command.application, seen)


def open_case(
    work: Work, procedure: Procedure, command: SubmitCase, *, begun: Values | None = None, payload: Values | None = None
) -> Result:
    """Give the case its code and start its process: where people file, or as `begun` says, with what began it."""
    code, start = _case_code(work, command.unit), str((begun or {}).get("element_id", ""))
    filed = work.add(
        events.CaseSubmitted(
            case_id=work.ports.ids.new(),
            unit=command.unit,
            code=code,
            procedure=procedure.code,
            procedure_version=procedure.version,
            procedure_digest=procedure.digest,
            level=procedure.level,
            channel=command.channel,
            delivery=command.delivery,
            applicant=command.applicant,
            application=command.application,
            documents=command.documents,
            begun={**(begun or {}), "payload": dict(payload or {})} if begun else {},
        )
    )
    known = filed.begun.get("payload", {})  # as history will tell it
    step = work.ports.runner.start(procedure, work.call(), start or None, known)
    advance(work, step, trigger={"kind": "start", "key": start, "data": known})
    return Result(data={"code": code})


def _check_ways(procedure: Procedure, command: SubmitCase) -> None:
    """FormInvalidError beside the field whose way the procedure, or its level, does not offer."""
    wrong = {}
    if command.channel not in procedure.channels:
        wrong["channel"] = ["Thủ tục này không nhận hồ sơ bằng cách đã chọn. Hãy chọn cách khác."]
    if not offers(procedure.level, command.delivery):
        wrong["delivery"] = [f"Thủ tục mức độ {procedure.level} không trả kết quả bản điện tử. Hãy chọn cách khác."]
    elif command.delivery not in procedure.deliveries:
        wrong["delivery"] = ["Thủ tục này không có cách nhận kết quả đã chọn. Hãy chọn cách khác."]
    if wrong:
        raise FormInvalidError(wrong)


def _before_filing(command: SubmitCase, procedure: Procedure) -> dict[str, object]:
    return {
        "channel": command.channel,
        "delivery": command.delivery,
        "level": procedure.level,
        "procedure": procedure.code,
        "unit": command.unit,
        "applicant": command.applicant,
    }


def _case_code(work: Work, unit: str) -> str:
    """<agency code>-<YYMMDD>-<XXXX>, counted per agency and day (Circular 01/2018/TT-VPCP, article 19)."""
    agency = work.ports.catalog.settings["units"][unit]["agency_code"]
    day = work.now.strftime("%y%m%d")
    number = work.uow.next_number(unit, f"case/{day}")
    return f"{agency}-{day}-{number:04d}"


def by_message(work: Work, command: CorrelateMessage) -> Result:
    """Open the case that a message begins, as if it were filed; NothingWaitsError when no procedure begins by it.

    While a case lives that this message began with this correlation value, it begins no other one (AlreadyBegunError).
    """
    procedure, start = _begun_by(work, command.message)
    if work.actor.kind not in ("system", "agency"):
        raise ForbiddenError(message=command.message)
    check_unit(work, command.unit)
    _check_alone(work, command)
    sent = command.payload
    documents = sent.get("documents", ())
    filed = SubmitCase(
        unit=command.unit,
        procedure=procedure.code,
        channel=sent.get("channel", ""),
        delivery=sent.get("delivery", ""),
        applicant=sent.get("applicant", {}),
        application=sent.get("application", {}),
        documents=tuple(documents) if isinstance(documents, list) else documents,
    )
    filing.check_applicant(filed.applicant)
    application = checked(work, procedure, filed)
    begun = {
        "kind": "message",
        "element_id": start.element_id,
        "name": command.message,
        "correlation": command.correlation,
    }
    rest = {name: value for name, value in sent.items() if name not in FILED}
    return open_case(work, procedure, replace(filed, application=application), begun=begun, payload=rest)


def _begun_by(work: Work, message: str) -> tuple[Procedure, Start]:
    """The procedure in force today, and its start event, that a message begins."""
    found = starts(work.ports, work.now.date(), "message", message)
    if not found:
        raise NothingWaitsError(message=message)
    if len(found) > 1:
        codes = ", ".join(procedure.code for procedure, _ in found)
        raise RuleError(
            reason=f"Thông điệp {message} bắt đầu nhiều thủ tục ({codes}); hãy sửa sơ đồ.",
            reason_en=f"The message {message} begins several procedures ({codes}); correct the diagrams.",
        )
    return found[0]


def starts(ports: Ports, day: date, kind: str, name: str) -> list[tuple[Procedure, Start]]:
    """The start events by a message or signal of this name, of all procedures in force on a day."""
    return [
        (procedure, start)
        for procedure in ports.catalog.in_force(day)
        for start in ports.runner.starts(procedure)
        if (start.kind, start.name) == (kind, name)
    ]


def _check_alone(work: Work, command: CorrelateMessage) -> None:
    correlation = command.correlation
    if len(correlation) > LONGEST_CORRELATION or not correlation.isprintable():
        raise RuleError(
            reason=f"Khóa của thông điệp có nhiều nhất {LONGEST_CORRELATION} ký tự, không có ký tự lạ.",
            reason_en=f"A correlation value has at most {LONGEST_CORRELATION} printable characters.",
        )
    running = work.uow.begun_by(command.unit, command.message, correlation) if correlation else None
    if running is not None:
        raise AlreadyBegunError(message=command.message, case=running)


def by_house(work: Work, procedure: Procedure, unit: str, *, begun: Values, payload: Values | None = None) -> Result:
    """Open a case that nobody filed: the unit is its own applicant, no form is asked, nothing of a person is in it."""
    filed = SubmitCase(
        unit=unit,
        procedure=procedure.code,
        channel=HOUSE,
        delivery=HOUSE,
        applicant={"name": work.ports.catalog.settings["units"][unit]["name"]},
        application={},
    )
    return open_case(work, procedure, filed, begun=begun, payload=payload)
