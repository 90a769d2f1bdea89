"""Where a task may be sent back to: the step before it, where nothing but decisions lies between."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine.domain import events
from engine.domain.events import Recorded
from engine.domain.handling import is_beside

HARMLESS = ("notify",)  # jobs that may lie between: they told somebody something, and made nothing
APPLICANT = ("applicant",)


@dataclass(frozen=True, slots=True, kw_only=True)
class WayBack:
    """The step before: its element and scope, its name, who did it, and what was filled in then."""

    element_id: str
    scope: str
    name: str
    by: str
    data: Mapping[str, Any]


def way_back(history: Sequence[Recorded], key: str) -> WayBack | None:
    """The step before the task of this key; None where the process forked, or did more than decide, in between.

    The step has to lie in the same process as the task, and to have been an officer's.
    """
    created = {link.event.key: link.event for link in history if isinstance(link.event, events.TaskCreated)}
    task, before = created.get(key), _completed_before(history, key)
    step = created.get(before.key) if before is not None else None
    if task is None or before is None or step is None:
        return None
    if step.scope != task.scope or step.groups == APPLICANT or step.key == task.key:
        return None
    return WayBack(element_id=step.element_id, scope=step.scope, name=step.name, by=before.by, data=before.data)


def _completed_before(history: Sequence[Recorded], key: str) -> events.TaskCompleted | None:
    """The completion that led to the task, by nothing but decisions and notices."""
    opened: list[str] = []  # waits opened since the step that is looked at
    jobs = {link.event.key: link.event.type for link in history if isinstance(link.event, events.JobCreated)}
    wanted, found = key, False
    for at in range(len(history) - 1, -1, -1):
        event = history[at].event
        if not found:
            found = isinstance(event, events.TaskCreated) and event.key == key
            continue
        if not isinstance(event, events.ProcessAdvanced):
            continue
        opened = _opened_after(history, at)
        if opened != [wanted]:
            return None  # the process forked here: sending one branch back would leave the others behind
        before = str(event.trigger["key"])
        if event.trigger["kind"] == "complete":
            return _completion(history[:at], before)
        if event.trigger["kind"] != "job" or jobs.get(before) not in HARMLESS:
            return None
        wanted = before
    return None


def _opened_after(history: Sequence[Recorded], at: int) -> list[str]:
    """Keys of the tasks, jobs and messages that one step opened; timers watch others and count for nothing."""
    found: list[str] = []
    for link in history[at + 1 :]:
        if isinstance(link.event, events.ProcessAdvanced):
            break
        event = link.event
        if isinstance(event, events.TaskCreated | events.JobCreated | events.MessageAwaited):
            found += [event.key] if not is_beside(event.key) else []
    return found


def _completion(history: Sequence[Recorded], key: str) -> events.TaskCompleted | None:
    done = (link.event for link in reversed(history) if isinstance(link.event, events.TaskCompleted))
    return next((event for event in done if event.key == key), None)
