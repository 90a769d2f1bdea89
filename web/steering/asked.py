"""What the forms of a steering page ask for, as commands."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from flask import request

from engine.commands import messages as m
from engine.domain.errors import RuleError
from engine.domain.steering import Change
from web.acting import posted_text, posted_version

Which = dict[str, Any]
Asked = tuple[m.CaseCommand, tuple[str, str]]
TEXTS = (
    "note", "suspend_reason", "reject_reason", "variables", "change_reason", "elements", "anew", "move_reason", "to",
    "begin",
)  # fmt: skip


def typed() -> dict[str, Any]:
    """What was typed, to be shown again."""
    return {**{name: posted_text(name) for name in TEXTS}, "cancel": request.form.getlist("cancel")}


def _suspend(which: Which) -> Asked:
    said = ("Đã tạm ngừng hồ sơ.", "The case is suspended.")
    return m.SuspendCase(**which, reason=posted_text("suspend_reason")), said


def _resume(which: Which) -> Asked:
    return m.ResumeCase(**which, note=posted_text("note")), ("Đã mở lại hồ sơ.", "The case goes on.")


def _incident(which: Which) -> Which:
    # Each incident has a note field of its own name, so that every label on the page has one field.
    return {**which, "incident": request.form.get("incident", ""), "note": posted_text(request.form.get("_note", ""))}


def _retry(which: Which) -> Asked:
    return m.RetryIncident(**_incident(which)), ("Đã thử lại.", "Tried again.")


def _note(which: Which) -> Asked:
    return m.NoteIncident(**_incident(which)), ("Đã ghi chú.", "The note was kept.")


def _close(which: Which) -> Asked:
    return m.ResolveIncident(**_incident(which)), ("Đã đóng sự cố.", "The incident is closed.")


def _propose(which: Which) -> Asked:
    scope, _, element_id = request.form.get("begin", "").rpartition("/")
    change = Change(
        cancel=tuple(request.form.getlist("cancel")),
        begin=((scope, element_id),) if element_id else (),
        variables=variables(posted_text("variables", 20000)),
    )
    command = m.ProposeModification(**which, change=change, reason=posted_text("change_reason"))
    return command, ("Đã gửi đề nghị; cần người khác duyệt.", "Proposed; a second person has to approve.")


def _approve(which: Which) -> Asked:
    command = m.ApproveModification(**which, proposal=request.form.get("proposal", ""))
    return command, ("Đã duyệt và thực hiện.", "Approved and done.")


def _reject(which: Which) -> Asked:
    proposal, reason = request.form.get("proposal", ""), posted_text("reject_reason")
    said = ("Đã bỏ đề nghị.", "The proposal is gone.")
    return m.RejectModification(**which, proposal=proposal, reason=reason), said


def _migrate(which: Which) -> Asked:
    command = migration(which, version=posted_version())
    return command, (f"Đã chuyển sang phiên bản {command.to}.", f"Moved to version {command.to}.")


def migration(which: Which, version: int | None = None) -> m.MigrateCase:
    """The move that is asked for. A dry run needs no reason yet."""
    to = posted_text("to")
    return m.MigrateCase(
        **which,
        version=version,
        to=int(to) if to.isascii() and to.isdigit() and len(to) < 10 else 0,
        reason=posted_text("move_reason") or ("?" if request.form.get("_action") == "look" else ""),
        elements=dict(_pairs(posted_text("elements", 20000))),
        anew=tuple(each.strip() for each in posted_text("anew").split(",") if each.strip()),
    )


def variables(text: str) -> dict[str, dict[str, Any]]:
    """Variables by scope out of lines "[scope/]name = JSON"; RuleError says which line is none."""
    found: dict[str, dict[str, Any]] = {}
    for place, value in _pairs(text):
        scope, _, name = place.rpartition("/")
        try:
            found.setdefault(scope, {})[name] = json.loads(value, parse_float=Decimal, parse_constant=_no_number)
        except (ValueError, RecursionError) as error:
            raise _wrong(f"{place} = {value}") from error
    return found


def _no_number(text: str) -> None:
    raise ValueError(text)


def _pairs(text: str) -> list[tuple[str, str]]:
    found = []
    for line in filter(str.strip, text.splitlines()):
        left, is_, right = (part.strip() for part in line.partition("="))
        if not (left and is_ and right):
            raise _wrong(line)
        found.append((left, right))
    return found


def _wrong(line: str) -> RuleError:
    return RuleError(reason=f"Dòng “{line[:100]}” không đúng dạng.", reason_en=f'The line "{line[:100]}" is not right.')


ACTIONS: dict[str, Callable[[Which], Asked]] = {
    "suspend": _suspend,
    "resume": _resume,
    "retry": _retry,
    "note": _note,
    "close": _close,
    "propose": _propose,
    "approve": _approve,
    "reject": _reject,
    "migrate": _migrate,
}
