"""The intake receipt of a case, for the applicant and for the desk."""

from __future__ import annotations

from collections.abc import Sequence

from engine.domain import access, events
from engine.domain.actor import Actor
from engine.domain.events import Recorded
from engine.ports import Accounts, Ports
from engine.ports.following import ReceiptPaper

INTAKE = "intake"


class IntakeReceipts:
    """Looks up who received the case, and has its paper made."""

    def __init__(self, ports: Ports, accounts: Accounts, paper: ReceiptPaper) -> None:
        self._ports = ports
        self._accounts = accounts
        self._paper = paper

    def pdf(self, actor: Actor, case_id: str) -> bytes:
        """The paper as PDF; NotFoundError for a case the actor may not see, and while there is no receipt."""
        unit = None if actor.kind == "citizen" else actor.unit
        case = access.check_sees(actor, self._ports.store.case(unit, case_id))
        catalog = self._ports.catalog
        officer = self._accounts.by_id(_receiver(self._ports.store.events(case_id)))
        return self._paper.pdf(
            case,
            catalog.procedure(case.procedure, case.procedure_version),
            unit=catalog.settings["units"][case.unit],
            officer=officer.name if officer else "",
            zone=catalog.calendar(case.unit).zone,
        )


def _receiver(history: Sequence[Recorded]) -> str:
    """Whose work led to the receipt."""
    last = ""
    for link in history:
        if isinstance(link.event, events.TaskCompleted):
            last = link.event.by
        if isinstance(link.event, events.ReceiptIssued) and link.event.kind == INTAKE:
            return last
    return ""
