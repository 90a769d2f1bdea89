"""The minutes of a council: made from what its meeting wrote down, by the procedure's own template."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.domain import access
from engine.domain.actor import Actor
from engine.domain.case import Case
from engine.domain.errors import NotFoundError
from engine.domain.paper_data import draft_data
from engine.domain.procedure import Procedure
from engine.ports import Ports


def minutes_of(case: Case, procedure: Procedure) -> Mapping[str, Any] | None:
    """`[info] minutes` of the procedure (template, name, votes), once the council has voted."""
    named: Mapping[str, Any] | None = procedure.info.get("minutes")
    voted = named is not None and bool(case.scopes.get("", {}).get(str(named.get("votes"))))
    return named if voted else None


class Minutes:
    """Makes minutes as PDFs; the same case gives the same bytes."""

    def __init__(self, ports: Ports) -> None:
        self._ports = ports

    def pdf(self, actor: Actor, case_id: str) -> bytes:
        """The newest meeting's minutes, to be signed by hand; NotFoundError while no council has voted."""
        case = access.check_sees(actor, self._ports.store.case(actor.unit, case_id))
        procedure: Procedure = self._ports.catalog.procedure(case.procedure, case.procedure_version)
        named = minutes_of(case, procedure)
        if named is None or actor.kind != "officer":
            raise NotFoundError(what="biên bản", id="")
        unit = self._ports.catalog.settings["units"][case.unit]
        data = draft_data(case, case.scopes.get("", {}), unit, at=case.submitted_at)
        return self._ports.documents.render(named["template"], procedure.files, {**data, "draft": False})
