"""Whole numbers and dates in Vietnamese words, as official papers write them beside the figures ("bằng chữ")."""

from __future__ import annotations

from datetime import date, time

_DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
_BILLION = 10**9
LIMIT = 10**18


def number_in_words(number: int) -> str:
    """`number` (0 ≤ number < 10**18) in lower-case words: 105 is "một trăm lẻ năm". ValueError outside that range."""
    if isinstance(number, bool) or not 0 <= number < LIMIT:
        raise ValueError(f"no words for {number!r}")
    return " ".join(_below_limit(number)) if number else _DIGITS[0]


def sum_in_words(amount: int) -> str:
    """A sum in đồng as a sentence begins: 7_200_000 is "Bảy triệu hai trăm nghìn đồng". Same ValueError."""
    return _capital(f"{number_in_words(amount)} đồng")


def date_in_words(day: date) -> str:
    """A date as civil-status papers spell it: "Ngày năm tháng tư năm hai nghìn không trăm hai mươi hai"."""
    month = "tư" if day.month == 4 else number_in_words(day.month)
    return f"Ngày {number_in_words(day.day)} tháng {month} năm {number_in_words(day.year)}"


def time_in_words(hour: time, day: str) -> str:
    """A time of day before a day in words: "Mười bốn giờ ba mươi phút, ngày năm …"; no minutes at the full hour."""
    minutes = f" {number_in_words(hour.minute)} phút" if hour.minute else ""
    return _capital(f"{number_in_words(hour.hour)} giờ{minutes}, {day[:1].lower()}{day[1:]}")


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _below_limit(number: int) -> list[str]:
    """Words of a positive number: what is above a thousand million is counted in "tỷ"."""
    billions, rest = divmod(number, _BILLION)
    words = [*_below_billion(billions, full=False), "tỷ"] if billions else []
    return words + _below_billion(rest, full=bool(billions))


def _below_billion(number: int, *, full: bool) -> list[str]:
    """`full`: something stands before, so a missing hundred is spoken ("không trăm")."""
    words: list[str] = []
    for size, unit in ((10**6, ["triệu"]), (10**3, ["nghìn"]), (1, [])):
        group = number // size % 1000
        if group:
            words += _below_thousand(group, full=full or bool(words)) + unit
    return words


def _below_thousand(number: int, *, full: bool) -> list[str]:
    hundreds, rest = divmod(number, 100)
    words = [_DIGITS[hundreds], "trăm"] if hundreds or full else []
    if 0 < rest < 10:
        return [*words, "lẻ", _DIGITS[rest]] if words else [_DIGITS[rest]]
    return words + _tens(rest)


def _tens(number: int) -> list[str]:
    """Words of 10..99 (nothing for 0), with the sound changes mốt and lăm."""
    tens, unit = divmod(number, 10)
    if not tens:
        return []
    words = ["mười"] if tens == 1 else [_DIGITS[tens], "mươi"]
    spoken = {0: [], 1: ["một" if tens == 1 else "mốt"], 5: ["lăm"]}.get(unit, [_DIGITS[unit]])
    return words + spoken
