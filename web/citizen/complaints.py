"""Complaints and suggestions of a citizen, and what the house answered."""

from __future__ import annotations

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import TooManyRequests

from engine.domain.errors import FormInvalidError
from web import access
from web.acting import new_key, posted_key, posted_text
from web.citizen import blueprint
from web.citizen.procedures import WINDOW
from web.house import house, queries
from web.texts import t

MOST = 20  # in one window and from one person; more is no complaint


@blueprint.route("/phan-anh", methods=["GET", "POST"])
@access.citizen
def complaints() -> ResponseReturnValue:
    """File a complaint or suggestion, about a case or in general; see the answers."""
    case_id = request.values.get("ho_so", "")[:32]
    if request.method == "GET":
        return _page(case_id, "complaint", "", {})
    if house().accounts.count_attempt(f"complaint:{g.actor.id}", house().clock.now(), WINDOW) > MOST:
        raise TooManyRequests()
    kind, text = request.form.get("kind", ""), posted_text("text", 20000)
    try:
        house().following.complaining.file(g.actor, posted_key()[:40], kind=kind, text=text, case_id=case_id)
    except FormInvalidError as error:
        return _page(case_id, kind, text, error.errors)
    flash(t("Đã gửi. Câu trả lời sẽ hiện ở trang này.", "Sent. The answer will appear on this page."))
    return redirect(url_for("citizen.complaints"))


def _page(case_id: str, kind: str, text: str, problems: dict[str, list[str]]) -> ResponseReturnValue:
    page = render_template(
        "citizen/complaints.html",
        case=queries().case(g.actor, case_id).case if case_id else None,
        found=house().following.complaining.mine(g.actor),
        terms=house().catalog.settings.get("complaints", {}),
        kind=kind,
        text=text,
        problems=problems,
        key=new_key(),
    )
    return page, 422 if problems else 200
