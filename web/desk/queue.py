"""The inbox: queues, what is fresh in them, and the tasks taken from them."""

from __future__ import annotations

from typing import Any

from flask import Response, flash, g, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.commands.messages import ClaimTask
from engine.domain.access import APPLICANT, assigns
from engine.queries.views import TaskView
from web import access, security, working
from web.acting import do, new_key
from web.auth import safe_next
from web.desk import blueprint, work_screen
from web.desk.listing import COLUMNS, Listing, View, address_of, digest_of, gather, view_of
from web.house import house, procedure_names, queries
from web.rail import counts
from web.texts import t

NOTHING_NEW = 204


@blueprint.get("/")
@access.officer
def queue() -> ResponseReturnValue:
    """Open tasks of the officer's groups, what is due first on top; without filters, as the officer chose."""
    choice = house().desk.inbox.choices.of(g.actor.unit, g.actor.id)
    first = next((one for one in choice.saved if one.id == choice.filter), None)
    if first is not None and not request.args:
        return redirect(address_of(first))
    view, mark = view_of(request.args), _mark()
    listing = gather(view, choice, request.args.get("after"))
    return render_template(
        "desk/queue.html",
        view=view,
        filters=view.filters,
        listing=listing,
        version=f"{mark}~{listing.digest}",
        choice=choice,
        procedures=procedure_names(),
        groups=_offered(),
        colleagues=house().desk.inbox.colleagues.all(g.actor.unit) if assigns(g.actor) else [],
        key=new_key(),
        **_around(),
    )


def _around() -> dict[str, Any]:
    return {"all_columns": COLUMNS, "assigns": assigns(g.actor)}


def _offered() -> list[Any]:
    """The groups whose queues the officer may choose from."""
    known = house().catalog.groups
    leads = assigns(g.actor)
    return [group for name, group in known.items() if name != APPLICANT and (leads or name in g.actor.groups)]


def _mark() -> str:
    """Another one whenever the database was written to, and with every minute; "" where nobody can tell."""
    pulse = house().desk.inbox.pulse()
    return f"{pulse}~{house().clock.now():%d%H%M}" if pulse else ""


@blueprint.get("/moi")
@access.officer
def fresh() -> ResponseReturnValue:
    """What a page that stays open shows anew: nothing (204) as long as it would read the same."""
    seen, mark = request.args.get("v", ""), _mark()
    if mark and seen.startswith(f"{mark}~"):
        return _nothing_new(seen)
    view: View = view_of(request.args)
    listing: Listing | None = None
    if request.args.get("list") == "1":
        choice = house().desk.inbox.choices.of(g.actor.unit, g.actor.id)
        listing = gather(view, choice, request.args.get("after"))
    digest = listing.digest if listing else digest_of(sorted(counts().items()))
    version = f"{mark}~{digest}"
    if seen.rpartition("~")[2] == digest:
        return _nothing_new(version)
    page = render_template(
        "desk/fresh.html",
        view=view,
        filters=view.filters,
        listing=listing,
        procedures=procedure_names() if listing else {},
        numbers=counts(),
        **_around(),
    )
    return page, 200, {"X-Version": version}


def _nothing_new(version: str) -> Response:
    return Response(status=NOTHING_NEW, headers={"X-Version": version})


@blueprint.post("/ho-so/<case_id>/nhan")
@access.officer
def claim(case_id: str) -> ResponseReturnValue:
    """Take a task out of the list and open it."""
    view = queries().task(g.actor, case_id, request.form.get("key", ""))
    do(ClaimTask(unit=view.case.case.unit, case_id=case_id, key=view.task.key), of=f"{case_id}/{view.task.key}")
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
