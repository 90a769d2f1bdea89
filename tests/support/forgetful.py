"""Runs a process as the engine would: between two steps only the snapshot text and the variables exist."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta, timezone
from typing import Any

from bpmn.dmn import DecisionModel
from bpmn.instance import Plan
from bpmn.model import ProcessDefinition, Step, TimerWait, Wait
from bpmn.runner import Call, Runner

NOW = datetime(2026, 1, 31, 8, 0, tzinfo=timezone(timedelta(hours=7)))


class Forgetful:
    """A case whose every step is taken twice, by the runner that began it and by a brand-new one, and compared."""

    def __init__(
        self,
        definition: ProcessDefinition,
        *called: ProcessDefinition,
        variables: Mapping[str, Any],
        every: int = 1,
        begin: str | None = None,
        payload: Mapping[str, Any] | None = None,
        decisions: Mapping[str, DecisionModel] | None = None,
        functions: Mapping[str, Callable[..., Any]] | None = None,
    ) -> None:
        """Start the case; a brand-new runner is made for each step, or for each `every`-th one where time matters."""
        self._definition, self._called, self._decisions = definition, called, decisions or {}
        self._functions = functions or {}
        self._every = every
        self._steps = 0
        self._runner = self._twin = self._make()
        self.variables: dict[str, dict[str, Any]] = {"": dict(variables)}
        self.now = NOW
        self.waits: dict[str, Wait] = {}
        self.walked: list[tuple[str, str | None]] = []
        steps = (each.start(self._call(), begin, payload or {}) for each in (self._runner, self._make()))
        self._take(*steps)

    @property
    def open(self) -> set[str]:
        return set(self.waits)

    def complete(self, element_id: str, *, number: int = 0, scope: str = "", **result: Any) -> Step:
        """Complete the newest wait of an element (or the one with this number) in a scope."""
        return self._end("complete", self.key(element_id, number, scope), result)

    def deliver(self, element_id: str, *, number: int = 0, scope: str = "", **payload: Any) -> Step:
        return self._end("deliver_message", self.key(element_id, number, scope), payload)

    def fail(self, element_id: str, code: str, *, number: int = 0, scope: str = "", **payload: Any) -> Step:
        """End the newest task or job of an element with a BPMN error."""
        return self._end("fail", self.key(element_id, number, scope), code, payload)

    def signal(self, name: str, **payload: Any) -> Step:
        """Hand in a signal thrown elsewhere."""
        return self._end("deliver_signal", name, payload)

    def fire(self, element_id: str, *, number: int = 0, scope: str = "", now: datetime | None = None) -> Step:
        """Fire a timer, at its due instant unless told."""
        key = self.key(element_id, number, scope)
        self.now = now or self.waits[key].due  # type: ignore[union-attr]  # it is a timer
        return self._end("fire_timer", key)

    def wake(self, **changed: Any) -> Step:
        """Change variables from outside and let the conditions be looked at."""
        self.variables[""].update(changed)
        return self._end("wake")

    def act(self, method: str, key: str, *values: Any, now: datetime | None = None) -> Step:
        """Call a method of the runner with the key of a wait, whatever scope it is in."""
        self.now = now or self.now
        return self._end(method, key, *values)

    def key(self, element_id: str, number: int = 0, scope: str = "") -> str:
        prefix = f"{scope}/" if scope else ""
        found = [key for key in self.waits if key.rpartition("#")[0] == prefix + element_id]
        return f"{prefix}{element_id}#{number}" if number else found[-1]

    def _end(self, method: str, *values: Any) -> Step:
        text = json.loads(json.dumps(self.last.snapshot))
        self._steps += 1
        if self._steps % self._every == 0:
            self._twin = self._make()
        steps = (getattr(each, method)(text, *values, self._call()) for each in (self._runner, self._twin))
        return self._take(*steps)

    def _take(self, step: Step, twin: Step) -> Step:
        assert step == twin, "a fresh runner must take the very same step"
        for key in step.closed:
            del self.waits[key]
        for wait in step.opened:
            self.waits[wait.key] = wait
        for change in step.variables:
            self.variables.setdefault(change.scope, {}).update(change.values)
            if change.dropped:
                del self.variables[change.scope]
        self.walked += [(visit.key, visit.flow_id) for visit in step.path]
        self.last = step
        assert self._runner.waits(step.snapshot) == tuple(sorted(self.waits))
        if self._steps % self._every == 0:
            self._move(step)
        return step

    def _move(self, step: Step) -> None:
        """Moving to the same definition changes nothing, wherever the tokens stand."""
        dues = {key: wait.due for key, wait in self.waits.items() if isinstance(wait, TimerWait)}
        moved = self._twin.migrate(step.snapshot, self._runner, Plan(dues=dues), self._call())
        assert (moved.snapshot, moved.keys, moved.opened, moved.closed) == (step.snapshot, {}, (), ())
        assert {each.key for each in moved.kept} == set(self.waits)
        assert moved.listens == step.listens

    def _make(self) -> Runner:
        return Runner(self._definition, {each.id: each for each in self._called}, self._decisions)

    def _call(self) -> Call:
        # JSON is what the engine keeps; Decimals become text there, so they are left alone here.
        scopes = {scope: dict(values) for scope, values in self.variables.items()}
        return Call(scopes=scopes, now=self.now, functions=self._functions)
