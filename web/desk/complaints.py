"""Complaints and suggestions that the house has to answer."""

from __future__ import annotations

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.domain.errors import FormInvalidError
from web import access
from web.acting import new_key, posted_text
from web.desk import blueprint
from web.house import house
from web.texts import t

ANSWERERS = ("one_stop", "chairman", "administrator")


@blueprint.get("/phan-anh")
@access.groups(*ANSWERERS)
def complaints() -> ResponseReturnValue:
    """What waits for an answer, due first."""
    return _page("", "", {})


@blueprint.post("/phan-anh/<complaint_id>")
@access.groups(*ANSWERERS)
def answer_complaint(complaint_id: str) -> ResponseReturnValue:
    """Answer, refuse or ask for more."""
    state, text = request.form.get("state", ""), posted_text("text", 20000)
    try:
        house().following.complaining.answer(g.actor, complaint_id, state=state, text=text)
    except FormInvalidError as error:
        return _page(complaint_id, text, error.errors)
    flash(t("Đã trả lời.", "Answered."))
    return redirect(url_for("desk.complaints"))


def _page(at: str, text: str, problems: dict[str, list[str]]) -> ResponseReturnValue:
    accounts = house().accounts
    found = house().following.complaining.waiting(g.actor)
    people = {one.account: account.name for one in found if (account := accounts.by_id(one.account))}
    page = render_template(
        "desk/complaints.html", found=found, people=people, at=at, text=text, problems=problems, key=new_key()
    )
    return page, 422 if problems else 200
