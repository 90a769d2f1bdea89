"""Builds the Flask application around the engine."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import Any

from flask import Flask, g, request, url_for
from flask_wtf import CSRFProtect

from engine.queries.minutes import minutes_of
from engine.queries.papers import FORMS
from web import (
    access,
    account,
    api,
    attempts,
    audit,
    auth,
    books,
    citizen,
    compression,
    counter,
    deadlines,
    desk,
    display,
    drawers,
    errors,
    figures,
    first_sign_in,
    housekeeping,
    leading,
    looks,
    mandates,
    notices,
    paying,
    seals,
    security,
    standins,
    steering,
    studio,
    texts,
    verification,
    words,
)
from web.account import personal, recovering, registering, sessions, single_sign_on
from web.api import post
from web.books import numbers as book_numbers
from web.case_files import found_in
from web.citizen import (
    beginning,
    complaints,
    drafts,
    following,
    guiding,
    procedures,
    reporting,
    sending,
    units,
    uploading,
)
from web.citizen import cases as citizen_cases
from web.counter import filing_here, finding, queueing, receiving_here, returning
from web.desk import cases as desk_cases
from web.desk import (
    choices,
    documents,
    elsewhere,
    intake,
    listing,
    messages,
    other_acts,
    papers,
    posting,
    queue,
    sharing,
)
from web.desk import complaints as desk_complaints
from web.desk import results as desk_results
from web.diagram_names import element_names
from web.drawers import counting, report
from web.figures import ii06a, public, score, work
from web.house import House, house
from web.housekeeping import calendar, fees, log, people, running, unit, wordings
from web.leading import queue as sign_queue
from web.leading import signing
from web.paying import cash_desk, choosing, machines, receipts
from web.rail import rail
from web.steering import reports

STATIC = Path(__file__).parent / "static"
PARTS = (
    auth,
    account,
    citizen,
    desk,
    audit,
    studio,
    steering,
    api,
    paying,
    verification,
    notices,
    books,
    leading,
    mandates,
    housekeeping,
    figures,
    counter,
    deadlines,
    drawers,
)
# these hang their views into blueprints
MODULES = (citizen_cases, complaints, following, guiding, procedures, units)
MODULES_OF_FILING = (beginning, drafts, sending, uploading, reporting)
MODULES_OF_OFFICERS = (
    desk_cases,
    documents,
    elsewhere,
    other_acts,
    intake,
    messages,
    papers,
    desk_complaints,
    desk_results,
    reports,
)
MODULES_OF_THE_INBOX = (queue, sharing, choices)
MODULES_OF_THE_COUNTER = (finding, filing_here, queueing, receiving_here, returning)
MODULES_OF_DRAWERS = (counting, report)
MODULES_OF_THE_POST = (post, posting)
MODULES_OF_FIGURES = (ii06a, public, score, work)
MODULES_OF_BOOKS = (book_numbers,)
MODULES_OF_LEADERS = (sign_queue, signing)
MODULES_OF_PAYING = (cash_desk, choosing, machines, receipts)
ACCOUNT_MODULES = (personal, recovering, registering, sessions, single_sign_on)
MODULES_OF_ADMINISTRATION = (calendar, fees, log, people, running, unit, wordings)


def create_app(app: House) -> Flask:
    """The web application; raises UndeclaredAccessError when a route does not say who may open it."""
    flask = Flask(__name__)
    flask.extensions["motcua"] = app
    _configure(flask, app)
    flask.before_request(auth.load_actor)  # first: who sends a form of an ended session may send it again
    protection = CSRFProtect(flask)
    # other machines call here, without a page of ours: a signature or a secret is what counts
    told = (api.payment_notice, machines.vnpay_notice, machines.momo_notice, notices.sms_callback, post.parcel_state)
    for view in (*told, registering.signed):
        protection.exempt(view)
    errors.register(flask)
    flask.before_request(access.enforce)
    flask.before_request(first_sign_in.lead)
    flask.after_request(security.add_headers)
    flask.after_request(looks.note)
    flask.after_request(attempts.note)
    flask.after_request(compression.compress)
    for part in PARTS:
        flask.register_blueprint(part.blueprint)
    flask.register_blueprint(counter.waiting)
    if app.settings.demo:
        flask.register_blueprint(standins.blueprint)
    access.public(flask.view_functions["static"])
    _furnish(flask)
    access.refuse_silent_routes(flask)
    return flask


def _configure(flask: Flask, app: House) -> None:
    flask.config.update(
        SECRET_KEY=app.settings.secret("web"),
        SESSION_COOKIE_NAME="motcua_form",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=app.settings.secure_cookies,
        WTF_CSRF_TIME_LIMIT=None,  # a long form may stay open; the token ends with the session
        SEND_FILE_MAX_AGE_DEFAULT=7 * 24 * 3600,  # addresses carry the content's hash
    )
    security.limit(flask)


def _furnish(flask: Flask) -> None:
    """What every template may use."""
    flask.jinja_env.filters.update(display.FILTERS, term_word=words.term_word, receipt_word=words.receipt_word)
    flask.jinja_env.filters.update(paper_word=words.paper_word, handed_in=found_in)
    flask.jinja_env.globals.update(minutes_of=minutes_of, seal_state=seals.state, seal_words=seals.words)
    flask.jinja_env.globals.update(
        t=texts.t, named=texts.named, lang=texts.lang, look=texts.look, is_late=display.is_late, asset=asset
    )
    flask.jinja_env.globals.update(notices_heading=notices.heading, unread_notices=notices.unread)
    flask.jinja_env.globals.update(inner_tags=words.INNER_TAGS, FORMS=FORMS, rail=rail, element_names=element_names)
    flask.jinja_env.globals.update(saved_address=listing.address_of, group_name=words.group_name, now=display.now)
    flask.jinja_env.trim_blocks = flask.jinja_env.lstrip_blocks = True

    @flask.context_processor
    def page() -> dict[str, Any]:
        units = house().catalog.settings.get("units") or {}
        actor = getattr(g, "actor", None)  # officers see the name of their own commune
        own = actor.unit if actor is not None and actor.kind == "officer" else house().settings.unit
        facts = units.get(own) or {}
        path = request.full_path.rstrip("?") if request.method == "GET" else request.path
        return {
            "actor": getattr(g, "actor", None),
            "unit": facts,
            "demo": house().settings.demo,
            "path": path,
            "standins_url": house().settings.standins,
        }


@cache
def _digest(name: str) -> str:
    file = STATIC / name
    return hashlib.sha256(file.read_bytes()).hexdigest()[:12] if file.is_file() else "0"


def asset(name: str) -> str:
    """The address of a static file; it changes with the content."""
    return url_for("static", filename=name, v=_digest(name))
