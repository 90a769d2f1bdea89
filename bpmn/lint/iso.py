"""Strict reading of the ISO 8601 texts that a timer may hold: dates, durations, repeating intervals."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Final

from bpmn.feel.temporal import zone_named

_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_DATE_TIME: Final = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:\d{2})?", re.ASCII)
_DURATION: Final = re.compile(
    r"P(?=\d|T\d)(?:(?P<weeks>\d{1,5})W|(?:(?P<years>\d{1,5})Y)?(?:(?P<months>\d{1,5})M)?(?:(?P<days>\d{1,6})D)?"
    r"(?:T(?=\d)(?:(?P<hours>\d{1,7})H)?(?:(?P<minutes>\d{1,8})M)?(?:(?P<seconds>\d{1,9}(?:\.\d{1,6})?)S)?)?)",
    re.ASCII,
)
_REPEAT: Final = re.compile(r"R(\d{0,6})/(?:(.+)/)?([^/]+)", re.ASCII)
_ZONE: Final = re.compile(r"(.*?)(?:@([A-Za-z][\w+\-/]{0,60})|\[([A-Za-z][\w+\-/]{0,60})\])", re.ASCII)
_SECONDS: Final = {
    "weeks": 604_800,
    "years": 31_557_600,
    "months": 2_678_400,
    "days": 86_400,
    "hours": 3_600,
    "minutes": 60,
    "seconds": 1,
}
_CRON: Final = re.compile(r"[0-9*?][0-9*/,?\-]*(?:[ \t]+[0-9A-Z*/,?#\-]+){4,6}", re.ASCII | re.IGNORECASE)
# Longer than any case lives; beyond it calendar arithmetic may leave the years that exist.
_LONGEST: Final = 100 * 31_557_600


def is_date(text: str) -> bool:
    """Tell whether the text is a date (2026-01-31) or a date and time (2026-01-31T17:00:00+07:00) that exists.

    A zone that exists may follow: 2026-01-31T17:00:00@Asia/Ho_Chi_Minh or 2026-01-31T17:00:00[Asia/Ho_Chi_Minh].
    """
    zoned = _ZONE.fullmatch(text)
    if zoned is not None:
        return zone_named(zoned[2] or zoned[3]) is not None and _is_plain_date(zoned[1])
    return _is_plain_date(text)


def _is_plain_date(text: str) -> bool:
    try:
        if _DATE.fullmatch(text):
            date.fromisoformat(text)
            return True
        if _DATE_TIME.fullmatch(text):
            datetime.fromisoformat(text)
            return True
    except ValueError:
        pass
    return False


def is_duration(text: str) -> bool:
    """Tell whether the text is a duration (P20D, PT8H, P1M, P2W) of at most a hundred years."""
    return _seconds(text) is not None


def is_cycle(text: str) -> bool:
    """Tell whether the text repeats an interval at least once (R/P1D, R3/P1D, R3/2026-01-31T08:00:00+07:00/P1M)."""
    found = _REPEAT.fullmatch(text)
    if found is None or (found[1] and int(found[1]) == 0):
        return False
    return (found[2] is None or is_date(found[2])) and bool(_seconds(found[3]))


def has_hours(text: str) -> bool:
    """Tell whether a repeating interval or duration counts hours, minutes or seconds."""
    found = _DURATION.fullmatch(text.rpartition("/")[2])
    return found is not None and any(found[unit] for unit in ("hours", "minutes", "seconds"))


def is_cron(text: str) -> bool:
    """Tell whether the text looks like a cron expression (0 0 9 * * MON-FRI, @daily), which no timer here reads."""
    return text.startswith("@") or _CRON.fullmatch(text) is not None


def _seconds(text: str) -> float | None:
    """Return the length of a duration (years and months at their longest), None when the text is not one."""
    found = _DURATION.fullmatch(text)
    if found is None:
        return None
    total = sum(float(value) * _SECONDS[unit] for unit, value in found.groupdict().items() if value is not None)
    return total if total <= _LONGEST else None
