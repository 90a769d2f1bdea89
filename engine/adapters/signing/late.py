"""Signing and checking that are put together when first needed.

The library alone takes most of a second to load, and most commands of the command line neither sign nor check.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from importlib import import_module
from threading import Lock
from typing import Any

from engine.domain.signing_key import SigningKey
from engine.ports.results import CopyChecker, CopyFinding, Signed, Signing

PARTS = "engine.adapters.signing.pades"  # loaded by name, for the reason above
KNOWN = frozenset(
    {
        "standin",
        "local",
        "trial_ca",
        "trial_crl",
        "tsa",
        "crls",
        "timeout",
        "roots",
        "intermediates",
        "key",
        "key_usage",
    }
)


class LateSigning:
    """Implements Signing, Sealing, SigningKeys, CopyChecker by a `[signing]` section; ValueError for a wrong one."""

    def __init__(self, section: Mapping[str, Any], clock: Callable[[], datetime]) -> None:
        self._section = section
        self._clock = clock
        self._made: tuple[Any, CopyChecker] | None = None
        self._lock = Lock()
        _check(section)

    def sign(self, content: bytes, *, role: str, signer: str, key: str, officer: str = "") -> Signed:
        """See PadesSigning."""
        signed: Signed = self._parts()[0].sign(content, role=role, signer=signer, key=key, officer=officer)
        return signed

    def seal(self, content: bytes, *, signer: str, reason: str, place: str) -> Signed:
        """See PadesSigning."""
        sealed: Signed = self._parts()[0].seal(content, signer=signer, reason=reason, place=place)
        return sealed

    def key(self, role: str, signer: str) -> SigningKey:
        """See Keys.facts."""
        found: SigningKey = self._parts()[0].keys.facts(role, signer)
        return found

    def all(self) -> Sequence[SigningKey]:
        """See Keys.all."""
        found: Sequence[SigningKey] = self._parts()[0].keys.all()
        return found

    def opened(self, key: SigningKey, pin: str) -> Signing:
        """See PadesSigning."""
        made: Signing = self._parts()[0].opened(key, pin)
        return made

    def check(self, content: bytes) -> CopyFinding:
        """See PadesChecker."""
        return self._parts()[1].check(content)

    def _parts(self) -> tuple[Any, CopyChecker]:
        with self._lock:
            if self._made is None:
                self._made = import_module(PARTS).equip(self._section, self._clock)
            return self._made


def _check(section: Mapping[str, Any]) -> None:
    """What can be seen to be wrong before anything is loaded."""
    if unknown := set(section) - KNOWN:
        raise ValueError(f"[signing] does not know {', '.join(sorted(unknown))}")
    if not section.get("tsa"):
        raise ValueError("[signing] names no tsa: results are not signed without a trusted time")
    if "trial_ca" in section and not section.get("standin"):
        raise ValueError("[signing] trial_ca is for demonstrations: say standin = true, or name roots and keys")
    if "trial_ca" not in section and not (section.get("roots") and section.get("key")):
        raise ValueError("[signing] has to name roots and at least one key")
    for entry in section.get("key", ()):
        if "role" not in entry or not {"pkcs12", "pkcs11"} & set(entry):
            raise ValueError("every [[signing.key]] has a role, and a pkcs12 file or a pkcs11 module")
        _check_owned(entry)


def _check_owned(entry: Mapping[str, Any]) -> None:
    """A key without a name would sign for anybody."""
    if not entry.get("signer"):
        raise ValueError("every [[signing.key]] names its signer, as papers print it; the seal's is the agency")
    if entry["role"] == "leader" and not entry.get("officer"):
        raise ValueError(f"the key of {entry['signer']} names no officer: the id of the account that owns it")
    if entry.get("ask_pin"):
        if entry["role"] != "leader" or {"password_file", "pin_file"} & set(entry):
            raise ValueError("ask_pin is for a leader's key, and instead of password_file or pin_file")
        if "certificate_file" not in entry:
            raise ValueError(
                "a key that asks its PIN has a certificate_file: its window is looked at before it is open"
            )
