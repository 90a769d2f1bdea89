"""Simple conditions are said in plain words; what is not simple is not guessed at."""

from __future__ import annotations

import pytest

from web.forms.plain_words import Questions, plain

SCHEMA = {
    "components": [
        {
            "type": "radio",
            "key": "tinh_trang",
            "label": "Tình trạng",
            "properties": {"labelEn": "State"},
            "values": [{"value": "ly_hon", "label": "Đã ly hôn"}, {"value": "a and b", "label": "A và B"}],
        },
        {"type": "checkbox", "key": "nop_thay", "label": "Nộp thay"},
        {
            "type": "group",
            "path": "con",
            "label": "Con",
            "components": [{"type": "number", "key": "tuoi", "label": "Tuổi"}],
        },
        {
            "type": "dynamiclist",
            "path": "rows",
            "components": [{"type": "textfield", "key": "loai", "label": "Loại giấy"}],
        },
    ]
}
VI = Questions.of(SCHEMA, "vi")


@pytest.mark.parametrize(
    ("condition", "said"),
    [
        ('application.tinh_trang = "ly_hon"', "“Tình trạng” là “Đã ly hôn”"),
        ('application.tinh_trang != "ly_hon"', "“Tình trạng” không phải là “Đã ly hôn”"),
        ('application.tinh_trang = "a and b"', "“Tình trạng” là “A và B”"),
        ('application.tinh_trang in ["ly_hon", "khac"]', "“Tình trạng” là “Đã ly hôn” hoặc “khac”"),
        (
            'application.tinh_trang = "ly_hon" or application.tinh_trang = "goa" or application.nop_thay',
            "“Tình trạng” là “Đã ly hôn” hoặc “goa” hoặc có chọn “Nộp thay”",
        ),
        (
            'application.tinh_trang != "ly_hon" and application.tinh_trang != "goa"',
            "“Tình trạng” không phải là “Đã ly hôn” hoặc “goa”",
        ),
        ("application.nop_thay = true", "có chọn “Nộp thay”"),
        ("application.nop_thay", "có chọn “Nộp thay”"),
        ("application.nop_thay = false", "không chọn “Nộp thay”"),
        ("application.nop_thay != true", "không chọn “Nộp thay”"),
        ("application.con.tuoi >= 9", "“Tuổi” từ 9"),
        ("not(application.nop_thay)", "không chọn “Nộp thay”"),
        ('case.channel != "desk"', "không nộp trực tiếp"),
        (
            'not(application.tinh_trang = "ly_hon" or application.tinh_trang = "goa")',
            "“Tình trạng” không phải là “Đã ly hôn” hoặc “goa”",
        ),
        ("application.con.tuoi = null", "không khai “Tuổi”"),
        ('application.tinh_trang != null and application.tinh_trang != "khong"', "“Tình trạng” không phải là “khong”"),
        ('case.channel = "online" or application.nop_thay = true', "nộp trực tuyến hoặc có chọn “Nộp thay”"),
    ],
)
def test_simple_conditions_in_words(condition: str, said: str) -> None:
    assert plain(condition, VI) == said


@pytest.mark.parametrize(
    "condition",
    [
        "",
        "true",
        'application.unknown = "x"',
        'application.tinh_trang = "a" and application.nop_thay = true or application.con.tuoi = 1',
        "count(application.rows) > 1",
        "not(application.nop_thay) and not(application.nop_thay)",
        "not(count(application.rows) > 1)",
        "nothing(application.nop_thay)",
        "application.nop_thay > true",
        '(application.tinh_trang = "ly_hon")',
        "application.nop_thay = true and " * 200 + "true",
        "application.nop_thay = \x00",
    ],
)
def test_what_is_not_simple_is_left_alone(condition: str) -> None:
    assert plain(condition, VI) is None


def test_the_opposite_is_said_of_what_hides_a_field() -> None:
    assert plain('=tinh_trang != "ly_hon"', VI, but=True) == "“Tình trạng” là “Đã ly hôn”"
    assert plain("=not_known != 1", VI, but=True) is None
    assert plain('=nop_thay and tinh_trang in ("ly_hon")', VI, but=True) == (
        "không chọn “Nộp thay” hoặc “Tình trạng” không phải là “Đã ly hôn”"
    )


def test_names_are_looked_for_from_the_inside_outwards() -> None:
    assert plain("=tuoi < 18", VI, scope="con") == "“Tuổi” dưới 18"
    assert plain("=nop_thay", VI, scope="con") == "có chọn “Nộp thay”"
    assert plain('=loai = "x"', VI, scope="rows") == "“Loại giấy” là “x”"
    assert plain("=tuoi < 18", VI) is None
