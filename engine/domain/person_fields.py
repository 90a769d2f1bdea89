"""What people type about themselves, read as they mean it: blanks and dashes do not matter, wrong numbers do."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date

from engine.domain.registration import Problem

PHONE = re.compile(r"0[35789]\d{8}")
EARLIEST = date(1900, 1, 1)
Words = tuple[str, str]


def tidy(text: str) -> str:
    """In NFC, with single blanks, without signs that do not show."""
    plain = "".join(
        sign for sign in unicodedata.normalize("NFC", text) if unicodedata.category(sign) not in ("Cf", "Cs")
    )
    return " ".join(plain.split())


def digits(text: str) -> str:
    """Without the blanks, dots and dashes that people put between digits."""
    return re.sub(r"[\s.\-()]", "", tidy(text))


def phone_number(text: str) -> str:
    """A phone number as it is kept: ten digits from 0; +84 and 84 are the same."""
    plain = digits(text)
    return re.sub(r"^(\+|00)?84(?=\d{9}$)", "0", plain)


def _id_number(text: str, today: date) -> str | Words:
    plain = digits(text)
    if re.fullmatch(r"[0-9]{12}|[0-9]{9}", plain):
        return plain
    count = sum(sign.isdecimal() for sign in plain)
    return (
        f"Số định danh cá nhân phải có 12 chữ số, số CMND cũ có 9 chữ số (anh/chị nhập {count})",
        f"A personal id number has 12 digits, an old one 9 (you entered {count})",
    )


def _phone(text: str, today: date) -> str | Words:
    plain = phone_number(text)
    wrong = (
        "Số điện thoại phải có 10 chữ số, bắt đầu bằng 03, 05, 07, 08 hoặc 09",
        "A phone number has 10 digits from 03, 05, 07, 08 or 09",
    )
    return plain if PHONE.fullmatch(plain) and plain.isascii() else wrong


def _of_digits(pattern: str, wrong: Words) -> Callable[[str, date], str | Words]:
    return lambda text, today: plain if re.fullmatch(pattern, plain := digits(text)) else wrong


def _birth_date(text: str, today: date) -> str | Words:
    wrong = (
        "Nhập ngày sinh theo dạng ngày/tháng/năm, ví dụ 05/09/1990",
        "Enter the date of birth as day/month/year, like 05/09/1990",
    )
    plain = tidy(text)
    found = re.fullmatch(r"([0-9]{1,2})[/.\- ]([0-9]{1,2})[/.\- ]([0-9]{4})", plain)
    parts = (found[3], found[2], found[1]) if found else tuple(plain.split("-"))
    if len(parts) != 3 or not all(re.fullmatch(r"[0-9]{1,4}", part) for part in parts):
        return wrong
    try:
        day = date(int(parts[0]), int(parts[1]), int(parts[2]))
    except ValueError:
        return wrong
    return day.isoformat() if EARLIEST <= day <= today else wrong


def _name(text: str, today: date) -> str | Words:
    plain = tidy(text)
    letters = [sign for sign in plain if sign not in " '’.-"]
    good = 2 <= len(plain) <= 120 and letters and all(sign.isalpha() or unicodedata.combining(sign) for sign in letters)
    return plain if good else ("Nhập họ, chữ đệm và tên như trên giấy tờ", "Enter the full name as in your papers")


def _email(text: str, today: date) -> str | Words:
    plain = tidy(text)
    good = len(plain) <= 254 and re.fullmatch(r"[^@\s<>,;\"]+@[^@\s<>,;\"]+\.[^@\s<>,;\".]+", plain)
    return (
        plain if good else ("Nhập địa chỉ thư điện tử dạng ten@vidu.vn", "Enter an e-mail address like name@example.vn")
    )


def _text(text: str, today: date) -> str | Words:
    plain = tidy(text)
    return plain if len(plain) <= 500 else ("Nhập nhiều nhất 500 ký tự", "Enter at most 500 signs")


KINDS: Mapping[str, Callable[[str, date], str | Words]] = {
    "id_number": _id_number,
    "phone": _phone,
    "birth_date": _birth_date,
    "date": _birth_date,
    "name": _name,
    "email": _email,
    "text": _text,
    "insurance": _of_digits(r"[0-9]{10}", ("Mã số BHXH phải có 10 chữ số", "A social insurance number has 10 digits")),
    "tax_code": _of_digits(
        r"[0-9]{10}([0-9]{3})?", ("Mã số thuế phải có 10 hoặc 13 chữ số", "A tax code has 10 or 13 digits")
    ),
    "agency_code": lambda text, today: (
        plain.upper()
        if re.fullmatch(r"[0-9A-Za-z]+(\.[0-9A-Za-z]+){1,5}", plain := tidy(text))
        else ("Mã định danh cơ quan có dạng 000.05.12.H29", "An agency code looks like 000.05.12.H29")
    ),
    "counter_code": lambda text, today: (
        plain.upper()
        if re.fullmatch(r"[0-9A-Za-z]{8}", plain := digits(text))
        else ("Mã của bưu điện phải có 8 chữ và số", "The post office code has 8 letters and digits")
    ),
}


def read_field(kind: str, text: str, today: date) -> str | Words:
    """The value of a field of this kind, or what is wrong with it in both languages."""
    return KINDS[kind](text, today)


def read_fields(
    fields: Mapping[str, tuple[str, str, str]], typed: Mapping[str, str], today: date
) -> tuple[dict[str, str], list[Problem]]:
    """Required fields, `fields` by name: (kind, label, English label); the values, and what is wrong."""
    values: dict[str, str] = {}
    problems = []
    for name, (kind, label, label_en) in fields.items():
        text = tidy(typed.get(name, ""))
        if not text:
            problems.append(Problem(name, f"Nhập {label[:1].lower()}{label[1:]}.", f"Enter: {label_en}."))
            continue
        found = read_field(kind, text, today)
        if isinstance(found, str):
            values[name] = found
        else:
            problems.append(Problem(name, f"{found[0]}.", f"{found[1]}."))
    return values, problems


def masked(text: str, shown: int = 3) -> str:
    """A number of which only the last signs show."""
    return "•" * max(len(text) - shown, 0) + text[-shown:] if len(text) > shown else text
