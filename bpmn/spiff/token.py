"""A live token: a task of the library that hangs directly on the root and is gone as soon as it is done."""
# mypy: disallow-subclassing-any=False

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from bpmn.spiff.cycle import Cycle
from bpmn.spiff.engine import FeelScriptEngine
from bpmn.spiff.journal import Journal
from bpmn.spiff.library import Task, TaskState

ROOT_ID = "/"  # no element id may hold a slash, so no key is ever equal to it


class Scope(Protocol):
    """What a token asks of the running process it stands in."""

    spec: Any
    scope: str
    visible_scopes: tuple[str, ...]
    tasks: dict[str, Token]
    task_tree: Token
    host: Token | None
    visits: dict[str, int]
    over: bool

    @property
    def script_engine(self) -> FeelScriptEngine:
        """The FEEL engine of this call."""

    @property
    def top_workflow(self) -> Top:
        """The case's own process."""

    def begin(self) -> None:
        """Open the guards of the scope and put a token at its start."""

    def write(self, values: Mapping[str, Any]) -> None:
        """Write variables where the scope keeps them."""

    def live(self) -> list[Token]:
        """Return the live tokens in the order they came."""

    def key(self, element_id: str, number: int) -> str:
        """Return the key of a visit."""

    def next_number(self, element_id: str) -> int:
        """Count a visit."""

    def visit(self, element_id: str, number: int, flow_id: str | None) -> str:
        """Note a visit."""

    def place(self, element_id: str, flow_id: str | None) -> Token:
        """Put a token at an element."""

    def put(self, element_id: str, number: int, key: str | None = None) -> Token:
        """Make a token without a visit."""

    def discard(self, token: Token) -> None:
        """Cancel a token."""


class Top(Scope, Protocol):
    """What a token asks of the case's own process."""

    journal: Journal
    ready: deque[Token]

    @property
    def subprocesses(self) -> Mapping[str, Scope]:
        """The called processes by the keys of their calls."""

    def scopes(self) -> Sequence[Scope]:
        """Return every running scope, outer ones first."""

    def create_subprocess(self, my_task: Token, spec_name: str) -> Scope:
        """Open an inner scope."""

    def delete_subprocess(self, my_task: Token) -> None:
        """Cancel what is left of an inner scope and drop it."""


class Token(Task):
    """One token at one element; `id` is its key, so a token needs no random number to be named."""

    workflow: Scope
    id: str
    number: int
    flow_id: str | None  # over which it came; joins count by it
    host: Token | None  # the activity a boundary event watches
    fired: bool  # a boundary event that fired before and is still open
    held: bool  # what a condition gave when it was looked at last
    cycle: Cycle | None

    def __init__(self, workflow: Scope, spec: Any, key: str, number: int, parent: Token | None = None) -> None:
        super().__init__(workflow, spec, parent, TaskState.FUTURE, key)
        self.number = number
        self.flow_id = None
        self.host = None
        self.fired = False
        self.held = False
        self.cycle = None

    @property
    def waiting(self) -> bool:
        return bool(self._state == TaskState.WAITING)

    @property
    def alive(self) -> bool:
        return self.workflow.tasks.get(self.id) is self

    @property
    def visible_scopes(self) -> tuple[str, ...]:
        """Return the scopes whose variables it sees, innermost first; an instance of a loop has one of its own."""
        around = self.workflow.visible_scopes
        return (self.id, *around) if self.task_spec.binding.repeated else around

    def write(self, values: Mapping[str, Any]) -> None:
        """Write variables into the scope, but what is an instance's own into its own."""
        local = self.task_spec.binding.local
        own = {name: value for name, value in values.items() if name in local}
        self.workflow.script_engine.variables.write(self.id, own)
        self.workflow.write({name: value for name, value in values.items() if name not in local} if own else values)

    def advance(self) -> None:
        """Take the token as far as its element lets it go now; one that was cancelled in the queue stays so."""
        if self._state == TaskState.FUTURE:
            self.task_spec._update(self)
        elif self._state == TaskState.WAITING:
            self.task_spec.end(self, {})  # what it waited for has come true
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
