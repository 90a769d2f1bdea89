"""What a job may use while it acts on the outside: ports, the pinned procedure, and numbers that are drawn once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.domain.case import Case, Job
from engine.domain.context import case_context, variables
from engine.domain.procedure import Procedure
from engine.ports import Ports, Store


def draw_number(store: Store, unit: str, counter: str, *, key: str, now: datetime) -> int:
    """The number of a counter that is reserved under a key: drawn at the first time, the same later, without gaps."""
    return store.draw(unit, counter, f"number/{counter}/{key}", now)


@dataclass(frozen=True, slots=True)
class Room:
    """The surroundings of one try of a job. `key` is the same at every try."""

    ports: Ports
    procedure: Procedure
    now: datetime
    key: str

    def draw_number(self, unit: str, counter: str) -> int:
        """The number reserved for this job: drawn at the first try, the same at every later one, without gaps."""
        return draw_number(self.ports.store, unit, counter, key=self.key, now=self.now)

    def variables(self, case: Case, job: Job) -> dict[str, Any]:
        """The variables of the case and of the scopes around the job, with the job's inputs over them."""
        return variables(case, job)

    def text(self, case: Case, job: Job, header: str, default: str = "") -> str:
        """A header: static text, or FEEL behind a leading '='."""
        raw = job.headers.get(header, default)
        if not raw.startswith("="):
            return raw
        value = self.ports.expressions.evaluate(raw[1:], {**self.variables(case, job), **case_context(case)})
        return "" if value is None else str(value)
