"""Jobs that tell somebody something: notices, requests to other agencies, electronic delivery."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.commands.announcing import told_by_job
from engine.commands.job_room import Room
from engine.commands.work import Work
from engine.domain import events
from engine.domain.case import Case, Job
from engine.domain.errors import RuleError
from engine.domain.procedure import offers

Values = Mapping[str, Any]


def notify(room: Room, case: Case, job: Job) -> dict[str, Any]:
    """Tell the applicant; what of it a channel may say is the channel's own rule."""
    channel, recipient = _channel(case, job)
    template = room.text(case, job, "template", "status")
    data = told_by_job(room.ports, room.procedure, case, job, room.now)
    if recipient:
        room.ports.messages.send(channel=channel, recipient=recipient, template=template, data=data, key=room.key)
    return {"template": template, "channel": channel if recipient else "none", "recipient": recipient}


def _channel(case: Case, job: Job) -> tuple[str, str]:
    """The channel the diagram asks for when the applicant can be reached there, else the other one."""
    addresses = {"email": case.applicant.get("email") or "", "sms": case.applicant.get("phone") or ""}
    wanted = job.headers.get("channel", "email")
    other = "sms" if wanted == "email" else "email"
    return (wanted, addresses[wanted]) if addresses.get(wanted) else (other, addresses[other])


def record_notice(work: Work, job: Job, outcome: Values) -> dict[str, Any]:
    """The channel took the notice."""
    work.add(events.NotificationSent(**outcome))
    return {}


def send_request(room: Room, case: Case, job: Job) -> dict[str, Any]:
    """Write to another agency, with a number of the register of outgoing letters."""
    number = room.draw_number(case.unit, f"request/{room.now.year}")
    text = f"{number:04d}/{room.now.year}"
    to = room.text(case, job, "to")
    template = room.text(case, job, "template", "request")
    data = {"code": case.code, "procedure": room.procedure.name, "number": text, **job.inputs}
    room.ports.messages.send(channel="agency", recipient=to, template=template, data=data, key=room.key)
    return {"template": template, "channel": "agency", "recipient": to, "number": text}


def record_request(work: Work, job: Job, outcome: Values) -> dict[str, Any]:
    """The request is on its way."""
    sent = {k: v for k, v in outcome.items() if k != "number"}
    work.add(events.NotificationSent(**sent))
    work.add(events.ReceiptIssued(kind="request", number=outcome["number"], data={"to": outcome["recipient"]}))
    return {"request_number": outcome["number"]}


def deliver(room: Room, case: Case, job: Job) -> dict[str, Any]:
    """Hand the result over: electronically it lies in the account and a message says so; else people did it."""
    way = job.headers.get("way", case.delivery)
    if way != "electronic":
        receiver = str(job.inputs.get("receiver") or case.applicant.get("name") or "")
        return {"way": way, "receiver": receiver, "detail": {k: v for k, v in job.inputs.items() if k != "receiver"}}
    if not offers(case.level, way):
        raise RuleError(
            reason=f"Thủ tục mức độ {case.level} không trả kết quả bản điện tử; hãy sửa sơ đồ.",
            reason_en=f"A procedure of level {case.level} hands over no electronic result; correct the diagram.",
        )
    channel, recipient = _channel(case, job)
    if recipient:
        data = told_by_job(room.ports, room.procedure, case, job, room.now)
        template = "result_delivered"
        room.ports.messages.send(channel=channel, recipient=recipient, template=template, data=data, key=room.key)
    detail = {"channel": channel if recipient else "account"}
    return {"way": way, "receiver": case.applicant.get("name") or "", "detail": detail}


def record_delivery(work: Work, job: Job, outcome: Values) -> dict[str, Any]:
    """The result was delivered."""
    work.add(events.ResultDelivered(way=outcome["way"], receiver=outcome["receiver"], detail=outcome["detail"]))
    return {"delivered_at": work.now.isoformat()}
