"""Loop markers: an activity that runs again and again, or once for every item of a collection."""
# mypy: disallow-subclassing-any=False

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bpmn.errors import StepError
from bpmn.spiff.instances import ITEMS, holds, items_of, open_instance
from bpmn.spiff.library import SubWorkflowTask, TaskState
from bpmn.spiff.spec import TokenSpec
from bpmn.spiff.token import Scope, Token
from bpmn.spiff.waits import unwatch, watch

MOST = 10_000  # instances by a bare number; a list may be as long as it is
MOST_AT_ONCE = 5_000  # instances of a parallel one: each is a wait of its own, and all open in one step


class Repeated(TokenSpec, SubWorkflowTask):
    """Opens a scope for the instances of its activity; goes on when no further one is to come and none is left."""

    calls = True

    def _update_hook(self, my_task: Token) -> bool:
        inner = my_task.workflow.top_workflow.create_subprocess(my_task, self.spec)
        my_task._set_state(TaskState.STARTED)
        watch(my_task, {})
        self.begin(my_task, inner)
        if not inner.live():
            my_task.resume()
            my_task.workflow.top_workflow.ready.append(my_task)
        return False

    def _run_hook(self, my_task: Token) -> bool:
        top, loop = my_task.workflow.top_workflow, self.binding.loop
        results = top.script_engine.variables.own(my_task.id).get(loop.results) if loop.results else None
        top.delete_subprocess(my_task)
        if loop.results:
            my_task.write({loop.results: results})
        return True

    def _on_complete_hook(self, my_task: Token) -> None:
        unwatch(my_task)
        super()._on_complete_hook(my_task)

    def _on_cancel(self, my_task: Token) -> None:
        my_task.workflow.top_workflow.delete_subprocess(my_task)
        unwatch(my_task)

    def begin(self, host: Token, inner: Scope) -> None:
        """Open the first instances."""
        raise NotImplementedError

    def proceed(self, host: Token, inner: Scope) -> None:
        """Open what follows an instance that is done."""
        raise NotImplementedError

    def over(self, instance: Token, result: Mapping[str, Any]) -> bool:
        """Tell whether no instance follows the one that is done."""
        raise NotImplementedError


class StandardLoop(Repeated):
    """One instance after the other while the condition holds, at most so often as the maximum says."""

    def begin(self, host: Token, inner: Scope) -> None:
        loop = self.binding.loop
        engine = inner.script_engine
        none_yet = {"loopCounter": 0}  # after a round the condition sees that round's number
        if loop.maximum != 0 and (not loop.test_before or holds(engine, inner, loop.condition, none_yet, default=True)):
            open_instance(inner, self.name)

    def over(self, instance: Token, result: Mapping[str, Any]) -> bool:
        loop = self.binding.loop
        used_up = loop.maximum is not None and instance.number >= loop.maximum
        return used_up or not holds(instance.workflow.script_engine, instance, loop.condition, result, default=True)

    def proceed(self, host: Token, inner: Scope) -> None:
        if not inner.over:
            open_instance(inner, self.name)


class MultiInstance(Repeated):
    """One instance for every item: all at once, or one after the other."""

    def begin(self, host: Token, inner: Scope) -> None:
        items = self._items(host)
        results = {self.binding.loop.results: [None] * len(items)} if self.binding.loop.results else {}
        inner.script_engine.variables.write(inner.scope, {ITEMS: items, **results})
        at_once = len(items) if self.binding.element.loop == "parallel" else min(len(items), 1)
        if at_once > MOST_AT_ONCE:
            raise self._too_many(at_once)
        for _ in range(at_once):
            open_instance(inner, self.name)

    def _too_many(self, count: int) -> StepError:
        return StepError(
            f'"{self.name}" would open {count} instances at once; {MOST_AT_ONCE} are the most. Make it sequential.',
            self.name,
            message_vi=f"“{self.name}” sẽ mở {count} bản cùng lúc, tối đa {MOST_AT_ONCE}; hãy chuyển sang tuần tự.",
        )

    def _items(self, host: Token) -> list[Any]:
        loop, engine = self.binding.loop, host.workflow.script_engine
        found = None
        if loop.collection is not None:
            found = engine.plain(host, loop.collection)
        elif loop.cardinality is not None:
            found = _nothings(engine.plain(host, loop.cardinality))
        if not isinstance(found, list):
            raise StepError(
                f'"{self.name}" has nothing to be repeated for: neither a list nor a number of times.',
                self.name,
                message_vi=f"“{self.name}” không có danh sách hoặc số lần để lặp.",
            )
        return found

    def over(self, instance: Token, result: Mapping[str, Any]) -> bool:
        inner, loop = instance.workflow, self.binding.loop
        begun, left = inner.visits[self.name], len(inner.live()) - 1
        counts = {
            "numberOfInstances": len(items_of(inner)),
            "numberOfActiveInstances": left,
            "numberOfCompletedInstances": begun - left,
            "numberOfTerminatedInstances": 0,
        }
        return holds(inner.script_engine, instance, loop.condition, {**counts, **result}, default=False)

    def proceed(self, host: Token, inner: Scope) -> None:
        if inner.over:
            for token in inner.live():
                inner.discard(token)
        elif self.binding.element.loop == "sequential" and inner.visits[self.name] < len(items_of(inner)):
            open_instance(inner, self.name)


def _nothings(value: Any) -> list[None] | None:
    """Return a list as long as a number of times says; a text without "=" may hold the number."""
    if isinstance(value, str) and value.strip().isdecimal():
        value = int(value)
    return [None] * value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MOST else None
