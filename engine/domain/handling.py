"""What officers say of the files of a case, and the rounds of supplement beside its process."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from engine.domain.case import Case

COMPARED, DIGITISED, FAILED = "compared", "digitised", "failed"
MARKS = (COMPARED, DIGITISED, FAILED)
AGAINST: Mapping[str, str] = {COMPARED: FAILED, FAILED: COMPARED}  # of two such marks the later one stands alone
BESIDE = "beside/"  # begins the keys of tasks that the process knows nothing of
SUPPLIED, EXPIRED, STOPPED = "supplied", "expired", "stopped"
Values = Mapping[str, Any]


def handed_in(case: Case) -> dict[str, Values]:
    """Every file that came with the case or into it, by its digest, in the order it is shown."""
    found: dict[str, Values] = {}
    for file in _files([case.documents, case.application, case.scopes, case.rounds]):
        found.setdefault(str(file["sha256"]), file)
    return found


def _files(value: Any) -> Iterator[Values]:
    if isinstance(value, Mapping):
        if isinstance(value.get("sha256"), str):
            yield value
            return
        value = list(value.values())
    if isinstance(value, list | tuple):
        for item in value:
            yield from _files(item)


def marks_of(case: Case, sha256: str) -> dict[str, Values]:
    """The marks that a file bears: {mark: {sha256, mark, by, at, note}}."""
    return {str(one["mark"]): one for one in case.marks if one["sha256"] == sha256}


def is_beside(key: str) -> bool:
    """Whether a task stands beside the process: to end it moves no token."""
    return key.startswith(BESIDE)


def open_round(case: Case) -> Values | None:
    """The supplement that the case waits for beside its process."""
    return next((one for one in case.rounds if not one["outcome"]), None)
