"""A case goes back to the step before, with what has to be looked at again."""

from __future__ import annotations

from engine.commands.advance import advance
from engine.commands.handling_messages import ReturnTask
from engine.commands.messages import Result
from engine.commands.work import Work
from engine.domain import access, events
from engine.domain.case import Case, Task
from engine.domain.errors import RuleError
from engine.domain.steering import Change
from engine.domain.way_back import WayBack, way_back
from engine.ports import Ports

LONGEST = 2000


def back_of(ports: Ports, case: Case, task: Task) -> WayBack | None:
    """The step a task may be sent back to; None where the diagram does not allow it."""
    history = [link for link in ports.store.events(case.id) if link.seq <= case.version]
    found = way_back(history, task.key)
    if found is None:
        return None
    procedure = ports.catalog.procedure(case.procedure, case.procedure_version)
    places = {(place.scope, place.element_id) for place in ports.runner.places(procedure, case.snapshot)}
    return found if (found.scope, found.element_id) in places else None


def send_back(work: Work, command: ReturnTask) -> Result:
    """The step before opens again, for who did it, as it was filled in then; RuleError where there is no way back."""
    case = access.check_sees(work.actor, work.load(command.unit, command.case_id))
    task = access.open_task(case, command.key)
    access.check_holds(work.actor, case, task)
    access.check_moves(work.actor, case)
    reason = command.reason.strip()[:LONGEST]
    if not reason:
        raise RuleError(reason="Hãy ghi rõ phải xem lại điều gì.", reason_en="Say what has to be looked at again.")
    back = back_of(work.ports, case, task)
    if back is None:
        raise RuleError(
            reason="Sơ đồ quy trình không cho trả lại từ bước này; hãy dùng lựa chọn có sẵn trong biểu mẫu.",
            reason_en="The diagram allows no way back from this step; use the choices of its form.",
        )
    _go(work, task, back, reason)
    return Result()


def _go(work: Work, task: Task, back: WayBack, reason: str) -> None:
    by, name = work.actor.id, back.name
    change = Change(cancel=(task.key,), begin=((back.scope, back.element_id),), variables={})
    step = work.ports.runner.modify(work.procedure, work.case.snapshot, change, work.call())
    work.add(events.TaskReturned(key=task.key, to=back.element_id, step=name, receiver=back.by, reason=reason, by=by))
    advance(work, step, trigger={"kind": "modify", "key": "", "data": change.as_data()})
    _hand_to(work, back, reason)


def _hand_to(work: Work, back: WayBack, reason: str) -> None:
    """Who did the step has it again, if still of its groups; what was filled in then need not be typed again."""
    task = next((t for t in work.case.tasks.values() if (t.scope, t.element_id) == (back.scope, back.element_id)), None)
    if task is None:
        return
    groups = work.ports.groups_of(work.case.unit, back.by) if work.ports.groups_of else frozenset(task.groups)
    if not groups.isdisjoint(task.groups):
        work.add(events.TaskDelegated(key=task.key, assignee=back.by, by=work.actor.id, reason=reason))
    if back.data and task.form_id:
        work.add(events.TaskDraftSaved(key=task.key, draft=back.data))
