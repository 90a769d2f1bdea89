"""What a command changed beside the process: conditions that it has made true let the process go on."""

from __future__ import annotations

from typing import Final

from engine.commands.advance import advance
from engine.commands.work import Work
from engine.domain import events
from engine.domain.errors import ProcessStuckError

MOST: Final = 20  # rounds: a condition that came true may change the status, and that make another one true
KIND: Final = "condition"


def wake(work: Work) -> None:
    """Let the process look at its conditions again where `case` or `application` changed after its last step.

    A payment or an extension is booked whatever a condition makes of it: one that cannot be evaluated is an incident,
    and is looked at again when that is resolved or the process takes a step. A suspended case waits for its resuming.
    """
    if work.events and work.case.suspended is not None:
        return
    if not (work.overlooked or _mended(work) or _resumed(work)) or not work.ports.runner.conditional(work.procedure):
        return
    for _ in range(MOST):
        if work.case.ended or not _woken(work):
            return
    _raise(work, f"Các điều kiện của quy trình bật lẫn nhau quá {MOST} lần; hãy xem lại sơ đồ.")


def _woken(work: Work) -> bool:
    """Take one step; tell whether there is reason to look again."""
    before = work.case.snapshot
    try:
        step = work.ports.runner.wake(work.procedure, before, work.call())
    except ProcessStuckError as error:
        _raise(work, error.message)
        return False
    if step.snapshot == before:
        return False
    advance(work, step, trigger={"kind": "wake", "key": "", "data": {}})
    return work.overlooked


def _resumed(work: Work) -> bool:
    """Whether this command ended a suspension, during which nothing was looked at."""
    return work.before is not None and work.before.suspended is not None and work.case.suspended is None


def _mended(work: Work) -> bool:
    """Whether this command resolved the incident of a condition."""
    if work.before is None or not work.events:
        return False
    return any(each.kind == KIND and each.id not in work.case.incidents for each in work.before.incidents.values())


def _raise(work: Work, text: str) -> None:
    """One incident tells the house, however often the condition fails."""
    if all(each.kind != KIND for each in work.case.incidents.values()):
        work.add(events.IncidentRaised(incident=work.ports.ids.new(), key="", kind=KIND, error=text[:2000]))
