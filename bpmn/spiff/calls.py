"""Called processes: a scope of their own, with inputs from the caller and outputs back to it."""
# mypy: disallow-subclassing-any=False

from __future__ import annotations

from bpmn.spiff.library import CallActivity, TaskState
from bpmn.spiff.spec import TokenSpec
from bpmn.spiff.token import Scope, Token
from bpmn.spiff.waits import unwatch, watch


class ProcessCall(TokenSpec, CallActivity):
    """Opens the called process when a token arrives and goes on when that process has no token left."""

    calls = True

    def _update_hook(self, my_task: Token) -> bool:
        top, engine = my_task.workflow.top_workflow, my_task.workflow.script_engine
        inputs = engine.mapped(my_task, self.binding.inputs, {})
        called = top.create_subprocess(my_task, self.spec)
        engine.variables.write(called.scope, inputs)
        my_task._set_state(TaskState.STARTED)
        watch(my_task, inputs)
        called.place(called.spec.entry, None)
        return False

    def _run_hook(self, my_task: Token) -> bool:
        top = my_task.workflow.top_workflow
        self._hand_back(my_task, top.subprocesses[my_task.id])
        top.delete_subprocess(my_task)
        return True

    def _hand_back(self, token: Token, called: Scope) -> None:
        engine, caller = token.workflow.script_engine, token.workflow.scope
        if self.binding.element.propagate_all_child:
            engine.variables.write(caller, engine.variables.own(called.scope))
        # The root of the called process stands for its scope: outputs are evaluated there.
        engine.variables.write(caller, engine.mapped(called.task_tree, self.binding.outputs, {}))

    def _on_complete_hook(self, my_task: Token) -> None:
        unwatch(my_task)
        super()._on_complete_hook(my_task)

    def _on_cancel(self, my_task: Token) -> None:
        my_task.workflow.top_workflow.delete_subprocess(my_task)
        unwatch(my_task)
