"""Control state ↔ compact versioned JSON: live tokens and visit numbers by scope, nothing else.

{"s": {scope: {"n": {element: visits}, "t": [[element, number, extra?], ...]}, ...}, "v": 1}
extra: {"f": flow a token came over to a join, "h": visit number of the watched activity,
        "x": 1 when a boundary event fired before,
        "b": 1 when a condition held as it was looked at last, "c": [index, last, anchor, period, zone?] of a cycle}
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

from bpmn.errors import SnapshotError
from bpmn.feel.temporal import zone_named
from bpmn.migrations import VERSION, lift
from bpmn.spiff.cycle import Cycle
from bpmn.spiff.library import TaskState
from bpmn.spiff.scope import CaseWorkflow, ScopeWorkflow
from bpmn.spiff.token import Token

_ENCODER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def dump(workflow: CaseWorkflow) -> str:
    """Return the control state as text; the same state always gives the same text."""
    running = [] if workflow.is_completed() else workflow.scopes()
    return _ENCODER.encode({"v": VERSION, "s": {each.scope: _scope(each) for each in running}})


def restore(snapshot: str, make: Callable[[], CaseWorkflow]) -> CaseWorkflow:
    """Put the tokens of a snapshot into a fresh workflow. Raises SnapshotError when it does not fit the diagram."""
    try:
        state = lift(json.loads(snapshot))
        workflow = make()
        # A scope's name begins with its caller's name, so the sorted order opens callers first.
        for scope, rows in sorted(state["s"].items()):
            _fill(workflow.open_again(scope), rows)
    except (ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
        raise SnapshotError(
            f"The control state does not fit the diagram: {error!r}.",
            message_vi=f"Trạng thái điều khiển không khớp với sơ đồ: {error!r}.",
        ) from error
    return workflow


def _scope(workflow: ScopeWorkflow) -> dict[str, Any]:
    rows = sorted((_row(token) for token in workflow.live()), key=lambda row: row[:2])
    return {"n": workflow.visits, "t": rows}


def _row(token: Token) -> list[Any]:
    extra: dict[str, Any] = {}
    if token.host is not None:
        extra["h"] = token.host.number
    elif token.task_spec.joins:
        extra["f"] = token.flow_id
    if token.fired:
        extra["x"] = 1
    if token.held:
        extra["b"] = 1
    if token.cycle is not None:
        cycle = token.cycle
        extra["c"] = [cycle.index, cycle.last, cycle.anchor.isoformat(), cycle.text]
        extra["c"] += [cycle.zone] if cycle.zone else []
    row = [token.task_spec.name, token.number]
    return [*row, extra] if extra else row


def _fill(workflow: ScopeWorkflow, rows: dict[str, Any]) -> None:
    workflow.visits = dict(rows["n"])
    watching: list[tuple[Token, int]] = []
    for element_id, number, *more in rows["t"]:
        token = workflow.put(element_id, number)
        extra = more[0] if more else {}
        _fit(token, extra)
        if "h" in extra:
            watching.append((token, extra["h"]))
    for token, number in watching:
        token.host = workflow.tasks[workflow.key(token.task_spec.binding.watches, number)]


def _fit(token: Token, extra: dict[str, Any]) -> None:
    """Give a restored token its state. Raises ValueError when tokens cannot rest at its element, or not like this."""
    spec, element = token.task_spec, token.task_spec.binding.element
    lost = spec.joins and extra.get("f") not in element.incoming
    if not spec.rests or lost or ("h" in extra) != bool(spec.binding.watches):
        raise ValueError(f'no token can rest at "{element.id}" like this')
    token._set_state(TaskState.STARTED if spec.calls else TaskState.WAITING)
    token.flow_id = extra.get("f")
    token.fired = "x" in extra
    token.held = "b" in extra
    if "c" in extra:
        index, last, anchor, text, *zone = extra["c"]
        if zone and zone_named(zone[0]) is None:
            raise ValueError(f'there is no time zone "{zone[0]}"')
        token.cycle = Cycle(datetime.fromisoformat(anchor), text, index, last, *zone)
