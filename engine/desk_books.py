"""Books of numbers of the officers' side, put together."""

from __future__ import annotations

from dataclasses import dataclass

from engine.adapters.db import SqlAccounts, SqlNumberBooks
from engine.adapters.papers import TypstPapers
from engine.commands.books import BookClosing
from engine.portal import Made
from engine.queries.books import Books


@dataclass(frozen=True, slots=True, kw_only=True)
class BooksPart:
    """Reading, printing and closing books."""

    books: Books
    closing: BookClosing


def furnish_books(made: Made) -> BooksPart:
    """Put the part together."""
    kept = SqlNumberBooks(made.store)
    maker = TypstPapers(made.ports.documents, made.settings.catalog, made.settings.public_url)
    books = Books(made.ports, kept, SqlAccounts(made.store), maker)
    return BooksPart(books=books, closing=BookClosing(made.ports, kept))
