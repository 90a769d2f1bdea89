"""Before a decision to sign is written down: is there a key, is it the signer's own, does its certificate hold."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.commands.signer import unit_signed_by
from engine.commands.work import Work
from engine.domain.case import Case, Task
from engine.domain.context import variables

Values = Mapping[str, Any]


def signed_answer(work: Work, task: Task) -> Values | None:
    """What signing answers in the task's form; None where the task is none of signing."""
    queue = work.ports.catalog.settings.get("signing_queue", {})
    answer: Values | None = queue.get("signed") if task.element_id in queue.get("tasks", ()) else None
    return answer


def check_signature(work: Work, case: Case, task: Task, answer: Values) -> None:
    """NoKeyError, KeyOwnerError, KeyWindowError, where the answer is to sign. The key's PIN is asked elsewhere."""
    wanted, keys = signed_answer(work, task), work.ports.keys
    if keys is None or wanted is None or any(answer.get(name) != value for name, value in wanted.items()):
        return
    unit = unit_signed_by(work.ports, case.unit, work.actor.id, work.actor.on_behalf_of, work.now)
    key = keys.key("leader", str(variables(case, task).get("signer") or unit["signer_name"]))
    key.check_owner(work.actor.id)
    key.check_window(work.now)
