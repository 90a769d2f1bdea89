"""Books of numbers to be read and printed: which number was given for what, and what is struck out or still open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from engine.domain.actor import Actor
from engine.domain.books import year_of
from engine.domain.errors import ForbiddenError, NotFoundError, RuleError
from engine.ports import Accounts, Ports
from engine.ports.books import BookHead, Line, NumberBooks
from engine.ports.papers import NumberedBook, PaperMaker, setting_of

READERS = ("records_clerk", "chairman", "auditor")
SHOWN = 50  # lines of a page
MOST = 5_000  # lines that are printed at once


@dataclass(frozen=True, slots=True, kw_only=True)
class BookPage:
    """A stretch of a book. `names`: of people by account; `first` and `last`: the numbers it is about."""

    head: BookHead
    title: str
    lines: Sequence[Line]
    names: Mapping[str, str]
    first: int
    last: int


class Books:
    """Reads the books of the reader's own unit."""

    def __init__(self, ports: Ports, books: NumberBooks, accounts: Accounts, maker: PaperMaker) -> None:
        self._ports = ports
        self._books = books
        self._accounts = accounts
        self._maker = maker

    def shelf(self, actor: Actor, year: int) -> list[tuple[str, BookHead]]:
        """All books of a year with their titles; ForbiddenError."""
        _check_reads(actor)
        return sorted((self.title(head.book), head) for head in self._books.of(actor.unit, year)) if year else []

    def page(self, actor: Actor, book: str, first: int = 0, count: int = SHOWN) -> BookPage:
        """So many numbers from `first` on, or the newest; NotFoundError where the unit has no such book."""
        _check_reads(actor)
        head = self._books.head(actor.unit, book)
        if head is None:
            raise NotFoundError(what="sổ", id="")
        first = max(1, first or head.last - count + 1)
        last = min(head.last, first + count - 1)
        lines = self._books.lines(actor.unit, book, first, last)
        found = {who: self._accounts.by_id(who) for who in dict.fromkeys(line.by for line in lines) if who}
        names = {who: account.name if account else who for who, account in found.items()}
        return BookPage(head=head, title=self.title(book), lines=lines, names=names, first=first, last=last)

    def pdf(self, actor: Actor, book: str, first: int = 1) -> bytes:
        """The book on paper from a number on; RuleError where that is more than is printed at once."""
        page = self.page(actor, book, max(1, first), MOST)
        if page.last < page.head.last:
            raise RuleError(
                reason=f"Sổ còn hơn {MOST} số kể từ số {page.first}; hãy in từ số lớn hơn.",
                reason_en=f"There are more than {MOST} numbers from no. {page.first} on; begin later.",
            )
        printed = NumberedBook(
            title=page.title, year=year_of(book), lines=page.lines, names=page.names, closing=page.head.closing
        )
        return self._maker.numbers(printed, setting_of(self._ports.catalog, actor.unit))

    def title(self, book: str) -> str:
        """What a book is called."""
        titles: Mapping[str, str] = self._ports.catalog.settings.get("books", {})
        kind, _, name = book.rpartition("/")[0].partition("/")
        if kind in ("receipt", "request"):
            return titles.get(name or kind, name or kind)
        versions = self._ports.catalog.versions(name)
        return titles.get(kind, "{name}").replace("{name}", versions[-1].name if versions else name)


def _check_reads(actor: Actor) -> None:
    if not (actor.kind == "officer" and actor.in_any(READERS)):
        raise ForbiddenError()
