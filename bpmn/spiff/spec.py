"""How an element behaves by default: a token arrives, passes, and takes every outgoing flow."""
# mypy: disallow-subclassing-any=False

from __future__ import annotations

from typing import Any

from bpmn.spiff.binding import Binding
from bpmn.spiff.library import BpmnProcessSpec, BpmnStartTask, EndEvent, EventDefinition, StartEvent
from bpmn.spiff.token import Token


class TokenSpec:
    """Mixed in before a spec of the library: no prediction, no data, no growing tree."""

    binding: Binding
    name: str
    wait_kind: str | None = None  # "task", "message" or "timer" where a token waits for the world
    joins = False  # whether tokens wait here for each other
    calls = False  # whether a token here stands for an inner scope: a called process, a sub-process, a loop
    catches: str | None = None  # the kind of thrown event a token here waits for
    guards = False  # whether a token here only watches its scope, which may be over without it

    @property
    def rests(self) -> bool:
        """Tell whether a token may be found here between two steps."""
        return bool(self.wait_kind or self.joins or self.calls or self.catches)

    def test(self) -> None:
        """The library checks a spec whenever a task gets ready; here the whole diagram is checked once."""

    def _predict(self, my_task: Token, *_: Any, **__: Any) -> None:
        """The library grows a tree of tasks that may come; only tokens that are there exist here."""

    def _update_hook(self, my_task: Token) -> bool:
        """Tell whether the token may go on at once."""
        return True

    def _on_ready(self, my_task: Token) -> None:
        """Nothing to prepare."""

    def _run_hook(self, my_task: Token) -> bool:
        return True

    def _on_complete_hook(self, my_task: Token) -> None:
        leave(my_task, self.binding)

    def _on_cancel(self, my_task: Token) -> None:
        """Nothing to undo."""


def leave(token: Token, binding: Binding) -> None:
    """Put a token on every outgoing flow, in document order."""
    for link in binding.links:
        token.workflow.place(link.target, link.flow_id)


class RootSpec(TokenSpec, BpmnStartTask):
    """The spec of the root all tokens hang on; it never runs."""


class FlatProcessSpec(BpmnProcessSpec):
    """One level of a process (itself, a sub-process, a loop) whose specs are exactly the elements on that level.

    `entry` is the id of its start event ("" for a process that only events begin), `guards` are the start events of its
    event sub-processes. `kind` says whose variables it has: "process" its own, "embedded" those of the level around it,
    "loop" likewise.
    """

    def __init__(self, name: str, process_id: str, *, kind: str = "process", description: str = "") -> None:
        super().__init__(name=name, description=description)
        self.process_id = process_id
        self.kind = kind
        self.entry = ""
        self.guards: list[str] = []
        self.inclusive = False  # whether tokens wait for each other at an inclusive gateway
        self.conditional = False  # whether tokens wait here until something comes true
        self.levels: dict[str, FlatProcessSpec] = {}  # every level inside a process, by name
        # The library's own Start, End and EndJoin would clash with elements of these ids, and join too much.
        self.task_specs.clear()
        self.start = RootSpec(self, "/")
        self.end = None
        self.task_specs.clear()


class NoneStart(TokenSpec, StartEvent):
    """A start event without a trigger."""


class TriggeredStart(TokenSpec, StartEvent):
    """A start event with a trigger, once it has happened: of an event sub-process, or of the process itself."""


class NoneEnd(TokenSpec, EndEvent):
    """An end event: its token is consumed, the others go on."""


class TerminateEnd(TokenSpec, EndEvent):
    """An end event that ends its own process at once; a caller goes on normally."""

    def _on_complete_hook(self, my_task: Token) -> None:
        for token in my_task.workflow.live():
            if token is not my_task:
                my_task.workflow.discard(token)


class TriggeredElsewhere(EventDefinition):
    """The event definition of the library's specs: events are waits that end by their key, so it does nothing."""

    def __init__(self) -> None:
        super().__init__("")
