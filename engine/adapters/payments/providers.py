"""The payment providers of an installation, by the sections of its connectors' file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from engine.adapters.payments import momo, vietqr, vnpay
from engine.domain.order_number import PREFIX
from engine.ports.payments import PaymentProvider

MAKERS: Mapping[str, Callable[[Mapping[str, Any]], PaymentProvider]] = {
    "vnpay": vnpay.from_section,
    "vietqr": vietqr.from_section,
    "momo": momo.from_section,
}
Sections = Mapping[str, Mapping[str, Any]]


def make(connectors: Sections) -> Mapping[str, PaymentProvider]:
    """Those that have a section, in the order they are offered; ValueError names what is missing or wrong."""
    made: dict[str, PaymentProvider] = {}
    for name, maker in MAKERS.items():
        if name not in connectors:
            continue
        try:
            made[name] = maker(connectors[name])
        except (KeyError, TypeError, ValueError) as error:
            raise ValueError(f"the connectors' file: [{name}] lacks or has wrong: {error}") from error
    if made and not PREFIX.fullmatch(prefix(connectors)):
        raise ValueError(
            "the connectors' file: [payments] prefix has to be 2 to 6 capitals and digits, a capital first, and another"
            " one in every installation that shares a merchant's account"
        )
    return made


def prefix(connectors: Sections) -> str:
    """What the installation's order numbers begin with."""
    return str(connectors.get("payments", {}).get("prefix", ""))
