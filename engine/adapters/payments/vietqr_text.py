"""What a VietQR code holds: EMVCo's merchant-presented fields (number, length, value) with a CRC at the end."""

from __future__ import annotations

import re
from collections.abc import Iterable

NAPAS = "A000000727"
TO_ACCOUNT = "QRIBFTTA"
DYNAMIC = "12"
DONG = "704"
CRC_FIELD = "6304"
LONGEST_PURPOSE = 25


def payload(*, bank: str, account: str, amount: int, purpose: str) -> str:
    """The text of a code for one transfer to an account. ValueError for what the format cannot hold.

    `bank`: six digits; `amount` in whole dong; `purpose`: at most 25 letters and digits.
    """
    _check(r"[0-9]{6}", bank, "bank")
    _check(r"[0-9A-Za-z]{1,19}", account, "account")
    _check(rf"[0-9A-Za-z]{{1,{LONGEST_PURPOSE}}}", purpose, "purpose")
    if not 0 < amount < 10**13:
        raise ValueError(f"no code holds the amount {amount}")
    where = fields((("00", NAPAS), ("01", fields((("00", bank), ("01", account)))), ("02", TO_ACCOUNT)))
    own = (
        *(("00", "01"), ("01", DYNAMIC), ("38", where), ("53", DONG), ("54", str(amount)), ("58", "VN")),
        ("62", fields((("08", purpose),))),
    )
    return with_crc(fields(own))


def fields(pairs: Iterable[tuple[str, str]]) -> str:
    """Number, length in two digits and value of each; ValueError for a value longer than 99."""
    out = []
    for number, value in pairs:
        if len(value) > 99 or not value.isascii():
            raise ValueError(f"field {number} cannot hold {value[:20]!r}")
        out.append(f"{number}{len(value):02d}{value}")
    return "".join(out)


def read(text: str) -> dict[str, str]:
    """The fields of a text; ValueError when lengths do not fit or a number comes twice."""
    found: dict[str, str] = {}
    place = 0
    while place < len(text):
        number, length = text[place : place + 2], text[place + 2 : place + 4]
        if not re.fullmatch(r"[0-9]{2}", number, re.ASCII) or not re.fullmatch(r"[0-9]{2}", length, re.ASCII):
            raise ValueError(f"no field at {place}")
        value = text[place + 4 : place + 4 + int(length)]
        if len(value) != int(length) or number in found:
            raise ValueError(f"field {number} at {place}")
        found[number] = value
        place += 4 + int(length)
    return found


def with_crc(text: str) -> str:
    """The text with its last field."""
    return f"{text}{CRC_FIELD}{crc(text + CRC_FIELD):04X}"


def is_whole(text: str) -> bool:
    """Whether the CRC at the end is that of the text."""
    return text[-8:-4] == CRC_FIELD and text[-4:] == f"{crc(text[:-4]):04X}"


def crc(text: str) -> int:
    """CRC-16/CCITT-FALSE of ASCII text: polynomial 1021, begun with FFFF, nothing reflected."""
    value = 0xFFFF
    for byte in text.encode("ascii"):
        value ^= byte << 8
        for _ in range(8):
            value = (value << 1) ^ 0x1021 if value & 0x8000 else value << 1
            value &= 0xFFFF
    return value


def _check(pattern: str, text: str, what: str) -> None:
    if not re.fullmatch(pattern, text, re.ASCII):
        raise ValueError(f"no code holds the {what} {text[:40]!r}")
