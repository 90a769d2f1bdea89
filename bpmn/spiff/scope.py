"""Running scopes: the case's own process, and what all scopes share: a flat set of live tokens."""
# mypy: disallow-subclassing-any=False

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from typing import Any

from bpmn.errors import StepError
from bpmn.model import Visit
from bpmn.spiff.conditional import came_true, listening
from bpmn.spiff.engine import FeelScriptEngine
from bpmn.spiff.inclusive import released
from bpmn.spiff.journal import Journal
from bpmn.spiff.library import BpmnSubWorkflow, BpmnWorkflow
from bpmn.spiff.token import ROOT_ID, Token

MAX_VISITS = 10_000  # elements one call may reach: far more than any sane diagram, little enough to answer in a second
MAX_DEPTH = 32  # processes that call each other


class ScopeWorkflow:
    """What a running process adds to a workflow of the library: visit numbers, and tokens that hang on the root."""

    spec: Any
    tasks: dict[str, Token]
    task_tree: Token
    top_workflow: CaseWorkflow
    script_engine: FeelScriptEngine
    scope: str
    visits: dict[str, int]
    visible_scopes: tuple[str, ...]
    host: Token | None = None  # what stands for this scope in the one around it
    over = False  # a loop that opens no further instance

    def open_scope(self, scope: str, visible_scopes: tuple[str, ...]) -> None:
        self.scope = scope
        self.visible_scopes = visible_scopes
        self.visits = {}
        self._prefix = f"{scope}/" if scope else ""
        self.task_tree = Token(self, self.spec.start, ROOT_ID, 0)

    def begin(self, entry: str = "") -> None:
        """Open the guards of the scope and put a token at its start, or at this start event."""
        for element_id in self.spec.guards:
            guard = self.put(element_id, self.next_number(element_id))
            guard.task_spec.open(guard, {})
        self.place(entry or self.spec.entry, None)

    def write(self, values: Mapping[str, Any]) -> None:
        """Write variables where the scope keeps them."""
        self.script_engine.variables.write(self.scope, values)

    def key(self, element_id: str, number: int) -> str:
        return f"{self._prefix}{element_id}#{number}"

    def live(self) -> list[Token]:
        """Return the live tokens in the order they came."""
        return [token for key, token in self.tasks.items() if key != ROOT_ID]

    def next_number(self, element_id: str) -> int:
        number = self.visits[element_id] = self.visits.get(element_id, 0) + 1
        return number

    def visit(self, element_id: str, number: int, flow_id: str | None) -> str:
        """Note that a token reached an element and return the key of that visit."""
        key = self.key(element_id, number)
        self.top_workflow.count_visit(element_id)
        self.top_workflow.journal.visit(Visit(key, self.spec.process_id, element_id, flow_id))
        return key

    def place(self, element_id: str, flow_id: str | None) -> Token:
        """Put a token at an element, to be advanced after the tokens before it."""
        number = self.next_number(element_id)
        token = self.put(element_id, number, self.visit(element_id, number, flow_id))
        token.flow_id = flow_id
        self.top_workflow.ready.append(token)
        return token

    def put(self, element_id: str, number: int, key: str | None = None) -> Token:
        """Make a token without a visit: a restored one, or a boundary event that starts to watch."""
        spec = self.spec.task_specs[element_id]
        return Token(self, spec, key or self.key(element_id, number), number, self.task_tree)

    def discard(self, token: Token) -> None:
        """Cancel a token and everything that hangs on it; one that is gone already is left alone."""
        if self.tasks.get(token.id) is token:
            token.cancel()
            self._remove_task(token.id)

    def discard_all(self) -> None:
        for token in self.live():
            self.discard(token)

    def is_completed(self) -> bool:
        """Tell whether nothing is left but guards."""
        return all(token.task_spec.guards for token in self.live())

    def update_waiting_tasks(self) -> None:
        """The library re-examines every waiting task here; waits of this engine are ended by their keys."""

    def _task_completed_notify(self, task: Token) -> None:
        # What a token threw may have ended its whole scope.
        if task.alive:
            self._remove_task(task.id)
            self.after(task)

    def after(self, token: Token) -> None:
        """A token has left the scope: perhaps it was the last."""
        if self.is_completed():
            self.discard_all()
            self.on_ended()

    def _remove_task(self, task_id: str) -> None:
        del self.tasks[task_id]
        self.task_tree._children.remove(task_id)

    def on_ended(self) -> None:
        """The last token is gone."""


