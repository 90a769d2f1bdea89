"""A leader signs: what was looked at, and nothing that has changed since."""

from __future__ import annotations

from engine.commands.answers import validated
from engine.commands.leading_messages import SignResult
from engine.commands.messages import Result
from engine.commands.signature_check import check_signature, signed_answer
from engine.commands.taking import take_or_keep
from engine.commands.work import Work
from engine.domain import access, events
from engine.domain.case import Case, Task
from engine.domain.context import variables
from engine.domain.errors import ForbiddenError, TaskTakenError
from engine.domain.paper_data import draft_digest
from engine.domain.seals import same_but_for_seals
from engine.domain.signing_key import ChangedSinceSeenError


def sign(work: Work, command: SignResult) -> Result:
    """Take the task and answer it in one step; ChangedSinceSeenError leaves it where it was."""
    case = access.check_sees(work.actor, work.load(command.unit, command.case_id))
    task = access.open_task(case, command.key)
    work.act_in(task.groups)
    access.check_takes(work.actor, case, task)
    access.check_moves(work.actor, case, task)
    if task.assignee not in (None, work.actor.id):
        raise TaskTakenError(task=task.key, assignee=task.assignee)
    answer = signed_answer(work, task)
    if answer is None:
        raise ForbiddenError()
    if not same_but_for_seals(case, command.seen) or _digest(work, case, task) != command.digest:
        raise ChangedSinceSeenError(code=case.code)
    clean = validated(work, case, task, answer)
    check_signature(work, case, task, clean)
    if task.assignee is None:
        work.add(events.TaskClaimed(key=task.key, assignee=work.actor.id))
    return take_or_keep(work, "task", task.key, clean, by=work.actor.id)


def _digest(work: Work, case: Case, task: Task) -> str:
    rule, unit = work.procedure.result, work.ports.catalog.settings["units"][case.unit]
    return draft_digest(case, variables(case, task), unit, rule)
