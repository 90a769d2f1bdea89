"""Business rule tasks whose decision is a file of the procedure: made inside the step, not by a job."""
# mypy: disallow-subclassing-any=False

from __future__ import annotations

from collections import ChainMap

from bpmn.spiff.instances import collect, forget
from bpmn.spiff.library import ServiceTask
from bpmn.spiff.spec import TokenSpec
from bpmn.spiff.token import Token


class DecidedTask(TokenSpec, ServiceTask):
    """Makes its decision over its inputs and the variables, and passes.

    Nothing waits: the same rules over the same variables at the same instant always give the same.
    """

    def _run_hook(self, my_task: Token) -> bool:
        engine, binding = my_task.workflow.script_engine, self.binding
        inputs = engine.mapped(my_task, binding.inputs, {})
        decided = engine.decide(my_task, self.name, binding.decision, inputs)
        values = result = {str(binding.element.result_variable): decided}
        if binding.outputs:
            values = engine.mapped(my_task, binding.outputs, ChainMap(result, inputs))
        my_task.write(values)
        collect(my_task, result)
        forget(my_task)
        return True
