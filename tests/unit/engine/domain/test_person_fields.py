"""What people type is read as they mean it."""

from __future__ import annotations

import unicodedata
from datetime import date

import pytest

from engine.domain.person_fields import KINDS, masked, read_field, read_fields

TODAY = date(2026, 8, 3)


@pytest.mark.parametrize(
    ("kind", "typed", "kept"),
    [
        ("phone", "0903 000 111", "0903000111"),
        ("phone", "+84 903-000-111", "0903000111"),
        ("phone", "84903000111", "0903000111"),
        ("phone", "(0903) 000.111", "0903000111"),
        ("id_number", "079 190 001 234", "079190001234"),
        ("id_number", "02345 6789", "023456789"),
        ("birth_date", "5/9/1990", "1990-09-05"),
        ("birth_date", "05-09-1990", "1990-09-05"),
        ("birth_date", "1990-09-05", "1990-09-05"),
        ("insurance", "7916 000 123", "7916000123"),
        ("tax_code", "0312345678-001", "0312345678001"),
        ("agency_code", "000.05.12.h29", "000.05.12.H29"),
        ("counter_code", "ab12-cd34", "AB12CD34"),
        ("name", "  Nguyễn   Thị\u200b Lan ", "Nguyễn Thị Lan"),
        ("name", "H'Hen Niê", "H'Hen Niê"),
        ("email", " lan@example.vn ", "lan@example.vn"),
    ],
)
def test_blanks_dashes_and_ways_of_writing_do_not_matter(kind: str, typed: str, kept: str) -> None:
    assert read_field(kind, unicodedata.normalize("NFD", typed), TODAY) == kept


@pytest.mark.parametrize(
    ("kind", "typed"),
    [
        ("phone", "0203000111"),
        ("phone", "090300011"),
        ("phone", "٠٩٠٣٠٠٠١١١"),
        ("id_number", "07919000123"),
        ("id_number", "07919000123x"),
        ("birth_date", "31/02/1990"),
        ("birth_date", "04/08/2026"),
        ("birth_date", "01/01/1800"),
        ("birth_date", "90"),
        ("birth_date", "1990-09"),
        ("insurance", "123"),
        ("tax_code", "03123456789"),
        ("agency_code", "xã Mẫu"),
        ("counter_code", "AB12"),
        ("name", "<b>Lan</b>"),
        ("name", "L"),
        ("name", "x" * 121),
        ("email", "lan@"),
        ("email", "lan@example.vn\nBcc: all@example.vn"),
        ("email", "a" * 250 + "@example.vn"),
        ("text", "x" * 501),
    ],
)
def test_what_is_wrong_is_said_in_both_languages(kind: str, typed: str) -> None:
    found = read_field(kind, typed, TODAY)
    assert isinstance(found, tuple)
    assert all(found)


def test_a_wrong_id_number_says_how_many_digits_were_typed() -> None:
    assert "anh/chị nhập 11" in read_field("id_number", "07919000123", TODAY)[0]


@pytest.mark.parametrize("kind", sorted(KINDS))
@pytest.mark.parametrize(
    "typed", ["", "\x00", "\ud800", "9" * 5000, "🙂" * 9, "' OR 1=1 --", "0000-00-00", "99/99/9999"]
)
def test_no_kind_breaks_on_nonsense(kind: str, typed: str) -> None:
    assert read_field(kind, typed, TODAY) is not None


def test_every_missing_field_is_named_and_the_rest_is_read() -> None:
    fields = {"phone": ("phone", "Số điện thoại", "Phone"), "name": ("name", "Họ tên", "Name")}
    values, problems = read_fields(fields, {"phone": "0903000111", "name": " \u200b"}, TODAY)
    assert values == {"phone": "0903000111"}
    assert [(one.field, one.vi, one.en) for one in problems] == [("name", "Nhập họ tên.", "Enter: Name.")]


def test_a_number_is_masked_but_for_its_end() -> None:
    assert masked("079190001234") == "•••••••••234"
    assert masked("12") == "12"
