"""Whether somebody belongs to the groups of a task: a house without people of its own cannot tell."""

from __future__ import annotations

from engine.commands.work import Work
from engine.domain import access
from engine.domain.case import Case, Task
from engine.domain.errors import RuleError


def check_member(work: Work, case: Case, task: Task, assignee: str) -> None:
    """RuleError unless the person belongs to a group of the task; what the applicant has to do stays theirs."""
    if work.ports.groups_of is None and task.groups != (access.APPLICANT,):
        return
    groups = work.ports.groups_of(case.unit, assignee) if work.ports.groups_of else frozenset()
    if task.groups == (access.APPLICANT,) or groups.isdisjoint(task.groups):
        raise RuleError(
            reason="Người được chọn không thuộc nhóm xử lý công việc này.",
            reason_en="The chosen person does not belong to a group of this task.",
        )
