"""What officers did while they worked on a case, in words: Vietnamese and English."""

from __future__ import annotations

from collections.abc import Mapping

from engine.domain import events
from engine.domain.events import Event

Pair = tuple[str, str]
OWN = ("waiver", "step")
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

ASKED: Pair = (
    "Yêu cầu bổ sung trong khi xử lý (phiếu số {number}): {reason}",
    "Supplement asked for while in hand (slip no. {number}): {reason}",
)
ASKED_AGAIN: Pair = (
    "Yêu cầu bổ sung ngoài quy định (phiếu số {number}): {reason}. Lãnh đạo cho phép vì: {waiver}. Tính là quá hạn",
    "Another supplement asked for (slip no. {number}): {reason}. Let through because: {waiver}. Counts as overdue",
)
SETTLED: Mapping[str, Pair] = {
    "supplied": ("Người nộp đã bổ sung; tính lại thời hạn từ đầu", "Supplied; the term begins from zero"),
    "expired": ("Hết hạn bổ sung", "The time for the supplement is over"),
    "stopped": ("Không chờ bổ sung nữa", "The supplement is no longer waited for"),
}
BACK: Pair = ("Trả lại bước “{step}”. Phải xem lại: {reason}", "Sent back to “{step}”. To be looked at again: {reason}")


def pair_of(event: Event) -> Pair | None:
    """The sentence for an event of the work screen; None for any other."""
    match event:
        case events.DocumentMarked():
            return (MARKED if event.present else UNMARKED)[event.mark]
        case events.SupplementAsked():
            return ASKED_AGAIN if event.second or event.late else ASKED
        case events.SupplementSettled():
            return SETTLED[event.outcome]
        case events.TaskReturned():
            return BACK
        case _:
            return None


def values_of(event: Event) -> dict[str, str]:
    """What its sentence may name beside what all events have."""
    return {"remark": str(getattr(event, "note", "")), **{name: str(getattr(event, name, "")) for name in OWN}}
