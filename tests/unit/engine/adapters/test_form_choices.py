"""A select may offer the answers of the application; what nobody answers is not offered."""

from __future__ import annotations

from typing import Any

from engine.adapters.form_choices import asks, offering

APPLICATION: dict[str, Any] = {
    "components": [
        {"type": "text", "text": "Chú ý"},
        {
            "type": "group",
            "path": "nguoi",
            "label": "Người yêu cầu",
            "components": [
                {"type": "textfield", "key": "ho_ten", "label": "Họ tên"},
                {"type": "number", "key": "tuoi", "label": "Tuổi", "properties": {"computed": "=1"}},
            ],
        },
        {"type": "dynamiclist", "path": "ds", "label": "Giấy tờ", "components": [{"type": "textfield", "key": "so"}]},
        {"type": "filepicker", "key": "tep", "label": "Tệp"},
        {"type": "checkbox", "key": "cam_doan", "label": "Cam đoan", "properties": {"mustBeTrue": "true"}},
    ]
}
SELECT = {"type": "select", "key": "field", "properties": {"choices": "application"}}
CHECK = {"id": "check", "components": [{"type": "dynamiclist", "path": "asked", "components": [SELECT]}]}


def test_every_answer_is_offered_once_by_its_path_and_full_label() -> None:
    row = offering(CHECK, APPLICATION)["components"][0]["components"][0]
    assert row["values"] == [
        {"value": "nguoi.ho_ten", "label": "Người yêu cầu: Họ tên"},
        {"value": "ds", "label": "Giấy tờ"},
        {"value": "tep", "label": "Tệp"},
    ]


def test_other_selects_and_the_stored_schema_stay_as_they_are() -> None:
    other = {"type": "select", "key": "a", "values": [{"value": "1"}]}
    assert offering({"components": [other]}, APPLICATION)["components"] == [other]
    assert "values" not in SELECT
    assert asks(CHECK)
    assert not asks({"components": [other]})
