"""A message that came on paper or by telephone, entered by hand with its form."""

from __future__ import annotations

from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.commands.messages import CorrelateMessage
from engine.domain.case import Subscription
from engine.domain.context import case_context
from engine.domain.errors import FormInvalidError, NothingWaitsError
from engine.queries.views import CaseView
from web import access
from web.acting import do, new_key, sheet_of
from web.desk import blueprint
from web.forms.sheet import Sheet
from web.house import queries
from web.texts import t


@blueprint.route("/ho-so/<case_id>/thong-tin", methods=["GET", "POST"])
@access.officer
def message(case_id: str) -> ResponseReturnValue:
    """Enter a message that the case waits for."""
    view = queries().case(g.actor, case_id)
    waiting = _waiting(view, request.args.get("key", ""))
    form_id = waiting.properties.get("messageForm")
    sheet = sheet_of(view.procedure, form_id, _context(view, waiting)) if form_id else None
    if request.method == "GET":
        return _page(view, waiting, sheet, sheet.blank() if sheet else {})
    data: dict[str, Any] = {}
    if sheet:
        sent = sheet.read(request.form, request.files)
        data = sent.data
        if request.form.get("_action") != "complete":
            sheet.obey(request.form.get("_action", ""), data)
            return _page(view, waiting, sheet, data, sheet.file_problems(sent))
        try:
            data = sheet.check(sent)
        except FormInvalidError as error:
            return _page(view, waiting, sheet, data, error.errors)
    do(CorrelateMessage(unit=view.case.unit, message=waiting.message, correlation=waiting.correlation, payload=data))
    flash(t("Đã ghi nhận thông tin.", "The message was recorded."))
    return redirect(url_for("desk.case", case_id=case_id))


def _waiting(view: CaseView, key: str) -> Subscription:
    """The open message that this officer may enter; NothingWaitsError."""
    found = next((one for one in view.open_messages if one.key == key), None)
    if found is None:
        raise NothingWaitsError()
    return found


def _context(view: CaseView, waiting: Subscription) -> dict[str, Any]:
    scopes = view.case.scopes
    return {**scopes.get("", {}), **scopes.get(waiting.scope, {}), **case_context(view.case)}


def _page(
    view: CaseView,
    waiting: Subscription,
    sheet: Sheet | None,
    data: dict[str, Any],
    problems: dict[str, list[str]] | None = None,
) -> ResponseReturnValue:
    page = render_template(
        "desk/message.html",
        view=view,
        waiting=waiting,
        drawing=sheet.draw(data, problems) if sheet else None,
        key=new_key(),
        here=url_for("desk.message", case_id=view.case.id, key=waiting.key),
    )
    return page, 422 if problems else 200
