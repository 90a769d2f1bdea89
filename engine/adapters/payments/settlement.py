"""A provider's own account of a day, fetched as JSON from where the installation says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from engine.adapters.payments.exchange import get_json
from engine.ports.payments import Line

MOST = 20_000  # lines of one day


@dataclass(frozen=True, slots=True)
class Settlement:
    """Where the account lies; nowhere without an address. `key` travels as a bearer token."""

    url: str = ""
    key: str = ""

    @classmethod
    def from_section(cls, section: Mapping[str, Any]) -> Settlement:
        """As a section of the connectors' file says: `settlement` and `settlement_key`."""
        return cls(section.get("settlement", ""), section.get("settlement_key", ""))

    def of(self, day: date) -> Sequence[Line] | None:
        """The lines of a day; None where there is no address. ConnectionError."""
        if not self.url:
            return None
        headers = {"Authorization": f"Bearer {self.key}"} if self.key else {}
        found = get_json(self.url, {"day": day.isoformat()}, headers=headers)
        rows = found.get("lines") if isinstance(found, dict) else None
        if not isinstance(rows, list) or len(rows) > MOST:
            raise ConnectionError(f"{self.url} tells no lines of {day}")
        try:
            return [line_of(row) for row in rows]
        except (KeyError, TypeError, ValueError) as error:
            raise ConnectionError(f"{self.url}: a line of {day} makes no sense: {error}") from error


def line_of(row: Mapping[str, Any]) -> Line:
    """A line from JSON or CSV: id, at (ISO, with an offset), account, amount (whole dong), content, order.

    KeyError, TypeError or ValueError when it makes no sense.
    """
    at = datetime.fromisoformat(str(row["at"]).strip())
    if at.tzinfo is None:
        raise ValueError(f"{row['at']} has no offset from UTC")
    found, amount = str(row["id"]).strip(), str(row["amount"]).strip()
    if not 0 < len(found) <= 100 or not amount.lstrip("-").isdecimal() or len(amount) > 15:
        raise ValueError(f"the line {found[:30]!r} with the amount {amount[:20]!r}")
    account, text = str(row.get("account") or "").strip()[:40], str(row.get("content") or "")[:500]
    return Line(id=found, account=account, amount=int(amount), text=text, at=at, order=str(row.get("order") or "")[:60])
