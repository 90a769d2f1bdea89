"""After filing at the counter: the fee in cash with the change, the papers to print, the next citizen."""

from __future__ import annotations

import re
from io import BytesIO
from typing import Any

from flask import flash, g, redirect, render_template, send_file, url_for
from flask.typing import ResponseReturnValue

from engine.commands.messages import ClaimTask
from engine.domain import access as rules
from engine.domain.case import Case, Task
from engine.domain.context import is_paid, missing
from engine.domain.errors import DatabaseUnavailableError, DomainError, FormInvalidError
from web import access, cash, errors
from web.acting import do, new_key, posted_key, posted_text
from web.counter import blueprint
from web.house import house, queries
from web.texts import t

INTAKE = "01"  # the form of Circular 01/2018


@blueprint.get("/ho-so/<case_id>")
@access.groups("one_stop", "cashier")
def case(case_id: str) -> ResponseReturnValue:
    """What is to be done now for whoever stands there."""
    return _page(case_id)


@blueprint.post("/ho-so/<case_id>/thu-tien")
@access.groups("one_stop", "cashier")
def take_cash(case_id: str) -> ResponseReturnValue:
    """Take the fee: what was given, and what goes back."""
    found = queries().case(g.actor, case_id).case
    task, due = _cash_task(found), max(missing(found), 0)
    given = _dong(posted_text("given", 30)) if posted_text("given", 30) else due
    if task is None or is_paid(found):
        return redirect(url_for("counter.case", case_id=case_id))
    if given is None or given < due:
        wrong = t(f"Nhập số tiền nhận, ít nhất {due:,} đồng.", f"Enter what was given, at least {due:,} dong.")
        return _page(case_id, problem=wrong.replace(",", "."), typed=posted_text("given", 30), status=422)
    try:
        _take(found, task, given, due)
    except DatabaseUnavailableError:
        raise
    except FormInvalidError as error:
        said = "; ".join(one for many in error.errors.values() for one in many)
        return _page(case_id, problem=said, typed=posted_text("given", 30), status=422)
    except DomainError as error:
        refusal = errors.of_domain(error)
        return _page(case_id, problem=t(refusal.vi, refusal.en), status=refusal.status)
    change = f"{given - due:,}".replace(",", ".")
    flash(t(f"Đã thu tiền. Thối lại: {change} đồng.", f"Paid. Change to give back: {change} dong."))
    return redirect(url_for("counter.case", case_id=case_id))


def _take(found: Case, task: Task, given: int, due: int) -> None:
    which: dict[str, Any] = {"unit": found.unit, "case_id": found.id, "key": task.key}
    payer = posted_text("payer", 120) or str(found.applicant.get("name") or "")
    note = f"Nhận {given} đồng, thối lại {given - due} đồng" if given != due else ""
    data = {"method": "cash", "payer_name": payer, "received": True, "note": note}
    posted_key()
    completion = cash.completion(which, task.form_id, data)  # first: without a drawer nothing is done at all
    if task.assignee is None:
        do(ClaimTask(**which))
    do(completion)


def _dong(text: str) -> int | None:
    """An amount as people write it: 50000, 50.000, 50 000; None when it is none."""
    plain = re.sub(r"[ .,]", "", text)
    return int(plain) if re.fullmatch(r"[0-9]{1,12}", plain) else None


def _cash_task(found: Case) -> Task | None:
    """The open task in which this officer may take money; None while there is none."""
    form = house().catalog.settings.get("cash", {}).get("form")
    tasks = [one for one in found.tasks.values() if one.form_id == form]
    mine = (one for one in tasks if rules.may_take(g.actor, found, one) and one.assignee in (None, g.actor.id))
    return next(mine, None)


def _page(case_id: str, *, problem: str = "", typed: str = "", status: int = 200) -> ResponseReturnValue:
    view = queries().case(g.actor, case_id)
    found = view.case
    slips = {str(one["kind"]): one for one in found.receipts}
    task, paid = _cash_task(found), is_paid(found)
    page = render_template(
        "counter/case.html",
        view=view,
        case=found,
        slips=slips,
        cash=task,
        hindrance=cash.hindrance() if task and not paid else "",
        due=max(missing(found), 0),
        paid=paid,
        waits=bool(found.jobs),
        mine=[one for one in found.tasks.values() if rules.may_take(g.actor, found, one)],
        problem=problem,
        typed=typed,
        key=new_key(),
    )
    return page, status


@blueprint.get("/ho-so/<case_id>/giay-tiep-nhan")
@access.groups("one_stop", "cashier")
def intake_receipt(case_id: str) -> ResponseReturnValue:
    """The intake receipt twice in one PDF, to be printed: one for the applicant, one for the desk."""
    code, papers = queries().case(g.actor, case_id).case.code, house().following.papers
    content = papers.twice(papers.form(g.actor, case_id, INTAKE))
    name = f"giay-tiep-nhan-{code}.pdf"
    return send_file(BytesIO(content), mimetype="application/pdf", download_name=name)
