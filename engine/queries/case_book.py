"""The register of cases (form 06 of Circular 01/2018/TT-VPCP): a period's cases, on a page or printed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from engine.domain.actor import Actor
from engine.domain.case import Case
from engine.domain.errors import ForbiddenError, RuleError
from engine.ports import Ports
from engine.ports.papers import BookRow, CaseBook, PaperMaker, setting_of

MOST = 5_000  # lines; whoever needs more prints month by month


class Register:
    """Reads the register of the reader's own unit."""

    def __init__(self, ports: Ports, book: CaseBook, maker: PaperMaker) -> None:
        self._ports = ports
        self._book = book
        self._maker = maker

    def rows(self, actor: Actor, since: date, until: date, *, limit: int = MOST) -> Sequence[BookRow]:
        """Cases filed on these days and between them, oldest first; RuleError where the last comes before the first."""
        if actor.kind != "officer":
            raise ForbiddenError()
        if until < since:
            raise RuleError(
                reason="Ngày cuối phải không trước ngày đầu.", reason_en="The last day may not lie before the first."
            )
        catalog = self._ports.catalog
        zone = catalog.calendar(actor.unit).zone
        begin, end = (datetime.combine(day, time(), zone) for day in (since, until + timedelta(days=1)))
        found = self._book.rows(actor.unit, begin, end, limit=limit)
        return [
            BookRow(case=case, procedure=self._name(case), returned_at=returned.at, collector=returned.collector)
            for case, returned in found
        ]

    def pdf(self, actor: Actor, since: date, until: date) -> bytes:
        """The register of a period as PDF; RuleError where it is longer than is printed at once."""
        rows = self.rows(actor, since, until, limit=MOST + 1)
        if len(rows) > MOST:
            raise RuleError(
                reason=f"Kỳ này có hơn {MOST} hồ sơ; hãy in từng khoảng ngắn hơn.",
                reason_en=f"There are more than {MOST} cases; print shorter periods.",
            )
        return self._maker.book(rows, since, until, setting_of(self._ports.catalog, actor.unit))

    def _name(self, case: Case) -> str:
        return self._ports.catalog.procedure(case.procedure, case.procedure_version).name
