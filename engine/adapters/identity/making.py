"""Makes the ways of registration and the identity provider from the connectors' sections that are there."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests

from engine.adapters.identity.certificates import CertificateCheck
from engine.adapters.identity.openid import OpenIdConnect
from engine.adapters.identity.outgoing import Outgoing, Party
from engine.adapters.identity.registers import MobileSubscriber, PostOffice, SocialInsurance
from engine.adapters.identity.signatures import MobileSignature, UsbToken
from engine.ports.people import Way, WayText

Sections = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class WayTexts:
    """The catalog's page of ways: the ways in order, what may be asked, who registers, levels of assurance."""

    ways: tuple[WayText, ...] = ()
    sections: Mapping[str, str] = field(default_factory=dict)
    fields: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    subtypes: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    levels: Mapping[int, Mapping[str, str]] = field(default_factory=dict)


def read_ways(catalog: Path) -> WayTexts:
    """Read `_shared/ways.toml`; no ways where there is no such file."""
    path = catalog / "_shared" / "ways.toml"
    if not path.exists():
        return WayTexts()
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    ways = tuple(_way(entry) for entry in data["way"])
    return WayTexts(
        ways=ways,
        sections={entry["id"]: entry["section"] for entry in data["way"]},
        fields=data["field"],
        subtypes=data["subtype"],
        levels={int(level): names for level, names in data["assurance"].items()},
    )


def _way(entry: Mapping[str, Any]) -> WayText:
    texts = {name: entry[name] for name in ("id", "name", "name_en", "hint", "hint_en", "party", "party_en")}
    return WayText(**texts, assurance=entry["assurance"], subtypes=tuple(entry["for"]), fields=tuple(entry["fields"]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Maker:
    """`origin`: our public address; `session`: any client like requests'."""

    sections: Sections
    origin: str
    session: Any = field(default_factory=requests.Session)

    def ways(self, texts: WayTexts) -> dict[str, Way]:
        """Every way whose section is there, by id."""
        makers: dict[str, Callable[[Party, Mapping[str, Any]], Way]] = {
            "bhxh": lambda party, own: SocialInsurance(self._outgoing(own, party)),
            "mobile": lambda party, own: MobileSubscriber(self._outgoing(own, party)),
            "post": lambda party, own: PostOffice(self._outgoing(own, party)),
            "usb": self._usb,
            "sim": self._sim,
        }
        return {
            text.id: makers[text.id](Party(text.party, text.party_en), self.sections[texts.sections[text.id]])
            for text in texts.ways
            if texts.sections[text.id] in self.sections
        }

    def _outgoing(self, section: Mapping[str, Any], party: Party) -> Outgoing:
        headers = {"Authorization": f"Bearer {section['key']}"} if "key" in section else {}
        return Outgoing(
            address=section.get("address", ""),
            party=party,
            timeout=float(section.get("timeout", 5)),
            headers=headers,
            session=self.session,
        )

    def _check(self, party: Party) -> CertificateCheck:
        own = self.sections.get("certificates")
        if own is None:
            raise ValueError("[certificates] is missing: whose certificates [usb_token] and [mssp] may bring")
        roots: Sequence[str] = own["roots"]
        return CertificateCheck(
            roots=[Path(root) for root in roots], revoked=own["revoked"], outgoing=self._outgoing(own, party)
        )

    def _usb(self, party: Party, own: Mapping[str, Any]) -> UsbToken:
        return UsbToken(page=own["page"], origin=self.origin, check=self._check(party))

    def _sim(self, party: Party, own: Mapping[str, Any]) -> MobileSignature:
        return MobileSignature(
            outgoing=self._outgoing(own, party),
            ap_id=own["ap_id"],
            ap_password=own["ap_password"],
            origin=self.origin,
            check=self._check(party),
            seconds=int(own.get("seconds", 120)),
        )

    def provider(self) -> OpenIdConnect | None:
        """The identity provider, if there is one."""
        own = self.sections.get("idp")
        if own is None:
            return None
        party = Party(own.get("name", "Cổng định danh"), own.get("name_en", "The identity provider"))
        return OpenIdConnect(
            section=own,
            redirect=f"{self.origin}/dang-nhap/sso/ve",
            outgoing=self._outgoing({**own, "address": ""}, party),
        )
