"""What is ready to be collected at the counter, and what else there is for the same person."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine.domain import access
from engine.domain.actor import Actor
from engine.domain.case import Case, Task
from engine.domain.errors import ForbiddenError, NotFoundError
from engine.domain.procedure import Procedure
from engine.ports import Ports, ReadModels

LOOKED_AT = 50  # cases
SCANNED = re.compile(r"[?&]code=([^&#\s]+)")  # what a scanner types that reads the QR of form 01


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready:
    """A case whose result lies at the counter; `task`: in which it is handed over."""

    case: Case
    task: Task
    procedure: Procedure

    @property
    def in_person(self) -> bool:
        """Whether nobody else may collect it (Circular 04/2020/TT-BTP, article 2): so says the catalog."""
        return self.procedure.info.get("authorization_allowed") is False

    @property
    def originals(self) -> Sequence[str]:
        """Papers that were shown, and may still lie here."""
        return [one.name for one in self.procedure.documents if one.kind == "present"]


class Returning:
    """Looks among the cases of the officer's unit; settings `counter` say which status and which form are meant."""

    def __init__(self, ports: Ports, models: ReadModels) -> None:
        self._ports = ports
        self._models = models

    def find(self, actor: Actor, text: str) -> Sequence[Ready]:
        """Ready cases by code, scanned QR, name, number or phone; without words those that are ready, newest first."""
        _check_desk(actor)
        scanned = SCANNED.search(text)
        sought = (scanned[1] if scanned else text).strip()
        filters = {"status": self._rules["ready_status"], **({"search": sought} if sought else {})}
        return list(self._ready(actor, self._models.cases(actor.unit, filters, after=None, limit=LOOKED_AT)))

    def of_person(self, actor: Actor, case_id: str) -> Sequence[Ready]:
        """This case first, then what else is ready for the same identity number; NotFoundError, ForbiddenError."""
        _check_desk(actor)
        case = access.check_sees(actor, self._ports.store.case(actor.unit, case_id))
        number = str(case.applicant.get("id_number") or "")
        rows: list[Mapping[str, Any]] = [{"case_id": case_id}]
        if number:
            rows += [{"case_id": one.case.id} for one in self.find(actor, number) if one.case.id != case_id]
        found = [one for one in self._ready(actor, rows) if str(one.case.applicant.get("id_number") or "") == number]
        if not found or found[0].case.id != case_id:
            raise NotFoundError(what="kết quả chờ trả", id="")
        return found

    @property
    def _rules(self) -> Mapping[str, Any]:
        found: Mapping[str, Any] = self._ports.catalog.settings.get("counter", {})
        return found

    def _ready(self, actor: Actor, rows: Sequence[Mapping[str, Any]]) -> Iterator[Ready]:
        for row in rows:
            case = self._ports.store.case(actor.unit, str(row["case_id"]))
            task = self._task(case) if case is not None else None
            if case is not None and task is not None:
                procedure = self._ports.catalog.procedure(case.procedure, case.procedure_version)
                yield Ready(case=case, task=task, procedure=procedure)

    def _task(self, case: Case) -> Task | None:
        return next((one for one in case.tasks.values() if one.form_id == self._rules["hand_over"]), None)


def _check_desk(actor: Actor) -> None:
    if actor.kind != "officer" or not actor.in_any((access.DESK,)):
        raise ForbiddenError()
