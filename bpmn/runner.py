"""Runs a process: each call takes a snapshot, moves the tokens to their next waits, and returns a Step."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from bpmn import snapshot as snapshots
from bpmn.dmn import DecisionModel
from bpmn.errors import StepError, UnknownWaitError
from bpmn.instance import Change, Migration, Place, Plan, Standing
from bpmn.model import ProcessDefinition, StartFacts, Step
from bpmn.spiff.check import problems
from bpmn.spiff.engine import Call, FeelScriptEngine
from bpmn.spiff.journal import Journal
from bpmn.spiff.kinds import EXECUTED
from bpmn.spiff.migrate import Mover
from bpmn.spiff.modify import apply_change, places, standing
from bpmn.spiff.parser import DiagramParser
from bpmn.spiff.scope import CaseWorkflow
from bpmn.spiff.spec import FlatProcessSpec
from bpmn.spiff.starts import begin_at, slot_after, start_facts
from bpmn.spiff.throwing import listening, throw_error, throw_signal
from bpmn.spiff.token import Token

__all__ = ["EXECUTED", "Call", "Runner", "problems", "start_facts"]

_NOTHING: Mapping[str, Any] = {}
_NO_LIBRARY: Mapping[str, ProcessDefinition] = {}
_NO_DECISIONS: Mapping[str, DecisionModel] = {}
# Cancelling and looking evaluate nothing, so they need neither variables nor a clock.
_NO_CALL = Call(scopes={}, now=datetime.min.replace(tzinfo=UTC))


class Runner:
    """Runs one process definition and what it calls; immutable once made, safe in many threads."""

    def __init__(
        self,
        definition: ProcessDefinition,
        library: Mapping[str, ProcessDefinition] = _NO_LIBRARY,
        decisions: Mapping[str, DecisionModel] = _NO_DECISIONS,
    ) -> None:
        """Compile the definition and everything of the library it may call, directly or not.

        `decisions` are the files of the decisions that business rule tasks name, by decision (`dmn.by_decision`).
        Raises UnsupportedElementError or StepError naming the first element that cannot be run.
        """
        self._spec = _compile(definition, library, decisions)
        self._starts = start_facts(definition)
        called = {each.id: _compile(each, library, decisions) for each in _called(definition, library)}
        inside = {name: level for each in (self._spec, *called.values()) for name, level in each.levels.items()}
        self._library = {**called, **inside}
        self.conditional = any(each.conditional for each in (self._spec, *self._library.values()))

    @property
    def starts(self) -> tuple[StartFacts, ...]:
        """The start events of the process itself, in document order."""
        return self._starts

    def start(self, call: Call, element_id: str | None = None, payload: Mapping[str, Any] = _NOTHING) -> Step:
        """Start an instance: a token at the start event, run to the first waits.

        None is the start event without a trigger. What another one is given becomes variables: all of the payload, or
        what its output mappings make of it. Raises StepError when the process does not begin so.
        """
        workflow = self._fresh(call)
        begin_at(workflow, self._starts, element_id, payload)
        return self._step(workflow)

    def slot_after(self, element_id: str, call: Call, after: datetime) -> datetime | None:
        """Return when a start timer is due next, later than `after`; None when never again.

        `call.now` is when the timer took effect: durations, and cycles without a start of their own, count from there,
        and slots before it are none. Raises StepError when the timer tells no time.
        """
        return slot_after(self._fresh(call), self._starts, element_id, after)

    def complete(self, snapshot: str, key: str, result: Mapping[str, Any], call: Call) -> Step:
        """Complete a user task or a job with its result. Raises UnknownWaitError when it is not open."""
        return self._end("task", snapshot, key, result, call)

    def fire_timer(self, snapshot: str, key: str, call: Call) -> Step:
        """Fire a timer. A cycle is opened again at its next slot after `call.now`. Raises UnknownWaitError."""
        return self._end("timer", snapshot, key, _NOTHING, call)

    def deliver_message(self, snapshot: str, key: str, payload: Mapping[str, Any], call: Call) -> Step:
        """Deliver a message with its payload to the wait of this key. Raises UnknownWaitError when it is not open."""
        return self._end("message", snapshot, key, payload, call)

    def fail(self, snapshot: str, key: str, code: str, payload: Mapping[str, Any], call: Call) -> Step:
        """End a user task or a job with a BPMN error; its payload is what the catching event is given.

        Raises UnknownWaitError when it is not open, StepError naming element and code when nothing catches the error.
        """
        workflow = self._restore(snapshot, call)
        throw_error(self._find(workflow, "task", key), code, payload)
        return self._step(workflow)

    def deliver_signal(self, snapshot: str, name: str, payload: Mapping[str, Any], call: Call) -> Step:
        """Hand a signal thrown elsewhere to everything here that waits for it; nothing happens when nothing does."""
        workflow = self._restore(snapshot, call)
        throw_signal(workflow, name, payload)
        return self._step(workflow)

    def wake(self, snapshot: str, call: Call) -> Step:
        """Look at the conditions again because variables or context changed outside; nothing happens when none turned.

        The step then has the snapshot it was given and no visits. Time that passes is no change: use timers for it.
        """
        return self._step(self._restore(snapshot, call))

    def cancel(self, snapshot: str) -> Step:
        """End the instance: every wait is closed, nothing runs."""
        workflow = self._restore(snapshot, _NO_CALL)
        workflow.discard_all()
        return self._step(workflow)

    def modify(self, snapshot: str, change: Change, call: Call) -> Step:
        """Cancel, set and begin, then run to the next waits. Raises ChangeError where BPMN gives that no meaning."""
        workflow = self._restore(snapshot, call)
        apply_change(workflow, change)
        return self._step(workflow)

    def migrate(self, snapshot: str, origin: Runner, plan: Plan, call: Call) -> Migration:
        """Take over an instance that `origin` ran. No token moves. Raises MigrationError with everything in the way.

        `call` holds the variables under their old scopes; their names change as `keys` of the answer says.
        """
        scopes: dict[str, Mapping[str, Any]] = {}
        old, new = origin._restore(snapshot, _NO_CALL), self._fresh(replace(call, scopes=scopes))
        return Mover(old, new, plan).move(call.scopes, scopes, snapshots.dump)

    @property
    def element_ids(self) -> frozenset[str]:
        """The ids of all elements, those of called processes included."""
        return frozenset(name for spec in (self._spec, *self._library.values()) for name in spec.task_specs)

    def standing(self, snapshot: str) -> tuple[Standing, ...]:
        """Return where every token stands, outer scopes first."""
        return standing(self._restore(snapshot, _NO_CALL))

    def places(self, snapshot: str) -> tuple[Place, ...]:
        """Return where something may be begun by hand."""
        return places(self._restore(snapshot, _NO_CALL))

    def waits(self, snapshot: str) -> tuple[str, ...]:
        """Return the keys of the open waits, sorted."""
        return tuple(sorted(_open_keys(self._restore(snapshot, _NO_CALL))))

    def _end(self, kind: str, snapshot: str, key: str, result: Mapping[str, Any], call: Call) -> Step:
        workflow = self._restore(snapshot, call)
        token = self._find(workflow, kind, key)
        token.task_spec.end(token, result)
        return self._step(workflow)

    def _find(self, workflow: CaseWorkflow, kind: str, key: str) -> Token:
        token = workflow.find(key)
        if token is None or token.task_spec.wait_kind != kind:
            raise UnknownWaitError(
                f'No {kind} "{key}" is open here.', message_vi=f"Không có việc nào đang chờ với khóa “{key}”."
            )
        return token

    def _step(self, workflow: CaseWorkflow) -> Step:
        workflow.advance()
        journal = workflow.journal
        return Step(
            snapshot=snapshots.dump(workflow),
            opened=journal.opened,
            closed=journal.closed,
            path=journal.path,
            variables=workflow.script_engine.variables.changes,
            ended=workflow.is_completed(),
            conditional=workflow.is_conditional(),
            signals=tuple(each.name for each in journal.thrown),
            thrown=journal.thrown,
            listens=listening(workflow),
        )

    def _restore(self, snapshot: str, call: Call) -> CaseWorkflow:
        workflow = snapshots.restore(snapshot, lambda: self._fresh(call))
        workflow.journal = Journal(frozenset(_open_keys(workflow)))
        return workflow

    def _fresh(self, call: Call) -> CaseWorkflow:
        if call.now.tzinfo is None:
            raise StepError("The instant of a call needs a time zone.")
        return CaseWorkflow(self._spec, self._library, FeelScriptEngine(call), Journal())


def _open_keys(workflow: CaseWorkflow) -> Iterator[str]:
    for scope in workflow.scopes():
        for token in scope.live():
            if token.task_spec.wait_kind is not None:
                yield token.id


def _compile(
    definition: ProcessDefinition, library: Mapping[str, ProcessDefinition], decisions: Mapping[str, DecisionModel]
) -> FlatProcessSpec:
    for problem in problems(definition, library):
        raise problem
    return DiagramParser().compile(definition, decisions)


def _called(definition: ProcessDefinition, library: Mapping[str, ProcessDefinition]) -> list[ProcessDefinition]:
    """Return what a definition calls, directly or not, each once."""
    found: dict[str, ProcessDefinition] = {}
    ahead = [definition]
    while ahead:
        for element in ahead.pop().elements.values():
            called = element.called_element or ""
            if element.kind == "callActivity" and called in library and called not in found:
                found[called] = library[called]
                ahead.append(library[called])
    return list(found.values())
