"""Who may see a case and who may act on its tasks."""

from __future__ import annotations

from engine.domain.actor import Actor
from engine.domain.case import Case, Subscription, Task
from engine.domain.errors import (
    CaseSuspendedError,
    ForbiddenError,
    NotAssigneeError,
    NotFoundError,
    TaskNotOpenError,
    TaskTakenError,
)
from engine.domain.handling import is_beside

APPLICANT = "applicant"
DESK = "one_stop"
STEERERS = ("administrator", "chairman")
READ_ONLY = frozenset({"auditor"})
ASSIGNERS = ("chairman", "administrator")  # who hands the work of others out


def is_applicant(actor: Actor, case: Case) -> bool:
    """Whether the actor filed this case with an account of their own."""
    return actor.kind == "citizen" and case.applicant.get("account") == actor.id


def may_see(actor: Actor, case: Case) -> bool:
    """The applicant sees the own case; officers see the cases of their unit; the machine sees all."""
    if actor.kind == "system":
        return True
    if actor.kind == "citizen":
        return is_applicant(actor, case)
    return actor.kind == "officer" and actor.unit == case.unit and bool(actor.groups - {APPLICANT})


def only_reads(actor: Actor) -> bool:
    """Whether the actor may look but never write: an officer whose groups are all of the looking kind."""
    return actor.kind == "officer" and actor.groups <= READ_ONLY


def check_sees(actor: Actor, case: Case | None) -> Case:
    """The case; NotFoundError, in the very same words, when it is not there and when the actor may not know it is."""
    if case is None or not may_see(actor, case):
        raise NotFoundError(what="hồ sơ", id="")
    return case


def may_take(actor: Actor, case: Case, task: Task) -> bool:
    """Whether the actor is a candidate for the task. The desk acts for applicants who have no account."""
    if task.groups == (APPLICANT,):
        return is_applicant(actor, case) or (case.applicant.get("account") is None and actor.in_any((DESK,)))
    return actor.kind == "officer" and actor.unit == case.unit and actor.in_any(task.groups)


def open_task(case: Case, key: str) -> Task:
    """The task; TaskNotOpenError when it was completed or cancelled."""
    if key not in case.tasks:
        raise TaskNotOpenError(key=key)
    return case.tasks[key]


def check_takes(actor: Actor, case: Case, task: Task) -> None:
    """ForbiddenError unless the actor is a candidate."""
    if not may_take(actor, case, task):
        raise ForbiddenError(task=task.key)


def assigns(actor: Actor) -> bool:
    """Whether the actor leads: sees every queue of the unit, and says who does what."""
    return actor.kind == "officer" and actor.in_any(ASSIGNERS)


def check_holds(actor: Actor, case: Case, task: Task) -> None:
    """The actor works on the task: assignee, or the applicant whose own task it is."""
    check_takes(actor, case, task)
    if task.assignee == actor.id or (task.groups == (APPLICANT,) and task.assignee is None):
        return
    if task.assignee is None:
        raise NotAssigneeError(task=task.key)
    raise TaskTakenError(task=task.key, assignee=task.assignee)


def check_moves(actor: Actor, case: Case, task: Task | None = None) -> None:
    """CaseSuspendedError while the house holds the case still; why is told to the house alone.

    A `task` beside the process is what the case is held still for: it may be done.
    """
    if case.suspended is not None and not (task is not None and is_beside(task.key)):
        reason = "" if actor.kind == "citizen" else f"({case.suspended.reason})"
        raise CaseSuspendedError(code=case.code, reason=reason)


def check_steers(actor: Actor, case: Case) -> Case:
    """The case, for those who may interfere with its process; NotFoundError or ForbiddenError for others."""
    check_sees(actor, case)
    if actor.kind == "system" or (actor.unit == case.unit and actor.in_any(STEERERS)):
        return case
    raise ForbiddenError()


def may_enter(actor: Actor, case: Case, subscription: Subscription) -> bool:
    """Whether an officer may enter this message by hand: the diagram names the groups (`messageGroups`)."""
    groups = tuple(g.strip() for g in subscription.properties.get("messageGroups", "").split(",") if g.strip())
    return actor.kind == "officer" and actor.unit == case.unit and actor.in_any(groups)
