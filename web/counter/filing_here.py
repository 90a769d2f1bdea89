"""Filing for a citizen who stands there: one page, and the case is filed and received with one press."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from flask import flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from engine.commands.handling_messages import MarkDocument
from engine.commands.messages import AddComment, ClaimTask, Command, CompleteTask
from engine.domain.case import Case
from engine.domain.errors import DatabaseUnavailableError, DomainError
from engine.domain.handling import COMPARED, handed_in
from engine.domain.procedure import Procedure
from web import access, filing, prefill
from web.acting import posted_key, posted_text, sheet_of
from web.counter import blueprint, papers
from web.counter.finding import CHANNELS
from web.house import house, queries
from web.texts import t

PERSON = {
    "name": ("Họ và tên", "Full name"),
    "id_number": ("Số định danh cá nhân hoặc CMND", "Personal identity number"),
    "phone": ("Số điện thoại", "Telephone"),
    "id_issue_date": ("Ngày cấp giấy tờ (dd/mm/yyyy)", "Date of issue (dd/mm/yyyy)"),
    "email": ("Thư điện tử", "E-mail"),
    "address": ("Địa chỉ", "Address"),
}
NUMBER = r"\d{12}|\d{9}|[A-Z]\d{7}"


@blueprint.route("/nop/<code>", methods=["GET", "POST"])
@access.groups("one_stop")
def file_new(code: str) -> ResponseReturnValue:
    """For a person who was never here."""
    return _file(code, {})


@blueprint.route("/nop/<code>/nguoi/<case_id>", methods=["GET", "POST"])
@access.groups("one_stop")
def file_known(code: str, case_id: str) -> ResponseReturnValue:
    """For the applicant of an earlier case."""
    return _file(code, house().desk.counter.persons.known(g.actor, case_id))


def _file(code: str, known: Mapping[str, str]) -> ResponseReturnValue:
    procedure = house().catalog.current(code, house().clock.now().date())
    offered = [name for name in CHANNELS if name in procedure.channels]
    if not offered:
        return redirect(url_for("counter.start"))
    chosen = request.form.get("_channel", "")
    posted = request.method == "POST"
    person = {name: posted_text(f"_applicant.{name}", 300) if posted else known.get(name, "") for name in PERSON}
    facts = {**person, "id_issue_date": _iso(person["id_issue_date"])}
    if known.get("id_number") == person["id_number"]:
        facts["id_issue_place"] = known.get("id_issue_place", "")
    return filing.serve(
        filing.Filing(
            procedure=procedure,
            frame="desk/frame.html",
            template="counter/form.html",
            channel=chosen if chosen in offered else offered[0],
            applicant={"account": None, **{name: person[name] for name in PERSON if name != "id_issue_date"}},
            own={"id_issue_date": _local(person["id_issue_date"])},
            missing=_missing(person) if posted else {},
            known=prefill.facts(facts, {}, house().filing.rules) | _of_the_desk(),
            judge=papers.judged,
            files=papers.uploaded() if posted else None,
            done=lambda case_id: _received(procedure, case_id),
        )
    )


def _of_the_desk() -> dict[str, Any]:
    """What is so for whoever stands there."""
    return {f"desk.{name}": value for name, value in house().filing.rules.get("desk", {}).items()}


def _iso(text: str) -> str:
    found = re.fullmatch(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})", text)
    return f"{found[3]}-{int(found[2]):02}-{int(found[1]):02}" if found else text


def _local(text: str) -> str:
    return f"{text[8:10]}/{text[5:7]}/{text[:4]}" if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text) else text


def _missing(person: Mapping[str, str]) -> dict[str, str]:
    found = {}
    if not person["name"]:
        found["_applicant.name"] = t("Nhập họ và tên người nộp.", "Enter the applicant's full name.")
    if not re.fullmatch(NUMBER, person["id_number"]):
        found["_applicant.id_number"] = t(
            "Nhập số định danh 12 chữ số, CMND 9 chữ số hoặc số hộ chiếu.", "Enter a 12-digit identity number."
        )
    return found


def _received(procedure: Procedure, case_id: str) -> str:
    """What the clerk said along with the form is done in its turn; what cannot be done waits as a task."""
    case = queries().case(g.actor, case_id).case
    try:
        house().desk.counter.queueing.link(g.actor, case_id)
        for number, command in enumerate(_said_along(procedure, case)):
            house().handle(command, g.actor, f"counter:{g.actor.id}:{posted_key()}:{number}")
    except DatabaseUnavailableError:
        raise
    except DomainError as error:
        flash(t(f"Đã nộp, nhưng chưa tiếp nhận: {error.message}", f"Filed, not received yet: {error.message_en}"))
    return url_for("counter.case", case_id=case_id)


def _said_along(procedure: Procedure, case: Case) -> Iterator[Command]:
    which: dict[str, Any] = {"unit": case.unit, "case_id": case.id}
    compared = set(request.form.getlist("_compared"))
    for digest, file in handed_in(case).items():
        if file.get("key") in compared:
            yield MarkDocument(**which, sha256=digest, mark=COMPARED)
    note = _note(procedure, case)
    if note:
        yield AddComment(**which, text=note[:2000])
    form = house().catalog.settings.get("cash", {}).get("intake")
    for key, task in case.tasks.items():
        if request.form.get("_accept") and task.form_id == form:
            yield ClaimTask(**which, key=key)
            yield CompleteTask(**which, key=key, data={"originals_compared": bool(compared), "decision": "accepted"})


def _note(procedure: Procedure, case: Case) -> str:
    """What the house keeps of the originals that were seen, and of pages that were taken although hard to read."""
    names = {one.key: one.name for one in procedure.documents}
    seen = [names[key] for key in request.form.getlist("_compared") if key in names]
    found = [f"Đã đối chiếu bản chính: {name}." for name in seen]
    if request.form.get("_use_anyway"):
        sheet = sheet_of(procedure, procedure.form_id, {"case": {}})
        pages = [
            papers.sentence(file, faults) for _, poor in papers.poor(sheet, case.application) for file, faults in poor
        ]
        found += [f"Bản chụp khó đọc, cán bộ tiếp nhận vẫn dùng: {one.partition('. ')[0]}." for one in pages]
    return "\n".join(found)


@blueprint.context_processor
def words() -> dict[str, object]:
    """Texts of the person's part of the form."""
    return {"channel_names": CHANNELS, "person_fields": PERSON}
