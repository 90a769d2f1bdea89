"""Rules about element kinds: what is not executed is refused by name, never accepted and ignored."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from bpmn.lint.view import Hit, View, hit
from bpmn.model import Element
from bpmn.parse import ZEEBE_NS
from bpmn.runner import EXECUTED
from bpmn.spiff.check import REPEATED, begun_by, choice, passed_over, repeats, thrown
from bpmn.spiff.decisions import ruled
from bpmn.spiff.kinds import GUARDS, LOOPS

_KIND_VI: Final[Mapping[str, str]] = {
    "task": "công việc không rõ loại",
    "userTask": "công việc của người",
    "serviceTask": "công việc tự động",
    "sendTask": "công việc gửi",
    "receiveTask": "công việc nhận",
    "manualTask": "công việc thủ công",
    "scriptTask": "công việc chạy mã lệnh",
    "businessRuleTask": "công việc bảng quyết định",
    "callActivity": "lời gọi quy trình",
    "subProcess": "quy trình con",
    "transaction": "giao dịch",
    "adHocSubProcess": "quy trình con tùy ý",
    "exclusiveGateway": "cổng loại trừ",
    "parallelGateway": "cổng song song",
    "inclusiveGateway": "cổng bao gồm",
    "complexGateway": "cổng phức hợp",
    "eventBasedGateway": "cổng sự kiện",
    "startEvent": "sự kiện bắt đầu",
    "endEvent": "sự kiện kết thúc",
    "intermediateCatchEvent": "sự kiện chờ giữa chừng",
    "intermediateThrowEvent": "sự kiện phát giữa chừng",
    "boundaryEvent": "sự kiện biên",
    "choreographyTask": "công việc phối hợp",
    "subChoreography": "phối hợp con",
    "callChoreography": "lời gọi phối hợp",
}
_EVENT_VI: Final[Mapping[str, str]] = {
    "message": "thông điệp",
    "timer": "hẹn giờ",
    "error": "lỗi",
    "escalation": "leo thang",
    "signal": "tín hiệu",
    "conditional": "điều kiện",
    "link": "liên kết",
    "terminate": "chấm dứt",
    "compensate": "bù trừ",
    "cancel": "hủy giao dịch",
    "multiple": "nhiều loại hoặc không rõ loại",
}
_LOOPS: Final[Mapping[str, tuple[str, str]]] = {
    "standard": ("dấu lặp lại", "the loop marker"),
    "parallel": ("dấu nhiều bản song song", "the parallel multi-instance marker"),
    "sequential": ("dấu nhiều bản tuần tự", "the sequential multi-instance marker"),
}
# Settings of the zeebe namespace that change how an element runs elsewhere and have no effect here.
_IGNORED: Final = frozenset({
    "executionListeners", "taskListeners", "script", "loopCharacteristics", "conditionalFilter",
})  # fmt: skip
_OWN: Final = f"{{*}}extensionElements/{{{ZEEBE_NS}}}*"
_OF_EVENT: Final = f"{{*}}conditionalEventDefinition/{_OWN}"
_IGNORED_ATTRIBUTES: Final = frozenset({"candidateUsers", "formKey", "externalReference"})


def check_kind(view: View, element: Element) -> Iterator[Hit]:
    """Refuse kinds, events and markers that the runner does not execute."""
    for words_vi, words in _not_executed(view, element):
        yield hit("not-executed", element.id, kind_vi=words_vi, kind=words, name=view.name(element.id))


def check_refused(view: View, element: Element) -> Iterator[Hit]:
    """Events have names that meet, event gateways lead to events of their own, loops say how often."""
    guards = element.kind == "startEvent" and element.event in GUARDS
    for rule in (thrown, choice, repeats, ruled, passed_over):
        reason = rule(element, view.process) if guards or (element.kind, element.event) in EXECUTED else None
        if reason is not None:
            yield hit("cannot-run", element.id, reason=reason[0], reason_vi=reason[1], name=view.name(element.id))


def check_extensions(view: View, element: Element) -> Iterator[Hit]:
    """Name the zeebe settings that have no effect here."""
    node = view.nodes[element.id]
    for found in (*node.iterfind(_OWN), *node.iterfind(_OF_EVENT)):
        tag = str(found.tag).rpartition("}")[2]
        if tag in _IGNORED or (tag == "calledDecision" and element.kind != "businessRuleTask"):
            yield hit("extension-ignored", element.id, setting=tag, name=view.name(element.id))
        for attribute in sorted(_IGNORED_ATTRIBUTES & {str(key) for key in found.attrib}):
            yield hit("extension-ignored", element.id, setting=attribute, name=view.name(element.id))


def _not_executed(view: View, element: Element) -> Iterator[tuple[str, str]]:
    if not _runs(view, element):
        yield _words(view, element)
    if view.triggered(element) and not GUARDS:
        yield "quy trình con sự kiện", "an event sub-process"
    if element.loop in _LOOPS and (element.loop not in LOOPS or element.kind not in REPEATED or element.triggered):
        yield _LOOPS[element.loop]
    if view.compensates(element):
        yield "dấu bù trừ", "the compensation marker"


def _runs(view: View, element: Element) -> bool:
    if element.kind == "startEvent":
        return element.event in begun_by(element, view.process)
    return (element.kind, element.event) in view.rules.executed


def _words(view: View, element: Element) -> tuple[str, str]:
    handler = view.process.elements.get(element.parent or "")
    if element.kind == "startEvent" and handler is not None and view.triggered(handler):
        return "quy trình con sự kiện bắt đầu như thế này", "an event sub-process that starts like this"
    kind_vi = _KIND_VI.get(element.kind, element.kind)
    if element.event == "none":
        return f"{kind_vi} ({element.kind})", f"a {element.kind}"
    event_vi = _EVENT_VI.get(element.event, element.event)
    return f"{kind_vi} loại {event_vi}", f"a {element.kind} of kind {element.event}"
