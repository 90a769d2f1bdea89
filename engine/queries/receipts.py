"""Fee receipts as the payer keeps them: a list, and each as a PDF; also over 0 đồng."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from engine.domain import access
from engine.domain.actor import Actor
from engine.domain.case import Case
from engine.domain.errors import NotFoundError
from engine.domain.fee import money
from engine.domain.number_words import sum_in_words
from engine.ports import Ports

FEE = "fee"
TEMPLATE = "_shared/templates/fee_receipt.typ"
WAYS = {"cash": "Tiền mặt", "vnpay": "VNPAY", "momo": "Ví MoMo", "vietqr": "Chuyển khoản VietQR"}
Values = Mapping[str, Any]


class Receipts:
    """`files`: the template and what it imports."""

    def __init__(self, ports: Ports, files: Mapping[str, bytes]) -> None:
        self._ports = ports
        self._files = files

    def of(self, actor: Actor, case_id: str) -> tuple[Case, Sequence[Values]]:
        """The case and its fee receipts, newest first; NotFoundError when it is not for this actor's eyes."""
        unit = None if actor.kind == "citizen" else actor.unit
        case = access.check_sees(actor, self._ports.store.case(unit, case_id))
        return case, [one for one in reversed(case.receipts) if one["kind"] == FEE]

    def pdf(self, actor: Actor, case_id: str, number: str) -> bytes:
        """One receipt (`0007/2026`) as a PDF; NotFoundError. The same receipt gives the same bytes."""
        case, receipts = self.of(actor, case_id)
        receipt = next((one for one in receipts if one["number"] == number), None)
        if receipt is None:
            raise NotFoundError(what="biên lai", id=number[:40])
        return self.paper(case, receipt)

    def paper(self, case: Case, receipt: Values) -> bytes:
        """A fee receipt of the case as a PDF."""
        return self._ports.documents.render(TEMPLATE, self._files, self.data(case, receipt))

    def data(self, case: Case, receipt: Values) -> dict[str, Any]:
        """What the template is fed with."""
        settings = self._ports.catalog.settings
        procedure = self._ports.catalog.procedure(case.procedure, case.procedure_version)
        unit, at, total = settings["units"][case.unit], receipt["at"], case.fee_total or 0
        own = settings.get("receipts", {})
        return {
            "case": {"code": case.code, "applicant": case.applicant},
            "unit": {name: unit.get(name) for name in ("name", "parent", "place", "address", "tax_code")},
            "result": {"number": receipt["number"], "date": at.date().isoformat(), "year": at.year},
            "receipt": {
                "form": own.get("form", ""),
                "series": str(own.get("series", "")).replace("{yy}", f"{at:%y}"),
                "procedure": procedure.name,
                "lines": [dict(line) for line in case.fee_lines],
                "total": total,
                "words": sum_in_words(total),
                "payments": [_payment(one) for one in case.payments if one["paid"]],
                "paid_at": f"{at:%H:%M} ngày {at:%d/%m/%Y}",
            },
        }


def _payment(one: Values) -> str:
    way = WAYS.get(one["provider"], "Trực tuyến")
    reference = f", mã giao dịch {one['reference']}" if one["provider"] != "cash" and one["reference"] else ""
    return f"{way}: {money(one['amount'])}{reference}"
