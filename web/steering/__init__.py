"""Pages of administrators and chairmen: what is stuck, suspended or proposed, and one case steered by hand."""

from __future__ import annotations

from types import MappingProxyType
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import BadRequest

from engine.commands.messages import MigrateCase
from engine.commands.migrator import Outcome
from engine.domain.errors import DomainError
from web import access, errors
from web.acting import do, new_key
from web.house import house
from web.steering.asked import ACTIONS, migration, typed
from web.texts import t

blueprint = Blueprint("steering", __name__, url_prefix="/dieu-hanh")
STEERERS = ("administrator", "chairman")
KINDS = MappingProxyType(
    {
        "task": ("Công việc không hoàn thành được", "Task that cannot be completed"),
        "message": ("Thông tin không nhận được", "Message that cannot be taken"),
        "timer": ("Hẹn giờ không chạy được", "Timer that cannot fire"),
        "job": ("Việc của hệ thống bị lỗi", "Job that failed"),
        "payment": ("Tiền nhận ngoài dự kiến", "Unexpected payment"),
        "process": ("Quy trình không chờ gì", "Process that waits for nothing"),
        "condition": ("Điều kiện không tính được", "Condition that fails"),
        "signal": ("Tín hiệu không nhận được", "Signal that cannot be taken"),
    }
)


@blueprint.get("/")
@access.groups(*STEERERS)
def cases() -> ResponseReturnValue:
    """What waits for the house."""
    rows = house().steering.waiting(g.actor)
    return render_template(
        "steering/cases.html",
        incidents=[row for row in rows if row["kind"] not in ("proposal", "suspension")],
        proposals=[row for row in rows if row["kind"] == "proposal"],
        suspensions=[row for row in rows if row["kind"] == "suspension"],
        kinds=KINDS,
    )


@blueprint.get("/<case_id>")
@access.groups(*STEERERS)
def case(case_id: str) -> ResponseReturnValue:
    """Where one case stands, and what may be done."""
    return _page(case_id)


@blueprint.post("/<case_id>/lam")
@access.groups(*STEERERS)
def act(case_id: str) -> ResponseReturnValue:
    """Do what was asked; a refusal is said on the page, with what was typed."""
    which = {"unit": g.actor.unit, "case_id": case_id}
    action = request.form.get("_action", "")
    try:
        if action == "look":
            return _page(case_id, outcome=_look(which))
        if action not in ACTIONS:
            house().steering.case(g.actor, case_id)  # who may not see the case is told that first
            raise BadRequest()
        command, said = ACTIONS[action](which)
        do(command)
    except DomainError as error:
        return _page(case_id, refusal=errors.of_domain(error))
    flash(t(*said))
    return redirect(url_for("steering.case", case_id=case_id))


def _look(which: dict[str, Any]) -> Outcome:
    command: MigrateCase = migration(which)
    return house().migrator.look(g.actor, command)


def _page(
    case_id: str, *, refusal: errors.Refusal | None = None, outcome: Outcome | None = None
) -> ResponseReturnValue:
    page = render_template(
        "steering/case.html",
        view=house().steering.case(g.actor, case_id),
        refusal=refusal,
        outcome=outcome,
        typed=typed(),
        kinds=KINDS,
        key=new_key(),
        person=_person,
        may_mend="administrator" in g.actor.groups,
    )
    return page, refusal.status if refusal else 200


def _person(account_id: str) -> str:
    account = house().accounts.by_id(account_id)
    return account.name if account else t("Hệ thống", "The system")
