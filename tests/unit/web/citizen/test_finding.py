"""Procedures are found by words, level and field, however their marks are typed."""

from __future__ import annotations

import unicodedata
from dataclasses import replace

import pytest

from engine.domain.procedure import Procedure
from tests.unit.web.fake_house import PROCEDURE
from web.citizen.finding import Wanted, fields, folded, found, levels, slug, widened


def one(code: str, name: str, field: str, level: int, **info: object) -> Procedure:
    return replace(PROCEDURE, code=code, name=name, name_en=name, field=field, level=level, info=info, result=None)  # type: ignore[arg-type]  # 3 and 4 are levels


BIRTH = one("1", "Đăng ký khai sinh", "Hộ tịch", 3)
DEATH = one("2", "Đăng ký khai tử", "Hộ tịch", 4)
SINGLE = one("3", "Xác nhận tình trạng hôn nhân", "Hộ tịch", 4, also_called=["giấy độc thân"])
COPIES = one("4", "Chứng thực bản sao", "Chứng thực", 4)
ALL = [DEATH, COPIES, SINGLE, BIRTH]


def codes(**asked: str) -> list[str]:
    return [procedure.code for row in found(ALL, Wanted.of(asked)).values() for procedure in row]


@pytest.mark.parametrize("form", ["NFC", "NFD", "NFKC", "NFKD"])
@pytest.mark.parametrize("words", ["khai sinh", "KHAI SINH", "đăng ký khai sinh", "ĐĂNG KÝ  KHAI SINH", "sinh đăng"])
def test_marks_case_order_and_unicode_form_do_not_matter(words: str, form: str) -> None:
    assert codes(q=unicodedata.normalize(form, words)) == ["1"]  # type: ignore[arg-type]  # a name of a form


def test_words_without_marks_find_words_with_marks_and_every_word_has_to_occur() -> None:
    assert codes(q="dang ky khai tu") == ["2"]
    assert codes(q="khai chung thuc") == []
    assert codes(q="doc than") == ["3"]
    assert codes(q="ho tich") == ["1", "2", "3"]


def test_level_and_field_narrow_and_nonsense_in_the_address_is_passed_over() -> None:
    assert codes(level="3") == ["1"]
    assert codes(level="4", field="ho-tich") == ["2", "3"]
    assert codes(field="Hộ tịch") == ["1", "2", "3"]
    assert codes(level="5", field="", q=" ") == codes() == ["4", "1", "2", "3"]
    assert codes(level="-3") == codes(level="٣") == codes()
    assert codes(field="khong-co") == []


def test_huge_input_is_cut() -> None:
    wanted = Wanted.of({"q": "a" * 100_000, "field": "b" * 100_000})
    assert (len(wanted.words), len(wanted.field)) == (200, 200)


def test_counts_say_what_each_choice_would_leave() -> None:
    wanted = Wanted.of({"q": "dang ky", "level": "3"})
    assert [(choice.wanted.level, choice.count, choice.taken) for choice in levels(ALL, wanted)] == [
        (0, 2, False),
        (3, 1, True),
        (4, 1, False),
    ]
    assert [(choice.name, choice.count) for choice in fields(ALL, wanted)] == [
        ("", 1),
        ("Chứng thực", 0),
        ("Hộ tịch", 1),
    ]


def test_an_empty_search_says_what_to_leave_out() -> None:
    wanted = Wanted.of({"q": "khai sinh", "level": "4"})
    assert [(choice.name, choice.count, choice.wanted.address()) for choice in widened(ALL, wanted)] == [
        ("level", 1, {"q": "khai sinh"}),
        ("words", 3, {"level": 4}),
    ]
    assert widened([], wanted) == []


def test_names_become_addresses_and_back() -> None:
    assert slug("Phòng, chống thiên tai (xã)") == "phong-chong-thien-tai-xa"
    assert folded("Đường ƯƠNG") == "duong uong"
    wanted = Wanted("khai sinh", 3, "ho-tich")
    assert Wanted.of({key: str(value) for key, value in wanted.address().items()}) == wanted
