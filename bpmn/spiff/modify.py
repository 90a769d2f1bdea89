"""Tokens moved by the house: waits and scopes cancelled, variables set, others begun at an element."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bpmn.errors import ChangeError
from bpmn.instance import Change, Place, Standing
from bpmn.spiff.plain import plain
from bpmn.spiff.scope import CaseWorkflow, ScopeWorkflow
from bpmn.spiff.token import Token

Reason = tuple[str, str]  # English, Vietnamese


def standing(top: CaseWorkflow) -> tuple[Standing, ...]:
    """Return where every token stands."""
    return tuple(_stands(token) for scope in top.scopes() for token in scope.live())


def _stands(token: Token) -> Standing:
    spec, element = token.task_spec, token.task_spec.binding.element
    return Standing(
        key=token.id,
        scope=token.workflow.scope,
        process_id=token.workflow.spec.process_id,
        element_id=element.id,
        name=element.name,
        kind=element.kind,
        scoped=spec.calls and not _repeats(spec),
        watches=token.host.id if token.host is not None else token.workflow.scope if spec.guards else None,
        joins=spec.joins,
    )


def places(top: CaseWorkflow) -> tuple[Place, ...]:
    """Return where something may be begun."""
    levels = (scope for scope in top.scopes() if scope.spec.kind != "loop")
    return tuple(
        Place(scope=level.scope, element_id=name, name=spec.binding.element.name)
        for level in levels
        for name, spec in level.spec.task_specs.items()
        if _no_beginning(spec) is None
    )


def apply_change(top: CaseWorkflow, change: Change) -> None:
    """Cancel, then set, then begin; a scope in which nothing is left goes with it. Raises ChangeError."""
    for token in [_to_cancel(top, key) for key in change.cancel]:
        token.workflow.discard(token)
    for scope, values in change.variables.items():
        _write(top, scope, values)
    for scope, element_id in change.begin:
        _place(top, scope, element_id).place(element_id, None)
    _prune(top)


def _to_cancel(top: CaseWorkflow, key: str) -> Token:
    token = top.find(key)
    if token is None or not token.task_spec.rests:
        raise _refused(key, ("it is not open", "không còn mở"))
    if token.task_spec.guards:
        raise _refused(key, ("it only watches its scope", "chỉ theo dõi phạm vi quanh nó"))
    if token.host is not None:
        host = token.host.id
        raise _refused(key, (f'it watches "{host}", cancel that', f"gắn với “{host}”, hãy bỏ công việc đó"))
    if token.task_spec.binding.repeated:
        raise _refused(key, ("it is one of several instances, cancel the loop", "là một lượt lặp, hãy bỏ cả vòng lặp"))
    return token


def _write(top: CaseWorkflow, scope: str, values: Mapping[str, Any]) -> None:
    token = top.find(scope) if scope else None
    rests = token is not None and token.task_spec.rests
    if scope and (token is None or not rests or not (token.task_spec.calls or token.task_spec.binding.repeated)):
        raise _refused(scope, ("it has no variables of its own", "không có biến riêng"))
    for name, value in values.items():
        if not name.isidentifier():
            raise _refused(name, ("only plain variable names are written", "chỉ ghi được vào tên biến đơn"))
        try:
            top.script_engine.variables.write(scope, {name: plain(value)})
        except ValueError as error:
            raise _refused(name, (str(error), "giá trị không lưu được vào biến")) from error


def _place(top: CaseWorkflow, scope: str, element_id: str) -> ScopeWorkflow:
    level = top.subprocesses.get(scope) if scope else top
    if level is None or level.spec.kind == "loop":
        raise _refused(scope, ("no scope is open there", "không có phạm vi nào đang chạy ở đó"))
    spec = level.spec.task_specs.get(element_id)
    reason = ("it does not stand on this level", "không có ở cấp này") if spec is None else _no_beginning(spec)
    if reason is not None:
        raise _refused(element_id, reason)
    return level


def _no_beginning(spec: Any) -> Reason | None:
    element = spec.binding.element
    if element.kind == "boundaryEvent":
        return "a boundary event watches an activity", "sự kiện biên chỉ theo dõi một hoạt động"
    if spec.guards or element.triggered or (element.kind == "startEvent" and element.event != "none"):
        return "only its event can start it", "chỉ sự kiện của nó mới khởi động được"
    if spec.joins and len(element.incoming) > 1:
        return "a join waits for tokens over its flows", "cổng gộp chờ các nhánh đi vào; hãy bắt đầu sau cổng"
    if spec.binding.watches:
        return "it belongs to its event gateway, begin there", "thuộc cổng sự kiện; hãy bắt đầu tại cổng đó"
    return None


def _prune(top: CaseWorkflow) -> None:
    """A scope without a token has nothing to wait for: what stands for it goes, and so on outward."""
    for scope in reversed(list(top.subprocesses.values())):
        host = scope.host
        if host.alive and scope.is_completed():
            if host.task_spec.binding.repeated:
                raise _refused(host.id, ("it is one of several instances", "là một lượt lặp, không bỏ riêng được"))
            host.workflow.discard(host)
    if top.is_completed():
        raise ChangeError(
            "Nothing would be left to wait for; stop the case instead.",
            message_vi="Sẽ không còn việc nào để chờ; hãy dùng chức năng dừng hồ sơ.",
        )


def _refused(what: str, reason: Reason) -> ChangeError:
    element_id = what.rpartition("/")[2].rpartition("#")[0] or what
    return ChangeError(f'"{what}": {reason[0]}.', element_id, message_vi=f"“{what}”: {reason[1]}.")


def _repeats(spec: Any) -> bool:
    return spec.binding.element.loop != "none" and not spec.binding.repeated
