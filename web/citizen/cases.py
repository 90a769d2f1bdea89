"""Following one's own cases."""

from __future__ import annotations

from typing import Any

from flask import current_app, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.commands.messages import AddComment
from engine.queries.views import CaseView, TaskView
from web import access, case_files, changes, filing, looks, parcels, working
from web.acting import do, new_key, posted_text, sheet_of
from web.citizen import blueprint, following
from web.citizen.progress import stages
from web.house import house, queries
from web.texts import named, t

# the list's filters as they stand in its address
FILTERS: dict[str, dict[str, Any]] = {
    "dang": {"ended": False},
    "cho-toi": {"status": 5, "ended": False},
    "nop-phi": {"status": 6, "ended": False},
    "xong": {"ended": True},
}
PAY_PAGE = "/ho-so/<case_id>/thanh-toan"


@blueprint.get("/ho-so/<case_id>/da-nop")
@access.citizen
def filed(case_id: str) -> ResponseReturnValue:
    """The case was filed: its code and what happens next."""
    return render_template("citizen/filed.html", view=queries().case(g.actor, case_id))


@blueprint.get("/ho-so")
@access.citizen
def cases() -> ResponseReturnValue:
    """The person's cases."""
    chosen = request.args.get("loc", "")
    page = queries().my_cases(g.actor, FILTERS.get(chosen), after=request.args.get("after"))
    names = {one.code: named(one) for one in house().catalog.current_all(house().clock.now().date())}
    return render_template(
        "citizen/cases.html",
        page=page,
        chosen=chosen if chosen in FILTERS else "",
        procedures=names,
        statuses=house().catalog.statuses,
    )


@blueprint.get("/ho-so/<case_id>")
@access.citizen
def case(case_id: str) -> ResponseReturnValue:
    """One case in plain words."""
    view = queries().case(g.actor, case_id)
    sheet = sheet_of(view.procedure, view.procedure.form_id, _context(view))
    return render_template(
        "citizen/case.html",
        view=view,
        lines=sheet.lines(view.case.application),
        tasks=[task for task in view.case.tasks.values() if task.groups == ("applicant",)],
        payments=[payment for payment in view.case.payments if not payment["paid"] and payment.get("url")],
        results=case_files.results_of(view, False),
        pay_at=_pay_page(case_id),
        timeline=house().following.timelines.of(g.actor, case_id),
        stages=stages(view),
        thread=[row for row in view.history if row.tag == "case:commented"],
        amendments=changes.amendments(view, g.actor.id),
        delivery=t(*filing.DELIVERIES.get(view.case.delivery, (view.case.delivery,) * 2)),
        may_change=bool(following.choices(view)),
        may_rate=following.may_rate(view),
        seen=looks.seen(view),
        parcels=parcels.told(view),
        key=new_key(),
    )


def _pay_page(case_id: str) -> str:
    """The page where one pays, once there is one; until then the provider's own address is shown."""
    rules = (rule for rule in current_app.url_map.iter_rules() if rule.rule == PAY_PAGE)
    return next((url_for(rule.endpoint, case_id=case_id) for rule in rules), "")


def _context(view: CaseView) -> dict[str, Any]:
    case = view.case
    seen = {"level": case.level, "channel": case.channel, "delivery": case.delivery, "applicant": case.applicant}
    return {"case": {**seen, "procedure": case.procedure, "unit": case.unit}, "application": case.application}


def _after_task(view: TaskView) -> str:
    return url_for("citizen.case", case_id=view.case.case.id)


PLACE = working.Place(template="citizen/task.html", endpoint="citizen.task", case="citizen.case", done=_after_task)


@blueprint.route("/ho-so/<case_id>/viec", methods=["GET", "POST"])
@access.citizen
def task(case_id: str) -> ResponseReturnValue:
    """Something the applicant has to do."""
    return working.serve(PLACE, case_id)


@blueprint.post("/ho-so/<case_id>/lam")
@access.citizen
def act(case_id: str) -> ResponseReturnValue:
    """Write to the officers."""
    unit = queries().case(g.actor, case_id).case.unit
    do(AddComment(unit=unit, case_id=case_id, text=posted_text("text", 20000), public=True))
    flash(t("Đã gửi ý kiến.", "Your note was sent."))
    return redirect(url_for("citizen.case", case_id=case_id, _anchor="trao-doi"))


@blueprint.get("/ho-so/<case_id>/tep/<sha256>")
@access.citizen
def file(case_id: str, sha256: str) -> ResponseReturnValue:
    """A file of the person's own case."""
    return case_files.send(case_id, sha256)
