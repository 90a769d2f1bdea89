"""The desk's papers (Circular 01/2018/TT-VPCP) with Typst: forms 01 to 05 on A5, the register of cases on A4."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from datetime import date, datetime, tzinfo
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

import pikepdf
import segno

from engine.adapters.book_rows import number_rows
from engine.adapters.catalog_shared import SHARED, read_bytes
from engine.adapters.verification_mark import PATH
from engine.domain.case import Case
from engine.domain.procedure import Procedure
from engine.ports import Documents
from engine.ports.papers import BookRow, Handover, NumberedBook, Setting, Slip, Verification

FOLDER: Final = f"{SHARED}/templates"
SHARED_PARTS: Final = (f"{FOLDER}/letter.typ", f"{FOLDER}/slip.typ")
TEMPLATES: Mapping[str, str] = {
    "intake": "intake_receipt",
    "supplement": "supplement_request",
    "refusal": "refusal_slip",
    "apology": "apology",
    "control": "control_slip",
    "book": "case_book",
    "numbers": "number_book",
}
MANY = 60  # papers on one receipt; a case with more hands in bundles
DELIVERIES: Mapping[str, str] = {
    "desk": "Bộ phận Tiếp nhận và Trả kết quả",
    "post": "Qua dịch vụ bưu chính công ích",
    "electronic": "Bản điện tử, trên Cổng dịch vụ công và thư điện tử",
}
RESULTS: Mapping[str, str] = {"early": "Trước hạn", "on_time": "Đúng hạn", "late": "Quá hạn", "": ""}


class TypstPapers:
    """Implements PaperMaker. `public_url`: where people find the portal."""

    def __init__(self, documents: Documents, catalog: Path, public_url: str) -> None:
        self._documents = documents
        self._catalog = catalog
        self._public_url = public_url

    def slip(
        self,
        case: Case,
        procedure: Procedure,
        slip: Slip,
        setting: Setting,
        verification: Verification | None = None,
    ) -> bytes:
        """Forms 01 to 04."""
        says = {"number": slip.number, "officer": slip.officer, **_SAYS[slip.kind](case, procedure, slip, setting)}
        data = {**self._of_case(case, procedure, says, setting), "check": _check(verification)}
        return self._made(slip.kind, data, slip.at.astimezone(setting.zone).date())

    def control(self, case: Case, procedure: Procedure, rows: Sequence[Handover], setting: Setting) -> bytes:
        """Form 05, dated by its last hand-over."""
        last = max((one.given_at for one in rows), default=case.received_at or case.submitted_at)
        says = {"others": "", "rows": [_handed(one, setting.zone) for one in rows]}
        return self._made(
            "control", self._of_case(case, procedure, says, setting), last.astimezone(setting.zone).date()
        )

    def book(self, rows: Sequence[BookRow], since: date, until: date, setting: Setting) -> bytes:
        """Form 06, dated by the last day of its period."""
        lines = [_line(number, row, setting) for number, row in enumerate(rows, 1)]
        says = {"since": f"{since:%d/%m/%Y}", "until": f"{until:%d/%m/%Y}", "rows": lines}
        return self._made("book", {"receipt": says, "unit": dict(setting.unit)}, until)

    def numbers(self, book: NumberedBook, setting: Setting) -> bytes:
        """A book of numbers, dated by its newest entry or its closing."""
        days = [at for at in (*(line.at for line in book.lines), book.closing and book.closing.at) if at]
        day = max(days).astimezone(setting.zone).date() if days else date(book.year, 1, 1)
        return self._made("numbers", {"receipt": number_rows(book, setting.zone), "unit": dict(setting.unit)}, day)

    def together(self, papers: Sequence[bytes]) -> bytes:
        """All of them in one file, to be printed: of signatures only what they look like is left."""
        whole, out = pikepdf.new(), io.BytesIO()
        for each in papers:
            with pikepdf.open(io.BytesIO(each)) as one:
                _flatten(one)
                whole.pages.extend(one.pages)
        whole.save(out, deterministic_id=True)
        return out.getvalue()

    def _of_case(self, case: Case, procedure: Procedure, says: Mapping[str, Any], setting: Setting) -> dict[str, Any]:
        look_up = f"{self._public_url}/tra-cuu?{urlencode({'code': case.code})}"
        unit = setting.unit
        return {
            "case": {
                "code": case.code,
                "procedure_name": procedure.name,
                "papers": _papers(case, procedure),
                "sets": procedure.info.get("sets", 1),
            },
            "applicant": {name: case.applicant.get(name) for name in ("name", "address", "phone", "email")},
            "receipt": dict(says),
            "unit": dict(unit),
            "signer": {"name": unit.get("signer_name"), "title": unit.get("signer_title")},
            "look_up": look_up,
            "qr": _marks(look_up),
        }

    def _made(self, kind: str, data: Mapping[str, Any], day: date) -> bytes:
        template = f"{FOLDER}/{TEMPLATES[kind]}.typ"
        files = {name: read_bytes(self._catalog / name) for name in (template, *SHARED_PARTS)}
        return self._documents.render(template, files, {**data, "result": {"date": day.isoformat()}})


def _flatten(paper: pikepdf.Pdf) -> None:
    """Fields of signatures become a part of their page: without the file they signed they only seem to be some."""
    if "/AcroForm" in paper.Root:
        paper.flatten_annotations("all")


def _receipt(case: Case, procedure: Procedure, slip: Slip, setting: Setting) -> dict[str, Any]:
    received = (case.received_at or slip.at).astimezone(setting.zone)
    due = case.deadline.original_due.astimezone(setting.zone) if case.deadline else None
    return {
        "term": procedure.deadline.text,
        "received": _written(received),
        "due": _written(due) if due else "",
        "delivery": DELIVERIES.get(case.delivery, case.delivery),
        "book": f"01/{received.year}",
        "entry": slip.number.partition("/")[0],
    }


def _request(case: Case, procedure: Procedure, slip: Slip, setting: Setting) -> dict[str, Any]:
    asked = [str(line).strip() for line in str(slip.data.get("documents") or "").splitlines()]
    return {
        "items": [line for line in asked if line],
        "reason": slip.data.get("reason"),
        "contact": setting.unit.get("hotline"),
    }


def _refusal(case: Case, procedure: Procedure, slip: Slip, setting: Setting) -> dict[str, Any]:
    return {"reason": slip.data.get("reason")}


def _apology(case: Case, procedure: Procedure, slip: Slip, setting: Setting) -> dict[str, Any]:
    dates = {name: _written_out(slip.data.get(name), setting.zone) for name in ("due_before", "due_after")}
    received = (case.received_at or case.submitted_at).astimezone(setting.zone)
    return {"reason": slip.data.get("reason"), "received": f"Ngày {received:%d/%m/%Y}", **dates}


_SAYS = {"intake": _receipt, "supplement": _request, "refusal": _refusal, "apology": _apology}


def _handed(one: Handover, zone: tzinfo) -> dict[str, str]:
    return {
        "giver": one.giver,
        "giver_name": one.giver_name,
        "taker": one.taker,
        "taker_name": one.taker_name,
        "given": _short(one.given_at, zone),
        "taken": _short(one.taken_at, zone),
        "result": RESULTS[one.result],
        "task": one.task,
    }


def _line(number: int, row: BookRow, setting: Setting) -> dict[str, Any]:
    case, zone = row.case, setting.zone
    contact = ", ".join(str(case.applicant[name]) for name in ("address", "phone") if case.applicant.get(name))
    return {
        "number": number,
        "code": case.code,
        "procedure": row.procedure,
        "sets": 1,
        "applicant": str(case.applicant.get("name", "")),
        "contact": contact,
        "agency": str(setting.unit.get("name", "")),
        "received": _short(case.received_at or case.submitted_at, zone),
        "due": _short(case.deadline.original_due if case.deadline else None, zone),
        "returned": _short(row.returned_at, zone),
        "delivery": DELIVERIES.get(case.delivery, case.delivery),
        "signed": row.collector,
        "note": case.closed_reason or RESULTS.get((case.deadline and case.deadline.timeliness) or "", ""),
    }


def _papers(case: Case, procedure: Procedure) -> list[str]:
    """What was handed in, each kind once: the declaration, then papers by their names in the catalog."""
    names = {rule.key: rule.name for rule in procedure.documents}
    counted: dict[str, int] = {}
    for paper in case.documents:
        name = names.get(paper["key"], paper["name"])
        counted[name] = counted.get(name, 0) + 1
    form = str(procedure.info.get("form_name") or "Tờ khai")
    found = [f"{name} ({count} tệp)" if count > 1 else name for name, count in counted.items()]
    return [form, *(name for name in found if name != form)][:MANY]


def _written(at: datetime) -> str:
    return f"{at:%H} giờ {at:%M} phút, ngày {at:%d/%m/%Y}"


def _written_out(instant: Any, zone: tzinfo) -> str:
    return _written(datetime.fromisoformat(str(instant)).astimezone(zone)) if instant else ""


def _short(at: datetime | None, zone: tzinfo) -> str:
    return f"{at.astimezone(zone):%H:%M %d/%m/%Y}" if at else ""


def _check(verification: Verification | None) -> dict[str, Any] | None:
    """What a sealed form prints: the QR of its public page, where a copy is handed in, the short code."""
    if verification is None:
        return None
    page = f"{verification.address}{PATH}"
    return {"qr": _marks(f"{page}/{verification.token}"), "page": page, "mark": verification.mark}


def _marks(text: str) -> list[str]:
    """The QR as rows of 1 (dark) and 0, without its quiet zone."""
    code = segno.make(text, error="m", micro=False, mask=0)  # any mask is a valid code; looking for the best is slow
    return ["".join("1" if mark else "0" for mark in row) for row in code.matrix]
