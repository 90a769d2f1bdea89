"""Stand-in of a post office: a counter page gives out codes after looking at papers; each is good once, for a while."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, timedelta
from threading import Lock
from typing import Any

from flask import Flask, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf import CSRFProtect

from web.standins.book import Party
from web.standins.citizens import citizens, organisations
from web.standins.registers import entered
from web.standins.stage import Stage

POST_OFFICE = Party(
    name="buudien",
    title="Bưu điện: quầy định danh",
    title_en="Post office counter",
    lies={"other": ("trả người khác", "hands over somebody else")},
)
SIGNS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
LIFE = timedelta(hours=24)


class Slips:
    """Codes that were given out; kept in memory."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._open: dict[str, tuple[dict[str, str], datetime]] = {}

    def give(self, person: dict[str, str]) -> str:
        """A new code for somebody who stood at the counter."""
        code = "".join(secrets.choice(SIGNS) for _ in range(8))
        with self._lock:
            self._open[code] = (person, datetime.now(UTC) + LIFE)
        return code

    def take(self, code: str, number: str) -> dict[str, str] | None:
        """Whose code it is, once; None for a wrong, used or old one, or one for another number, which stays good."""
        with self._lock:
            person, until = self._open.get(code, ({}, datetime.now(UTC)))
            if datetime.now(UTC) >= until or number not in (person.get("id_number"), person.get("organisation_code")):
                return None
            del self._open[code]
        return person


def visitors(stage: Stage) -> list[dict[str, str]]:
    """Who may stand at the counter: people for themselves, and those who act for an organisation."""
    people = [
        {name: str(one[name]) for name in ("name", "id_number", "birth_date", "gender", "phone", "address")}
        for one in citizens(stage.settings)
    ]
    by_number = {one["id_number"]: one for one in people}
    acting = [
        {**_named(by_number[one["representative"]]), "organisation": one["name"], "organisation_code": one["code"]}
        for one in organisations(stage.settings)
    ]
    return people + acting


def _named(person: dict[str, str]) -> dict[str, str]:
    return {name: person[name] for name in ("name", "phone")}


def create_post_office(stage: Stage) -> Flask:
    """The counter at its root, POST /api/redeem for the house."""
    app, slips, people = Flask("web"), Slips(), visitors(stage)
    app.config.update(SECRET_KEY=secrets.token_bytes(32), SESSION_COOKIE_NAME="motcua_buudien")
    protection = CSRFProtect(app)

    @app.route("/", methods=["GET", "POST"])
    def counter() -> ResponseReturnValue:
        code, chosen = "", None
        if request.method == "POST":
            chosen = people[int(request.form["person"]) % len(people)]
            code = slips.give(chosen)
            stage.book.note("buudien", "slip", {"code": code, **chosen})
        return render_template("standins/counter.html", people=people, code=code, chosen=chosen)

    @app.post("/api/redeem")
    @protection.exempt  # type: ignore[untyped-decorator]  # the library carries no types
    def redeem() -> ResponseReturnValue:
        mood, asked = entered(stage, "buudien", "post_office", "redeem")
        if mood.lie == "other":
            return jsonify(result="OK", person=people[0] | {"id_number": "079999999999"})
        found: dict[str, Any] | None = slips.take(str(asked["code"]), str(asked["number"]))
        return jsonify(result="OK", person=found) if found else jsonify(result="UNKNOWN")

    return app
