"""An instance taken over by another definition: every token finds its place there, or says why it cannot."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, MutableMapping
from typing import Any

from bpmn.errors import BpmnError, MigrationError
from bpmn.instance import Migration, Plan
from bpmn.model import Wait
from bpmn.spiff import open_wait
from bpmn.spiff.inclusive import InclusiveChoice, released
from bpmn.spiff.journal import Journal
from bpmn.spiff.scope import CaseWorkflow, ScopeWorkflow
from bpmn.spiff.throwing import listening
from bpmn.spiff.token import Token

Variables = Mapping[str, Mapping[str, Any]]
Level = ScopeWorkflow


class Mover:
    """Moves one instance. First every token is placed, then what it waits for is described anew; nothing advances."""

    def __init__(self, old: CaseWorkflow, new: CaseWorkflow, plan: Plan) -> None:
        self._old, self._new, self._plan = old, new, plan
        self._moved: dict[str, Token] = {}  # by old key
        self._closed: list[str] = []
        self._fresh: list[tuple[Level, str, Token | None]] = []  # watchers to open: level, element, activity
        self._problems: list[tuple[str, str, str]] = []

    def move(
        self, given: Variables, renamed: MutableMapping[str, Mapping[str, Any]], dump: Callable[[CaseWorkflow], str]
    ) -> Migration:
        """Return the instance in its new definition; `renamed` is filled with the variables under their new scopes."""
        self._level(self._old, self._new)
        self._check_joins()
        self._stop_at_problems()
        renamed.update({self._key(scope): values for scope, values in given.items()})
        self._new.journal = Journal()
        kept = tuple(self._described())
        for place in self._fresh:
            self._open(*place)
        if self._new.ready:
            self._add(
                self._new.ready[0].id, "a condition would let it go on at once", "điều kiện mới đúng ngay lập tức"
            )
        self._stop_at_problems()
        keys = {old: token.id for old, token in self._moved.items() if old != token.id}
        return Migration(
            snapshot=dump(self._new),
            keys=keys,
            kept=kept,
            listens=listening(self._new),
            opened=self._new.journal.opened,
            closed=tuple(self._closed),
        )

    def _key(self, old: str) -> str:
        return self._moved[old].id if old in self._moved else old

    def _level(self, old: Level, new: Level) -> None:
        for element_id, number in old.visits.items():
            target = self._target(old, element_id)
            new.visits[target] = max(number, new.visits.get(target, 0))
        for token in old.live():
            if token.host is None and not token.task_spec.guards:
                self._token(token, old, new)
        self._watchers(old, new, None, None)

    def _token(self, token: Token, old: Level, new: Level) -> None:
        moved = self._put(token, new)
        if moved is None:
            return
        self._watchers(old, new, token, moved)
        if token.task_spec.calls:
            self._level(self._old.subprocesses[token.id], self._new.create_subprocess(moved, moved.task_spec.spec))

    def _put(self, token: Token, new: Level) -> Token | None:
        """Put a token at its new element with everything it knows; None when it has no place there."""
        old_id, target = token.task_spec.name, self._target(token.workflow, token.task_spec.name)
        spec = new.spec.task_specs.get(target)
        reason = _unfit(token.task_spec, spec)
        if reason is not None:
            self._add(token.id, *reason)
            return None
        number = token.number
        if (target != old_id and target in token.workflow.visits) or new.key(target, number) in new.tasks:
            number = new.next_number(target)  # a key is never used for two visits
        moved = new.put(target, number)
        moved._set_state(token._state)
        moved.fired, moved.held, moved.cycle = token.fired, token.held, token.cycle
        was, is_ = token.task_spec.binding.element.timer, spec.binding.element.timer
        if was is not None and is_ is not None and was.kind != is_.kind and target not in self._plan.anew:
            self._add(token.id, "its timer is of another kind, compute it anew", "hẹn giờ khác kiểu, cần tính lại")
        if spec.joins:
            moved.flow_id = self._flow(token, new, target)
        self._moved[token.id] = moved
        return moved

    def _watchers(self, old: Level, new: Level, token: Token | None, moved: Token | None) -> None:
        """Take along what watches an activity, or a scope (None); what is gone closes, what is new opens."""
        were = old.spec.guards if token is None else token.task_spec.binding.boundaries
        are = new.spec.guards if moved is None else moved.task_spec.binding.boundaries
        specs, stays = new.spec.task_specs, {}
        for element_id in were:
            target = self._target(old, element_id)
            if target in are and _unfit(old.spec.task_specs[element_id], specs[target]) is None:
                stays[element_id] = target
        for each in old.live():
            if each.host is token and bool(each.task_spec.guards) == (token is None):
                self._watcher(each, new, moved, each.task_spec.name in stays)
        if token is not None or not _interrupted(old):
            self._fresh += [(new, each, moved) for each in are if each not in stays.values()]

    def _watcher(self, token: Token, new: Level, host: Token | None, stays: bool) -> None:
        moved = self._put(token, new) if stays else None
        if moved is not None:
            moved.host = host
        elif token.task_spec.wait_kind is not None:
            self._closed.append(token.id)

    def _flow(self, token: Token, new: Level, target: str) -> str | None:
        """Return the flow over which a token that waits at a join would have come in the new definition."""
        incoming = new.spec.task_specs[target].binding.element.incoming
        if token.flow_id in incoming:
            return token.flow_id
        sources = [
            self._target(token.workflow, name)
            for name, spec in token.workflow.spec.task_specs.items()
            if any(link.flow_id == token.flow_id for link in spec.binding.links)
        ]
        links = (link for name in sources if name in new.spec.task_specs for link in _links(new, name))
        found = [link.flow_id for link in links if link.target == target]
        if len(found) != 1:
            self._add(token.id, "the flow it came over is gone", "luồng mà nhánh này đã đi qua không còn")
            return None
        return str(found[0])

    def _target(self, level: Any, element_id: str) -> str:
        elements = self._plan.elements
        return elements.get(f"{level.spec.process_id}/{element_id}") or elements.get(element_id) or element_id

    def _check_joins(self) -> None:
        """A join that has all it waits for in the new definition would let its tokens go: a person has to say where."""
        for level in self._new.scopes():
            arrived: dict[Any, set[str | None]] = defaultdict(set)
            for token in level.live():
                if token.task_spec.joins and not isinstance(token.task_spec, InclusiveChoice):
                    arrived[token.task_spec].add(token.flow_id)
            done = [spec.name for spec, flows in arrived.items() if len(flows) >= len(spec.binding.element.incoming)]
            if not self._problems and level.spec.inclusive and (free := released(level)) is not None:
                done.append(free.task_spec.name)
            for name in done:
                self._add(level.key(name, 0), "the join would be complete", "cổng gộp sẽ đủ nhánh ngay lập tức")

    def _described(self) -> Iterator[Wait]:
        """Yield the open waits with the facts of the new definition."""
        for old, token in self._moved.items():
            if token.task_spec.wait_kind is not None:
                try:
                    yield self._wait(old, token)
                except BpmnError as error:
                    self._add(old, error.message, error.message_vi)

    def _wait(self, old: str, token: Token) -> Wait:
        spec, inputs = token.task_spec, _inputs(token if token.host is None else token.host)
        if spec.wait_kind != "timer" or spec.name in self._plan.anew:
            wait: Wait = spec.describe(token, inputs)
            return wait
        return open_wait.timer_at(token, self._plan.dues[old])

    def _open(self, level: Level, element_id: str, host: Token | None) -> None:
        token = level.put(element_id, level.next_number(element_id))
        token.host = host
        try:
            token.task_spec.open(token, _inputs(host) if host is not None else {})
        except BpmnError as error:
            self._add(token.id, error.message, error.message_vi)

    def _add(self, key: str, reason: str, reason_vi: str) -> None:
        self._problems.append((key, f'"{key}": {reason}', f"“{key}”: {reason_vi}"))

    def _stop_at_problems(self) -> None:
        if self._problems:
            raise MigrationError(self._problems)


def _unfit(old: Any, new: Any) -> tuple[str, str] | None:
    """Tell why a token of the old element cannot stand at the new one."""
    if new is None:
        return "its element is not there on the same level", "phiên bản mới không có phần tử này ở cùng cấp"
    was, is_ = old.binding.element, new.binding.element
    if (was.kind, was.event, was.triggered) != (is_.kind, is_.event, is_.triggered):
        return f"{is_.id} is of another kind", f"“{is_.id}” thuộc loại khác"
    loops = (was.loop, old.binding.loop.results, old.binding.loop.element)
    if loops != (is_.loop, new.binding.loop.results, new.binding.loop.element):
        return f"{is_.id} is repeated otherwise", f"“{is_.id}” lặp theo cách khác"
    if (old.wait_kind, old.guards, old.binding.repeated) != (new.wait_kind, new.guards, new.binding.repeated):
        return f"{is_.id} waits for something else", f"“{is_.id}” chờ việc khác"
    if was.kind in ("boundaryEvent", "startEvent") and was.interrupting != is_.interrupting:
        return f"{is_.id} interrupts otherwise", f"“{is_.id}” ngắt theo cách khác"
    return None if new.rests else ("no token rests there", "không thể chờ ở phần tử này")


def _interrupted(level: Level) -> bool:
    """Tell whether an event sub-process has taken over the scope: nothing starts to watch it any more."""
    running = {token.task_spec.name for token in level.live()}
    guards = [level.spec.task_specs[name].binding.element for name in level.spec.guards]
    return any(guard.interrupting and guard.parent in running for guard in guards)


def _links(level: Level, element_id: str) -> tuple[Any, ...]:
    links: tuple[Any, ...] = level.spec.task_specs[element_id].binding.links
    return links


def _inputs(token: Token) -> Mapping[str, Any]:
    """What the expressions of a wait see over the variables; the activity around a loop has none."""
    binding = token.task_spec.binding
    if binding.element.loop != "none" and not binding.repeated:
        return {}
    made: dict[str, Any] = token.workflow.script_engine.mapped(token, binding.inputs, {})
    return made
