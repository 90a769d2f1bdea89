"""The kinds of job a diagram may name. `perform` acts on the outside, without a transaction and safe to repeat;
`record` turns the outcome into events and the job's result, inside the transaction. Either may end the job with a
JobError, a BPMN error that the diagram may catch. What is `inside` touches nothing but the case and its counters: it is
done in the commit of the step that asks for it; so is what only `tells`, where messages are rows of this database."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.commands import job_documents, job_notices, slips
from engine.commands.job_room import Room
from engine.commands.work import Work
from engine.domain import events, fee
from engine.domain.appliers import SUPPLEMENT
from engine.domain.case import Case, Job
from engine.domain.context import case_context, is_paid, missing
from engine.domain.errors import DomainError, JobError, PaymentRefusedError, RuleError
from engine.domain.procedure import pays_online
from engine.domain.unit_fees import charged
from engine.ports import Ports

Values = Mapping[str, Any]


class UnknownJobTypeError(DomainError):
    """Không có loại công việc máy {type}. | There is no job type {type}."""

    code = "unknown_job_type"


@dataclass(frozen=True, slots=True)
class JobType:
    """How one type of job is done and recorded."""

    record: Callable[[Work, Job, Values], dict[str, Any]]
    perform: Callable[[Room, Case, Job], dict[str, Any]] = lambda room, case, job: {}
    inside: bool = False
    tells: bool = False  # by messages alone: inside where they are rows of this very database


def _issue_receipt(work: Work, job: Job, outcome: Values) -> dict[str, Any]:
    """A paper of the desk, numbered per kind and year (Circular 01/2018/TT-VPCP)."""
    kind = job.headers.get("kind", "intake")
    if kind == SUPPLEMENT and work.case.supplements:
        raise RuleError(
            reason="Hồ sơ đã được yêu cầu bổ sung một lần; không yêu cầu lần nữa (Nghị định 61/2018/NĐ-CP Điều 11).",
            reason_en="A supplement was asked for once already; it may not be asked for again.",
        )
    number = slips.number_of(work, kind)
    if kind == "fee":
        _book_cash(work, number)
    by = work.asked_by.id if work.asked_by.kind == "officer" else ""
    work.add(events.ReceiptIssued(kind=kind, number=number, data=dict(job.inputs), by=by))
    return {"receipt_number": number}


def _book_cash(work: Work, receipt: str) -> None:
    """A fee receipt is issued once the money is there: what no provider has confirmed, the cashier took."""
    case = work.case
    if is_paid(case):
        return
    amount = missing(case)
    work.add(events.PaymentReceived(order=f"cash/{receipt}", provider="cash", amount=amount, reference=receipt))


def _assess_fee(work: Work, job: Job, outcome: Values) -> dict[str, Any]:
    """The fee table of the case by its own procedure version, and by what the unit charged on the day it was filed."""
    case, procedure, catalog = work.case, work.procedure, work.ports.catalog
    filed = catalog.calendar(case.unit).day_of(case.submitted_at)
    rules = charged(procedure, catalog.unit_fees(case.unit), filed)
    lines, total = fee.assess(rules, procedure.exemptions, case_context(case), work.ports.expressions.evaluate)
    work.add(events.FeeAssessed(lines=tuple(fee.as_row(line) for line in lines), total=total))
    return {"fee_total": total}


def _order_number(case: Case, job: Job) -> str:
    """Every try to pay has its own order: the case's code and how many orders there were."""
    return f"{case.code.replace('.', '').replace('-', '')}P{len(case.payments) + 1}"


def _order_payment(room: Room, case: Case, job: Job) -> dict[str, Any]:
    if not pays_online(case.level):
        raise RuleError(
            reason=f"Thủ tục mức độ {case.level} không thu phí trực tuyến; hãy sửa sơ đồ.",
            reason_en=f"A procedure of level {case.level} takes no payment online; correct the diagram.",
        )
    order = _order_number(case, job)
    amount = case.fee_total or 0
    back = f"/cases/{case.code}"
    try:
        url = room.ports.payments.order(order=order, amount=amount, case_code=case.code, return_url=back)
    except PaymentRefusedError as error:
        raise JobError(error.code, error.message, {"refused_order": order}) from error
    return {"order": order, "amount": amount, "url": url}


def _record_order(work: Work, job: Job, outcome: Values) -> dict[str, Any]:
    provider = work.ports.payments.name
    work.add(
        events.PaymentOrdered(order=outcome["order"], provider=provider, amount=outcome["amount"], url=outcome["url"])
    )
    return {"payment_order": outcome["order"]}


JOB_TYPES: dict[str, JobType] = {
    "receipt.issue": JobType(_issue_receipt, inside=True),
    "fee.assess": JobType(_assess_fee, inside=True),
    "fee.collect": JobType(_record_order, _order_payment),
    "document.issue": JobType(job_documents.record_issue, job_documents.issue),
    "document.sign": JobType(job_documents.record_signature, job_documents.sign),
    "result.deliver": JobType(job_notices.record_delivery, job_notices.deliver, tells=True),
    "notify": JobType(job_notices.record_notice, job_notices.notify, tells=True),
    "request.send": JobType(job_notices.record_request, job_notices.send_request),
    "register.write": JobType(job_documents.record_entry, job_documents.choose_book, inside=True),
}


def job_type(job: Job) -> JobType:
    """How a job is done; UnknownJobTypeError."""
    if job.type not in JOB_TYPES:
        raise UnknownJobTypeError(type=job.type)
    return JOB_TYPES[job.type]


def is_inside(ports: Ports, job: Job) -> bool:
    """Whether the job needs nothing but this database."""
    kind = JOB_TYPES.get(job.type)
    return kind is not None and (kind.inside or (kind.tells and ports.notice_rows is not None))


def perform(ports: Ports, case: Case, job: Job, now: datetime) -> dict[str, Any]:
    """Do the job's own work; what came of it. UnknownJobTypeError, JobError, and whatever goes wrong outside."""
    procedure = ports.catalog.procedure(case.procedure, case.procedure_version)
    return job_type(job).perform(Room(ports, procedure, now, f"{case.id}/{job.key}"), case, job)
