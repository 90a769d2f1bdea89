"""What was answered in a task's form, as the server understands it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.commands.work import Work
from engine.domain.case import Case, Task
from engine.domain.context import case_context, variables
from engine.domain.errors import FormInvalidError


def validated(work: Work, case: Case, task: Task, data: Mapping[str, Any]) -> dict[str, Any]:
    """The clean answers; FormInvalidError, also for answers to a task that asks nothing."""
    if task.form_id is None:
        if data:
            raise FormInvalidError({name: ["Công việc này không có biểu mẫu."] for name in data})
        return {}
    context = {**variables(case, task), **case_context(case)}
    return work.ports.forms.validate(work.procedure, task.form_id, data, context)
