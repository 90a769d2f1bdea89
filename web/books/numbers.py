"""Books of numbers: read, printed, a number struck out, a book closed at the end of its year."""

from __future__ import annotations

from io import BytesIO

from flask import flash, g, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import BadRequest

from engine.commands.book_messages import CancelNumber
from engine.commands.books import KEEPERS
from engine.domain.books import year_of
from engine.domain.errors import DomainError
from engine.ports.books import Line
from engine.queries.books import READERS
from web import access, errors
from web.acting import do, new_key, posted_text
from web.books import blueprint
from web.house import house
from web.texts import t

BOOK = 400  # characters of a book's name


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 12 else 0


@blueprint.get("/")
@access.groups(*READERS)
def shelf() -> ResponseReturnValue:
    """All books of a year."""
    this = house().clock.now().year
    year = _number(request.args.get("nam", "")) or this
    books = house().desk.books.books.shelf(g.actor, year)
    return render_template("books/shelf.html", books=books, year=year, this=this)


@blueprint.get("/quyen")
@access.groups(*READERS)
def book() -> ResponseReturnValue:
    """Some numbers of a book, the newest at first."""
    return _page(request.args.get("so", "")[:BOOK], _number(request.args.get("tu", "")))


@blueprint.get("/quyen.pdf")
@access.groups(*READERS)
def book_pdf() -> ResponseReturnValue:
    """The book on paper."""
    name = request.args.get("so", "")[:BOOK]
    content = house().desk.books.books.pdf(g.actor, name, _number(request.args.get("tu", "")))
    file = f"so-{year_of(name)}.pdf"
    return send_file(BytesIO(content), mimetype="application/pdf", as_attachment=True, download_name=file)


@blueprint.get("/huy-so")
@access.groups(*KEEPERS)
def number() -> ResponseReturnValue:
    """One number that is to be struck out: what it was given for, and the reason to be said."""
    return _ask(request.args.get("so", "")[:BOOK], _number(request.args.get("stt", "")))


@blueprint.post("/huy-so")
@access.groups(*KEEPERS)
def cancel() -> ResponseReturnValue:
    """Strike the number out."""
    name, which = request.form.get("so", "")[:BOOK], _number(request.form.get("stt", ""))
    line = _line(name, which)
    command = CancelNumber(
        unit=g.actor.unit,
        case_id=line.case_id,
        book=name,
        number=which,
        reason=posted_text("reason", 500),
        job=line.job,
    )
    try:
        do(command)
    except DomainError as error:
        if error.code != "rule":
            raise
        return _ask(name, which, errors.of_domain(error))
    flash(t("Đã hủy số; số này không được cấp lại.", "The number is cancelled and will not be given again."))
    return redirect(url_for("books.book", so=name, tu=max(1, which - 10)))


@blueprint.post("/khoa-so")
@access.groups(*KEEPERS)
def close() -> ResponseReturnValue:
    """Close the book."""
    name = request.form.get("so", "")[:BOOK]
    try:
        house().desk.books.closing.close(g.actor, name)
    except DomainError as error:
        if error.code not in ("rule", "open_numbers", "book_closed"):
            raise
        return _page(name, 0, errors.of_domain(error))
    flash(t("Đã khóa sổ.", "The book is closed."))
    return redirect(url_for("books.book", so=name))


def _page(name: str, first: int, refusal: errors.Refusal | None = None) -> ResponseReturnValue:
    page = house().desk.books.books.page(g.actor, name, first)
    over = house().clock.now().year > year_of(name)
    may = g.actor.in_any(KEEPERS)
    html = render_template("books/book.html", page=page, refusal=refusal, over=over, may=may, key=new_key())
    return html, refusal.status if refusal else 200


def _ask(name: str, which: int, refusal: errors.Refusal | None = None) -> ResponseReturnValue:
    line = _line(name, which)
    title, typed = house().desk.books.books.title(name), request.form.get("reason", "")
    html = render_template(
        "books/cancel.html", line=line, book=name, title=title, refusal=refusal, typed=typed, key=new_key()
    )
    return html, refusal.status if refusal else 200


def _line(name: str, which: int) -> Line:
    """One number of a book that somebody's case bears; 400 for what never was drawn."""
    lines = house().desk.books.books.page(g.actor, name, which, 1).lines if which else ()
    if not lines or lines[0].number != which:
        raise BadRequest()
    return lines[0]
