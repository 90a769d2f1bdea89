"""The notice or resolution that something rests on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from engine.domain.registration import Problem

LONGEST = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """The notice that something rests on: number, and day of issue."""

    number: str
    issued: date

    @property
    def text(self) -> str:
        """As people quote it."""
        return f"{self.number} ngày {self.issued:%d/%m/%Y}"


def paper_problems(paper: Paper, today: date) -> list[Problem]:
    """What is wrong with the paper something rests on."""
    tests = (
        (is_text(paper.number), "paper", "Hãy ghi số, ký hiệu văn bản", "Give the number of the paper"),
        (paper.issued <= today, "issued", "Ngày ban hành không được sau hôm nay", "The paper is from the future"),
        (paper.issued >= today - timedelta(days=1100), "issued", "Văn bản đã quá ba năm", "The paper is too old"),
    )
    return [Problem(field, f"{vi}.", f"{en}.") for met, field, vi, en in tests if not met]


def is_text(text: str) -> bool:
    """Whether something printable of a fair length was given."""
    return 0 < len(text) <= LONGEST and text.isprintable()
