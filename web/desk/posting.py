"""A parcel for a result that goes by post: announced to the postal service, its number filled in."""

from __future__ import annotations

from flask import flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from engine.commands.messages import SaveTaskDraft
from engine.domain.errors import DatabaseUnavailableError, DomainError
from web import access, errors, unfinished
from web.acting import do
from web.desk import blueprint
from web.house import house, queries
from web.texts import t


@blueprint.post("/ho-so/<case_id>/van-don")
@access.officer
def announce_parcel(case_id: str) -> ResponseReturnValue:
    """Announce the parcel of a task and put its number into the task's form."""
    view = queries().task(g.actor, case_id, request.form.get("key", ""))
    try:
        parcel = house().following.posting.announce(g.actor, case_id, view.task.key)
        today = house().clock.now().date().isoformat()
        filled = {"receiver": parcel.name, "postal_number": parcel.number, "posted_on": today}
        kept = unfinished.found(view)
        draft = {**(kept.data if kept else view.task.draft or {}), **filled}
        do(SaveTaskDraft(unit=view.case.case.unit, case_id=case_id, key=view.task.key, draft=draft))
        unfinished.drop(view)
        flash(t(f"Đã tạo vận đơn {parcel.number}.", f"Parcel {parcel.number} was announced."))
    except DatabaseUnavailableError:
        raise
    except DomainError as error:
        refusal = errors.of_domain(error)
        flash(t(refusal.vi, refusal.en))
    return redirect(url_for("desk.task", case_id=case_id, key=view.task.key))
