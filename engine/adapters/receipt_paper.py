"""The intake receipt as a paper (form 01 of Circular 01/2018/TT-VPCP): A5, with a QR that leads to the look-up."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, tzinfo
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

import segno

from engine.adapters.catalog_shared import SHARED, read_bytes
from engine.domain.case import Case
from engine.domain.errors import NotFoundError
from engine.domain.procedure import Procedure
from engine.ports import Documents

KIND: Final = "intake"
TEMPLATE: Final = f"{SHARED}/templates/intake_receipt.typ"
LETTER: Final = f"{SHARED}/templates/letter.typ"
MANY = 60  # papers on one receipt; a case with more hands in bundles
DELIVERIES: Mapping[str, str] = {
    "desk": "Bộ phận Tiếp nhận và Trả kết quả",
    "post": "Qua dịch vụ bưu chính công ích",
    "electronic": "Bản điện tử, trên Cổng dịch vụ công và thư điện tử",
}


class ReceiptPapers:
    """Makes the receipt of a case, the same bytes each time. `public_url`: where people find the portal."""

    def __init__(self, documents: Documents, catalog: Path, public_url: str) -> None:
        self._documents = documents
        self._catalog = catalog
        self._public_url = public_url

    def pdf(self, case: Case, procedure: Procedure, *, unit: Mapping[str, Any], officer: str, zone: tzinfo) -> bytes:
        """The PDF; NotFoundError while no receipt was issued. `officer`: who received; `zone`: of the times on it."""
        slip = next((one for one in case.receipts if one["kind"] == KIND), None)
        if slip is None:
            raise NotFoundError(what="giấy tiếp nhận", id="")
        files = {name: read_bytes(self._catalog / name) for name in (TEMPLATE, LETTER)}
        data = _data(case, procedure, slip, zone)
        look_up = f"{self._public_url}/tra-cuu?{urlencode({'code': case.code})}"
        more = {"unit": dict(unit), "look_up": look_up, "qr": _marks(look_up)}
        data["receipt"]["officer"] = officer
        return self._documents.render(TEMPLATE, files, {**data, **more})


def _data(case: Case, procedure: Procedure, slip: Mapping[str, Any], zone: tzinfo) -> dict[str, Any]:
    received: datetime = (case.received_at or slip["at"]).astimezone(zone)
    due = case.deadline.original_due.astimezone(zone) if case.deadline else None
    number = str(slip["number"])
    return {
        "case": {
            "code": case.code,
            "procedure_name": procedure.name,
            "papers": _papers(case, procedure),
            "sets": procedure.info.get("sets", 1),
        },
        "applicant": {name: case.applicant.get(name) for name in ("name", "address", "phone", "email")},
        "receipt": {
            "number": number,
            "term": procedure.deadline.text,
            "received": _written(received),
            "due": _written(due) if due else "",
            "delivery": DELIVERIES.get(case.delivery, case.delivery),
            "book": f"01/{received.year}",
            "entry": number.partition("/")[0],
        },
        "result": {"date": received.date().isoformat()},
    }


def _written(at: datetime) -> str:
    return f"{at:%H} giờ {at:%M} phút, ngày {at:%d/%m/%Y}"


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


def _marks(text: str) -> list[str]:
    """The QR as rows of 1 (dark) and 0, without its quiet zone."""
    return ["".join("1" if mark else "0" for mark in row) for row in segno.make(text, error="m", micro=False).matrix]
