"""Shared field groups, copied into forms: under other data names, without some, with other labels."""

from __future__ import annotations

from typing import Any

import pytest

from engine.adapters.form_expand import expand
from engine.domain.errors import CatalogError

PERSON: list[dict[str, Any]] = [
    {"type": "textfield", "id": "ho_ten", "key": "ho_ten", "label": "Họ tên", "properties": {"labelEn": "Name"}},
    {
        "type": "textfield",
        "id": "so",
        "key": "so",
        "label": "Số",
        "conditional": {"hide": "={prefix}ho_ten = null"},
        "properties": {"check1": "=value != {prefix}ho_ten", "message1": "Không được trùng"},
    },
    {"type": "group", "id": "noi_o", "path": "noi_o", "label": "Nơi ở", "properties": {"fieldGroup": "place"}},
]
PLACE = [{"type": "textfield", "id": "xa", "key": "xa", "label": "Xã"}]


def expanded(**properties: str) -> list[dict[str, Any]]:
    group = {"type": "group", "id": "g", "properties": {"fieldGroup": "person", **properties}}
    schema = expand({"id": "f", "components": [group]}, {}, {"person": PERSON, "place": PLACE})
    found: list[dict[str, Any]] = schema["components"][0]["components"]
    return found


def refusal(**properties: str) -> str:
    with pytest.raises(CatalogError) as refused:
        expanded(**properties)
    return str(refused.value.data["reason"])


def test_without_a_wish_a_group_is_copied_as_it_is() -> None:
    name, number, place = expanded()
    assert (name["key"], name["id"]) == ("ho_ten", "g_ho_ten")
    assert number["conditional"] == {"hide": "=ho_ten = null"}
    assert place["components"][0]["key"] == "xa"


def test_a_prefix_stands_before_data_names_and_in_expressions_but_not_inside_groups_with_a_path() -> None:
    name, number, place = expanded(prefix="me_")
    assert (name["key"], number["key"], place["path"]) == ("me_ho_ten", "me_so", "me_noi_o")
    assert number["conditional"] == {"hide": "=me_ho_ten = null"}
    assert number["properties"]["check1"] == "=value != me_ho_ten"
    assert place["components"][0]["key"] == "xa"
    assert PERSON[1]["conditional"] == {"hide": "={prefix}ho_ten = null"}


def test_fields_may_be_left_out_and_called_otherwise() -> None:
    name, place = expanded(omit="so", **{"label:ho_ten": "Họ tên mẹ", "labelEn:ho_ten": "Mother"})
    assert (name["label"], name["properties"]["labelEn"]) == ("Họ tên mẹ", "Mother")
    assert place["path"] == "noi_o"
    assert PERSON[0]["label"] == "Họ tên"


@pytest.mark.parametrize("wish", [{"omit": "so, tuoi"}, {"label:tuoi": "Tuổi"}, {"labelEn:tuoi": "Age"}])
def test_a_wish_for_a_field_that_the_group_has_not_is_refused_by_name(wish: dict[str, str]) -> None:
    assert "tuoi" in refusal(**wish)


def test_a_group_that_does_not_exist_is_refused_by_name() -> None:
    assert "nobody" in refusal(fieldGroup="nobody")
