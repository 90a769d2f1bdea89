"""The leader takes back or replaces what was signed: what it means is shown once more before it is done."""

from __future__ import annotations

from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import BadRequest

from engine.commands.result_messages import ReplaceResult, RevokeResult
from engine.domain import results
from engine.domain.errors import DomainError, NotFoundError
from web import access, errors
from web.acting import do, new_key, posted_text, posted_version
from web.desk import blueprint
from web.house import queries
from web.texts import t


@blueprint.get("/ho-so/<case_id>/ket-qua/<number>")
@access.groups("chairman")
def result(case_id: str, number: str) -> ResponseReturnValue:
    """One result of a case, and what the leader may do with it."""
    return _page(case_id, number)


@blueprint.post("/ho-so/<case_id>/ket-qua/<number>")
@access.groups("chairman")
def end_result(case_id: str, number: str) -> ResponseReturnValue:
    """Revoke or replace it."""
    view = queries().case(g.actor, case_id)
    which: dict[str, Any] = {"unit": view.case.unit, "case_id": case_id, "version": posted_version()}
    which |= {"document": f"{view.case.code}/R{number}", "reason": posted_text("reason")}
    action = request.form.get("_action", "")
    if action not in ("revoke", "replace"):
        raise BadRequest()
    revoking = action == "revoke"
    try:
        do(RevokeResult(**which) if revoking else ReplaceResult(**which, new_document=posted_text("new_document", 120)))
    except DomainError as error:
        if error.code not in ("rule", "not_found", "stale_version"):
            raise
        return _page(case_id, number, error)
    flash(t("Đã thu hồi kết quả.", "The result was revoked.") if revoking else t("Đã thay thế.", "It was replaced."))
    return redirect(url_for("desk.case", case_id=case_id))


def _page(case_id: str, number: str, error: DomainError | None = None) -> ResponseReturnValue:
    view = queries().case(g.actor, case_id)
    found = results.find(view.case, f"{view.case.code}/R{number}")
    if found is None:
        raise NotFoundError(what="kết quả", id="")
    refusal = errors.of_domain(error) if error else None
    page = render_template(
        "desk/result.html",
        view=view,
        result=found,
        standing=results.standing(view.case, found),
        refusal=refusal,
        number=number,
        key=new_key(),
    )
    return page, refusal.status if refusal else 200
