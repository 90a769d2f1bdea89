"""Pages on who acts for whom: a leader's deputy, a substitute for who is away."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.domain.mandate import MandateOverError, MandateProblemsError, WantedMandate
from engine.domain.registration import Problem
from engine.domain.staffing import Officer
from web import access
from web.acting import posted_text
from web.forms.schema import nfc
from web.house import house
from web.texts import t

blueprint = Blueprint("mandates", __name__, url_prefix="/can-bo/lam-thay")
LEADERS = ("administrator", "chairman")
EMPTY = WantedMandate(kind="leave", principal="", deputy="", groups=frozenset(), first=None, last=None)


@blueprint.get("")
@access.groups(*LEADERS)
def mandates() -> ResponseReturnValue:
    """What holds, what is to come, what has ended."""
    rows, now = house().desk.mandates.all(g.actor), house().clock.now()
    sections = (
        (t("Đang có hiệu lực", "In force"), [one for one in rows if one.runs(now)]),
        (t("Sắp tới", "To come"), [one for one in rows if now < one.starts_at < one.end]),
        (t("Đã kết thúc, đã thu hồi", "Ended or revoked"), [one for one in rows if one.end <= now]),
    )
    return render_template(
        "mandates/list.html", sections=sections, people=_people(), groups=house().catalog.groups, now=now
    )


@blueprint.route("/them", methods=["GET", "POST"])
@access.groups(*LEADERS)
def record() -> ResponseReturnValue:
    """Somebody acts for somebody from one day to another."""
    if request.method == "GET":
        return _form(EMPTY)
    wanted = _typed()
    if request.form.get("_action") == "groups":  # the person was chosen: their groups are shown
        return _form(wanted)
    try:
        mandate = house().desk.mandates.record(g.actor, wanted)
    except MandateProblemsError as error:
        return _form(wanted, error.problems)
    people = _people()
    who, whom = people[mandate.deputy].name, people[mandate.principal].name
    flash(t(f"Đã ghi: {who} làm thay {whom}.", f"Recorded: {who} acts for {whom}."))
    return redirect(url_for("mandates.mandates"))


@blueprint.route("/<mandate_id>/thu-hoi", methods=["GET", "POST"])
@access.groups(*LEADERS)
def revoke(mandate_id: str) -> ResponseReturnValue:
    """End it now, with a reason."""
    if request.method == "GET":
        return _revocation(mandate_id)
    try:
        house().desk.mandates.revoke(g.actor, mandate_id, posted_text("reason", 600))
    except MandateProblemsError as error:
        return _revocation(mandate_id, error.problems)
    flash(t("Đã thu hồi; từ bây giờ không còn hiệu lực.", "Revoked; it no longer holds from now on."))
    return redirect(url_for("mandates.mandates"))


def _form(wanted: WantedMandate, problems: Sequence[Problem] = ()) -> ResponseReturnValue:
    people, never = _people(), house().desk.mandates.rules.never
    principal = people.get(wanted.principal)
    shown = [name for name in house().catalog.groups if principal and name in principal.groups and name not in never]
    page = render_template(
        "mandates/new.html",
        wanted=wanted,
        problems=problems,
        people=people.values(),
        principal=principal,
        shown=shown,
        groups=house().catalog.groups,
        today=house().clock.now().date(),
    )
    return page, 422 if problems else 200


def _revocation(mandate_id: str, problems: Sequence[Problem] = ()) -> ResponseReturnValue:
    now = house().clock.now()
    found = next((one for one in house().desk.mandates.all(g.actor) if one.id == mandate_id), None)
    if found is None or found.end <= now:
        raise MandateOverError()
    page = render_template("mandates/revoke.html", mandate=found, people=_people(), problems=problems)
    return page, 422 if problems else 200


def _people() -> dict[str, Officer]:
    """The officers of the unit by id."""
    return {one.id: one for one in house().desk.administration.officers.all(g.actor)}


def _typed() -> WantedMandate:
    return WantedMandate(
        kind=request.form.get("kind", ""),
        principal=request.form.get("principal", "")[:80],
        deputy=request.form.get("deputy", "")[:80],
        groups=frozenset(request.form.getlist("groups")[:100]),
        first=_day("first"),
        last=_day("last"),
        **{name: " ".join(nfc(posted_text(name, 600)).split()) for name in ("basis", "acting", "title")},
    )


def _day(name: str) -> date | None:
    try:
        return date.fromisoformat(request.form.get(name, ""))
    except ValueError:
        return None
