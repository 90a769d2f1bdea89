"""The empty sheet asks all that the form asks."""

from __future__ import annotations

from tests.unit.web.fake_house import FORM
from web.forms.blank import blank
from web.forms.schema import INPUTS, components, kind


def test_every_question_of_the_form_stands_on_the_sheet() -> None:
    lines = blank(FORM)
    told = {line.label for line in lines} | {column for line in lines for column in line.columns}
    assert labels(FORM) - told == set()
    assert "Người yêu cầu" in told


def labels(holder: object) -> set[str]:
    """Labels of all inputs, however deep."""
    found: set[str] = set()
    for one in components(holder):  # type: ignore[arg-type]  # a schema
        found |= {str(one["label"])} if kind(one) in INPUTS else labels(one)
    return found


def test_choices_are_boxes_lists_are_tables_and_conditions_are_said() -> None:
    lines = {line.label: line for line in blank(FORM)}
    assert lines["Loại giấy tờ"].boxes == ("Bằng, chứng chỉ", "Giấy tờ khác")
    assert lines["Tên giấy tờ"].when == "“Loại giấy tờ” là “Giấy tờ khác”"
    assert lines["Danh sách trang"].columns == ("Tên trang", "Có màu")
    assert lines["Ảnh chụp bản chính"].kind == "paper"
    assert lines["Dân tộc"].kind == "line"  # it also takes what is not on the list
    assert lines["Ghi chú"].kind == "room"
    assert {line.label: line.level for line in lines.values() if line.kind == "heading"}["Địa chỉ"] == 3


def test_long_choices_are_written_and_an_empty_form_is_an_empty_sheet() -> None:
    many = {"type": "select", "key": "x", "label": "Nước", "values": [{"value": n, "label": str(n)} for n in range(99)]}
    assert [line.kind for line in blank({"components": [many]})] == ["line"]
    assert blank({}) == []
    assert blank(FORM, "en")[0].label == "Applicant"
