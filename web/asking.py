"""The desk's form that says what is missing, used while a case is in hand; and the choice that refuses."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from flask import g, request

from engine.domain.case import Task
from engine.domain.context import case_context
from engine.queries.views import CaseView
from web.acting import sheet_of
from web.forms.node import Drawing, Line
from web.forms.parse import Sent
from web.forms.schema import Component, components, options
from web.forms.sheet import Errors, Sheet
from web.house import house


def _given() -> Mapping[str, Any]:
    found: Mapping[str, Any] = house().catalog.settings.get("supplement") or {}
    return found


def _sheet(view: CaseView) -> Sheet:
    context = case_context(view.case)
    context["case"] = {**context["case"], "supplements": 0}  # whether once more is allowed is the engine's to say
    return sheet_of(view.procedure, str(_given().get("request_form", "")), context)


def _part(sheet: Sheet, data: Mapping[str, Any]) -> Component:
    """What the form asks only when a supplement is chosen: its choice itself and the rest are not on the page."""
    shown, without = sheet.visible(data), sheet.visible({})
    new = [one for one in components(sheet.form.schema) if _of(one, shown) and not _of(one, without)]
    return {**sheet.form.schema, "components": new}


def _of(component: Component, visible: frozenset[str]) -> bool:
    return bool({str(component.get(name)) for name in ("key", "path", "id") if component.get(name)} & visible)


def read(view: CaseView) -> Sent:
    """What was typed, with the choice made."""
    sheet, chosen = _sheet(view), _given().get("request", {})
    sent = sheet.read(request.form, request.files, _part(sheet, chosen))
    sent.data.update(chosen)
    return sent


def check(view: CaseView, data: Mapping[str, Any]) -> None:
    """FormInvalidError with what is wrong by its path."""
    _sheet(view).validate(data)


def draw(view: CaseView, problems: Errors | None = None) -> Drawing:
    """The form as nodes, with what was typed and its small buttons obeyed."""
    sheet, chosen = _sheet(view), dict(_given().get("request", {}))
    data = read(view).data if request.method == "POST" else {**sheet.blank(), **chosen}
    sheet.obey(request.form.get("_action", ""), data)
    return sheet.draw(data, problems or {}, _part(sheet, chosen))


def lines(view: CaseView) -> list[Line]:
    """What was typed, for reading."""
    sheet, data = _sheet(view), read(view).data
    return sheet.lines_of(_part(sheet, data), data, "", sheet.visible(data))


def refusing(view: CaseView) -> list[tuple[Task, str]]:
    """The officer's open tasks whose form has a choice that refuses, with that choice."""
    return [(task, value) for task in view.case.tasks.values() for value in _refusals(view, task)]


def _refusals(view: CaseView, task: Task) -> Iterator[str]:
    values = (house().catalog.settings.get("refusal") or {}).get("values", ())
    if task.assignee != g.actor.id or not task.form_id:
        return
    schema = house().forms.compiled(view.procedure, task.form_id).schema
    for one in components(schema):
        if one.get("key") == "decision":
            yield from (str(value) for value, _ in options(one) if value in values)
