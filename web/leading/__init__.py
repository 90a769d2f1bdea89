"""Pages of leaders: what waits for their signature, one by one or several at once."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta

from flask import Blueprint, Response, g, make_response, render_template, request
from flask.typing import ResponseReturnValue

from engine.commands.messages import ClaimTask, CompleteTask
from engine.domain.context import case_context
from engine.domain.errors import DatabaseUnavailableError, DomainError
from engine.queries.signing_queue import ToSign
from web import access, errors, security
from web.acting import new_key, posted_key, sheet_of
from web.auth import right_password
from web.house import house, procedure_names, queries
from web.texts import t

blueprint = Blueprint("leading", __name__, url_prefix="/can-bo/ky")
LEADERS = ("chairman",)
TRIES, WINDOW = 5, timedelta(minutes=15)
MOST = 50  # signatures at once: the page waits for them


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one of the chosen: signed, or why not."""

    row: ToSign
    refusal: errors.Refusal | None


@blueprint.get("")
@access.groups(*LEADERS)
def queue() -> ResponseReturnValue:
    """What waits for the leader's signature; the one that is looked at with its draft beside its data."""
    rows = house().desk.signing.waiting(g.actor)
    seen = next((row for row in rows if row.case_id == request.args.get("ho-so")), rows[0] if rows else None)
    view = lines = None
    if seen:
        view = queries().case(g.actor, seen.case_id)
        lines = sheet_of(view.procedure, view.procedure.form_id, case_context(view.case)).lines(view.case.application)
    shown = {"rows": rows, "seen": seen, "view": view, "lines": lines, "names": procedure_names()}
    page = make_response(render_template("leading/queue.html", **shown, key=new_key()))
    page.headers.update(security.FRAMING)
    return page


@blueprint.get("/<case_id>/du-thao")
@access.groups(*LEADERS)
def draft(case_id: str) -> Response:
    """The draft of the result as a PDF, to be shown beside the data."""
    content = house().desk.signing.draft(g.actor, case_id, request.args.get("key", ""))
    shown = Response(content, mimetype="application/pdf")
    shown.headers.update(security.FRAMED)
    return shown


@blueprint.post("")
@access.groups(*LEADERS)
def sign() -> ResponseReturnValue:
    """Look once more at what was chosen, then sign it all: each case by a command of its own."""
    waiting = {_mark(row): row for row in house().desk.signing.waiting(g.actor)}
    marks = list(dict.fromkeys(request.form.getlist("chosen")))[:MOST]
    chosen = [waiting[mark] for mark in marks if mark in waiting]
    if request.form.get("_action") != "sign":
        return _asked(chosen, status=200 if chosen else 422)
    if house().accounts.count_attempt(f"sign:{g.actor.id}", house().clock.now(), WINDOW) > TRIES:
        problem = t("Đã thử quá nhiều lần. Hãy đợi 15 phút.", "Too many tries. Wait 15 minutes.")
        return _asked(chosen, problem=problem, status=429)
    if not right_password(g.account, request.form.get("password", "")[:1000]):
        problem = t("Mật khẩu không đúng; chưa ký hồ sơ nào.", "The password is wrong; nothing was signed.")
        return _asked(chosen, problem=problem, status=422)
    house().people.store.forget_attempts(f"sign:{g.actor.id}")
    outcomes = [_outcome(waiting.get(mark) or _gone(mark)) for mark in marks]
    return render_template("leading/signed.html", outcomes=outcomes, names=procedure_names())


def _outcome(row: ToSign) -> Outcome:
    return Outcome(row=row, refusal=_signed(row))


def _gone(mark: str) -> ToSign:
    """What no longer waits, because this very form was sent before or a colleague was first; NotFoundError."""
    case_id, _, key = mark.partition("|")
    case = queries().case(g.actor, case_id).case
    name = str(case.applicant["name"])
    return ToSign(
        case_id=case_id,
        key=key,
        code=case.code,
        applicant_name=name,
        procedure=case.procedure,
        assignee=None,
        due=None,
    )


def _signed(row: ToSign) -> errors.Refusal | None:
    """Claim and complete one; why it could not be, where it could not. Sent again, the first answer stands."""
    which = {"unit": g.actor.unit, "case_id": row.case_id, "key": row.key}
    key = f"sign:{g.actor.id}:{posted_key()}:{re.sub(r'[^0-9a-zA-Z_#/-]', '', _mark(row))}"
    try:
        if row.assignee is None:
            house().handle(ClaimTask(**which), g.actor, f"{key}:claim")
        house().handle(CompleteTask(**which, data=house().desk.signing.answer), g.actor, key)
    except DatabaseUnavailableError:
        raise
    except DomainError as error:
        return errors.of_domain(error)
    return None


def _asked(chosen: list[ToSign], *, problem: str = "", status: int) -> ResponseReturnValue:
    shown = {"chosen": chosen, "problem": problem, "mark": _mark, "names": procedure_names()}
    page = render_template("leading/confirm.html", **shown, key=new_key())
    return page, status


def _mark(row: ToSign) -> str:
    return f"{row.case_id}|{row.key}"
