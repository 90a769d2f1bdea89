"""Claim, give back, hand on, draft and complete tasks."""

from __future__ import annotations

from engine.commands.answers import validated
from engine.commands.cash import note_taken
from engine.commands.drawer_messages import TakeCash
from engine.commands.membership import check_member
from engine.commands.messages import ClaimTask, CompleteTask, DelegateTask, Result, SaveTaskDraft, UnclaimTask
from engine.commands.signature_check import check_signature
from engine.commands.taking import take_or_keep
from engine.commands.work import Work
from engine.domain import access, events
from engine.domain.case import Case, Task
from engine.domain.codec import dumps, is_plain
from engine.domain.errors import FormInvalidError, NotAssigneeError, RuleError, TaskTakenError

TaskCommand = ClaimTask | UnclaimTask | DelegateTask | SaveTaskDraft | CompleteTask


def claim(work: Work, command: ClaimTask) -> Result:
    """Take a task; TaskTakenError when somebody else holds it."""
    case, task = _task(work, command)
    access.check_takes(work.actor, case, task)
    access.check_moves(work.actor, case, task)
    if task.assignee == work.actor.id:
        return Result()
    if task.assignee is not None:
        raise TaskTakenError(task=task.key, assignee=task.assignee)
    work.add(events.TaskClaimed(key=task.key, assignee=work.actor.id))
    return Result(data={"key": task.key})


def unclaim(work: Work, command: UnclaimTask) -> Result:
    """Give the task back."""
    _, task = _task(work, command)
    if task.assignee != work.actor.id:
        raise NotAssigneeError(task=task.key)
    work.add(events.TaskUnclaimed(key=task.key))
    return Result()


def delegate(work: Work, command: DelegateTask) -> Result:
    """Hand the task to another member of its groups, with the reason; what the applicant has to do stays theirs."""
    case, task = _task(work, command)
    access.check_holds(work.actor, case, task)
    access.check_moves(work.actor, case, task)
    check_member(work, case, task, command.assignee)
    if not command.assignee or command.assignee == work.actor.id:
        raise RuleError(
            reason="Hãy chọn người nhận việc khác với anh/chị.", reason_en="Choose somebody else to take the task."
        )
    work.add(
        events.TaskDelegated(
            key=task.key, assignee=command.assignee, by=work.actor.id, reason=command.reason.strip()[:2000]
        )
    )
    return Result()


def save_draft(work: Work, command: SaveTaskDraft) -> Result:
    """Keep unfinished data as they are; they are validated when the task is completed."""
    case, task = _task(work, command)
    access.check_holds(work.actor, case, task)
    limit = work.ports.catalog.settings["limits"]["draft"]
    if not is_plain(command.draft):
        raise FormInvalidError({"": ["Bản nháp không đúng dạng; hãy tải lại trang rồi nhập lại."]})
    if len(dumps(command.draft)) > limit:
        raise FormInvalidError({"": [f"Bản nháp quá dài (tối đa {limit} ký tự)."]})
    work.add(events.TaskDraftSaved(key=task.key, draft=command.draft))
    return Result()


def complete(work: Work, command: CompleteTask) -> Result:
    """Finish the task: the form is validated on the server, then the process goes on.

    When it cannot, what was typed stays in the task as its draft and in the incident that is raised.
    """
    case, task = _task(work, command)
    access.check_holds(work.actor, case, task)
    access.check_moves(work.actor, case, task)
    clean = validated(work, case, task, command.data)
    check_signature(work, case, task, clean)
    note_taken(work, task, clean, command.drawer if isinstance(command, TakeCash) else "")
    answer = take_or_keep(work, "task", task.key, clean, by=work.actor.id)
    if answer.data:
        work.add(events.TaskDraftSaved(key=task.key, draft=command.data))
    return answer


def _task(work: Work, command: TaskCommand) -> tuple[Case, Task]:
    case = access.check_sees(work.actor, work.load(command.unit, command.case_id))
    task = access.open_task(case, command.key)
    work.act_in(task.groups)
    return case, task
