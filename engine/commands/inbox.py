"""Assign tasks, set them aside until a day, ask colleagues to look."""

from __future__ import annotations

from engine.commands.inbox_messages import AssignTask, MentionColleagues, SetFollowUp
from engine.commands.membership import check_member
from engine.commands.messages import Result
from engine.commands.work import Work
from engine.domain import access, events
from engine.domain.case import Case, Task
from engine.domain.errors import ForbiddenError, FormInvalidError, RuleError, TaskTakenError

REASON = 500  # characters
EXCERPT = 200
MOST_MENTIONED = 20


def assign(work: Work, command: AssignTask) -> Result:
    """A leader gives the task to a member of its groups; whoever held it is told by history."""
    case, task = _task(work, command)
    if not access.assigns(work.actor) or work.actor.unit != case.unit:
        raise ForbiddenError(task=task.key)
    access.check_moves(work.actor, case)
    check_member(work, case, task, command.assignee)
    if command.assignee != task.assignee:
        work.add(
            events.TaskAssigned(
                key=task.key,
                assignee=command.assignee,
                before=task.assignee,
                by=work.actor.id,
                reason=_short(command.reason),
            )
        )
    return Result()


def set_follow_up(work: Work, command: SetFollowUp) -> Result:
    """Whoever holds the task, or where nobody does might take it, sets it aside for a reason, or takes it up again."""
    case, task = _task(work, command)
    access.check_takes(work.actor, case, task)
    if task.assignee not in (None, work.actor.id):
        raise TaskTakenError(task=task.key, assignee=task.assignee)
    reason = _short(command.reason)
    wrong = {}
    if command.until is not None and command.until <= work.now:
        wrong["until"] = ["Hãy chọn một ngày sau hôm nay."]
    if command.until is not None and not reason:
        wrong["reason"] = ["Hãy ghi lý do để người khác biết vì sao việc được để lại."]
    if wrong:
        raise FormInvalidError(wrong)
    if command.until != task.follow_up:
        work.add(events.TaskFollowUpSet(key=task.key, follow_up=command.until, reason=reason))
    return Result()


def mention(work: Work, command: MentionColleagues) -> Result:
    """Keep the note, for the house alone, and whom it asks; only officers of the unit can be asked."""
    case = access.check_sees(work.actor, work.load(command.unit, command.case_id))
    if work.actor.kind != "officer" or access.only_reads(work.actor):
        raise ForbiddenError()
    text = command.text.strip()
    if not text or len(text) > work.ports.catalog.settings["limits"]["comment"]:
        raise RuleError(
            reason="Ghi chú phải có nội dung và không quá dài.", reason_en="A note needs text, and not too much of it."
        )
    accounts = tuple(dict.fromkeys(command.accounts))
    if not 1 <= len(accounts) <= MOST_MENTIONED or not all(_is_officer(work, case, one) for one in accounts):
        raise RuleError(
            reason="Chỉ nhắc được cán bộ, công chức của cơ quan này.",
            reason_en="Only officers of the house can be asked.",
        )
    comment = work.ports.ids.new()
    work.add(events.CaseCommented(comment=comment, text=text, public=False))
    work.add(events.ColleaguesMentioned(comment=comment, accounts=accounts, text=text[:EXCERPT]))
    return Result()


def _is_officer(work: Work, case: Case, account: str) -> bool:
    return work.ports.groups_of is None or bool(work.ports.groups_of(case.unit, account))


def _task(work: Work, command: AssignTask | SetFollowUp) -> tuple[Case, Task]:
    case = access.check_sees(work.actor, work.load(command.unit, command.case_id))
    return case, access.open_task(case, command.key)


def _short(text: str) -> str:
    return text.strip()[:REASON]
