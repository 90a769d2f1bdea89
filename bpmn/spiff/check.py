"""What the runner refuses: element kinds it does not execute, and shapes BPMN gives no meaning it could follow."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping

from bpmn.errors import UnsupportedElementError
from bpmn.model import Element, ProcessDefinition
from bpmn.spiff.parser import SPECS

EXECUTED: frozenset[tuple[str, str]] = frozenset(SPECS)

JOBS = frozenset({"serviceTask", "sendTask", "manualTask", "businessRuleTask"})
_HOSTS = JOBS | {"userTask", "receiveTask", "callActivity"}

Reason = tuple[str, str]  # English, Vietnamese


def problems(
    definition: ProcessDefinition, library: Mapping[str, ProcessDefinition] | None = None
) -> tuple[UnsupportedElementError, ...]:
    """Return everything of a definition that the runner would refuse, in document order; called processes unseen.

    Whether a called process is there is checked only when a library is given.
    """
    found = [_refusal(definition, element, each) for element, each in _reasons(definition)]
    if library is not None:
        found += _missing_calls(definition, library)
    return tuple(found)


def _reasons(definition: ProcessDefinition) -> Iterator[tuple[Element | None, Reason]]:
    for element in definition.elements.values():
        reason = _of_kind(element) or next((each for rule in _RULES if (each := rule(element, definition))), None)
        if reason is not None:
            yield element, reason
    starts = [each for each in definition.elements.values() if each.kind == "startEvent" and each.parent is None]
    if len(starts) != 1:
        yield (
            starts[1] if starts else None,
            ("a process needs exactly one start event", "quy trình cần đúng một sự kiện bắt đầu"),
        )


def _of_kind(element: Element) -> Reason | None:
    if (element.kind, element.event) not in EXECUTED:
        kind = element.kind if element.event == "none" else f"{element.kind} ({element.event})"
        return f"{kind} is not executed", f"{kind} chưa được hỗ trợ"
    if element.loop != "none":
        return "repeating activities (loop markers) are not executed", "chưa hỗ trợ hoạt động lặp (dấu lặp)"
    if element.parent is not None:
        return "elements inside a sub-process are not executed", "chưa hỗ trợ phần tử trong quy trình con nhúng"
    return None


def _name(element: Element, definition: ProcessDefinition) -> Reason | None:
    # Keys are written scope/element#number.
    if set(element.id) & {"/", "#"}:
        return "its id may not hold / or #", "mã của nó không được chứa / hoặc #"
    return None


def _ends(element: Element, definition: ProcessDefinition) -> Reason | None:
    begins = element.kind in ("startEvent", "boundaryEvent")
    if begins and element.incoming:
        return "no flow may lead to it", "không được có luồng đi vào"
    if not begins and not element.incoming:
        return "no flow leads to it", "không có luồng nào đi vào"
    if element.kind == "endEvent" and element.outgoing:
        return "no flow may leave an end event", "không được có luồng đi ra khỏi sự kiện kết thúc"
    if element.kind == "exclusiveGateway" and not element.outgoing:
        return "no flow leaves it", "không có luồng nào đi ra"
    return None


def _conditions(element: Element, definition: ProcessDefinition) -> Reason | None:
    flows = [definition.flows[flow_id] for flow_id in element.outgoing]
    if element.kind != "exclusiveGateway":
        if element.default_flow or any(flow.condition is not None for flow in flows):
            return "only exclusive gateways choose by conditions", "chỉ cổng rẽ nhánh loại trừ mới dùng điều kiện"
        return None
    asked = [flow for flow in flows if flow.id != element.default_flow]
    if len(flows) > 1 and any(flow.condition is None for flow in asked):
        return "a flow has neither a condition nor is it the default", "có luồng không điều kiện mà không phải mặc định"
    if any(flow.condition is not None and not flow.condition.startswith("=") for flow in asked):
        return "a condition must be FEEL behind a leading =", "điều kiện phải là FEEL, bắt đầu bằng dấu ="
    return None


def _event(element: Element, definition: ProcessDefinition) -> Reason | None:
    needs_message = element.event == "message" or element.kind == "receiveTask"
    if needs_message and (element.message is None or not element.message.name):
        return "it names no message", "chưa nêu tên thông điệp"
    if element.event == "timer" and element.timer is None:
        return "it has no time, or several", "chưa nêu thời điểm, hoặc nêu nhiều thời điểm"
    if element.kind == "boundaryEvent":
        host = definition.elements.get(element.attached_to or "")
        if host is None or host.kind not in _HOSTS:
            return "it watches nothing that waits", "không gắn vào hoạt động có chờ"
    return None


def _work(element: Element, definition: ProcessDefinition) -> Reason | None:
    if element.kind in JOBS and not element.job_type:
        return "it has no job type", "chưa nêu loại công việc máy (job type)"
    if element.kind == "callActivity" and (not element.called_element or element.called_element.startswith("=")):
        return "it must name the called process", "phải nêu đích danh quy trình được gọi"
    return None


_RULES: Collection[Callable[[Element, ProcessDefinition], Reason | None]] = (_name, _ends, _conditions, _event, _work)


def _missing_calls(
    definition: ProcessDefinition, library: Mapping[str, ProcessDefinition]
) -> Iterator[UnsupportedElementError]:
    for element in definition.elements.values():
        called = element.called_element
        if element.kind == "callActivity" and called and called not in library:
            yield _refusal(definition, element, (f'there is no process "{called}"', f"không có quy trình “{called}”"))


def _refusal(definition: ProcessDefinition, element: Element | None, reason: Reason) -> UnsupportedElementError:
    element_id = element.id if element else None
    name = element_id or definition.id
    return UnsupportedElementError(
        f'"{name}" cannot be run: {reason[0]}.', element_id, message_vi=f"“{name}” không chạy được: {reason[1]}."
    )
