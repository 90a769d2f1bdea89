"""What a procedure's level promises, against what its head and its own diagrams do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bpmn.model import ProcessDefinition
from engine.adapters.catalog_findings import HEAD, Finding, finding
from engine.adapters.catalog_shared import SHARED
from engine.domain.procedure import ELECTRONIC, Procedure, offers, pays_online

CHANNELS = frozenset({"online", "desk", "post"})
DELIVERIES = frozenset({"desk", "post", ELECTRONIC})


def levels(procedure: Procedure, definitions: Iterable[ProcessDefinition]) -> Iterator[Finding]:
    """Ways of filing, paying and receiving that no level has or this one lacks; shared diagrams serve both levels."""
    yield from _named(procedure)
    level = procedure.level
    if "online" not in procedure.channels:
        yield _wrong("channels", f"mức độ {level} phải nộp được trực tuyến", f"level {level} needs online filing")
    for way in procedure.deliveries:
        if not offers(level, way):
            yield _wrong("deliveries", f"mức độ {level} không có cách nhận “{way}”", f"level {level} has no “{way}”")
    if offers(level, ELECTRONIC) and ELECTRONIC not in procedure.deliveries:
        vi, en = f"mức độ {level} phải nhận được bản điện tử", f"level {level} needs electronic results"
        yield _wrong("deliveries", vi, en)
    shared = {data for name, data in procedure.files.items() if name.startswith(SHARED)}
    for definition in definitions:
        if definition.xml not in shared:
            yield from _diagram(procedure, definition)


def _named(procedure: Procedure) -> Iterator[Finding]:
    for key, values, known in (
        ("channels", procedure.channels, CHANNELS),
        ("deliveries", procedure.deliveries, DELIVERIES),
    ):
        for value in sorted({*values} - known):
            yield _wrong(key, f"không có cách “{value}”", f"there is no way “{value}”")
        if not values:
            yield _wrong(key, "chưa nêu cách nào", "no way is named")


def _diagram(procedure: Procedure, definition: ProcessDefinition) -> Iterator[Finding]:
    level = procedure.level
    for element in definition.elements.values():
        if element.job_type == "fee.collect" and not pays_online(level):
            vi, en = f"mức độ {level} không thu trực tuyến", f"level {level} takes no payment online"
            yield finding("process.bpmn", element.id, "level", vi, en)
        if element.job_type == "result.deliver" and not offers(level, element.headers.get("way", "")):
            vi, en = f"mức độ {level} không trả bản điện tử", f"level {level} hands over no electronic result"
            yield finding("process.bpmn", element.id, "level", vi, en)


def _wrong(key: str, message: str, message_en: str) -> Finding:
    return finding(HEAD, key, "level", message, message_en)
