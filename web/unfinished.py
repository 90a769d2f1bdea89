"""A task's form that saves itself while an officer types: apart from the case, so that history holds no keystrokes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import g, jsonify
from flask.typing import ResponseReturnValue

from engine.commands.messages import SaveTaskDraft
from engine.ports.handling import Unfinished
from engine.queries.views import TaskView
from web.acting import do, posted_version
from web.display import moment
from web.house import house
from web.texts import t


def found(view: TaskView) -> Unfinished | None:
    """What the reader typed last and did not save; None for who does not hold the task."""
    return house().desk.handling.autosaving.get(g.actor, view.case.case, view.task.key) if view.may_act else None


def save(view: TaskView, data: Mapping[str, Any]) -> ResponseReturnValue:
    """Keep it; the answer says so, and bears the version the page had, so that a conflict still shows."""
    at = house().desk.handling.autosaving.save(g.actor, view.case.case, view.task.key, data)
    said = t(f"Đã tự lưu lúc {moment(at)}.", f"Saved by itself at {moment(at)}.")
    return jsonify({"version": posted_version(), "said": said})


def drop(view: TaskView) -> None:
    """Forget it."""
    house().desk.handling.autosaving.drop(g.actor, view.case.case, view.task.key)


def hand_over(view: TaskView) -> None:
    """Who takes the task next finds what was typed: it becomes the task's own draft."""
    kept = found(view)
    if kept is not None:
        case = view.case.case
        do(SaveTaskDraft(unit=case.unit, case_id=case.id, key=view.task.key, draft=kept.data))
        drop(view)
