"""What the runner refuses: element kinds it does not execute, and shapes BPMN gives no meaning it could follow."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import lru_cache

from bpmn.errors import UnsupportedElementError
from bpmn.model import Element, ProcessDefinition
from bpmn.spiff.decisions import decides, ruled
from bpmn.spiff.kinds import EXECUTED, GUARDS, LOOPS, STARTS
from bpmn.spiff.timing import wrong_setting

JOBS = frozenset({"serviceTask", "sendTask", "manualTask", "businessRuleTask"})
REPEATED = JOBS | {"userTask", "receiveTask", "callActivity", "subProcess"}
_HOSTS = REPEATED
LONGEST_NAME = 200  # of a message or signal: cases are found by it
_CHOOSING = frozenset({"exclusiveGateway", "inclusiveGateway"})
_BEHIND_CHOICE = frozenset(
    {("intermediateCatchEvent", event) for event in ("message", "timer", "signal", "conditional")}
)

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
        found = (rule(element, definition) for rule in _RULES)
        reason = _of_kind(element, definition) or next((each for each in found if each), None)
        if reason is not None:
            yield element, reason
    begun: dict[str | None, list[Element]] = defaultdict(list)
    for element in definition.elements.values():
        if element.kind == "startEvent":
            begun[element.parent].append(element)
    for level in (None, *(each for each in definition.elements.values() if each.kind == "subProcess")):
        starts = begun[level.id if level else None]
        doubled = second_start(starts) if level is None else next(iter(starts[1:]), None)
        if doubled is not None:
            yield doubled, ("a start event like it is there already", "đã có một sự kiện bắt đầu như vậy")
        if not starts:
            yield level, ("a process needs a start event", "quy trình cần một sự kiện bắt đầu")


def second_start(starts: Iterable[Element]) -> Element | None:
    """Return the first start event of a process that leaves open which one begins: a second without a trigger, or for
    the same message or signal."""
    seen: set[tuple[str, str]] = set()
    for each in starts:
        said = (each.event, (each.message.name if each.message else each.trigger) or "")
        if said in seen and each.event != "timer":
            return each
        seen.add(said)
    return None


def _of_kind(element: Element, definition: ProcessDefinition) -> Reason | None:
    kind = element.kind if element.event == "none" else f"{element.kind} ({element.event})"
    if element.kind == "startEvent":
        executed = element.event in begun_by(element, definition)
    elif element.triggered:
        executed, kind = bool(GUARDS), "eventSubProcess"
    else:
        executed = (element.kind, element.event) in EXECUTED
    if not executed:
        return f"{kind} is not executed", f"{kind} chưa được hỗ trợ"
    if element.loop not in ("none", *LOOPS) or (
        element.loop != "none" and (element.kind not in REPEATED or element.triggered)
    ):
        return "this loop marker is not executed", "chưa hỗ trợ dấu lặp này"
    return None


def begun_by(element: Element, definition: ProcessDefinition) -> Collection[str]:
    """Return the event kinds that a start event may have at its place."""
    handler = definition.elements.get(element.parent or "")
    if handler is not None and handler.triggered:
        return GUARDS
    return STARTS if element.parent is None else ("none",)


def _name(element: Element, definition: ProcessDefinition) -> Reason | None:
    # Keys are written scope/element#number.
    if set(element.id) & {"/", "#"}:
        return "its id may not hold / or #", "mã của nó không được chứa / hoặc #"
    return None


def _ends(element: Element, definition: ProcessDefinition) -> Reason | None:
    link = element.event == "link"
    begins = element.kind in ("startEvent", "boundaryEvent") or element.triggered or (link and "Catch" in element.kind)
    ends = element.kind == "endEvent" or element.triggered or (link and "Throw" in element.kind)
    if begins and element.incoming:
        return "no flow may lead to it", "không được có luồng đi vào"
    if not begins and not element.incoming:
        return "no flow leads to it", "không có luồng nào đi vào"
    if ends and element.outgoing:
        return "no flow may leave it", "không được có luồng đi ra"
    if element.kind in ("exclusiveGateway", "inclusiveGateway", "eventBasedGateway") and not element.outgoing:
        return "no flow leaves it", "không có luồng nào đi ra"
    return None


def _border(element: Element, definition: ProcessDefinition) -> Reason | None:
    targets = (definition.elements[definition.flows[flow_id].target] for flow_id in element.outgoing)
    if any(target.parent != element.parent for target in targets):
        return "a flow crosses the border of a sub-process", "có luồng vượt qua ranh giới quy trình con"
    if element.parent is not None and definition.elements[element.parent].kind != "subProcess":
        return "it stands in what is not executed", "nằm trong phần tử chưa được hỗ trợ"
    return None


def _conditions(element: Element, definition: ProcessDefinition) -> Reason | None:
    flows = [definition.flows[flow_id] for flow_id in element.outgoing]
    if element.kind not in _CHOOSING:
        if element.default_flow or any(flow.condition is not None for flow in flows):
            return "only choosing gateways look at conditions", "chỉ cổng chọn nhánh mới dùng điều kiện"
        return None
    asked = [flow for flow in flows if flow.id != element.default_flow]
    if len(flows) > 1 and any(flow.condition is None for flow in asked):
        return "a flow has neither a condition nor is it the default", "có luồng không điều kiện mà không phải mặc định"
    if any(flow.condition is not None and not flow.condition.startswith("=") for flow in asked):
        return "a condition must be FEEL behind a leading =", "điều kiện phải là FEEL, bắt đầu bằng dấu ="
    return None


def _event(element: Element, definition: ProcessDefinition) -> Reason | None:
    throws = element.kind in ("endEvent", "intermediateThrowEvent")
    needs_message = (element.event == "message" and not throws) or element.kind == "receiveTask"
    if needs_message and (element.message is None or not element.message.name):
        return "it names no message", "chưa nêu tên thông điệp"
    if element.event == "timer" and element.timer is None:
        return "it has no time, or several", "chưa nêu thời điểm, hoặc nêu nhiều thời điểm"
    if element.event == "timer" and wrong_setting(element.properties):
        return "its zone or calendar is unknown", "múi giờ (timerZone) hoặc lịch (timerCalendar) không có"
    if element.event == "conditional" and not (element.condition or "").startswith("="):
        return "it needs a condition in FEEL behind a leading =", "cần điều kiện FEEL, bắt đầu bằng dấu ="
    if element.kind == "boundaryEvent":
        host = definition.elements.get(element.attached_to or "")
        if host is None or host.kind not in _HOSTS or host.triggered or host.parent != element.parent:
            return "it watches nothing that waits", "không gắn vào hoạt động có chờ"
    return None


def _work(element: Element, definition: ProcessDefinition) -> Reason | None:
    sends = element.event == "message" and element.kind in ("endEvent", "intermediateThrowEvent")
    if (sends or (element.kind in JOBS and not decides(element))) and not element.job_type:
        return "it has no job type", "chưa nêu loại công việc máy (job type)"
    if element.kind == "callActivity" and (not element.called_element or element.called_element.startswith("=")):
        return "it must name the called process", "phải nêu đích danh quy trình được gọi"
    return None


def thrown(element: Element, definition: ProcessDefinition) -> Reason | None:
    """Tell what keeps an event from being thrown or caught by its name."""
    throws = element.kind in ("endEvent", "intermediateThrowEvent")
    if len(element.trigger or "") > LONGEST_NAME or (element.message and len(element.message.name) > LONGEST_NAME):
        return "the name it is known by is too long", "tên thông điệp, tín hiệu hoặc mã quá dài"
    if element.event in ("error", "escalation", "signal", "link"):
        any_code = not throws and element.event in ("error", "escalation")
        if element.trigger == "" or (element.trigger is None and not any_code):
            return f"it names no {element.event}", "chưa nêu mã lỗi, mã leo thang, tín hiệu hoặc liên kết"
    if element.event == "error" and not throws and not element.interrupting:
        return "an error always interrupts", "sự kiện lỗi luôn ngắt hoạt động"
    if element.event == "link":
        if element.incoming if not throws else element.outgoing:
            return "a link has a flow on one side only", "liên kết chỉ có luồng ở một phía"
        if _landings(definition)[element.parent, element.trigger] != 1:
            return "its link is caught nowhere, or twice", "liên kết phải có đúng một nơi nhận cùng cấp"
    return None


# Asked for element by element, counted once per diagram: a file may hold thousands of links or event gateways.
@lru_cache(maxsize=4)
def _landings(definition: ProcessDefinition) -> Counter[tuple[str | None, str | None]]:
    """Count where links are caught, by level and name."""
    catch = ("intermediateCatchEvent", "link")
    return Counter(
        (each.parent, each.trigger) for each in definition.elements.values() if (each.kind, each.event) == catch
    )


@lru_cache(maxsize=4)
def _watched(definition: ProcessDefinition) -> frozenset[str]:
    """Return the activities that boundary events sit on."""
    return frozenset(each.attached_to for each in definition.elements.values() if each.attached_to)


def choice(element: Element, definition: ProcessDefinition) -> Reason | None:
    """Tell what keeps an event gateway from waiting for what follows it."""
    if element.kind != "eventBasedGateway":
        return None
    for flow_id in element.outgoing:
        target = definition.elements.get(definition.flows[flow_id].target)
        if target is None:
            continue  # a flow that leads nowhere is refused for itself
        watched = target.id in _watched(definition)
        waits = (target.kind, target.event) in _BEHIND_CHOICE or (target.kind == "receiveTask" and not watched)
        if not waits or target.loop != "none" or len(target.incoming) != 1:
            return "only events that nothing else leads to may follow it", "chỉ được nối tới sự kiện chờ của riêng nó"
    return None


def repeats(element: Element, definition: ProcessDefinition) -> Reason | None:
    """Tell what keeps a loop marker from being followed."""
    loop = element.loop_definition
    if loop is None:
        return None
    names = [name for name in (loop.input_element, loop.output_collection) if name]
    if any(not name.isidentifier() for name in names):
        return "only plain variable names are written", "chỉ ghi được vào tên biến đơn"
    if element.loop == "standard":
        if loop.maximum is not None and not (loop.maximum.isdecimal() and loop.maximum.isascii()):
            return "the most rounds are no number", "số vòng tối đa không phải là số"
        counted = loop.maximum is not None or (loop.condition or "").startswith("=")
    else:
        counted = loop.cardinality is not None or (loop.input_collection or "").startswith("=")
    if not counted:
        return "nothing says how often it is repeated", "chưa nêu lặp bao nhiêu lần"
    if bool(loop.output_collection) != bool(loop.output_element):
        return "results need both a collection and an element", "kết quả cần cả danh sách và phần tử"
    expressions = (loop.condition, loop.output_element)
    if any(text is not None and not text.startswith("=") for text in expressions):
        return "a condition or result must be FEEL behind a leading =", "điều kiện, kết quả phải là FEEL sau dấu ="
    return None


def passed_over(element: Element, definition: ProcessDefinition) -> Reason | None:
    """Tell what is drawn on an element that would be accepted and ignored."""
    if not element.unread:
        return None
    names = ", ".join(element.unread)
    return f"{names} would have no effect", f"{names} sẽ không có tác dụng"


_RULES: Collection[Callable[[Element, ProcessDefinition], Reason | None]] = (
    _name, _ends, _border, _conditions, _event, _work, thrown, choice, repeats, ruled, passed_over,
)  # fmt: skip


def _missing_calls(
    definition: ProcessDefinition, library: Mapping[str, ProcessDefinition]
) -> Iterator[UnsupportedElementError]:
    for element in definition.elements.values():
        called = element.called_element
        if element.kind == "callActivity" and called and called not in library:
            yield _refusal(definition, element, (f'there is no process "{called}"', f"không có quy trình “{called}”"))
        elif element.kind == "callActivity" and called and not _callable(library[called]):
            yield _refusal(definition, element, _NOT_CALLABLE)


_NOT_CALLABLE: Reason = (
    "the called process has no start event without a trigger",
    "quy trình được gọi không có sự kiện bắt đầu thường",
)


def _callable(definition: ProcessDefinition) -> bool:
    plain = ("startEvent", "none", None)
    return any((each.kind, each.event, each.parent) == plain for each in definition.elements.values())


def _refusal(definition: ProcessDefinition, element: Element | None, reason: Reason) -> UnsupportedElementError:
    element_id = element.id if element else None
    name = element_id or definition.id
    return UnsupportedElementError(
        f'"{name}" cannot be run: {reason[0]}.', element_id, message_vi=f"“{name}” không chạy được: {reason[1]}."
    )
