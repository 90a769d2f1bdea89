"""Working on a task, the same for officers and applicants: claim, give back, hand on, save, complete."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import BadRequest

from engine.commands.following_messages import AnswerSupplement
from engine.commands.messages import ClaimTask, DelegateTask, SaveTaskDraft, UnclaimTask
from engine.domain.errors import DatabaseUnavailableError, DomainError, FormInvalidError, TaskNotOpenError
from engine.ports import Account
from engine.queries.views import TaskView
from web import amending, cash, changes, conflicts, errors, parcels, unfinished
from web.acting import do, new_key, posted_text, sheet_of
from web.forms.parse import Sent
from web.forms.schema import inputs, lists, put
from web.forms.sheet import Sheet
from web.house import house, queries
from web.texts import t

DECISION = "decision"  # the question of officers' forms by which the process goes its way


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where tasks are worked on: template, endpoints of the page and of its case, where to go when it is done.

    `more`: what else the page shows; `aside`: does a small act beside the form, if it is one, and says so. With
    `autosaves` the form saves itself.
    """

    template: str
    endpoint: str
    case: str
    done: Callable[[TaskView], str]
    more: Callable[[TaskView], Mapping[str, Any]] = field(default=lambda view: {})
    aside: Callable[[TaskView, str], bool] = field(default=lambda view, action: False)
    autosaves: bool = False


def serve(place: Place, case_id: str) -> ResponseReturnValue:
    """The task page, and everything its buttons do."""
    try:
        view = queries().task(g.actor, case_id, request.args.get("key", ""))
    except TaskNotOpenError as error:
        return _gone(place, case_id, error)
    sheet = _sheet(view)
    if request.method == "GET":
        return _page(place, view, sheet, data=_begin(place, view, sheet))
    action = request.form.get("_action", "update")
    if action in ("claim", "unclaim", "delegate"):
        return _move(place, view, action)
    if action == "discard":
        unfinished.drop(view)
        return redirect(_here(place, view))
    sent = sheet.read(request.form, request.files) if sheet else Sent()
    if action == "complete":
        return _complete(place, view, sheet, sent)
    return _change(place, view, sheet, sent, action)


def _gone(place: Place, case_id: str, error: TaskNotOpenError) -> ResponseReturnValue:
    """The task is closed: a second click or an old page leads to the case; words typed too late are shown again."""
    if request.method == "POST" and not _was_mine(case_id, str(error.data.get("key", ""))):
        raise error
    flash(t(error.message, error.message_en))
    return redirect(url_for(place.case, case_id=case_id))


def _was_mine(case_id: str, key: str) -> bool:
    """Whether the task was completed by whoever asks. Applicants' tasks are only ever their own."""
    history = queries().case(g.actor, case_id).history
    done = {(row.actor, row.data.get("key")) for row in history if row.tag == "task:completed"}
    return g.actor.kind == "citizen" or (g.actor.id, key) in done


def _sheet(view: TaskView) -> Sheet | None:
    if amending.asks(view):
        return amending.sheet(view)
    return sheet_of(view.case.procedure, view.task.form_id, view.context) if view.form and view.task.form_id else None


def _begin(place: Place, view: TaskView, sheet: Sheet | None) -> dict[str, Any]:
    """What saved itself last, else how the form begins; a decision that a link has chosen stands in it already."""
    kept = unfinished.found(view) if place.autosaves and sheet else None
    data = dict(kept.data) if kept is not None else _first(view, sheet)
    chosen = request.args.get("chon")
    return (
        {**data, DECISION: chosen} if chosen and place.autosaves and sheet and DECISION in sheet.visible({}) else data
    )


def _first(view: TaskView, sheet: Sheet | None) -> dict[str, Any]:
    """The draft, else the defaults with the task's inputs over them."""
    if sheet is None or view.task.draft is not None:
        return dict(view.task.draft or {})
    data = sheet.blank()
    for path in lists(sheet.form.schema):
        if isinstance(rows := view.task.inputs.get(path), list | tuple):
            put(data, path, [dict(row) for row in rows if isinstance(row, Mapping)])
    for _, path in inputs(sheet.form.schema, data):
        if path in view.task.inputs and view.task.inputs[path] is not None:
            put(data, path, view.task.inputs[path])
    return data


def _here(place: Place, view: TaskView) -> str:
    return url_for(place.endpoint, case_id=view.case.case.id, key=view.task.key)


def _target(view: TaskView) -> dict[str, Any]:
    return {"unit": view.case.case.unit, "case_id": view.case.case.id, "key": view.task.key}


