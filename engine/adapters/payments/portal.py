"""Where the payer chooses among providers: the order of the process is an invitation to the house's own page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class PortalPayments:
    """Implements the Payments port; the orders that providers know are tries of their own (PaymentBegun)."""

    name = "portal"

    def order(self, *, order: str, amount: int, case_code: str, return_url: str) -> str:
        """The address of the page where the payer chooses."""
        return f"/thanh-toan/{case_code}"

    def check_notice(self, fields: Mapping[str, str]) -> Mapping[str, Any] | None:
        """Nobody sends notices about an invitation."""
        return None
