"""VietQR (NAPAS 247): a transfer to the house's account by a QR code that holds amount and purpose; a bank statement
tells what came."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import segno

from engine.adapters.payments.settlement import MOST, Settlement, line_of
from engine.adapters.payments.vietqr_text import payload
from engine.domain.errors import PaymentRefusedError
from engine.ports.payments import Asked, Line, Notice, Opened, Order, Refunded, Values, Verdict

COLUMNS = ("id", "at", "account", "amount", "content")


@dataclass(frozen=True, slots=True, kw_only=True)
class Vietqr:
    """Implements PaymentProvider for transfers. `bank` is the bank's six digits; `days`: how long a code is shown."""

    bank: str
    account: str
    holder: str
    bank_name: str = ""
    days: int = 3
    feed: Settlement = Settlement()
    name: str = "vietqr"
    title: str = "Chuyển khoản bằng mã VietQR"
    title_en: str = "Bank transfer by VietQR"
    refunds: bool = False

    def takes(self, amount: int) -> bool:
        """Whether the amount fits into the code: thirteen digits."""
        return 0 < amount < 10**13

    def create(self, order: Order) -> Opened:
        """The text of the QR code; nothing goes out."""
        text = payload(bank=self.bank, account=self.account, amount=order.amount, purpose=order.id)
        details = {"bank": self.bank_name, "account": self.account, "holder": self.holder, "content": order.id}
        return Opened(kind="qr", url=text, expires_at=order.at + timedelta(days=self.days), details=details)

    def verify_return(self, fields: Mapping[str, str]) -> Notice | None:
        """Nobody comes back from a transfer."""
        return None

    def read_notice(self, fields: Values) -> Notice | None:
        """A transfer is told by the statement alone."""
        return None

    def answer(self, verdict: Verdict) -> tuple[int, Values | None]:
        """There is nobody to answer."""
        return 404, None

    def query(self, asked: Asked) -> Notice | None:
        """A bank is not asked about orders: what came stands in its statement."""
        return None

    def refund(self, asked: Asked) -> Refunded:
        """A cashier transfers the money back."""
        raise PaymentRefusedError(order=asked.order, reason="chuyển khoản hoàn lại bằng tay")

    def statement(self, day: date) -> Sequence[Line] | None:
        """What came in on a day, by the bank's feed."""
        lines = self.feed.of(day)
        return None if lines is None else [line for line in lines if line.amount > 0]


def read_csv(content: bytes) -> list[Line]:
    """The money that came in, by a bank's CSV with the columns id, at, account, amount, content.

    ValueError names the row that makes no sense; nothing is taken then.
    """
    try:
        rows = csv.DictReader(io.StringIO(content.decode("utf-8-sig")), strict=True)
        missing = [name for name in COLUMNS if name not in (rows.fieldnames or ())]
        if missing:
            raise ValueError(f"thiếu cột {', '.join(missing)}")
        lines = []
        for number, row in enumerate(rows, 2):
            lines.append(_line(row, number))
            if number > MOST:
                raise ValueError(f"quá {MOST} dòng")
    except (UnicodeDecodeError, csv.Error) as error:
        raise ValueError(f"không đọc được tệp CSV: {error}") from error
    return [line for line in lines if line.amount > 0]


def _line(row: Mapping[str, Any], number: int) -> Line:
    try:
        amount = str(row["amount"]).replace(".", "").replace(",", "")
        return replace(line_of({**row, "amount": amount, "order": ""}))
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(f"dòng {number}: {error}") from error


def picture(text: str, *, svg: bool) -> bytes:
    """The QR code of a text as SVG or PNG; error correction M, as banks print it."""
    made, out = segno.make(text, error="m", micro=False), io.BytesIO()
    made.save(out, kind="svg" if svg else "png", scale=8, border=4)
    return out.getvalue()


def from_section(section: Mapping[str, Any]) -> Vietqr:
    """The provider of a section of the connectors' file; KeyError names what is missing."""
    return Vietqr(
        bank=section["bank"],
        account=section["account"],
        holder=section["holder"],
        bank_name=section.get("bank_name", ""),
        days=int(section.get("days", 3)),
        feed=Settlement.from_section(section),
    )
