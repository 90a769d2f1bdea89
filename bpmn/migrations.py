"""Old snapshots lifted to the present version, one step at a time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from bpmn.errors import SnapshotError

VERSION: Final = 1

# LIFTS[n] turns a state of version n into one of version n + 1. A released lift never changes.
LIFTS: Final[Mapping[int, Callable[[dict[str, Any]], dict[str, Any]]]] = {}


def lift(state: Any) -> dict[str, Any]:
    """Return a decoded snapshot as the present version has it. Raises SnapshotError for an unknown one."""
    version = state.get("v") if isinstance(state, dict) else None
    if isinstance(version, bool) or not isinstance(version, int) or not 1 <= version <= VERSION:
        raise SnapshotError(
            f"The control state has version {version!r}; this release reads 1 to {VERSION}.",
            message_vi=f"Trạng thái điều khiển có phiên bản {version!r}; bản phần mềm này đọc được từ 1 đến {VERSION}.",
        )
    while version < VERSION:
        state = LIFTS[version](state)
        version += 1
    return dict(state)
