"""Queues, and the tasks taken from them."""

from __future__ import annotations

from typing import Any

from flask import flash, g, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.commands.messages import ClaimTask
from engine.queries.views import TaskView
from web import access, security, working
from web.acting import do, new_key
from web.auth import safe_next
from web.desk import blueprint, work_screen
from web.forms.schema import nfc
from web.house import house, queries
from web.texts import t


def filters() -> dict[str, Any]:
    """The list's filters from the address."""
    found: dict[str, Any] = {}
    if request.args.get("group") in g.actor.groups:
        found["group"] = request.args["group"]
    for name in ("mine", "overdue"):
        if request.args.get(name) == "1":
            found[name] = True
    if search := nfc(request.args.get("q", "")).strip()[:100]:
        found["search"] = search
    return found


@blueprint.get("/")
@access.officer
def queue() -> ResponseReturnValue:
    """Open tasks of the officer's groups, what is due first on top."""
    chosen = filters()
    page = queries().inbox(g.actor, filters=chosen, after=request.args.get("after"))
    kept = {name: "1" if value is True else value for name, value in (("q", chosen.get("search")), *chosen.items())}
    kept = {name: value for name, value in kept.items() if value and name != "search"}
    procedures = {one.code: one.name for one in house().catalog.current_all(house().clock.now().date())}
    return render_template(
        "desk/queue.html", page=page, filters=chosen, kept=kept, procedures=procedures, key=new_key()
    )


@blueprint.post("/ho-so/<case_id>/nhan")
@access.officer
def claim(case_id: str) -> ResponseReturnValue:
    """Take a task out of the list and open it."""
    view = queries().task(g.actor, case_id, request.form.get("key", ""))
    do(ClaimTask(unit=view.case.case.unit, case_id=case_id, key=view.task.key))
    if back := safe_next(request.form.get("next")):
        return redirect(back)
    return redirect(url_for("desk.task", case_id=case_id, key=view.task.key))


def _next_page(view: TaskView) -> str:
    """The next open task of the same case that is one's own, else the most urgent of one's own, else the queue."""
    mine = queries().inbox(g.actor, filters={"mine": True}, limit=50).rows
    same = [row for row in mine if row["case_id"] == view.case.case.id]
    if row := next(iter([*same, *mine]), None):
        flash(t("Đây là việc tiếp theo của anh/chị.", "This is your next task."))
        return url_for("desk.task", case_id=row["case_id"], key=row["key"])
    return url_for("desk.queue")


PLACE = working.Place(
    template="desk/task.html",
    endpoint="desk.task",
    case="desk.case",
    done=_next_page,
    more=work_screen.more,
    aside=work_screen.aside,
    autosaves=True,
)


@blueprint.route("/ho-so/<case_id>/viec", methods=["GET", "POST"])
@access.officer
def task(case_id: str) -> ResponseReturnValue:
    """A task with its case and its form."""
    response = make_response(working.serve(PLACE, case_id))
    response.headers.update(security.FRAMING)
    return response
