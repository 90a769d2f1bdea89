"""Jobs that make results: number and document, signatures, register entries."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from engine.commands.job_room import Room
from engine.commands.signer import signature_of, signing_unit, unit_signed
from engine.commands.work import Work
from engine.domain import events
from engine.domain.case import Case, Job
from engine.domain.codec import dumps
from engine.domain.errors import RuleError
from engine.domain.paper_data import result_data
from engine.ports.results import Signed

Values = Mapping[str, Any]


def issue(room: Room, case: Case, job: Job) -> dict[str, Any]:
    """Draw the number of the register and year, render the document and store it.

    A procedure's own result needs no headers; another paper of its process (a proposal to a higher authority) names its
    `template`, `name`, `book` (its own row of numbers) and `number_format`. Who shares a book shares its numbers.
    """
    rule = room.procedure.result
    if rule is None or rule.template is None:
        raise RuleError(reason="Thủ tục không có mẫu kết quả.", reason_en="The procedure has no result template.")
    year = room.now.year
    book = f"result/{job.headers.get('book', rule.book or room.procedure.code)}/{year}"
    number = room.draw_number(case.unit, book)
    text = job.headers.get("number_format", rule.number_format).format(number=number, year=year)
    template = job.headers.get("template", rule.template)
    name, token = job.headers.get("name", rule.name), room.ports.ids.token()
    mark = _mark(case, name, text)
    data = document_data(room, case, job, text)
    if room.ports.address:
        data["verify"] = {"address": room.ports.address, "token": token, "mark": mark}
    content = room.ports.documents.render(template, room.procedure.files, data)
    sha256 = room.ports.files.put(content)
    booked = {"number": text, "book": book, "running": number}
    return {"name": name, **booked, "sha256": sha256, "size": len(content), "token": token, "mark": mark}


def _mark(case: Case, name: str, number: str) -> str:
    """A short digest of what the paper is about, printed beside its QR code: a code moved to another paper shows."""
    about = dumps([case.unit, case.code, name, number, case.application])
    digest = hashlib.sha256(about.encode()).hexdigest()[:8].upper()
    return f"{digest[:4]}-{digest[4:]}"


def document_data(room: Room, case: Case, job: Job, number: str) -> dict[str, Any]:
    """What the template gets: {case, application, variables, result, unit, signer}, JSON types only."""
    unit = signing_unit(room.ports, case)
    return result_data(case, room.variables(case, job), unit, number=number, at=room.now)


def record_issue(work: Work, job: Job, outcome: Values) -> dict[str, Any]:
    """The result exists."""
    document = f"{work.case.code}/R{len(work.case.results) + 1}"
    work.add(events.ResultIssued(document=document, **outcome))
    return {"result_number": outcome["number"], "result_document": document}


def sign(room: Room, case: Case, job: Job) -> dict[str, Any]:
    """Sign the newest result in the role the diagram names; a leader's key signs for whoever decided to sign."""
    if not case.results:
        raise RuleError(reason="Chưa có kết quả để ký.", reason_en="There is no result to sign yet.")
    result = case.results[-1]
    role = job.headers.get("role", "leader")
    decided = signature_of(room.ports, case)
    unit = unit_signed(room.ports, case, decided)
    signer = str(room.variables(case, job).get("signer") or (unit["signer_name"] if role == "leader" else unit["name"]))
    content = room.ports.files.get(result["sha256"])
    officer = decided.actor if decided and role == "leader" else ""
    signed = room.ports.signing.sign(content, role=role, signer=signer, key=room.key, officer=officer)
    return {
        "document": result["document"],
        "signer": signer,
        "role": role,
        "sha256": result["sha256"],
        "signature": signed.signature,
        **_file_of(room, signed),
        **(_for_whom(unit) if role == "leader" and signer == unit["signer_name"] else {}),
    }


def _for_whom(unit: Values) -> dict[str, Any]:
    """Whose place the signer takes, where the signer is a deputy."""
    return {"acts_for": unit["signer_for"], "acting": unit["signer_acting"]} if unit.get("signer_for") else {}


def _file_of(room: Room, signed: Signed) -> dict[str, Any]:
    """The new file, kept, and whose certificate it bears; nothing where the signature lies apart."""
    if not signed.content:
        return {}
    facts = {name: getattr(signed, name) for name in ("subject", "serial", "signed_at", "level")}
    return {"signed_sha256": room.ports.files.put(signed.content), "signed_size": len(signed.content), **facts}


def record_signature(work: Work, job: Job, outcome: Values) -> dict[str, Any]:
    """The result is signed."""
    work.add(events.ResultSigned(**outcome))
    return {"signature": outcome["signature"]}


def choose_book(room: Room, case: Case, job: Job) -> dict[str, Any]:
    """Which register book the entry goes into."""
    return {"book": room.text(case, job, "book", room.procedure.result.book if room.procedure.result else "")}


def record_entry(work: Work, job: Job, outcome: Values) -> dict[str, Any]:
    """The entry stands in the book, under its next number of this year: drawn here, so that none is ever left out."""
    book, year = outcome["book"], work.now.year
    number = f"{work.number(f'book/{book}/{year}'):02d}/{year}"
    by = work.asked_by.id if work.asked_by.kind == "officer" else ""
    work.add(events.ReceiptIssued(kind="register", number=number, data={"book": book}, by=by))
    return {"register_number": number}
