"""Signing and checking that are put together when first needed.

The library alone takes most of a second to load, and most commands of the command line neither sign nor check.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from importlib import import_module
from threading import Lock
from typing import Any

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
    """Implements the ports Signing and CopyChecker as a `[signing]` section says; ValueError for a wrong one."""

    def __init__(self, section: Mapping[str, Any], clock: Callable[[], datetime]) -> None:
        self._section = section
        self._clock = clock
        self._made: tuple[Signing, CopyChecker] | None = None
        self._lock = Lock()
        _check(section)

    def sign(self, content: bytes, *, role: str, signer: str, key: str) -> Signed:
        """See PadesSigning."""
        return self._parts()[0].sign(content, role=role, signer=signer, key=key)

    def check(self, content: bytes) -> CopyFinding:
        """See PadesChecker."""
        return self._parts()[1].check(content)

    def _parts(self) -> tuple[Signing, CopyChecker]:
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
