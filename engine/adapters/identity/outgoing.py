"""Asks an outside party over HTTP, within a time limit; its silence and its refusals become the domain's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import requests

from engine.domain.registration import OutsideRefusedError, OutsideSilentError

LARGEST = 1_000_000


@dataclass(frozen=True, slots=True)
class Party:
    """What an outside party is called when it does not answer."""

    name: str
    name_en: str

    @property
    def words(self) -> dict[str, str]:
        """For an error's text."""
        return {"party": self.name, "party_en": self.name_en}


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """JSON over HTTP. `timeout`: seconds; `headers` go with every question; `session` is any client like requests'."""

    address: str
    party: Party
    timeout: float = 5.0
    headers: Mapping[str, str] = field(default_factory=dict)
    session: Any = field(default_factory=requests.Session)

    def ask(self, path: str, body: Mapping[str, Any]) -> Mapping[str, Any]:
        """The answer to a question; OutsideSilentError, OutsideRefusedError."""
        answer = self._send("POST", f"{self.address}{path}", json=dict(body), headers=dict(self.headers))
        if answer.status_code >= 500:
            raise OutsideSilentError(**self.party.words)
        if answer.status_code >= 400:
            raise OutsideRefusedError(**self.party.words)
        try:
            found = answer.json()
        except ValueError as error:
            raise OutsideSilentError(**self.party.words) from error
        if not isinstance(found, dict):
            raise OutsideSilentError(**self.party.words)
        return found

    def fetch(self, address: str) -> bytes:
        """A document; OutsideSilentError."""
        answer = self._send("GET", address)
        if answer.status_code != 200 or len(answer.content) > LARGEST:
            raise OutsideSilentError(**self.party.words)
        return bytes(answer.content)

    def _send(self, method: str, address: str, **more: Any) -> Any:
        try:
            return self.session.request(method, address, timeout=self.timeout, allow_redirects=False, **more)
        except requests.RequestException as error:
            raise OutsideSilentError(**self.party.words) from error
