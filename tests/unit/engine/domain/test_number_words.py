"""Numbers and dates in words read as official papers write them."""

from __future__ import annotations

from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.domain.number_words import LIMIT, date_in_words, number_in_words, sum_in_words, time_in_words

_ALL_NINES = "chín trăm chín mươi chín triệu chín trăm chín mươi chín nghìn chín trăm chín mươi chín"


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "không"),
        (4, "bốn"),
        (10, "mười"),
        (11, "mười một"),
        (14, "mười bốn"),
        (15, "mười lăm"),
        (20, "hai mươi"),
        (21, "hai mươi mốt"),
        (24, "hai mươi bốn"),
        (55, "năm mươi lăm"),
        (100, "một trăm"),
        (105, "một trăm lẻ năm"),
        (110, "một trăm mười"),
        (111, "một trăm mười một"),
        (1000, "một nghìn"),
        (1005, "một nghìn không trăm lẻ năm"),
        (2022, "hai nghìn không trăm hai mươi hai"),
        (1_001_000, "một triệu không trăm lẻ một nghìn"),
        (1_000_005, "một triệu không trăm lẻ năm"),
        (21_015_105, "hai mươi mốt triệu không trăm mười lăm nghìn một trăm lẻ năm"),
        (10**9, "một tỷ"),
        (5 * 10**9 + 1, "năm tỷ không trăm lẻ một"),
        (1_200 * 10**9, "một nghìn hai trăm tỷ"),
        (LIMIT - 1, f"{_ALL_NINES} tỷ {_ALL_NINES}"),
    ],
)
def test_number_is_spoken_as_people_speak_it(number: int, words: str) -> None:
    assert number_in_words(number) == words


def test_sum_begins_with_a_capital_and_ends_with_dong() -> None:
    assert sum_in_words(7_200_000) == "Bảy triệu hai trăm nghìn đồng"
    assert sum_in_words(0) == "Không đồng"


@pytest.mark.parametrize("number", [-1, LIMIT, True])
def test_number_without_words_is_refused(number: int) -> None:
    with pytest.raises(ValueError, match="no words"):
        number_in_words(number)


def test_date_is_spelled_with_thang_tu() -> None:
    assert date_in_words(date(2022, 4, 5)) == "Ngày năm tháng tư năm hai nghìn không trăm hai mươi hai"
    assert date_in_words(date(2021, 12, 31)) == "Ngày ba mươi mốt tháng mười hai năm hai nghìn không trăm hai mươi mốt"


_DIGITS = ["không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín"]
_VALUES = {word: value for value, word in enumerate(_DIGITS)} | {"mốt": 1, "lăm": 5}


def _read_back(words: str) -> int:
    """An independent reader of the words, so that no two numbers may sound alike."""
    total = group = digit = billions = 0
    for word in words.split():
        if word == "tỷ":
            billions, total, group, digit = total + group + digit, 0, 0, 0
        elif word in ("triệu", "nghìn"):
            total, group, digit = total + (group + digit) * (10**6 if word == "triệu" else 1000), 0, 0
        elif word == "trăm":
            group, digit = digit * 100, 0
        elif word == "mươi":
            group, digit = group + digit * 10, 0
        elif word == "mười":
            group += 10
        elif word != "lẻ":
            digit = _VALUES[word]
    return billions * 10**9 + total + group + digit


def test_a_time_stands_before_its_day_and_a_full_hour_has_no_minutes() -> None:
    day = date_in_words(date(2022, 12, 5))
    assert time_in_words(time(14, 30), day).startswith("Mười bốn giờ ba mươi phút, ngày năm tháng mười hai")
    assert time_in_words(time(0, 0), day).startswith("Không giờ, ngày năm")


@given(st.integers(min_value=0, max_value=LIMIT - 1))
def test_words_read_back_give_the_number(number: int) -> None:
    assert _read_back(number_in_words(number)) == number
