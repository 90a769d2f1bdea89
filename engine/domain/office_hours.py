"""Office hours that a unit sets for itself from a day on, with the paper they rest on."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, time

from engine.domain.calendar import Session
from engine.domain.paper import Paper, paper_problems
from engine.domain.registration import Problem

CLOCK = re.compile(r"([01]?\d|2[0-3])[:hg]([0-5]\d)")  # 7:30, 07h30, 7g30
PLACES = ("morning_from", "morning_until", "afternoon_from", "afternoon_until")


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnHours:
    """The week's office hours from that day on."""

    valid_from: date
    sessions: tuple[Session, ...]
    paper: Paper


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedHours:
    """As typed: four times, the last two may be empty where afternoons are free; ISO weekdays that are worked."""

    valid_from: date | None
    times: Sequence[str]
    weekdays: Collection[int]
    paper: Paper

    def read(self) -> OwnHours | None:
        """As they are kept; None where something is no time or no day."""
        found = [read_time(text) for text in self.times]
        pairs = [(found[0], found[1]), *([(found[2], found[3])] if any(self.times[2:]) else [])]
        if self.valid_from is None or any(one is None for pair in pairs for one in pair):
            return None
        sessions = tuple(
            Session(weekday, start, end)
            for weekday in sorted(set(self.weekdays))
            for start, end in pairs
            if start is not None and end is not None
        )
        return OwnHours(valid_from=self.valid_from, sessions=sessions, paper=self.paper)


def hours_problems(wanted: WantedHours, today: date, last_year: int) -> list[Problem]:
    """What is wrong with the hours, by field. Days that have begun keep theirs: terms were counted by them."""
    found = [read_time(text) for text in wanted.times]
    afternoon = any(wanted.times[2:])
    problems = [
        Problem(place, "Ghi giờ như 07:30.", "Give a time as 07:30.")
        for place, at in zip(PLACES, found, strict=True)
        if at is None and (afternoon or place.startswith("morning"))
    ]
    given = [at for at in found if at is not None]
    if not problems and given != sorted(set(given)):
        problems.append(
            Problem("morning_from", "Các giờ phải nối tiếp nhau trong ngày.", "The times have to follow each other.")
        )
    if not wanted.weekdays or not set(wanted.weekdays) <= set(range(1, 8)):
        problems.append(Problem("weekdays", "Chọn ít nhất một ngày làm việc.", "Choose at least one working day."))
    if wanted.valid_from is None or not today < wanted.valid_from <= date(last_year, 12, 31):
        problems.append(
            Problem(
                "valid_from",
                "Chọn một ngày từ ngày mai, trong những năm lịch đã có.",
                "Choose a day from tomorrow on, within the years of the calendar.",
            )
        )
    return problems + paper_problems(wanted.paper, today)


def read_time(text: str) -> time | None:
    """A time of day as people write it: 07:30, 7h30."""
    match = CLOCK.fullmatch(text.strip().casefold())
    return time(int(match[1]), int(match[2])) if match else None


def written(sessions: Sequence[Session]) -> str:
    """`1 07:30-11:30`, one for each session, as rows keep them."""
    return ";".join(f"{one.weekday} {one.start:%H:%M}-{one.end:%H:%M}" for one in sessions)


def read_written(text: str) -> tuple[Session, ...]:
    """What `written` wrote."""
    return tuple(
        Session(int(one[0]), time.fromisoformat(one[2:7]), time.fromisoformat(one[8:13])) for one in text.split(";")
    )
