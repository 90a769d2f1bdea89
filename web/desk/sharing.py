"""Sharing out the work: the next task, many at once, assigning, setting aside, asking colleagues to look."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.commands.inbox_claiming import Which
from engine.commands.inbox_messages import AssignTask, MentionColleagues, SetFollowUp
from engine.domain.access import assigns
from engine.domain.errors import DatabaseUnavailableError, DomainError, ForbiddenError, FormInvalidError
from engine.queries.views import TaskView
from web import access, errors
from web.acting import do, key_of, new_key, posted_text
from web.auth import safe_next
from web.desk import blueprint
from web.desk.listing import view_of
from web.house import house, queries
from web.texts import t

MOST = 50  # tasks in one go: as many as a page shows


def _back() -> ResponseReturnValue:
    """To the list one came from."""
    return redirect(safe_next(request.form.get("back")) or url_for("desk.queue"))


def _chosen() -> list[Which]:
    """The tasks that were ticked."""
    found = [tuple(text.split(" ", 1)) for text in request.form.getlist("task")[:MOST]]
    return [(one[0], one[1]) for one in found if len(one) == 2]


@blueprint.post("/nhan-tiep")
@access.officer
def claim_next() -> ResponseReturnValue:
    """The most urgent task that nobody holds, of the queue that is looked at."""
    view = view_of(request.form)
    narrow = {name: view.filters[name] for name in ("group", "procedure", "overdue", "today") if name in view.filters}
    found = house().desk.inbox.claimer.next(g.actor, key_of("ClaimNext"), narrow)
    if found is None:
        flash(t("Không còn việc nào chưa có người nhận trong hàng này.", "Nothing waits here that nobody holds."))
        return _back()
    return redirect(url_for("desk.task", case_id=found[0], key=found[1]))


@blueprint.post("/nhan-nhieu")
@access.officer
def claim_many() -> ResponseReturnValue:
    """Take the ticked tasks; of those that others have it is said who has them."""
    chosen = _chosen()
    if not chosen:
        flash(t("Hãy đánh dấu ít nhất một việc.", "Tick at least one task."))
        return _back()
    done = house().desk.inbox.claimer.many(g.actor, key_of("ClaimMany"), chosen)
    if done.taken:
        flash(t(f"Đã nhận {len(done.taken)} việc.", f"{len(done.taken)} tasks are yours."))
    for (case_id, _), error in done.refused.items():
        flash(f"{_code(case_id)}: {_said(error)}")
    return _back()


def _said(error: DomainError) -> str:
    refusal = errors.of_domain(error)
    return t(refusal.vi, refusal.en)


def _code(case_id: str) -> str:
    """The code of a case as far as it may be told."""
    try:
        return queries().case(g.actor, case_id).case.code
    except DatabaseUnavailableError:
        raise
    except DomainError:
        return t("Hồ sơ", "Case")


@blueprint.post("/giao")
@access.groups("chairman", "administrator")
def assign_many() -> ResponseReturnValue:
    """Give the ticked tasks to somebody."""
    assignee, chosen = posted_text("assignee", 80), _chosen()
    if not chosen or not assignee:
        flash(t("Hãy đánh dấu việc và chọn người nhận.", "Tick tasks and choose somebody."))
        return _back()
    given = 0
    for case_id, key in chosen:
        try:
            do(AssignTask(unit=g.actor.unit, case_id=case_id, key=key, assignee=assignee), of=f"{case_id}/{key}")
            given += 1
        except DatabaseUnavailableError:
            raise
        except DomainError as error:
            flash(f"{_code(case_id)}: {_said(error)}")
    if given:
        name = house().desk.inbox.colleagues.names(g.actor.unit, [assignee]).get(assignee, assignee)
        flash(t(f"Đã giao {given} việc cho {name}.", f"{given} tasks were given to {name}."))
    return _back()


@blueprint.route("/ho-so/<case_id>/giao", methods=["GET", "POST"])
@access.groups("chairman", "administrator")
def assign(case_id: str) -> ResponseReturnValue:
    """Give a task to somebody of its groups, with a word why."""
    view = queries().task(g.actor, case_id, request.values.get("key", ""))
    if request.method == "POST":
        try:
            whom, why = posted_text("assignee", 80), posted_text("reason", 500)
            unit, key = view.case.case.unit, view.task.key
            do(AssignTask(unit=unit, case_id=case_id, key=key, assignee=whom, reason=why))
        except DatabaseUnavailableError:
            raise
        except DomainError as error:
            return _page("assign", view, {"assignee": [_said(error)]}, people=_members(view)), errors.status_of(error)
        flash(t("Đã giao việc.", "The task was assigned."))
        return redirect(url_for("desk.task", case_id=case_id, key=view.task.key))
    return _page("assign", view, {}, people=_members(view))


def _members(view: TaskView) -> list[Any]:
    everybody = house().desk.inbox.colleagues.all(view.case.case.unit)
    return [one for one in everybody if one.groups & frozenset(view.task.groups)]


@blueprint.route("/ho-so/<case_id>/hen-lai", methods=["GET", "POST"])
@access.officer
def follow_up(case_id: str) -> ResponseReturnValue:
    """Set a task aside until a day, with the reason, or take it up again."""
    view = queries().task(g.actor, case_id, request.values.get("key", ""))
    if request.method == "GET":
        return _page("follow_up", view, {})
    again = request.form.get("_action") == "again"
    try:
        until = None if again else _day(request.form.get("until", ""))
        unit, key, why = view.case.case.unit, view.task.key, posted_text("reason", 500)
        do(SetFollowUp(unit=unit, case_id=case_id, key=key, until=until, reason=why))
    except FormInvalidError as error:
        return _page("follow_up", view, error.errors), 422
    except DatabaseUnavailableError:
        raise
    except DomainError as error:
        return _page("follow_up", view, {"": [_said(error)]}), errors.status_of(error)
    if until is None:
        flash(t("Việc đã trở lại hàng chờ.", "The task is back in its queue."))
        return redirect(url_for("desk.task", case_id=case_id, key=view.task.key))
    shown_again = min(until, view.task.due) if view.task.due and view.task.due > house().clock.now() else until
    flash(t(f"Việc sẽ hiện lại ngày {shown_again:%d/%m/%Y}.", f"The task comes back on {shown_again:%d/%m/%Y}."))
    return redirect(url_for("desk.queue"))


def _day(text: str) -> datetime:
    """The beginning of the day in the house's zone; FormInvalidError where the text is no day."""
    try:
        return datetime.combine(date.fromisoformat(text), time.min, tzinfo=house().clock.now().tzinfo)
    except ValueError as error:
        raise FormInvalidError({"until": [t("Hãy chọn ngày.", "Choose a day.")]}) from error


