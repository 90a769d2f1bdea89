"""Which tasks make a decision of the procedure themselves, what keeps them from it, and their compiled decisions."""

from __future__ import annotations

from collections.abc import Mapping

from bpmn.dmn import Decision, DecisionModel, compile_decision
from bpmn.errors import DecisionError, UnsupportedElementError
from bpmn.model import Element, ProcessDefinition


def decides(element: Element | None) -> bool:
    """Tell whether an element makes a decision inside the step."""
    return element is not None and element.kind == "businessRuleTask" and element.decision_id is not None


def ruled(element: Element, definition: ProcessDefinition) -> tuple[str, str] | None:
    """Tell what keeps a business rule task from making its decision, or an event from watching one."""
    if element.kind == "boundaryEvent" and decides(definition.elements.get(element.attached_to or "")):
        return "a decision is made at once, nothing can happen meanwhile", "quyết định có ngay, không có gì để chờ"
    if not decides(element):
        return None
    if element.job_type is not None:
        return "it has both a decision and a job type", "nêu cả quyết định lẫn loại công việc máy (job type)"
    if (element.decision_id or "").startswith("="):
        return "it must name its decision", "phải nêu đích danh quyết định"
    if not (element.result_variable or "").isidentifier():
        return "its result needs a plain variable name", "kết quả cần một tên biến đơn"
    return None


def compiled(element: Element, models: Mapping[str, DecisionModel]) -> Decision | None:
    """Return the compiled decision of a task, None of any other. Raises UnsupportedElementError naming the task."""
    decision_id = element.decision_id
    if not decides(element) or decision_id is None:
        return None
    if decision_id not in models:
        raise UnsupportedElementError(
            f'"{element.id}" cannot be run: there is no decision "{decision_id}".',
            element.id,
            message_vi=f"“{element.id}” không chạy được: không có quyết định “{decision_id}”.",
        )
    try:
        return compile_decision(models[decision_id], decision_id)
    except DecisionError as error:
        raise UnsupportedElementError(
            f'"{element.id}" cannot make the decision "{decision_id}": {error.message}',
            element.id,
            message_vi=f"“{element.id}” không dùng được quyết định “{decision_id}”: {error.message_vi}",
        ) from error
