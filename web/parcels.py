"""Results on their way by post, in words, and the desk's help with sending them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from engine.commands.posting import FORM, receiver
from engine.queries.views import CaseView, TaskView
from web.house import house
from web.texts import t

STATES = {
    "created": ("đã báo bưu chính, chờ nhận gửi", "announced, not yet handed in"),
    "accepted": ("bưu chính đã nhận", "taken in by the post"),
    "moving": ("đang trên đường", "on its way"),
    "delivered": ("đã giao", "delivered"),
    "returned": ("đã chuyển hoàn về Bộ phận Một cửa", "returned to the one-stop desk"),
    "lost": ("bưu chính báo thất lạc; hãy gọi Bộ phận Một cửa", "reported lost; call the one-stop desk"),
}


@dataclass(frozen=True, slots=True)
class Told:
    """A parcel as pages show it."""

    number: str
    words: str
    at: datetime


def told(view: CaseView) -> list[Told]:
    """The case's parcels."""
    found = house().following.posting.of_case(view.case)
    return [Told(one.number, t(*STATES.get(one.state, (one.state, one.state))), one.at) for one in found]


def offered(view: TaskView) -> Mapping[str, str] | None:
    """Where a parcel would go, on the page of a task that posts something and while a postal service is connected."""
    if view.task.form_id != FORM or not view.may_act or not house().following.posting.connected:
        return None
    return receiver(view.case.case)