def _move(place: Place, view: TaskView, action: str) -> ResponseReturnValue:
    if action == "claim":
        do(ClaimTask(**_target(view)))
        return redirect(_here(place, view))
    if place.autosaves:
        unfinished.hand_over(view)
    if action == "unclaim":
        do(UnclaimTask(**_target(view)))
        flash(t("Đã trả công việc về hàng chờ.", "The task is back in its queue."))
        return redirect(_here(place, view))
    chosen = request.form.get("_assignee", "")
    if chosen not in {account.id for account in colleagues(view)}:
        raise BadRequest()
    do(DelegateTask(**_target(view), assignee=chosen, reason=posted_text("_reason")))
    flash(t("Đã chuyển công việc.", "The task was handed on."))
    return redirect(place.done(view))


def colleagues(view: TaskView) -> list[Account]:
    """Others who could take the task."""
    everybody = house().accounts.all(view.case.case.unit) if g.actor.kind == "officer" else []
    groups = frozenset(view.task.groups)
    able = [one for one in everybody if one.kind == "officer" and not one.locked]
    return [one for one in able if one.groups & groups and one.id != g.actor.id]


def _complete(place: Place, view: TaskView, sheet: Sheet | None, sent: Sent) -> ResponseReturnValue:
    try:
        if sheet and view.may_act:  # else the engine says who holds the task; the form is not on the page then
            sheet.check(sent)
        done = {**_target(view), "version": conflicts.version_for(view.case)}
        if amending.asks(view):
            do(AnswerSupplement(**done, **amending.command(view, sent.data)))
        else:
            do(cash.completion(done, view.task.form_id, sent.data))
    except FormInvalidError as error:
        return _page(place, view, sheet, data=sent.data, problems=error.errors, status=422)
    except DatabaseUnavailableError:  # perhaps recorded, perhaps not: only the same request once more will tell
        raise
    except DomainError as error:
        return _refused(place, view, sheet, sent, error)
    if place.autosaves:
        unfinished.drop(view)
    flash(t(f"Đã hoàn thành: {view.task.name}.", f"Completed: {view.task.name}."))
    return redirect(place.done(view))


def _change(place: Place, view: TaskView, sheet: Sheet | None, sent: Sent, action: str) -> ResponseReturnValue:
    if place.aside(view, action):
        view = queries().task(g.actor, view.case.case.id, view.task.key)
        return _page(place, view, sheet, data=sent.data)
    if sheet is None:
        return redirect(_here(place, view))
    if action == "autosave" and place.autosaves:
        return unfinished.save(view, sent.data)
    sheet.obey(action, sent.data)
    problems = sheet.file_problems(sent)
    if action == "draft" and not problems:
        try:
            do(SaveTaskDraft(**_target(view), draft=sent.data))
        except DatabaseUnavailableError:
            raise
        except DomainError as error:
            return _refused(place, view, sheet, sent, error)
        if place.autosaves:
            unfinished.drop(view)
        flash(t("Đã lưu nháp.", "Draft saved."))
        return redirect(_here(place, view))
    return _page(place, view, sheet, data=sent.data, problems=problems, status=422 if problems else 200)


def _refused(place: Place, view: TaskView, sheet: Sheet | None, sent: Sent, error: DomainError) -> ResponseReturnValue:
    """Somebody else was quicker, or a rule says no: say so and keep what was typed."""
    if isinstance(error, FormInvalidError):
        return _page(place, view, sheet, data=sent.data, problems=error.errors, status=422)
    fresh = queries().task(g.actor, view.case.case.id, view.task.key)
    status = errors.status_of(error)
    return _page(place, fresh, sheet, data=sent.data, conflict=errors.of_domain(error), status=status)


def _page(
    place: Place,
    view: TaskView,
    sheet: Sheet | None,
    *,
    data: dict[str, Any],
    problems: Mapping[str, list[str]] | None = None,
    conflict: errors.Refusal | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    drawing = sheet.draw(data, problems) if sheet else None
    lines = sheet.lines(data) if sheet and not view.may_act else []
    application = sheet_of(view.case.procedure, view.case.procedure.form_id, view.context)
    seen = conflicts.seen_version(view.case)
    return (
        render_template(
            place.template,
            view=view,
            drawing=drawing,
            lines=lines,
            application=application.lines(view.case.case.application),
            amendments=changes.amendments(view.case, g.actor.id),
            parcel_help=parcels.offered(view),
            colleagues=colleagues(view) if view.may_act else [],
            conflict=conflict,
            happened=conflicts.told(conflicts.changed_since(view.case, seen)) if conflict else [],
            seen=view.case.case.version if conflict else seen,
            kept=unfinished.found(view) if place.autosaves and request.method == "GET" else None,
            key=new_key(),
            here=_here(place, view),
            **place.more(view),
        ),
        status,
    )
