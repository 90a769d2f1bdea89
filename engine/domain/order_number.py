"""Numbers of payment orders: made so that a bank may mangle them and they are found again, and no two houses collide.

`MC` + `261126` + `0007` + `K`: the installation's own letters, the day, a running number, and a letter that closes and
checks it. It is no case code, and every try to pay has its own.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from datetime import date

LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"  # 23 of them, a prime; without I, O and S, which are read as digits
PREFIX = re.compile(r"[A-Z][A-Z0-9]{1,5}", re.ASCII)
MOST_FOUND = 5  # numbers looked for in one text


def order_number(prefix: str, day: date, running: int) -> str:
    """The number of an order; ValueError unless the prefix is 2 to 6 capitals and digits, a capital first."""
    if not PREFIX.fullmatch(prefix) or not 0 < running < 10**8:
        raise ValueError(f"no order number with {prefix!r} and {running}")
    digits = f"{day:%y%m%d}{running:04d}"
    return f"{prefix}{digits}{_check_letter(prefix, digits)}"


def numbers_in(text: str, prefix: str) -> Sequence[str]:
    """The order numbers in a text that a bank wrote in capitals, put words before or behind, or tore apart."""
    plain = unicodedata.normalize("NFKC", text).upper()
    packed = re.sub(r"[^A-Z0-9]", "", plain)
    found = re.finditer(rf"(?=({re.escape(prefix)}([0-9]{{10,14}})([{LETTERS}])))", packed, re.ASCII)
    whole = [match[1] for match in found if match[3] == _check_letter(prefix, match[2])]
    return list(dict.fromkeys(whole))[:MOST_FOUND]


def _check_letter(prefix: str, digits: str) -> str:
    """Tells a slip in one sign, and two signs that changed places."""
    value = 0
    for sign in prefix + digits:
        value = (value * 37 + int(sign, 36)) % len(LETTERS)
    return LETTERS[value]
