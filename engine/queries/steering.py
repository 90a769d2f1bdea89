"""What those who steer running cases are shown: what waits for the house, and where the tokens of a case stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from engine.domain import access
from engine.domain.actor import Actor
from engine.domain.case import Case
from engine.domain.codec import basis
from engine.domain.errors import ForbiddenError
from engine.domain.procedure import Procedure
from engine.domain.steering import Place, Standing
from engine.ports import Ports, ReadModels, Row

MOST = 200  # rows of the house's list
ASIDE = ("suspension", "proposal")  # rows that are no incidents


@dataclass(frozen=True, slots=True, kw_only=True)
class SteeringView:
    """A case as its steering page shows it. `stale`: the process has moved since the open proposal was made."""

    case: Case
    procedure: Procedure
    standing: Sequence[Standing]
    places: Sequence[Place]
    versions: Sequence[Procedure]
    stale: bool


class Steering:
    """Reads for administrators and chairmen."""

    def __init__(self, ports: Ports, models: ReadModels) -> None:
        self._ports = ports
        self._models = models

    def waiting(self, actor: Actor) -> list[Row]:
        """Incidents, suspended cases and proposals of the unit, oldest first; `element` is where it is stuck."""
        if actor.kind != "system" and not actor.in_any(access.STEERERS):
            raise ForbiddenError()
        rows = self._models.incidents(actor.unit, limit=MOST)
        cases = {case_id: self._ports.store.case(actor.unit, case_id) for case_id in {r["case_id"] for r in rows}}
        return [{**row, **_place(cases[row["case_id"]], row)} for row in rows]

    def incidents(self, actor: Actor) -> list[Row]:
        """The incidents alone."""
        return [row for row in self.waiting(actor) if row["kind"] not in ASIDE]

    def case(self, actor: Actor, case_id: str) -> SteeringView:
        """Where the case stands and what may be done; NotFoundError, ForbiddenError."""
        case = access.check_sees(actor, self._ports.store.case(actor.unit, case_id))
        access.check_steers(actor, case)
        procedure = self._ports.catalog.procedure(case.procedure, case.procedure_version)
        runner, running = self._ports.runner, bool(case.snapshot) and not case.ended
        standing = runner.standing(procedure, case.snapshot) if running else ()
        versions = self._ports.catalog.versions(case.procedure)
        return SteeringView(
            case=case,
            procedure=procedure,
            standing=[_named(each, case) for each in standing],
            places=runner.places(procedure, case.snapshot) if running else (),
            versions=[each for each in versions if each.version != case.procedure_version],
            stale=case.proposal is not None and case.proposal.basis != basis(case),
        )


def _named(standing: Standing, case: Case) -> Standing:
    """A token with the name its open wait has in the books, when the element itself has none."""
    waits: Mapping[str, Any] = {**case.tasks, **case.jobs, **case.timers, **case.subscriptions}
    name = standing.name or getattr(waits.get(standing.key), "name", "") or standing.element_id
    return replace(standing, name=name)


def _place(case: Case | None, row: Row) -> dict[str, Any]:
    incident = case.incidents.get(row["id"]) if case else None
    key = row["key"].rpartition("/")[2].rpartition("#")[0]
    return {
        "element": incident.element or key if incident else "",
        "kept": bool(incident and incident.kept is not None),
        "notes": list(incident.notes) if incident else [],
    }
