"""What an officer may do with a case beside the task's form: each act says what it will do, and asks once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.commands.handling_messages import AskSupplement, ReappointResult, ReturnTask
from engine.commands.messages import CancelCase, CaseCommand, WithdrawCase
from engine.domain.case import Task
from engine.domain.errors import DatabaseUnavailableError, DomainError, FormInvalidError, NotFoundError
from engine.queries.views import CaseView
from web import access, asking, conflicts, errors
from web.acting import do, new_key, posted_text
from web.desk import blueprint
from web.house import house, queries
from web.texts import t

OWN = ("_key", "_action", "_step", "_version", "csrf_token")  # fields of the page itself
Errors = dict[str, list[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """One act: its address, name and offer on a case; the command it becomes, bound to what was seen."""

    slug: str
    title: tuple[str, str]
    done: tuple[str, str]
    offer: Callable[[CaseView], Any]  # what it would be; None where it cannot be done now, or not by this officer
    command: Callable[[CaseView, Mapping[str, Any]], CaseCommand]
    danger: bool = False


def _mine(view: CaseView) -> Task | None:
    """The open task of the case that the officer holds."""
    return next((task for task in view.case.tasks.values() if task.assignee == g.actor.id), None)


def _back(view: CaseView) -> Any:
    task = _mine(view)
    return house().desk.handling.offers.back(g.actor, view.case, task) if task else None


def _send_back(view: CaseView, bound: Mapping[str, Any]) -> CaseCommand:
    task = _mine(view)
    return ReturnTask(**bound, key=task.key if task else "", reason=posted_text("reason"))


def _another_day(view: CaseView, bound: Mapping[str, Any]) -> CaseCommand:
    return ReappointResult(**bound, reason=posted_text("reason"), due=_day(view))


def _day(view: CaseView) -> datetime:
    """The end of the day that was typed; FormInvalidError."""
    offer = house().desk.handling.offers.date(g.actor, view.case)
    text = posted_text("due", 20)
    try:
        typed = datetime.strptime(text, "%d/%m/%Y")
    except ValueError:
        raise FormInvalidError({"due": ["Ngày hẹn phải có dạng ngày/tháng/năm, ví dụ 03/08/2026."]}) from None
    last = offer.proposed.timetz() if offer else time(17, 0, tzinfo=house().clock.now().tzinfo)
    return datetime.combine(typed.date(), last)


def _ask(view: CaseView, bound: Mapping[str, Any]) -> CaseCommand:
    data = asking.read(view).data
    asking.check(view, data)
    return AskSupplement(**bound, data=data, waiver=posted_text("_waiver"))


ACTS = {
    act.slug: act
    for act in (
        Act(
            slug="bo-sung",
            title=("Yêu cầu bổ sung hồ sơ", "Ask for a supplement"),
            done=("Đã yêu cầu bổ sung.", "The supplement was asked for."),
            offer=lambda view: house().desk.handling.offers.supplement(g.actor, view.case),
            command=_ask,
        ),
        Act(
            slug="tra-lai",
            title=("Trả lại bước trước", "Send back to the step before"),
            done=("Đã trả lại bước trước.", "Sent back to the step before."),
            offer=_back,
            command=_send_back,
        ),
        Act(
            slug="hen-lai",
            title=("Xin lỗi và hẹn lại ngày trả kết quả", "Apologise and appoint another day"),
            done=("Đã hẹn lại ngày trả.", "Another day was appointed."),
            offer=lambda view: house().desk.handling.offers.date(g.actor, view.case),
            command=_another_day,
        ),
        Act(
            slug="rut",
            title=("Rút hồ sơ theo yêu cầu của người nộp", "Withdraw for the applicant"),
            done=("Đã rút hồ sơ.", "The case was withdrawn."),
            offer=lambda view: house().desk.handling.offers.withdraws(g.actor, view.case) or None,
            command=lambda view, bound: WithdrawCase(**bound, reason=posted_text("reason")),
            danger=True,
        ),
        Act(
            slug="dung",
            title=("Dừng xử lý hồ sơ", "Stop the case"),
            done=("Đã dừng hồ sơ.", "The case was stopped."),
            offer=lambda view: house().desk.handling.offers.stops(g.actor, view.case) or None,
            command=lambda view, bound: CancelCase(**bound, reason=posted_text("reason")),
            danger=True,
        ),
    )
}


@blueprint.get("/ho-so/<case_id>/thao-tac")
@access.officer
def acts(case_id: str) -> ResponseReturnValue:
    """Everything that may be done with the case now, and what may not and why."""
    view = queries().case(g.actor, case_id)
    offers = {slug: act.offer(view) for slug, act in ACTS.items()}
    return render_template("desk/acts.html", view=view, acts=ACTS, offers=offers, refusing=asking.refusing(view))


@blueprint.route("/ho-so/<case_id>/thao-tac/<act>", methods=["GET", "POST"])
@access.officer
def other_act(case_id: str, act: str) -> ResponseReturnValue:
    """One act: asked for, shown once more with what it will do, done."""
    view = queries().case(g.actor, case_id)
    if act not in ACTS:
        raise NotFoundError(what="thao tác", id="")
    sure = request.form.get("_step") == "do"
    if not sure and request.form.get("_step") != "check":
        return _page(view, ACTS[act])
    try:
        _check(ACTS[act])
        command = ACTS[act].command(view, _bound(view))
        if not sure:
            return _page(view, ACTS[act], sure=True)
        do(command)
    except FormInvalidError as error:
        return _page(view, ACTS[act], problems=error.errors, status=422)
    except DatabaseUnavailableError:
        raise
    except DomainError as error:
        return _page(queries().case(g.actor, case_id), ACTS[act], refusal=errors.of_domain(error))
    flash(t(*ACTS[act].done))
    return redirect(url_for("desk.case", case_id=case_id))


def _bound(view: CaseView) -> dict[str, Any]:
    return {"unit": view.case.unit, "case_id": view.case.id, "version": conflicts.version_for(view)}


def _check(act: Act) -> None:
    """Every act but the supplement, whose form asks itself, needs a reason: FormInvalidError."""
    if act.slug != "bo-sung" and not posted_text("reason"):
        raise FormInvalidError({"reason": ["Hãy ghi rõ lý do."]})


def _page(
    view: CaseView,
    act: Act,
    *,
    sure: bool = False,
    problems: Errors | None = None,
    refusal: errors.Refusal | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    seen = conflicts.seen_version(view)
    offer = act.offer(view)
    drawing = asking.draw(view, problems) if act.slug == "bo-sung" and offer is not None else None
    page = render_template(
        "desk/act.html",
        view=view,
        act=act,
        offer=offer,
        sure=sure,
        drawing=drawing,
        problems=problems or {},
        refusal=refusal,
        happened=conflicts.told(conflicts.changed_since(view, seen)) if refusal else [],
        sent=[(name, text) for name, text in request.form.items(multi=True) if name not in OWN],
        lines=asking.lines(view) if sure and drawing else [],
        seen=view.case.version if refusal else seen,
        key=new_key(),
    )
    return page, refusal.status if refusal else status
