"""What officers did while they worked on a case, in words: Vietnamese and English."""

from __future__ import annotations

from collections.abc import Mapping

from engine.domain import events
from engine.domain.events import Event

Pair = tuple[str, str]
MARKED: Mapping[str, Pair] = {
    "compared": ("Đã đối chiếu bản chính: {name}", "Compared with the original: {name}"),
    "digitised": ("Đã số hóa: {name}", "Digitised: {name}"),
    "failed": ("Giấy tờ không đạt: {name}. {remark}", "Not good enough: {name}. {remark}"),
}
UNMARKED: Mapping[str, Pair] = {
    "compared": ("Bỏ dấu đã đối chiếu bản chính: {name}", "No longer marked as compared: {name}"),
    "digitised": ("Bỏ dấu đã số hóa: {name}", "No longer marked as digitised: {name}"),
    "failed": ("Bỏ dấu không đạt: {name}", "No longer marked as not good enough: {name}"),
}


def pair_of(event: Event) -> Pair | None:
    """The sentence for an event of the work screen; None for any other."""
    match event:
        case events.DocumentMarked():
            return (MARKED if event.present else UNMARKED)[event.mark]
        case _:
            return None


def values_of(event: Event) -> dict[str, str]:
    """What its sentence may name beside what all events have."""
    return {"remark": str(getattr(event, "note", ""))}
