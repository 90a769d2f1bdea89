"""The process runner and FEEL behind their ports; compiled definitions are kept per procedure version."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields
from datetime import datetime
from functools import cached_property
from threading import Lock
from typing import Any

from bpmn import dmn, feel, instance, model, parse
from bpmn.errors import BpmnError, MigrationError
from bpmn.runner import Call as RunnerCall
from bpmn.runner import Runner, start_facts
from engine.domain import process
from engine.domain.errors import (
    CannotMigrateError,
    CatalogError,
    ChangeRefusedError,
    NotFoundError,
    ProcessStuckError,
    RuleError,
)
from engine.domain.procedure import Group, Procedure
from engine.domain.process import Call, Signal, Start, Step
from engine.domain.steering import Change, Moved, Place, Plan, Standing
from engine.ports import Clock

WAITS: dict[type[Any], type[Any]] = {
    model.JobWait: process.JobWait,
    model.TimerWait: process.TimerWait,
    model.MessageWait: process.MessageWait,
}


class Library:
    """The definitions of one procedure version and the runner of its process, compiled when it is first asked for."""

    def __init__(self, procedure: Procedure) -> None:
        self._process_id = procedure.process_id
        self._tables = [data for name, data in sorted(procedure.files.items()) if name.endswith(".dmn")]
        read = [parse.parse(data) for name, data in sorted(procedure.files.items()) if name.endswith(".bpmn")]
        self.definitions = {d.id: d for d in read}
        if procedure.process_id not in self.definitions:
            raise CatalogError(code=procedure.code, reason=f"process {procedure.process_id} is missing")

    @property
    def starts(self) -> tuple[model.StartFacts, ...]:
        """The start events as drawn; one that begins cases by itself is only there when the process can be run."""
        drawn = start_facts(self.definitions[self._process_id])
        return drawn if all(each.kind == "none" for each in drawn) else self.runner.starts

    @cached_property
    def runner(self) -> Runner:
        """The runner; UnsupportedElementError or StepError name the first element that cannot be run."""
        decided = dmn.by_decision([dmn.parse(data) for data in self._tables])
        return Runner(self.definitions[self._process_id], self.definitions, decided)

    def properties(self, process_id: str, element_id: str) -> Mapping[str, str]:
        """The zeebe properties of an element."""
        return self.definitions[process_id].elements[element_id].properties


class SpiffProcessRunner:
    """Implements the ProcessRunner port."""

    def __init__(self, groups: Mapping[str, Group]) -> None:
        self._by_name = {g.name: g.id for g in groups.values()}
        self._libraries: dict[tuple[str, int, str], Library] = {}
        self._lock = Lock()

    def library(self, procedure: Procedure) -> Library:
        """The compiled processes of a procedure version, parsed once per process."""
        key = (procedure.code, procedure.version, procedure.digest)
        with self._lock:
            if key not in self._libraries:
                self._libraries[key] = Library(procedure)
            return self._libraries[key]

    def diagram(self, procedure: Procedure, process_id: str) -> tuple[str, str, frozenset[str]]:
        """Name, XML and element ids, for drawing; NotFoundError for a process this version does not have."""
        definition = self.library(procedure).definitions.get(process_id)
        if definition is None:
            raise NotFoundError(what="sơ đồ", id=process_id)
        return definition.name, definition.xml.decode(), frozenset(definition.elements)

    def starts(self, procedure: Procedure) -> tuple[Start, ...]:
        """The start events of the procedure's process; none that begins a process which this release cannot run.

        Where people file and nothing else happens, which is nearly everywhere, nothing is compiled to say so.
        """
        try:
            facts = self.library(procedure).starts
        except (BpmnError, CatalogError):
            return ()
        return tuple(Start(element_id=each.element_id, kind=each.kind, name=_said(each)) for each in facts)

    def slot_after(self, procedure: Procedure, element_id: str, call: Call, after: datetime) -> datetime | None:
        """When a start timer is due next."""
        try:
            return self.library(procedure).runner.slot_after(element_id, _call(call), after)
        except BpmnError as error:
            raise _stuck(error) from error

    def start(
        self, procedure: Procedure, call: Call, element_id: str | None = None, payload: Mapping[str, Any] | None = None
    ) -> Step:
        """Start the procedure's process."""
        return self._step(procedure, lambda runner: runner.start(_call(call), element_id, payload or {}))

    def complete(self, procedure: Procedure, snapshot: str, key: str, result: Mapping[str, Any], call: Call) -> Step:
        """Complete a user task or a job."""
        return self._step(procedure, lambda runner: runner.complete(snapshot, key, result, _call(call)))

    def fail(self, procedure: Procedure, snapshot: str, key: str, error: Mapping[str, Any], call: Call) -> Step:
        """End a job with a BPMN error."""
        code, data = str(error["code"]), error["data"]
        return self._step(procedure, lambda runner: runner.fail(snapshot, key, code, data, _call(call)))

    def deliver_signal(
        self, procedure: Procedure, snapshot: str, signal: str, payload: Mapping[str, Any], call: Call
    ) -> Step:
        """Hand a signal to all that waits for it."""
        return self._step(procedure, lambda runner: runner.deliver_signal(snapshot, signal, payload, _call(call)))

    def fire_timer(self, procedure: Procedure, snapshot: str, key: str, call: Call) -> Step:
        """Fire a timer."""
        return self._step(procedure, lambda runner: runner.fire_timer(snapshot, key, _call(call)))

    def deliver_message(
        self, procedure: Procedure, snapshot: str, key: str, payload: Mapping[str, Any], call: Call
    ) -> Step:
        """Deliver a message."""
        return self._step(procedure, lambda runner: runner.deliver_message(snapshot, key, payload, _call(call)))

    def conditional(self, procedure: Procedure) -> bool:
        """Whether anything in the procedure's process, or what it calls, waits for a condition."""
        return self.library(procedure).runner.conditional

    def wake(self, procedure: Procedure, snapshot: str, call: Call) -> Step:
        """Look at the conditions again."""
        return self._step(procedure, lambda runner: runner.wake(snapshot, _call(call)))

    def modify(self, procedure: Procedure, snapshot: str, change: Change, call: Call) -> Step:
        """Move tokens by hand."""
        begin = tuple((scope, element_id) for scope, element_id in change.begin)
        asked = instance.Change(cancel=change.cancel, begin=begin, variables=change.variables)
        try:
            return self._step(procedure, lambda runner: runner.modify(snapshot, asked, _call(call)))
        except ProcessStuckError as error:
            raise ChangeRefusedError(**error.data) from error

    def migrate(self, old: Procedure, new: Procedure, snapshot: str, plan: Plan, call: Call) -> Moved:
        """Take an instance over to another version."""
        before, after = self.library(old), self.library(new)
        asked = instance.Plan(elements=plan.elements, anew=frozenset(plan.anew), dues=plan.dues)
        _check_names(asked, before.runner, after.runner)
        try:
            moved = after.runner.migrate(snapshot, before.runner, asked, _call(call))
        except MigrationError as error:
            raise CannotMigrateError([_problem(*each) for each in error.problems]) from error
        except BpmnError as error:
            raise CannotMigrateError([_problem(error.element_id or "", error.message, error.message_vi)]) from error
        kept, opened = (tuple(self._wait(each) for each in waits) for waits in (moved.kept, moved.opened))
        return Moved(
            snapshot=moved.snapshot,
            keys=moved.keys,
            kept=kept,
            listens=tuple(_same(each, process.SignalWait) for each in moved.listens),
            opened=opened,
            closed=moved.closed,
        )

    def standing(self, procedure: Procedure, snapshot: str) -> tuple[Standing, ...]:
        """Where every token stands."""
        return tuple(_same(each, Standing) for each in self.library(procedure).runner.standing(snapshot))

    def places(self, procedure: Procedure, snapshot: str) -> tuple[Place, ...]:
        """Where a token may be begun by hand."""
        return tuple(_same(each, Place) for each in self.library(procedure).runner.places(snapshot))

    def cancel(self, procedure: Procedure, snapshot: str) -> Step:
        """End the instance."""
        return self._step(procedure, lambda runner: runner.cancel(snapshot))

    def _step(self, procedure: Procedure, act: Callable[[Runner], model.Step]) -> Step:
        library = self.library(procedure)
        runner = library.runner
        try:
            step = act(runner)
        except BpmnError as error:
            raise _stuck(error) from error
        return self._translated(step, library)

    def _translated(self, step: model.Step, library: Library) -> Step:
        path = tuple(process.Visit(v.key, v.process_id, v.element_id, v.flow_id) for v in step.path)
        properties = [library.properties(v.process_id, v.element_id) for v in path]
        return Step(
            snapshot=step.snapshot,
            opened=tuple(self._wait(w) for w in step.opened),
            closed=step.closed,
            path=path,
            variables=tuple(process.ScopeChange(c.scope, c.values, c.dropped) for c in step.variables),
            statuses=tuple(int(p["caseStatus"]) for p in properties if p.get("caseStatus")),
            closed_reason=next((p["closedReason"] for p in reversed(properties) if p.get("closedReason")), None),
            ended=step.ended,
            conditional=step.conditional,
            thrown=tuple(Signal(each.name, each.payload) for each in step.thrown),
            listens=tuple(_same(each, process.SignalWait) for each in step.listens),
        )

    def _wait(self, wait: model.Wait) -> process.Wait:
        if isinstance(wait, model.UserWait):
            lane = (self._by_name[wait.lane],) if wait.lane in self._by_name else ()
            shared = {f.name: getattr(wait, f.name) for f in fields(process.UserWait) if f.name != "groups"}
            return process.UserWait(**shared, groups=wait.candidate_groups or lane)
        built: process.Wait = _same(wait, WAITS[type(wait)])
        return built


