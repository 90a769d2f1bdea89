"""A live token: a task of the library that hangs directly on the root and is gone as soon as it is done."""
# mypy: disallow-subclassing-any=False

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bpmn.spiff.library import Task, TaskState

if TYPE_CHECKING:
    from bpmn.spiff.cycle import Cycle
    from bpmn.spiff.scope import ScopeWorkflow

ROOT_ID = "/"  # no element id may hold a slash, so no key is ever equal to it


class Token(Task):
    """One token at one element; `id` is its key, so a token needs no random number to be named."""

    workflow: ScopeWorkflow
    id: str
    number: int
    flow_id: str | None  # over which it came; joins count by it
    host: Token | None  # the activity a boundary event watches
    fired: bool  # a boundary event that fired before and is still open
    cycle: Cycle | None

    def __init__(self, workflow: ScopeWorkflow, spec: Any, key: str, number: int, parent: Token | None = None) -> None:
        super().__init__(workflow, spec, parent, TaskState.FUTURE, key)
        self.number = number
        self.flow_id = None
        self.host = None
        self.fired = False
        self.cycle = None

    @property
    def waiting(self) -> bool:
        return bool(self._state == TaskState.WAITING)

    def advance(self) -> None:
        """Take the token as far as its element lets it go now."""
        if self._state == TaskState.FUTURE:
            self.task_spec._update(self)
        if self._state == TaskState.READY:
            self.run()

    def resume(self) -> None:
        """Mark a token whose wait is over: it goes on when it is advanced."""
        self._set_state(TaskState.READY)

    def _set_state(self, value: int) -> None:
        # The library stamps the wall clock and builds log records here; this engine has neither.
        self._state = value

    def _inherit_data(self) -> None:
        """Variables live in the case, never in tokens: nothing to copy, nothing to merge."""
