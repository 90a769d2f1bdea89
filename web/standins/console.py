"""The stand-ins' console: what each received, and how it shall behave. For people, and as JSON for tests."""

from __future__ import annotations

import secrets
from typing import Any

from flask import Flask, abort, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import CSRFProtect

from web.standins.book import Book
from web.standins.mailbox import add_mailbox

SHOWN = 100


def create_console(book: Book) -> Flask:
    """The console as an application of its own."""
    app = Flask("web")
    app.config.update(SECRET_KEY=secrets.token_bytes(32), SESSION_COOKIE_NAME="motcua_standins")
    CSRFProtect(app)

    add_mailbox(app, book)

    @app.get("/")
    def console() -> ResponseReturnValue:
        party = request.args.get("party", "")
        entries = book.entries(party if party in book.parties else "")
        moods = {name: book.mood(name) for name in book.parties}
        return render_template(
            "standins/console.html", book=book, moods=moods, entries=entries[:SHOWN], more=len(entries) > SHOWN
        )

    @app.get("/entries.json")
    def entries() -> ResponseReturnValue:
        rows = book.entries(request.args.get("party", ""))
        return jsonify([_row(entry) for entry in rows])

    @app.post("/<party>/mood")
    def mood(party: str) -> ResponseReturnValue:
        if party not in book.parties:
            abort(404)
        try:
            book.turn(party, **_wishes())
        except ValueError:
            abort(400)
        return redirect(url_for("console", party=request.form.get("_only", "")))

    @app.post("/<party>/forget")
    def forget(party: str) -> ResponseReturnValue:
        if party not in book.parties:
            abort(404)
        book.forget(party)
        return redirect(url_for("console"))

    return app


def _row(entry: Any) -> dict[str, Any]:
    own = {"number": entry.number, "at": entry.at.isoformat(), "party": entry.party, "what": entry.what}
    return {**own, "fields": entry.fields}


def _wishes() -> dict[str, Any]:
    form = request.form
    return {
        "refuse": form.get("refuse") == "1",
        "delay": float(form.get("delay") or 0),
        "repeat": min(max(int(form.get("repeat") or 0), 0), 20),
        "lie": form.get("lie", ""),
    }
