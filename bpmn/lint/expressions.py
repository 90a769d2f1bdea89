"""Rules about FEEL: every expression compiles, and every name it takes from outside is known."""

from __future__ import annotations

from collections.abc import Iterator, Set
from dataclasses import dataclass

from bpmn import feel
from bpmn.lint.view import Hit, View, hit
from bpmn.model import Element, Flow, IoMapping


@dataclass(frozen=True, slots=True)
class _Place:
    """Where an expression stands; `open_names` when what it may read is not known here (results, called processes)."""

    text: str | None
    vi: str
    en: str
    open_names: bool = False
    local: Set[str] = frozenset()


def amount(view: View) -> int:
    """Return how many characters of FEEL a process holds."""
    texts = [flow.condition for flow in view.process.flows.values()]
    for element in view.process.elements.values():
        texts += [place.text for place in _places(view, element)]
    return sum(len(text) for text in texts if text is not None and text.startswith("="))


def check_expressions(view: View, element: Element) -> Iterator[Hit]:
    """Every expression of an element compiles and reads known names."""
    for place in _places(view, element):
        yield from _check(view, element.id, place)


def check_flow_expression(view: View, flow: Flow) -> Iterator[Hit]:
    """The condition of a flow is FEEL behind its "=" and reads known names."""
    if flow.condition is not None and feel.strip_marker(flow.condition) is None:
        yield hit("condition-not-feel", flow.id, value=flow.condition)
    source = view.process.elements.get(flow.source)
    local = _around(view, source) if source is not None else frozenset()
    yield from _check(view, flow.id, _Place(flow.condition, "điều kiện", "condition", local=local))


def check_mappings(view: View, element: Element) -> Iterator[Hit]:
    """Every variable mapping has a source and a target that is a name."""
    for mapping in (*element.inputs, *element.outputs):
        if not mapping.source or not mapping.target.isidentifier():
            yield hit(
                "mapping-incomplete",
                element.id,
                source=mapping.source or "?",
                target=mapping.target or "?",
                name=view.name(element.id),
            )


def _places(view: View, element: Element) -> Iterator[_Place]:
    host = view.process.elements.get(element.attached_to or "")
    local = _targets(element.inputs) | _around(view, element) | (_targets(host.inputs) if host else frozenset())
    yield _Place(element.candidate_groups, "nhóm thực hiện", "candidate groups", local=local)
    yield _Place(element.assignee, "người thực hiện", "assignee", local=local)
    yield _Place(element.due_date, "hạn", "due date", local=local)
    yield _Place(element.follow_up_date, "ngày nhắc", "follow-up date", local=local)
    yield _Place(element.priority, "độ ưu tiên", "priority", local=local)
    yield _Place(element.job_type, "loại việc", "job type", local=local)
    yield _Place(element.job_retries, "số lần thử lại", "retries", local=local)
    yield _Place(element.timer.expression if element.timer else None, "hẹn giờ", "timer", local=local)
    yield _Place(element.condition, "điều kiện", "condition", local=local)
    yield _Place(element.message.correlation_key if element.message else None, "khóa đối chiếu", "correlation key")
    for key, value in element.headers.items():
        yield _Place(value, f"tiêu đề {key}", f"header {key}", local=local)
    yield from _loop_places(element)
    # Grows while the places are looked at one by one: an input may read those above it.
    earlier = set(_around(view, element))
    for mapping in element.inputs:
        yield _Place(mapping.source, f"biến vào {mapping.target}", f"input {mapping.target}", local=earlier)
        earlier.add(mapping.target)
    for mapping in element.outputs:
        yield _Place(mapping.source, f"biến ra {mapping.target}", f"output {mapping.target}", open_names=True)


def _loop_places(element: Element) -> Iterator[_Place]:
    loop = element.loop_definition
    if loop is None:
        return
    yield _Place(loop.input_collection or loop.cardinality, "danh sách lặp", "collection of the loop")
    yield _Place(loop.condition, "điều kiện lặp", "condition of the loop", open_names=True)
    yield _Place(loop.output_element, "kết quả của mỗi lần lặp", "result of an instance", open_names=True)


def _around(view: View, element: Element) -> frozenset[str]:
    """Return the names that loops and the inputs of sub-processes around an element make visible in it."""
    found: set[str] = set()
    each: Element | None = element
    while each is not None:
        if each.loop_definition is not None:
            found |= {"loopCounter", each.loop_definition.input_element or "loopCounter"}
        found |= _targets(each.inputs) if each is not element else frozenset()
        each = view.process.elements.get(each.parent or "")
    return frozenset(found)


def _targets(mappings: tuple[IoMapping, ...]) -> frozenset[str]:
    return frozenset(mapping.target for mapping in mappings if mapping.target)


def _check(view: View, element_id: str, place: _Place) -> Iterator[Hit]:
    text = feel.strip_marker(place.text or "")
    if text is None or not view.reads_feel:
        return
    try:
        expression = feel.compile(text)
    except feel.FeelError as error:
        yield hit(
            "expression-invalid",
            element_id,
            place_vi=place.vi,
            place=place.en,
            position=1 if error.position is None else error.position + 1,
            reason_vi=error.message_vi.rstrip("."),
            reason=error.message.rstrip("."),
        )
        return
    yield from _unknown(view, element_id, place, expression)


def _unknown(view: View, element_id: str, place: _Place, expression: feel.Expression) -> Iterator[Hit]:
    variables = view.rules.variables
    taken = [name for name in expression.names | expression.functions if not _known(view, place, name)]
    for name in sorted(expression.functions.intersection(taken)):
        yield hit("unknown-function", element_id, place_vi=place.vi, place=place.en, function=name)
    if variables is None or place.open_names:
        return
    for name in sorted(set(taken) - expression.functions):
        yield hit("unknown-variable", element_id, place_vi=place.vi, place=place.en, variable=name)


def _known(view: View, place: _Place, name: str) -> bool:
    return name in place.local or name in view.rules.functions or name in (view.rules.variables or ())
