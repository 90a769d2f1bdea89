"""What is handed out when a wait opens: the facts of the element with its expressions evaluated."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bpmn.errors import StepError
from bpmn.model import JobWait, MessageWait, SignalWait, TimerWait, UserWait
from bpmn.spiff.cycle import Cycle
from bpmn.spiff.formula import Formula
from bpmn.spiff.instant import read_instant, told
from bpmn.spiff.token import Token

DEFAULT_PRIORITY = 50  # what the zeebe namespace means by an absent priority
DEFAULT_RETRIES = 3  # likewise


def user_wait(token: Token, inputs: Mapping[str, Any]) -> UserWait:
    """Describe a user task that opens."""
    read = _Reader(token, inputs)
    return UserWait(
        **_common(token),
        lane=token.task_spec.binding.element.lane,
        candidate_groups=read.names("candidate_groups"),
        assignee=read.text("assignee"),
        due=read.instant("due_date"),
        follow_up=read.instant("follow_up_date"),
        priority=read.number("priority", DEFAULT_PRIORITY, 100),
        form_id=token.task_spec.binding.element.form_id,
        inputs=inputs,
    )


def job_wait(token: Token, inputs: Mapping[str, Any]) -> JobWait:
    """Describe a job that opens."""
    read = _Reader(token, inputs)
    kind = read.text("job_type")
    if not kind:
        raise _wrong(token, "job_type", None)
    return JobWait(
        **_common(token),
        type=kind,
        headers=token.task_spec.binding.element.headers,
        retries=read.number("job_retries", DEFAULT_RETRIES, 1000),
        inputs=inputs,
    )


def message_wait(token: Token, inputs: Mapping[str, Any]) -> MessageWait:
    """Describe a message that is waited for; its correlation value must be a text or a whole number."""
    binding = token.task_spec.binding
    correlation = ""
    if binding.correlation is not None:
        value = token.workflow.script_engine.plain(token, binding.correlation, inputs)
        if isinstance(value, bool) or not isinstance(value, str | int) or value == "":
            raise _wrong(token, "correlationKey", value)
        correlation = str(value)
    return MessageWait(**_common(token), message=binding.element.message.name, correlation=correlation)


def signal_wait(token: Token) -> SignalWait:
    """Describe a signal that is waited for."""
    return SignalWait(**_common(token), signal=str(token.task_spec.binding.element.trigger))


def timer_wait(token: Token, inputs: Mapping[str, Any]) -> tuple[TimerWait, Cycle | None]:
    """Describe a timer that opens, with its cycle if it repeats."""
    binding, engine = token.task_spec.binding, token.workflow.script_engine
    value = engine.evaluate(token, binding.timer, inputs)
    if binding.element.timer.kind != "cycle":
        return timer_at(token, binding.timing.instant(value, engine.call, token.task_spec.name)), None
    if not isinstance(value, str):
        raise _wrong(token, "timeCycle", value)
    cycle = binding.timing.cycle(value.strip(), engine.call, token.task_spec.name)
    return timer_at(token, cycle.due), cycle


def timer_at(token: Token, due: datetime) -> TimerWait:
    """Describe a timer with a known due instant."""
    return TimerWait(**_common(token), due=due)


def next_cycle(token: Token) -> Cycle | None:
    """Return the cycle at its next slot after this call's instant; None when it has none, or never was a cycle."""
    if token.cycle is None:
        return None
    found: Cycle | None = token.task_spec.binding.timing.next(
        token.cycle, token.workflow.script_engine.call, token.task_spec.name
    )
    return found


def _common(token: Token) -> dict[str, Any]:
    element = token.task_spec.binding.element
    return {
        "key": token.id,
        "scope": token.visible_scopes[0],
        "process_id": token.workflow.spec.process_id,
        "element_id": element.id,
        "name": element.name,
        "properties": element.properties,
    }


def _wrong(token: Token, what: str, value: Any) -> StepError:
    element_id = token.task_spec.name
    return StepError(
        f'"{element_id}": {what} gives {value!r}, which cannot be used.',
        element_id,
        message_vi=f"“{element_id}”: {what} cho giá trị {value!r}, không dùng được.",
    )


class _Reader:
    """Evaluates the zeebe attributes of one element over its inputs."""

    def __init__(self, token: Token, inputs: Mapping[str, Any]) -> None:
        self._token = token
        self._inputs = inputs
        self._texts: Mapping[str, Formula] = token.task_spec.binding.texts

    def value(self, name: str) -> Any:
        formula = self._texts.get(name)
        return None if formula is None else self._token.workflow.script_engine.plain(self._token, formula, self._inputs)

    def text(self, name: str) -> str | None:
        value = self.value(name)
        if value is not None and not isinstance(value, str):
            raise _wrong(self._token, name, value)
        return value or None

    def names(self, name: str) -> tuple[str, ...]:
        """Read a list of texts, or one text with commas."""
        value = self.value(name)
        found = value.split(",") if isinstance(value, str) else value or []
        if not isinstance(found, list) or not all(isinstance(each, str) for each in found):
            raise _wrong(self._token, name, value)
        return tuple(each.strip() for each in found if each.strip())

    def instant(self, name: str) -> datetime | None:
        formula = self._texts.get(name)
        if formula is None:
            return None
        engine, element_id = self._token.workflow.script_engine, self._token.task_spec.name
        value = engine.evaluate(self._token, formula, self._inputs)
        return None if value is None else told(read_instant, value, engine.call.now, element_id)

    def number(self, name: str, default: int, most: int) -> int:
        value = self.value(name)
        if isinstance(value, str) and value.strip().isdecimal():
            value = int(value)
        if value is None:
            return default
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= most:
            raise _wrong(self._token, name, value)
        return value
