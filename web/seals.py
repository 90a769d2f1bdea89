"""What pages say of the agency's electronic seal upon a paper of the desk."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.domain.case import Case
from engine.ports.paper_seals import SealState
from web.display import moment
from web.house import house
from web.texts import t

WORDS = {
    "ready": ("sẽ ký số khi tải lần đầu", "will be sealed when it is first downloaded"),
    "off": ("không ký số", "bears no electronic seal"),
    "no_key": ("chưa ký số: đơn vị chưa có khóa con dấu", "not sealed: the unit has no seal key"),
}


def state(case: Case, receipt: Mapping[str, Any]) -> SealState:
    """How this paper of the case stands to its seal."""
    return house().following.papers.seals.state(case, receipt["kind"], receipt["number"])


def words(found: SealState) -> str:
    """The same in words, for officers."""
    if found.code == "sealed" and found.at is not None:
        return t(f"đã ký số {moment(found.at)}", f"sealed {moment(found.at)}")
    why = t(*found.why).rstrip(". ")
    if found.code == "resting" and found.at is not None:
        until = moment(found.at)
        return t(f"chưa ký số ({why}); thử lại sau {until}", f"not sealed ({why}); tried again after {until}")
    if found.code == "window":
        return t(f"chưa ký số: {why}", f"not sealed: {why}")
    return t(*WORDS[found.code])
