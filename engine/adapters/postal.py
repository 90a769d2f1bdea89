"""A postal service reached as JSON over HTTP: parcels are made under a reference of ours and asked about by number."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from engine.adapters.identity.outgoing import Outgoing, Party
from engine.domain.parcel import STATES
from engine.domain.registration import OutsideRefusedError

PARTY: Final = Party("Bưu chính", "The postal service")
LONGEST_NUMBER = 30  # as the form for posting takes it


@dataclass(frozen=True, slots=True, kw_only=True)
class JsonPost:
    """Implements the PostalService port."""

    outgoing: Outgoing

    def create(self, reference: str, *, name: str, phone: str, address: str) -> str:
        """The number of the parcel with this reference, the same each time; OutsideSilentError, OutsideRefusedError."""
        to = {"name": name, "phone": phone, "address": address}
        number = str(self.outgoing.ask("/shipments", {"reference": reference, "receiver": to}).get("number") or "")
        if not (number.isascii() and number.isalnum()) or len(number) > LONGEST_NUMBER:
            raise OutsideRefusedError(**PARTY.words)
        return number

    def state(self, number: str) -> str:
        """How far it is (parcel.STATES); OutsideSilentError, OutsideRefusedError."""
        state = str(self.outgoing.ask("/tracking", {"number": number}).get("state") or "")
        if state not in STATES:
            raise OutsideRefusedError(**PARTY.words)
        return state


def postal_service(section: Mapping[str, Any] | None) -> JsonPost | None:
    """The service of a section {url, key}; None where none is connected."""
    if section is None:
        return None
    headers = {"Authorization": f"Bearer {section['key']}"}
    return JsonPost(outgoing=Outgoing(address=str(section["url"]), party=PARTY, headers=headers))
