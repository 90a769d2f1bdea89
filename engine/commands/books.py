"""Numbers struck out of their books, with a reason; books closed at the end of their year."""

from __future__ import annotations

from engine.commands.book_messages import CancelNumber
from engine.commands.messages import Result
from engine.commands.work import Work
from engine.domain import access, events
from engine.domain.actor import Actor
from engine.domain.books import Entry, entries, year_of
from engine.domain.errors import ForbiddenError, NotFoundError, RuleError
from engine.ports import Ports
from engine.ports.books import Closing, NumberBooks

KEEPERS = ("records_clerk", "chairman")
LONGEST = 500  # characters of a reason


def cancel(work: Work, command: CancelNumber) -> Result:
    """Strike a number out: one whose paper is not in force, or that was drawn for a paper that never came to be."""
    case = access.check_sees(work.actor, work.load(command.unit, command.case_id))
    if not (work.actor.kind == "officer" and work.actor.unit == case.unit and work.actor.in_any(KEEPERS)):
        raise ForbiddenError()
    reason = " ".join(command.reason.split())[:LONGEST]
    if not reason:
        raise RuleError(reason="Hãy ghi rõ lý do hủy số.", reason_en="Say why the number is cancelled.")
    place = (command.book, command.number)
    entry = next((one for one in entries(case) if (one.book, one.number) == place), None)
    if entry is None:
        _check_unused(work, command)
    else:
        _check_void(work, entry)
    written = entry.written if entry else ""
    work.add(
        events.NumberCancelled(
            book=command.book, number=command.number, written=written, reason=reason, by=work.actor.id
        )
    )
    return Result()


def _check_void(work: Work, entry: Entry) -> None:
    if entry.state == "cancelled":
        raise RuleError(reason="Số này đã được hủy.", reason_en="This number is cancelled already.")
    signed = [one for one in work.case.results if one["number"] == entry.written and one["signatures"]]
    if entry.kind == "result" and entry.state == "issued" and signed:
        raise RuleError(
            reason="Văn bản mang số này đã ký; lãnh đạo phải thu hồi hoặc thay thế trước khi hủy số.",
            reason_en="The paper with this number is signed; a leader has to revoke or replace it first.",
        )


def _check_unused(work: Work, command: CancelNumber) -> None:
    case, job = work.case, command.job
    drawn = work.uow.recall(case.unit, f"number/{command.book}/{case.id}/{job}") if job else None
    if drawn is None or drawn.result.get("number") != command.number:
        raise NotFoundError(what="số", id="")
    if job in case.jobs:
        raise RuleError(
            reason="Hệ thống đang lập văn bản mang số này.", reason_en="The paper with this number is being made."
        )


class BookClosing:
    """Closes books of the closer's own unit, in a transaction of its own."""

    def __init__(self, ports: Ports, books: NumberBooks) -> None:
        self._ports = ports
        self._books = books

    def close(self, actor: Actor, book: str) -> Closing:
        """From then on the book gives no number and changes no more; only a year that is over is closed.

        ForbiddenError, NotFoundError, RuleError; OpenNumbersError while a number of it is neither used nor struck out.
        """
        if not (actor.kind == "officer" and actor.in_any(KEEPERS)):
            raise ForbiddenError()
        now, year = self._ports.clock.now().astimezone(self._ports.catalog.calendar(actor.unit).zone), year_of(book)
        if not year:
            raise NotFoundError(what="sổ", id="")
        if now.year <= year:
            raise RuleError(
                reason=f"Sổ năm {year} chỉ khóa được khi hết năm.",
                reason_en=f"The book of {year} can be closed once the year is over.",
            )
        return self._books.close(
            Closing(
                unit=actor.unit,
                book=book,
                year=year,
                last=0,
                struck=0,
                digest="",
                by=actor.id,
                by_name=actor.name,
                at=now,
            )
        )
