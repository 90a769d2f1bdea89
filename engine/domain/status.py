"""The ten national statuses: which may follow which, and what the term does on the way."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from engine.domain.errors import RuleError
from engine.domain.procedure import Status

Effect = Literal["none", "start", "pause", "resume", "restart", "finish", "stop"]
STANDING = ("pause", "restart")
LEAVING: Mapping[str, Effect] = {"restart": "restart", "pause": "resume"}


def check(before: int, after: int, statuses: Mapping[int, Status]) -> None:
    """RuleError when `after` may not follow `before`; a status may always be set again."""
    if after not in statuses:
        raise RuleError(reason=f"Không có trạng thái {after}", reason_en=f"There is no status {after}")
    if after == before or after in statuses[before].follows:
        return
    old, new = statuses[before], statuses[after]
    raise RuleError(
        reason=f"Hồ sơ đang ở trạng thái “{old.name}”, không thể chuyển sang “{new.name}”",
        reason_en=f"A case in status “{old.name_en}” cannot go to “{new.name_en}”",
        before=before,
        after=after,
    )


def clock(before: int, after: int, statuses: Mapping[int, Status], *, begun: bool = True) -> Effect:
    """What the term does on this change; `begun` says whether the case has a term already.

    A pause (6) and a supplement (5) both stop it on entering; leaving 6 resumes it, leaving 5 begins it from zero. A
    supplement or a fee asked before intake has no term to stop: it begins when the case is received.
    """
    old, new = statuses[before].clock, statuses[after].clock
    if before == after or new == "none":
        return "none"
    if not begun:
        return "start" if new in ("start", "run") else "none"
    if new in STANDING:
        return "none" if old in STANDING else "pause"
    if new in ("run", "start"):
        return LEAVING.get(old, "start" if new == "start" else "none")
    return "finish" if new == "finish" else "stop"


def is_open(code: int, statuses: Mapping[int, Status]) -> bool:
    """Whether a case in this status can still change."""
    return not statuses[code].terminal