def _stuck(error: BpmnError) -> ProcessStuckError:
    return ProcessStuckError(element=error.element_id or "", reason=error.message_vi, reason_en=error.message)


def _same(wait: Any, kind: type[Any]) -> Any:
    return kind(**{f.name: getattr(wait, f.name) for f in fields(kind)})


def _said(start: model.StartFacts) -> str:
    return start.timer.expression if start.timer else start.name


def _problem(key: str, reason_en: str, reason: str) -> dict[str, str]:
    return {"key": key, "reason": reason, "reason_en": reason_en}


def _check_names(plan: instance.Plan, before: Runner, after: Runner) -> None:
    """A mapping that names what is not there is a misprint."""
    old, new = before.element_ids, after.element_ids
    wrong = [name for name in plan.elements if name.rpartition("/")[2] not in old]
    wrong += [name for name in (*plan.elements.values(), *plan.anew) if name not in new]
    if wrong:
        names = ", ".join(sorted(set(wrong)))
        raise CannotMigrateError([_problem("", f"there is no element {names}", f"không có phần tử {names}")])


def _call(call: Call) -> RunnerCall:
    return RunnerCall(scopes=call.scopes, now=call.now, context=call.context, functions=call.functions)


class FeelExpressions:
    """Implements the Expressions port; knows the clock of the house and the functions of its calendar."""

    def __init__(self, clock: Clock, functions: Mapping[str, Callable[..., Any]]) -> None:
        self._clock = clock
        self._functions = functions

    def evaluate(self, text: str, context: Mapping[str, Any]) -> Any:
        """The value of a FEEL text; RuleError names the place."""
        try:
            return feel.compile(text)(context, now=self._clock.now(), functions=self._functions)
        except feel.FeelError as error:
            raise RuleError(reason=f"{error.message_vi}: {text}", reason_en=f"{error.message}: {text}") from error
