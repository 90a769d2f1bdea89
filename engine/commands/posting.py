"""Help with posting: a parcel is announced for the task that posts a result, and followed until it arrives."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from engine.domain import access
from engine.domain.actor import Actor
from engine.domain.case import Case
from engine.domain.errors import DomainError, ForbiddenError, RuleError
from engine.domain.parcel import Parcel
from engine.ports import Ports
from engine.ports.following import Parcels, PostalService

FORM = "send_by_post"
LINES = ("chi_tiet", "phuong_xa", "quan_huyen", "tinh_thanh")


class Posting:
    """`service` is None where no postal service is connected: numbers are typed in then. `secret`: of its calls."""

    def __init__(self, ports: Ports, parcels: Parcels, service: PostalService | None, secret: bytes = b"") -> None:
        self._ports = ports
        self._parcels = parcels
        self._service = service
        self._secret = secret

    @property
    def connected(self) -> bool:
        """Whether there is a postal service."""
        return self._service is not None

    def announce(self, actor: Actor, case_id: str, key: str) -> Parcel:
        """The parcel of the task that the actor holds, made at the first call; RuleError, OutsideSilentError."""
        case = access.check_sees(actor, self._ports.store.case(actor.unit, case_id))
        task = access.open_task(case, key)
        access.check_holds(actor, case, task)
        if self._service is None or task.form_id != FORM:
            raise ForbiddenError()
        known = next((one for one in self.of_case(case) if one.task == key), None)
        if known is not None:
            return known
        to = receiver(case)
        if not all(to.values()):
            raise RuleError(
                reason="Hồ sơ chưa có đủ tên, số điện thoại, địa chỉ của người nhận.",
                reason_en="The receiver's name, telephone or address is missing.",
            )
        number = self._service.create(f"{case.code}/{key}", **to)
        now = self._ports.clock.now()
        self._parcels.add(
            Parcel(unit=case.unit, case_id=case.id, task=key, number=number, state="created", at=now, **to)
        )
        return next(one for one in self.of_case(case) if one.task == key)

    def of_case(self, case: Case) -> Sequence[Parcel]:
        """The case's parcels, the latest first."""
        return self._parcels.of_case(case.unit, case.id)

    def ask(self, now: datetime) -> int:
        """Ask about everything on its way; how many have moved. One that gives no answer is asked about again later."""
        moved = 0
        for unit in self._ports.units() if self._service else ():
            for parcel in self._parcels.on_their_way(unit):
                moved += self._asked(parcel, now)
        return moved

    def _asked(self, parcel: Parcel, now: datetime) -> bool:
        assert self._service is not None
        try:
            state = self._service.state(parcel.number)
        except DomainError:
            return False
        return self._parcels.tell(parcel.unit, parcel.number, state, now)

    def told(self, unit: str, body: bytes, signature: str, fields: Mapping[str, Any]) -> bool:
        """The service tells a state by itself: {number, state}; ForbiddenError unless it signed the very bytes."""
        expected = hmac.new(self._secret, body, hashlib.sha256).hexdigest()
        if not self._secret or not hmac.compare_digest(expected.encode(), signature.encode()):
            raise ForbiddenError()
        number, state = str(fields.get("number") or ""), str(fields.get("state") or "")
        return self._parcels.tell(unit, number, state, self._ports.clock.now())


def receiver(case: Case) -> dict[str, str]:
    """Where a result goes: as chosen for it, as declared in the form, else what is known of the applicant."""
    chosen, declared = case.delivery_address, case.application.get("dia_chi_nhan")
    lines = [str(declared.get(name) or "") for name in LINES] if isinstance(declared, Mapping) else []
    address = ", ".join(line for line in lines if line) or str(case.applicant.get("address") or "")
    return {
        "name": str(chosen.get("name") or case.applicant.get("name") or "")[:120],
        "phone": str(chosen.get("phone") or case.applicant.get("phone") or "")[:20],
        "address": str(chosen.get("address") or address)[:500],
    }
