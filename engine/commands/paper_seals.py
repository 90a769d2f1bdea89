"""Seals a paper of the desk when it is first asked for, and gives the same file ever after.

Where it cannot be sealed now, nobody waits and nothing is half done: the caller gives it unsealed, and the next one who
asks, after a while, has it tried again.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from threading import Lock
from typing import Any

from engine.commands.bus import Bus
from engine.commands.seal_messages import KeepSeal
from engine.commands.spreader import said
from engine.domain import seals
from engine.domain.actor import system
from engine.domain.case import Case
from engine.domain.errors import DatabaseUnavailableError, DomainError, NotFoundError
from engine.ports import Ports
from engine.ports.paper_seals import Make, SealState
from engine.ports.papers import Verification
from engine.ports.results import Sealing, Signed

LOG = logging.getLogger("motcua.seals")
AGENCY = "agency"
PATIENCE = 2.0  # seconds a request waits for another one's seal
REST = 5  # minutes without another try, where the settings name no number


class PaperSeals:
    """Implements the Seals port; safe to be used by many threads. `sealing` is None where the house has no keys."""

    def __init__(self, ports: Ports, bus: Bus, sealing: Sealing | None) -> None:
        self._ports = ports
        self._bus = bus
        self._sealing = sealing
        self._turn = Lock()
        self._rest: tuple[datetime, tuple[str, str]] | None = None

    def state(self, case: Case, kind: str, number: str) -> SealState:
        """What is known in this process; another one may know that the service is away."""
        seal = seals.seal_of(case, kind, number)
        if seal is not None:
            return SealState(code="sealed", at=seal["at"], token=seal["token"])
        if not seals.rule_of(self._ports.catalog.settings, kind).get("sealed"):
            return SealState(code="off")
        return self._hindrance(case.unit) or SealState(code="ready")

    def given(self, case: Case, kind: str, number: str, make: Make) -> bytes:
        """The paper, sealed if it can be; what is not sealed is `make(None)`."""
        kept = self.kept(case, kind, number)
        if kept is None and self.state(case, kind, number).code == "ready":
            kept = self._in_turn(case, kind, number, make)
        return make(None) if kept is None else kept

    def kept(self, case: Case, kind: str, number: str) -> bytes | None:
        """The sealed file; None while there is none, or where the store has lost it."""
        seal = seals.seal_of(case, kind, number)
        try:
            return self._ports.files.get(str(seal["sha256"])) if seal else None
        except NotFoundError:
            LOG.error("the sealed file of paper %s of %s is lost", number, case.id)
            return None

    def _hindrance(self, unit: str) -> SealState | None:
        """Why nothing of this unit can be sealed now."""
        now, keys = self._ports.clock.now(), self._ports.keys
        if self._sealing is None or keys is None:
            return SealState(code="no_key")
        try:
            key = keys.key(AGENCY, self._agency(unit))
        except DomainError:
            return SealState(code="no_key")
        try:
            key.check_window(now)
        except DomainError as error:
            return SealState(code="window", why=(error.message, error.message_en))
        if self._rest is not None and now < self._rest[0]:
            return SealState(code="resting", at=self._rest[0], why=self._rest[1])
        return None

    def _in_turn(self, case: Case, kind: str, number: str, make: Make) -> bytes | None:
        """One at a time in this process: who asked for the same paper a moment later gets what the first one made."""
        if not self._turn.acquire(timeout=PATIENCE):
            return None
        try:
            fresh = self._ports.store.case(case.unit, case.id)
            if fresh is None or self.state(fresh, kind, number).code != "ready":
                return self.kept(fresh, kind, number) if fresh else None
            return self._sealed(fresh, kind, number, make)
        finally:
            self._turn.release()

    def _sealed(self, case: Case, kind: str, number: str, make: Make) -> bytes | None:
        """Sign, keep the file, pin it; the file of whoever was first, where another process was."""
        token, address, mark = self._ports.ids.token(), self._ports.address, seals.mark_of(case, kind, number)
        content = make(Verification(address=address, token=token, mark=mark) if address else None)
        try:
            self._keep(case, kind, number, self._signed(case, kind, number, content), token)
        except DatabaseUnavailableError:
            raise
        except Exception as error:  # whatever a token, a time-stamper or a store does, the paper itself is given
            self._give_up(error)
            return None
        after = self._ports.store.case(case.unit, case.id)
        return self.kept(after, kind, number) if after else None

    def _keep(self, case: Case, kind: str, number: str, signed: Signed, token: str) -> None:
        """The file first: what dies behind it leaves a file that nobody knows, and nothing else."""
        seal = {name: getattr(signed, name) for name in ("subject", "serial", "signed_at", "level")}
        seal |= {"sha256": self._ports.files.put(signed.content), "size": len(signed.content), "token": token}
        seal |= {"mark": seals.mark_of(case, kind, number), "signer": self._agency(case.unit)}
        command = KeepSeal(unit=case.unit, case_id=case.id, kind=kind, number=number, seal=seal)
        self._bus.handle(command, system(case.unit), f"seal/{case.id}/{kind}/{number}/{self._ports.ids.new()}")

    def _signed(self, case: Case, kind: str, number: str, content: bytes) -> Signed:
        assert self._sealing is not None  # looked at before
        name = seals.rule_of(self._ports.catalog.settings, kind).get("name", kind)
        place = str(self._unit(case.unit).get("place") or "")
        reason = f"{name} số {number}, hồ sơ {case.code}"
        return self._sealing.seal(content, signer=self._agency(case.unit), reason=reason, place=place)

    def _give_up(self, error: Exception) -> None:
        """For a while: a service that is away must not keep everybody waiting who asks for a paper."""
        settings = self._ports.catalog.settings.get("seals", {})
        until = self._ports.clock.now() + timedelta(minutes=settings.get("retry_minutes", REST))
        whole = error.message_en if isinstance(error, DomainError) else said(error)
        LOG.warning("papers are given without a seal until %s: %s", until.isoformat(timespec="seconds"), whole)
        self._rest = until, _why(error)

    def _unit(self, unit: str) -> Mapping[str, Any]:
        found: Mapping[str, Any] = self._ports.catalog.settings["units"].get(unit, {})
        return found

    def _agency(self, unit: str) -> str:
        return str(self._unit(unit).get("name") or "")


def _why(error: Exception) -> tuple[str, str]:
    """What an officer is told: the reason alone, without what a driver says in brackets."""
    if not isinstance(error, DomainError):
        return said(error), said(error)
    told = str(error.data.get("reason", error.message)), str(error.data.get("reason_en", error.message_en))
    return told[0].partition(" (")[0], told[1].partition(" (")[0]