class CaseWorkflow(ScopeWorkflow, BpmnWorkflow):
    """The case's own process; it owns the queue, the journal and the called processes (by their scope names)."""

    subprocesses: dict[str, InnerWorkflow]

    def __init__(self, spec: Any, library: Mapping[str, Any], engine: FeelScriptEngine, journal: Journal) -> None:
        super().__init__(spec, library, engine, deserializing=True)
        self.journal = journal
        self.ready: deque[Token] = deque()
        self._visited = 0
        self.open_scope("", ("",))

    def advance(self) -> None:
        """Run every token until each of them waits or is gone, first come, first served."""
        while self.ready or self._come_true() or self._release():
            self.ready.popleft().advance()

    def _come_true(self) -> bool:
        """Let the conditional events happen whose condition has come true; only when nothing else moves."""
        self.ready.extend(came_true(self.scopes()))
        return bool(self.ready)

    def _release(self) -> bool:
        """Let one inclusive gateway go on that waits for nothing any more; only when nothing else moves."""
        joining = [scope for scope in self.scopes() if scope.spec.inclusive]
        token = next((found for scope in joining if (found := released(scope)) is not None), None)
        if token is not None:
            token.resume()
            self.ready.append(token)
        return token is not None

    def is_conditional(self) -> bool:
        """Tell whether something waits for a condition."""
        return next(listening(self.scopes()), None) is not None

    def count_visit(self, element_id: str) -> None:
        self._visited += 1
        if self._visited > MAX_VISITS:
            raise StepError(
                f'More than {MAX_VISITS} elements in one step: "{element_id}" lies on a loop that never waits.',
                element_id,
                message_vi=f"Quá {MAX_VISITS} phần tử trong một bước: “{element_id}” nằm trên vòng lặp không điểm chờ.",
            )

    def create_subprocess(self, my_task: Token, spec_name: str) -> InnerWorkflow:
        """Open an inner scope; its name is the key of the visit it belongs to."""
        inner = InnerWorkflow(self.subprocess_specs[spec_name], my_task, self)
        self.subprocesses[my_task.id] = inner
        return inner

    def open_again(self, scope: str) -> ScopeWorkflow:
        """Return the process of a restored scope; raises KeyError when its caller's token is missing."""
        if not scope:
            return self
        host = self.find(scope)
        if host is None or not host.task_spec.calls:
            raise KeyError(scope)
        return self.create_subprocess(host, host.task_spec.spec)

    def delete_subprocess(self, my_task: Token) -> None:
        """Cancel what is left of an inner scope and drop it."""
        called = self.subprocesses.pop(my_task.id, None)
        if called is not None:
            called.discard_all()
            self.script_engine.variables.drop(called.scope)

    def find(self, key: str) -> Token | None:
        """Return the live token of a key, whatever it is."""
        scope = key.rpartition("/")[0]
        workflow = self.subprocesses.get(scope) if scope else self
        return workflow.tasks.get(key) if workflow is not None else None

    def scopes(self) -> list[ScopeWorkflow]:
        """Return every running scope, outer ones first."""
        return [self, *self.subprocesses.values()]


class InnerWorkflow(ScopeWorkflow, BpmnSubWorkflow):
    """A called process, a sub-process or the instances of a loop: own visit numbers, the queue and journal of the case.

    A called process has variables of its own. The others read through to the scope around them and write there, except
    the names that were made inside: inputs, and what a loop gives its instances.
    """

    host: Token

    def __init__(self, spec: Any, host: Token, top: CaseWorkflow) -> None:
        self.host = host
        super().__init__(spec, parent_task_id=host.id, top_workflow=top, deserializing=True)
        outer = host.workflow.visible_scopes if host.task_spec.binding.element.propagate_all_parent else ()
        self.open_scope(host.id, (host.id, *outer))

    def write(self, values: Mapping[str, Any]) -> None:
        if self.spec.kind == "process":
            return super().write(values)
        own = self.script_engine.variables.own(self.scope)
        inside = {name: value for name, value in values.items() if name in own}
        super().write(inside)
        self.host.workflow.write({name: value for name, value in values.items() if name not in inside})
        return None

    def after(self, token: Token) -> None:
        if self.spec.kind == "loop":
            self.host.task_spec.proceed(self.host, self)
        super().after(token)

    def on_ended(self) -> None:
        self.top_workflow.ready.append(self.host)
        self.host.resume()

    def _calculate_depth(self) -> int:
        depth = self.host.id.count("/") + 1
        if depth > MAX_DEPTH:
            element_id = self.host.task_spec.name
            raise StepError(
                f'"{element_id}" opens more than {MAX_DEPTH} processes into each other.',
                element_id,
                message_vi=f"“{element_id}” mở lồng nhau quá {MAX_DEPTH} quy trình.",
            )
        return depth
