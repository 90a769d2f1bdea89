"""What a unit says of itself, from a day on: names, address, hotline, agency code, who signs."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import date
from types import MappingProxyType

from engine.domain.registration import Problem, ProblemsError

# name: how long at most, whether it must be there
FIELDS: Mapping[str, tuple[int, bool]] = MappingProxyType(
    {
        "name": (200, True),
        "name_en": (200, False),
        "parent": (200, True),
        "place": (100, True),
        "address": (300, False),
        "hotline": (20, False),
        "agency_code": (30, True),
        "signer_name": (100, True),
        "signer_title": (100, True),
        "signer_acting": (100, False),
    }
)
HOTLINE = re.compile(r"[0-9+ .()-]{3,20}")


class UnitProblemsError(ProblemsError):
    """Có {count} mục cần sửa trong thông tin đơn vị. | {count} facts of the unit need attention."""

    code = "unit_problems"


def tidy(typed: Mapping[str, str]) -> dict[str, str]:
    """Every field in one encoding of marks, without stray blanks; what is not known is left out."""
    return {name: " ".join(unicodedata.normalize("NFC", typed.get(name, "")).split()) for name in FIELDS}


def problems_of(facts: Mapping[str, str], valid_from: date | None, today: date, code_pattern: str) -> list[Problem]:
    """What is wrong with tidy facts; `code_pattern` is how agency codes look."""
    found = []
    for name, (longest, needed) in FIELDS.items():
        text = facts[name]
        if needed and not text:
            found.append(Problem(name, "Hãy điền mục này.", "Fill this in."))
        elif len(text) > longest or not (text.isprintable() or not text):
            found.append(Problem(name, f"Nhiều nhất {longest} ký tự.", f"At most {longest} signs."))
    if facts["agency_code"] and not re.fullmatch(code_pattern, facts["agency_code"]):
        found.append(Problem("agency_code", "Mã định danh không đúng dạng 000.00.00.H29.", "No such agency code."))
    if facts["hotline"] and not HOTLINE.fullmatch(facts["hotline"]):
        found.append(Problem("hotline", "Số điện thoại chỉ gồm chữ số, dấu cách, + . ( ) -.", "No telephone number."))
    if valid_from is None or valid_from < today:
        found.append(Problem("valid_from", "Chọn hôm nay hoặc một ngày sau.", "Choose today or a later day."))
    return found