@blueprint.route("/ho-so/<case_id>/nhac", methods=["GET", "POST"])
@access.officer
def mention(case_id: str) -> ResponseReturnValue:
    """Write a note and ask colleagues to look at the case."""
    view = queries().case(g.actor, case_id)
    people = [one for one in house().desk.inbox.colleagues.all(view.case.unit) if one.id != g.actor.id]
    if request.method == "GET":
        return render_template("desk/mention.html", view=view, people=people, problems={}, key=new_key())
    text, asked = posted_text("text", 20000), tuple(request.form.getlist("account"))
    problems: dict[str, list[str]] = {} if text else {"text": [t("Hãy ghi nội dung.", "Write something.")]}
    if not asked:
        problems["account"] = [t("Hãy chọn ít nhất một đồng nghiệp.", "Choose a colleague.")]
    if not problems:
        try:
            do(MentionColleagues(unit=view.case.unit, case_id=case_id, text=text, accounts=asked))
        except DatabaseUnavailableError:
            raise
        except ForbiddenError:
            raise
        except DomainError as error:
            problems["text"] = [_said(error)]
    if problems:
        page = render_template("desk/mention.html", view=view, people=people, problems=problems, key=new_key())
        return page, 422
    flash(t("Đã ghi chú và nhắc đồng nghiệp.", "The note was kept, colleagues will see it."))
    return redirect(url_for("desk.case", case_id=case_id))


@blueprint.get("/nhac-den-toi")
@access.officer
def mentions() -> ResponseReturnValue:
    """What one is reminded of, and notes that ask for one's eye, each the newest first."""
    desk = house().desk
    found = desk.inbox.mentions.of(g.actor.unit, g.actor.id)
    reminders = desk.deadlines.queries.reminded(g.actor)
    away = sorted({one.in_stead_of for one, _ in reminders if one.in_stead_of})
    names = desk.inbox.colleagues.names(g.actor.unit, away)
    return render_template("desk/mentions.html", mentions=found, reminders=reminders, names=names)


def _page(name: str, view: TaskView, problems: Mapping[str, list[str]], **more: Any) -> str:
    leads = assigns(g.actor)
    key = new_key()
    return render_template(f"desk/{name}.html", view=view, problems=problems, leads=leads, key=key, **more)
