"""What an administrator changes of the fees of the own unit, from a day on, and takes back before that day."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from engine.commands.changes import change, check_administers
from engine.domain.actor import Actor
from engine.domain.calendar_edition import read_date
from engine.domain.errors import NotFoundError
from engine.domain.procedure import FeeRule, in_force
from engine.domain.registration import Problem
from engine.domain.unit_fees import (
    Asked,
    FeeProblemsError,
    Turn,
    UnitFee,
    charged,
    course,
    facts,
    first_day,
    is_fixed,
    problems_of,
    read_amount,
    rule_of,
    said,
    tidy,
)
from engine.ports import Catalog, Clock, Ids
from engine.ports.administration import Change, FeeBook


@dataclass(frozen=True, slots=True, kw_only=True)
class FeeDesk:
    """`changed` is called once something was written."""

    book: FeeBook
    clock: Clock
    ids: Ids
    catalog: Catalog
    changed: Callable[[], None]

    def number(self, actor: Actor) -> int:
        """The number of the edition that is shown; who changes it says which one was seen."""
        return self.book.number(actor.unit)

    def rows(self, actor: Actor) -> Sequence[UnitFee]:
        """All that the actor's unit has written."""
        return self.book.fees().get(actor.unit, ())

    def course(self, actor: Actor, code: str, key: str) -> tuple[Turn, ...]:
        """What a fee was, is and will be; NotFoundError."""
        turns = course(self.catalog.versions(code), self.rows(actor), key)
        if not turns:
            raise NotFoundError(what="khoản thu", id=f"{code} {key}"[:100])
        return turns

    def put(self, actor: Actor, code: str, key: str, asked: Asked, number: int) -> UnitFee:
        """Another amount from a day on, as what follows edition `number`.

        ForbiddenError, NotFoundError, FeeProblemsError, StaleVersionError.
        """
        check_administers(actor)
        self.course(actor, code, key)
        asked, now = tidy(asked), self.clock.now()
        problems, day = problems_of(asked, now), read_date(asked.day)
        if problems or day is None:
            raise FeeProblemsError(problems)
        over, counts = self._on(actor, code, key, day)
        row = UnitFee(
            unit=actor.unit,
            procedure=code,
            fee=key,
            valid_from=day,
            amount=None if asked.waived else read_amount(asked.amount),
            basis=asked.basis,
            over=over.amount,
            edition=number + 1,
            changed_at=now,
            changed_by=actor.id,
        )
        if facts(counts) == {name: value for name, value in said(row).items() if name in facts(counts)}:
            raise FeeProblemsError([Problem("amount", "Ngày đó đã thu mức này.", "That is charged on that day.")])
        self.book.put(row, self._change(actor, row, "fee:changed", facts(counts), said(row)))
        self.changed()
        return row

    def take_back(self, actor: Actor, code: str, key: str, day: date | None, number: int) -> None:
        """Take back a change whose day has not come; the same errors."""
        check_administers(actor)
        mine = (row for row in self.rows(actor) if (row.procedure, row.fee, row.valid_from) == (code, key, day))
        row = next(mine, None)
        if row is None:
            raise NotFoundError(what="mức thu", id=f"{code} {key}"[:100])
        if row.valid_from < first_day(self.clock.now()):
            vi, en = (
                "Mức này đã áp dụng, không rút lại được; hãy ghi một mức mới.",
                "It is in force: write another one.",
            )
            raise FeeProblemsError([Problem("valid_from", vi, en)])
        self.book.take_back(row, number + 1, self._change(actor, row, "fee:taken_back", said(row), {}))
        self.changed()

    def _on(self, actor: Actor, code: str, key: str, day: date) -> tuple[FeeRule, FeeRule]:
        """The catalog's rule on that day, and what counts then so far."""
        procedure = in_force(self.catalog.versions(code), day)
        over = rule_of(procedure.fees, key) if procedure else None
        counts = rule_of(charged(procedure, self.rows(actor), day), key) if procedure else None
        if over is None or counts is None:
            vi, en = "Ngày đó thủ tục không có khoản thu này.", "The procedure has no such fee on that day."
            raise FeeProblemsError([Problem("valid_from", vi, en)])
        if not is_fixed(over):
            vi = "Mức thu này tính theo công thức: chỉ đổi được bằng một phiên bản mới của thủ tục."
            raise FeeProblemsError([Problem("amount", vi, "It is computed: only a new version changes it.")])
        return over, counts

    def _change(
        self, actor: Actor, row: UnitFee, what: str, before: Mapping[str, object], after: Mapping[str, object]
    ) -> Change:
        subject = f"{row.procedure} {row.fee} {row.valid_from.isoformat()}"[:200]
        return change(self.ids, self.clock, actor, what=what, subject=subject, before=before, after=after)
