"""Rules about people's work: groups, lanes, forms, priorities, and names and ids people read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from bpmn.lint.iso import is_date, is_duration
from bpmn.lint.view import CHOOSING, Hit, View, hit
from bpmn.model import Element

_ID: Final = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)+")
_PRIORITY: Final = re.compile(r"[0-9]|[1-9][0-9]|100")
# Letters of no Vietnamese word; with blanks in a name without any mark they betray another language.
_FOREIGN: Final = re.compile(r"[fjwz]", re.IGNORECASE)


def check_group(view: View, element: Element) -> Iterator[Hit]:
    """A user task says who does it: by a candidate group, an assignee, or its lane."""
    if element.kind == "userTask" and not (element.candidate_groups or element.assignee or element.lane):
        yield hit("user-task-no-group", element.id, name=view.name(element.id))
    for name in ("candidate_groups", "messageGroups"):
        text = element.candidate_groups if name == "candidate_groups" else element.properties.get(name)
        for group in _static_list(text):
            if view.rules.groups is not None and group not in view.rules.groups:
                yield hit("unknown-group", element.id, group=group)


def check_lanes(view: View) -> Iterator[Hit]:
    """A lane whose user tasks rely on it bears the name of a known group."""
    if view.rules.groups is None:
        return
    names = frozenset(view.rules.groups.values())
    relying = {
        element.lane
        for element in view.process.elements.values()
        if element.kind == "userTask" and not (element.candidate_groups or element.assignee)
    }
    for lane in view.process.lanes:
        if lane.name in relying and lane.name not in names:
            yield hit("unknown-group", lane.id, group=lane.name)


def check_form(view: View, element: Element) -> Iterator[Hit]:
    """A user task has a form, and every form that is named exists."""
    if element.kind == "userTask" and not element.form_id:
        yield hit("user-task-no-form", element.id, name=view.name(element.id))
    for form in (element.form_id if element.kind == "userTask" else None, element.properties.get("messageForm")):
        if form and view.rules.form_ids is not None and form not in view.rules.form_ids:
            yield hit("unknown-form", element.id, form=form)


def check_schedule(view: View, element: Element) -> Iterator[Hit]:
    """A written priority is a number from 0 to 100, a written due or follow-up date is an ISO 8601 date or term."""
    if element.priority and not element.priority.startswith("=") and not _PRIORITY.fullmatch(element.priority):
        yield hit("priority-invalid", element.id, value=element.priority)
    for value in (element.due_date, element.follow_up_date):
        if value and not value.startswith("=") and not (is_date(value) or is_duration(value)):
            yield hit("schedule-invalid", element.id, value=value)


def check_name(view: View, element: Element) -> Iterator[Hit]:
    """User tasks and deciding gateways bear Vietnamese names."""
    asks = element.kind in CHOOSING | {"eventBasedGateway"} and len(element.outgoing) > 1
    if (element.kind == "userTask" or asks) and not _vietnamese(element.name):
        yield hit("name-not-vietnamese", element.id, name=view.name(element.id))


def check_id(view: View, element: Element) -> Iterator[Hit]:
    """Tasks and calls have ids of the form verb_noun."""
    works = element.kind == "callActivity" or element.kind.lower().endswith("task")
    if works and not _ID.fullmatch(element.id):
        yield hit("id-style", element.id, id=element.id)


def _vietnamese(name: str) -> bool:
    """Guess: marked letters, or a short name without foreign letters ("Giao cho ai")."""
    if not any(letter.isalpha() for letter in name):
        return False
    return not name.isascii() or (len(name.split()) <= 3 and not _FOREIGN.search(name))


def _static_list(text: str | None) -> list[str]:
    if text is None or text.startswith("="):
        return []
    return [part.strip() for part in text.split(",") if part.strip()]
