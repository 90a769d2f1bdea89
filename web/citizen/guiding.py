"""Pages that guide: an occasion of life, the check before filing, how it all works, and how pages look."""

from __future__ import annotations

from flask import abort, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.domain.errors import NotFoundError
from web import access
from web.auth import cookie_flags, safe_next
from web.citizen import blueprint, eligibility
from web.house import house
from web.texts import LOOK_COOKIE, LOOKS, named

YEAR = 365 * 24 * 3600


@blueprint.get("/su-kien/<event_id>")
@access.public
def life_event(event_id: str) -> ResponseReturnValue:
    """The procedures that go with an occasion of life."""
    event = next((one for one in house().following.texts.life_events if one.id == event_id), None)
    if event is None:
        raise NotFoundError(what="sự kiện", id=event_id[:60])
    known = {one.code: one for one in house().catalog.in_force(house().clock.now().date())}
    procedures = [known[code] for code in event.procedures if code in known]
    return render_template("citizen/life_event.html", event=event, procedures=procedures)


@blueprint.get("/thu-tuc/<code>/kiem-tra")
@access.public
def check(code: str) -> ResponseReturnValue:
    """Whether one may file here: right commune, right person, and what level 3 asks for; then on to the form."""
    procedure = house().catalog.current(code, house().clock.now().date())
    units = house().catalog.settings.get("units") or {}
    unit = str((units.get(house().settings.unit) or {}).get("name") or "")
    questions = eligibility.asked(house().following.texts, procedure, request.args)
    sent, verdict = "tiep" in request.args, eligibility.verdict(questions)
    if verdict == "go" and (sent or not questions):
        return redirect(url_for("citizen.file_case", code=code))
    page = render_template(
        "citizen/eligibility.html",
        procedure=procedure,
        name=named(procedure),
        questions=questions,
        sent=sent,
        verdict=verdict,
        filled=lambda pair: eligibility.filled(pair, procedure, unit),
    )
    return page, 422 if sent and verdict == "ask" else 200


@blueprint.get("/huong-dan")
@access.public
def guide() -> ResponseReturnValue:
    """How to file, follow and receive, step by step."""
    return render_template("citizen/guide.html")


@blueprint.get("/hien-thi/<look>")
@access.public
def look(look: str) -> ResponseReturnValue:
    """Remember how the reader wants pages to look: larger text, stronger contrast, both, or plain."""
    if look not in LOOKS:
        abort(404)
    response = make_response(redirect(safe_next(request.args.get("next")) or url_for("citizen.home")))
    response.set_cookie(LOOK_COOKIE, look, max_age=YEAR, **cookie_flags())
    return response
