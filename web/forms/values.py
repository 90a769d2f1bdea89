"""Between what people type and what is stored: dates, times and numbers as texts, and back."""

from __future__ import annotations

import re
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import Any

from web.forms.schema import Component, is_true, kind, nfc, properties, rules

NOT_A_NUMBER = "Chỉ nhập chữ số, không dùng dấu chấm hay chữ (ví dụ 8000)."
NOT_A_DECIMAL = "Chỉ nhập chữ số và một dấu phẩy thập phân (ví dụ 2,5)."
NOT_A_DATE = "Nhập ngày có thật theo dạng ngày/tháng/năm (ví dụ 03/08/2026)."
NOT_A_TIME = "Nhập giờ theo dạng giờ:phút (ví dụ 14:05)."
NOT_A_MOMENT = "Nhập ngày và giờ theo dạng ngày/tháng/năm giờ:phút (ví dụ 03/08/2026 14:05)."

_DAY = re.compile(r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4})")
_ISO_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_TIME = re.compile(r"(\d{1,2})[:hg](\d{2})")


def clean(text: str) -> str:
    """NFC, one kind of line end, no blanks at the ends."""
    return nfc(text).replace("\r\n", "\n").replace("\r", "\n").strip()


def read_date(text: str) -> str | None:
    """`3/8/2026`, `03/08/2026` or `2026-08-03` as ISO text; None when it is no real day."""
    if found := _DAY.fullmatch(text):
        day, month, year = found.groups()
    elif found := _ISO_DAY.fullmatch(text):
        year, month, day = found.groups()
    else:
        return None
    try:
        return date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        return None


def read_time(text: str) -> str | None:
    """`14:05`, `14h05` as ISO text."""
    found = _TIME.fullmatch(text)
    if found is None:
        return None
    try:
        return time(int(found[1]), int(found[2])).strftime("%H:%M")
    except ValueError:
        return None


def read_moment(text: str) -> str | None:
    """`03/08/2026 14:05`, `14:05 03/08/2026` or `2026-08-03T14:05` as ISO text."""
    parts = text.replace("T", " ").replace("ngày", " ").split()
    if len(parts) != 2:
        return None
    for day, hour in (parts, parts[::-1]):
        if (iso_day := read_date(day)) and (iso_hour := read_time(hour[:5])):
            return f"{iso_day}T{iso_hour}"
    return None


def read_number(text: str, decimals: int) -> int | float | None:
    """Plain digits; a decimal comma or point only where `decimals` > 0. None when it is none."""
    if re.fullmatch(r"-?\d{1,15}", text):
        return int(text)
    if decimals > 0 and re.fullmatch(r"-?\d{1,15}[.,]\d{1,10}", text):
        try:
            return float(Decimal(text.replace(",", ".")))
        except InvalidOperation:
            return None
    return None


def decimals(component: Component) -> int:
    """How many decimal digits a number field takes: said by decimalDigits or by the step; none otherwise."""
    if component.get("decimalDigits") is not None:
        return int(component["decimalDigits"])
    step = rules(component).get("step", component.get("increment", ""))
    return len(str(step).partition(".")[2])


def read(component: Component, text: str) -> tuple[Any, str | None]:
    """The typed text as a value, and what is wrong with it (then the value is the text itself)."""
    if kind(component) == "number":
        number = read_number(text, decimals(component))
        return (number, None) if number is not None else (text, NOT_A_DECIMAL if decimals(component) else NOT_A_NUMBER)
    if kind(component) != "datetime":
        return text, None
    reader, problem = {
        "time": (read_time, NOT_A_TIME),
        "datetime": (read_moment, NOT_A_MOMENT),
    }.get(str(component.get("subtype", "date")), (read_date, NOT_A_DATE))
    value = reader(text)
    return (value, None) if value is not None else (text, problem)


def typed(component: Component, value: Any) -> str:
    """The stored value as people type it."""
    if value is None or isinstance(value, bool | list | dict):
        return ""
    if isinstance(value, float):
        return f"{value:g}".replace(".", ",") if decimals(component) else f"{value:g}"
    text = str(value)
    own = properties(component)
    if is_true(own.get("partialDateTime")):
        day, hour = text[:-6], text[-5:]
        return f"{hour} {spoken_date(day)}" if text[-6:-5] == "T" else spoken_date(text)
    if kind(component) == "datetime" or is_true(own.get("partialDate")):
        return spoken_date(text)
    return text


def spoken_date(text: str) -> str:
    """ISO text as dd/mm/yyyy, mm/yyyy or dd/mm/yyyy HH:MM; anything else as it is."""
    if re.fullmatch(r"\d{4}-\d{2}", text):
        return f"{text[5:]}/{text[:4]}"
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text) and read_date(text):
        return f"{text[8:]}/{text[5:7]}/{text[:4]}"
    if re.match(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}", text):
        try:
            return datetime.fromisoformat(text).strftime("%d/%m/%Y %H:%M")
        except ValueError:
            return text
    return text
