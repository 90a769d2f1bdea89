"""Order numbers: unlike each other and unlike other installations', and found again in what banks make of them."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.domain.order_number import LETTERS, numbers_in, order_number

DAY = date(2026, 10, 5)
NUMBER = order_number("MC", DAY, 7)


def test_a_number_fits_a_transfers_purpose_and_names_the_day() -> None:
    assert NUMBER.startswith("MC2610050007")
    assert len(order_number("MCABCD", DAY, 99_999_999)) <= 25
    assert NUMBER.isalnum()


@pytest.mark.parametrize(
    "text",
    [
        NUMBER,
        NUMBER.lower(),
        f"NGUYEN THI LAN chuyen tien {NUMBER} GD 0123456789",
        f"MBVCB.123456.{NUMBER}.CT tu 999 toi 888",
        f"{NUMBER[:5]} {NUMBER[5:9]}-{NUMBER[9:]}",
        f"0123{NUMBER}4567",
        f"IBFT {NUMBER} {NUMBER}",
    ],
)
def test_a_number_is_found_in_capitals_behind_a_prefix_and_torn_apart(text: str) -> None:
    assert list(numbers_in(text, "MC")) == [NUMBER]


@given(st.text(max_size=300))
def test_no_text_breaks_the_search(text: str) -> None:
    assert len(numbers_in(text, "MC")) <= 5
    assert NUMBER in numbers_in(f"{text} {NUMBER}"[-120:], "MC")


@given(day=st.dates(date(2022, 1, 1), date(2099, 12, 31)), running=st.integers(1, 10**8 - 1), place=st.integers(2, 15))
def test_one_wrong_digit_is_no_number_of_ours(day: date, running: int, place: int) -> None:
    number = order_number("MC", day, running)
    place = min(place, len(number) - 2)
    wrong = number[:place] + str((int(number[place]) + 1) % 10) + number[place + 1 :]
    assert wrong not in numbers_in(wrong, "MC")


def test_another_installations_numbers_are_not_ours() -> None:
    assert list(numbers_in(order_number("TST", DAY, 7), "MC")) == []
    assert order_number("TST", DAY, 7) != NUMBER


@pytest.mark.parametrize(
    ("prefix", "running"), [("m", 1), ("M", 1), ("1MC", 1), ("MCABCDE", 1), ("MC", 0), ("MC", 10**8)]
)
def test_what_makes_no_number_is_refused(prefix: str, running: int) -> None:
    with pytest.raises(ValueError, match="no order number"):
        order_number(prefix, DAY, running)


def test_the_closing_letters_are_no_digits_in_disguise() -> None:
    assert len(set(LETTERS)) == 23
    assert not set("IOS") & set(LETTERS)
