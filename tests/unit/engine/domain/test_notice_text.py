"""Texts of notices: names from a closed list, nothing evaluated, nothing that breaks out of its line."""

from __future__ import annotations

import unicodedata
from zoneinfo import ZoneInfo

import pytest

from engine.domain.notice_text import GSM, clean, international, one_line, plain_sms, render, unknown

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")


def test_names_are_filled_in_and_a_line_without_its_value_is_left_out() -> None:
    text = "Hồ sơ {code}\nHẹn trả: {due_at}\nNgười nhận: {receiver}\n\nXem {link}"
    said = render(text, {"code": "H-1", "due_at": "2026-08-03T07:05:00+00:00", "link": "https://x.vn"}, "vi", ZONE)
    assert said == "Hồ sơ H-1\nHẹn trả: 14:05 ngày 03/08/2026\n\nXem https://x.vn"


def test_money_lists_and_texts_by_language() -> None:
    data = {"amount": 1250000, "items": ["CMND", "Sổ hộ khẩu"], "procedure": {"vi": "Khai sinh", "en": "Birth"}}
    assert (
        render("{amount}\n{items}\n{procedure}", data, "vi", ZONE) == "1.250.000 đồng\n– CMND\n– Sổ hộ khẩu\nKhai sinh"
    )
    assert render("{amount} {procedure}", data, "en", ZONE) == "1.250.000 VND Birth"


@pytest.mark.parametrize("value", ["{link}", "{0.__class__}", "%(code)s", "${code}", "{{code}}", "{text!r}"])
def test_a_value_is_never_read_as_a_template(value: str) -> None:
    assert render("Lời: {text}", {"text": value, "code": "H-1", "link": "L"}, "vi", ZONE) == f"Lời: {value}"


def test_only_names_of_the_closed_list_are_known() -> None:
    assert unknown("{code} {name.__class__} {secret} {applicant}") == {"secret", "applicant"}
    assert unknown("{name}", frozenset({"code"})) == {"name"}


def test_an_instant_that_is_none_and_a_foreign_value_leave_no_trace() -> None:
    assert render("a\n{due_at}\n{text}", {"due_at": "mai", "text": None}, "vi", ZONE) == "a"


def test_names_come_composed_and_without_control_signs() -> None:
    decomposed = unicodedata.normalize("NFD", "Đặng Thị Ước")
    assert clean(decomposed) == "Đặng Thị Ước"
    assert clean("a\0b\x1b[31m\r\nc\u2028d") == "ab[31m\ncd"
    assert clean("Lan 😀👨‍👩‍👧") == "Lan 😀👨‍👩‍👧"
    assert one_line("Tiêu đề\r\nBcc: thu@example.vn") == "Tiêu đề Bcc: thu@example.vn"


def test_endless_values_are_cut() -> None:
    assert len(clean("ấ" * 100_000)) == 4000
    assert len(render("{text}", {"text": "x" * 1_000_000}, "vi", ZONE)) == 4000


@pytest.mark.parametrize(
    ("text", "sent"),
    [
        ("Hồ sơ đã được tiếp nhận – Xem", "Ho so da duoc tiep nhan - Xem"),
        (unicodedata.normalize("NFD", "ĐẶNG ƯỚC ẩm"), "DANG UOC am"),
        ("Mã 😀: 12…", "Ma : 12..."),
        ("a\r\nb\tc", "a b c"),
    ],
)
def test_a_short_message_goes_in_seven_bits(text: str, sent: str) -> None:
    assert plain_sms(text) == sent
    assert set(sent) <= GSM


def test_a_long_short_message_is_cut_at_a_blank() -> None:
    sent = plain_sms("chữ " * 100)
    assert len(sent) <= 160
    assert sent.endswith("chu")
    assert len(plain_sms("x" * 500)) == 160


@pytest.mark.parametrize(
    ("given", "number"),
    [
        ("0903 000 111", "84903000111"),
        ("+84 903-000.111", "84903000111"),
        ("84903000111", "84903000111"),
        ("028 3829 1234", "842838291234"),
        ("12345", ""),
        ("0103000111", ""),
        ("0903000111 hoặc 0904", ""),
        ("", ""),
    ],
)
def test_a_number_is_brought_into_one_form(given: str, number: str) -> None:
    assert international(given) == number
