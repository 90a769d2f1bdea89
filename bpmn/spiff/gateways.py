"""Gateways: exclusive, event-based, and parallel with a join that counts tokens as BPMN says."""
# mypy: disallow-subclassing-any=False

from __future__ import annotations

from bpmn.errors import StepError
from bpmn.spiff.binding import Link
from bpmn.spiff.formula import Formula
from bpmn.spiff.library import ExclusiveGateway, ParallelGateway, TaskState
from bpmn.spiff.spec import TokenSpec
from bpmn.spiff.token import Token


class ExclusiveChoice(TokenSpec, ExclusiveGateway):
    """Takes the first flow, in document order, whose condition holds, else the default flow; joins nothing."""

    def _on_complete_hook(self, my_task: Token) -> None:
        link = self._choose(my_task)
        my_task.workflow.place(link.target, link.flow_id)

    def _choose(self, token: Token) -> Link:
        for link in self.binding.links:
            if link is not self.binding.default and (link.condition is None or holds(token, link, link.condition)):
                return link
        if self.binding.default is None:
            raise StepError(
                f'No condition of "{self.name}" holds and it has no default flow.',
                self.name,
                message_vi=f"Không điều kiện nào của “{self.name}” đúng và không có luồng mặc định.",
            )
        return self.binding.default


def holds(token: Token, link: Link, condition: Formula) -> bool:
    """Tell whether the condition of a flow holds; null counts as no. Raises StepError when it is no yes or no."""
    value = token.workflow.script_engine.evaluate(token, condition)
    if value is None or isinstance(value, bool):
        return bool(value)
    raise StepError(
        f'The condition of "{link.flow_id}" gives {value!r}, which is neither true nor false.',
        token.task_spec.name,
        message_vi=f"Điều kiện của “{link.flow_id}” cho giá trị {value!r}, không phải đúng hay sai.",
    )


class ParallelJoin(TokenSpec, ParallelGateway):
    """Waits for a token on every incoming flow, takes one of each and leaves the rest; then takes every outgoing flow.

    The library's join follows the ancestors of a task, which goes wrong as soon as a loop leads back to it.
    """

    joins = True

    def _update_hook(self, my_task: Token) -> bool:
        arrived: dict[str | None, Token] = {my_task.flow_id: my_task}
        for token in my_task.workflow.live():
            if token.task_spec is self and token.waiting:
                arrived.setdefault(token.flow_id, token)
        if len(arrived) < len(self.binding.element.incoming):
            my_task._set_state(TaskState.WAITING)
            return False
        for token in arrived.values():
            if token is not my_task:
                my_task.workflow.discard(token)
        return True
