"""Called processes and embedded sub-processes: a scope inside, with inputs from the one around it and outputs back."""
# mypy: disallow-subclassing-any=False

from __future__ import annotations

from bpmn.spiff.instances import collect
from bpmn.spiff.library import CallActivity, SubWorkflowTask, TaskState
from bpmn.spiff.spec import TokenSpec
from bpmn.spiff.token import Scope, Token
from bpmn.spiff.waits import unwatch, watch


class Inside(TokenSpec):
    """Opens its scope when a token arrives and goes on when that scope has no token left."""

    calls = True
    spec: str

    def _update_hook(self, my_task: Token) -> bool:
        top, engine = my_task.workflow.top_workflow, my_task.workflow.script_engine
        inputs = engine.mapped(my_task, self.binding.inputs, {})
        inner = top.create_subprocess(my_task, self.spec)
        engine.variables.write(inner.scope, inputs)
        my_task._set_state(TaskState.STARTED)
        watch(my_task, inputs)
        inner.begin()
        return False

    def _run_hook(self, my_task: Token) -> bool:
        top = my_task.workflow.top_workflow
        self._hand_back(my_task, top.subprocesses[my_task.id])
        collect(my_task, {})
        top.delete_subprocess(my_task)
        return True

    def _hand_back(self, token: Token, inner: Scope) -> None:
        engine = token.workflow.script_engine
        if self.binding.element.propagate_all_child:
            own, local = engine.variables.own(inner.scope), self.binding.local
            token.write({name: value for name, value in own.items() if name not in local})
        token.write(engine.mapped(inner, self.binding.outputs, {}))

    def _on_complete_hook(self, my_task: Token) -> None:
        unwatch(my_task)
        super()._on_complete_hook(my_task)

    def _on_cancel(self, my_task: Token) -> None:
        my_task.workflow.top_workflow.delete_subprocess(my_task)
        unwatch(my_task)


class ProcessCall(Inside, CallActivity):
    """A call activity: the called process keeps its own variables."""


class SubProcess(Inside, SubWorkflowTask):
    """An embedded sub-process, or an event sub-process that was started: it shares the variables around it."""
