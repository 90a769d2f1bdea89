"""Rules about what machines do: timers, messages, jobs and called processes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Final

from bpmn.lint.iso import has_hours, is_cron, is_cycle, is_date, is_duration
from bpmn.lint.view import Hit, View, hit
from bpmn.model import Element
from bpmn.spiff.decisions import decides
from bpmn.spiff.timing import CALENDAR, WORKING, ZONE, wrong_setting

_VALID: Final[Mapping[str, Callable[[str], bool]]] = {"date": is_date, "duration": is_duration, "cycle": is_cycle}
_WORDS: Final = {
    "date": ("ngày giờ như 2026-01-31T17:00:00+07:00", "a date and time such as 2026-01-31T17:00:00+07:00"),
    "duration": ("khoảng thời gian như P20D hoặc PT8H", "a duration such as P20D or PT8H"),
    "cycle": ("chu kỳ như R/P1D hoặc R3/PT8H", "a repeating interval such as R/P1D or R3/PT8H"),
    "none": ("một ngày giờ, khoảng thời gian hoặc chu kỳ", "one date and time, duration or repeating interval"),
}
_CATCHES: Final = frozenset({"intermediateCatchEvent", "boundaryEvent", "startEvent"})
_RETRIES: Final = re.compile(r"[0-9]{1,3}|1000")
_JOBS: Final = frozenset({"serviceTask", "sendTask", "manualTask", "businessRuleTask"})


def check_timer(view: View, element: Element) -> Iterator[Hit]:
    """A timer has exactly one value that can be computed: ISO 8601 or FEEL."""
    if element.event != "timer":
        return
    kind, text = (element.timer.kind, element.timer.expression) if element.timer else ("none", "")
    if text.startswith("=") or (text and _VALID[kind](text)):
        return
    if kind == "cycle" and is_cron(text):
        yield hit("timer-cron", element.id, name=view.name(element.id), value=text)
        return
    words_vi, words = _WORDS[kind]
    yield hit("timer-invalid", element.id, name=view.name(element.id), value=text, kind_vi=words_vi, kind=words)


def check_timer_settings(view: View, element: Element) -> Iterator[Hit]:
    """The zone and the calendar of a timer are known ones; a cycle by working days repeats no hours."""
    name, properties = view.name(element.id), element.properties
    if element.event != "timer":
        for setting in sorted({ZONE, CALENDAR} & set(properties)):
            yield hit("extension-ignored", element.id, setting=setting, name=name)
        return
    wrong = wrong_setting(properties)
    if wrong is not None:
        yield hit("timer-setting-invalid", element.id, name=name, setting=wrong, value=properties[wrong])
    working = properties.get(CALENDAR, "").strip() == WORKING
    if working and element.timer and element.timer.kind == "cycle" and has_hours(element.timer.expression):
        yield hit("timer-working-hours", element.id, name=name, value=element.timer.expression)


def check_event_condition(view: View, element: Element) -> Iterator[Hit]:
    """A conditional event has a condition in FEEL."""
    if element.event == "conditional" and element.condition is None:
        yield hit("event-condition-missing", element.id, name=view.name(element.id))
    elif element.condition is not None and not element.condition.startswith("="):
        yield hit("condition-not-feel", element.id, value=element.condition)


def check_message(view: View, element: Element) -> Iterator[Hit]:
    """Whatever waits for a message refers to a named one, and knows by which key it is meant."""
    if element.kind != "receiveTask" and not (element.event == "message" and element.kind in _CATCHES):
        return
    name = view.name(element.id)
    if element.message is None or not element.message.name:
        yield hit("message-missing", element.id, name=name)
    # The start event of the process itself begins a new case, so there is nothing to compare with yet.
    elif not element.message.correlation_key and not (element.kind == "startEvent" and element.parent is None):
        yield hit("message-no-correlation", element.id, name=name, message=element.message.name)


def check_job(view: View, element: Element) -> Iterator[Hit]:
    """A task done by a job names its job type; retries are a number."""
    sends = element.event == "message" and element.kind in ("endEvent", "intermediateThrowEvent")
    if (sends or (element.kind in _JOBS and not decides(element))) and not element.job_type:
        yield hit("job-type-missing", element.id, name=view.name(element.id))
    retries = element.job_retries
    if retries and not retries.startswith("=") and not _RETRIES.fullmatch(retries):
        yield hit("retries-invalid", element.id, value=element.job_retries)


def check_call(view: View, element: Element) -> Iterator[Hit]:
    """A call activity names a process that exists; it is fixed when the diagram is deployed, so it is no FEEL."""
    if element.kind != "callActivity":
        return
    called = element.called_element
    if not called:
        yield hit("called-process-unset", element.id, name=view.name(element.id))
    elif called.startswith("=") or (view.rules.process_ids is not None and called not in view.rules.process_ids):
        yield hit("called-process-unknown", element.id, process=called)


def check_decision(view: View, element: Element) -> Iterator[Hit]:
    """A business rule task without a job type names a decision that exists."""
    known = view.rules.decision_ids
    if decides(element) and known is not None and element.decision_id not in known:
        yield hit("called-decision-unknown", element.id, decision=element.decision_id)
